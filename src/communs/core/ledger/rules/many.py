"""What entries keep together: keys, transitions, reversals, floors, reservations, custody, balances kept elsewhere."""

from __future__ import annotations

from collections import Counter
from typing import Final

from communs.core.ledger.books import Balances, Books
from communs.core.ledger.entries import Entry, Leg, Transition, legs
from communs.core.ledger.kinds import FLOORED, HELD, OF_THE_FUND, AccountKind, EntryKind
from communs.core.ledger.rules.watching import Found, Invariant, Order, Problem
from communs.core.texts import N_


class _OneKey:
    def __init__(self, books: Books) -> None:
        self.books, self.last = books, ""

    def see(self, entry: Entry) -> Found:
        if not entry.key:
            yield Problem("one-key", entry.id, N_("There is no key."), N_("Give the key of what was asked for."))
        elif entry.key == self.last or entry.key in self.books.keys:
            message = N_("The key “{key}” was used before.")
            fix = N_("For the same request answer with what was recorded; refuse another one under this key.")
            yield Problem("one-key", entry.id, message, fix, {"key": entry.key})
        self.last = entry.key

    def end(self) -> Found:
        return ()


class _OneTransition:
    def __init__(self, books: Books) -> None:
        self.books = books
        self.last: Transition | None = None

    def see(self, entry: Entry) -> Found:
        told = entry.transition
        if told is not None and (told == self.last or told in self.books.transitions):
            message = N_("That “{object}” of {provider} became “{state}” was recorded before.")
            values = {"object": told.object, "provider": told.provider, "state": told.state}
            yield Problem("one-transition", entry.id, message, N_("Leave it out: it was told twice."), values)
        self.last = told

    def end(self) -> Found:
        return ()


class _Mirrors:
    """A reversal mirrors legs of an entry; a gift that goes back by another way is owed to its donor meanwhile."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.head: Entry | None = None
        self.left: Counter[Leg] = Counter()

    def see(self, entry: Entry) -> Found:
        if entry.reverses is None:
            self._begin(entry)
            return
        if self.head is None or self.head.id != entry.reverses:
            self._begin(*self.books.families.get(entry.reverses, ()))
        head, values = self.head, {"other": entry.reverses}
        if head is None or head.id != entry.reverses or head.reverses or head.recorded_at > entry.recorded_at:
            message = N_("“{other}”, which it reverses, was not recorded before it, or is a reversal itself.")
            yield Problem(
                "mirrors", entry.id, message, N_("Name the first entry, or post anew what was undone."), values
            )
            return
        for leg in self._take(entry):
            message = N_("It takes back more on “{account}” than is left of “{other}”.")
            fix = N_("Reverse no more than what was posted less what was reversed, on each account.")
            yield Problem("mirrors", entry.id, message, fix, {**values, "account": leg[0]})

    def end(self) -> Found:
        return ()

    def _begin(self, *family: Entry) -> None:
        self.head = family[0] if family else None
        self.left = legs(family[0]) if family else Counter()
        for entry in family[1:]:
            self._take(entry)

    def _is_owed_back(self, account: str) -> bool:
        known = self.books.accounts.get(account)
        gift = self.head is not None and self.head.kind in {EntryKind.PAY_IN, EntryKind.IDENTIFICATION}
        return gift and known is not None and known.kind is AccountKind.DONOR

    def _take(self, entry: Entry) -> list[Leg]:
        over = []
        for (account, fund, currency, debit), minor in legs(entry).items():
            mirrored = (account, fund, currency, not debit)
            if not debit and self._is_owed_back(account) and mirrored not in self.left:
                continue
            self.left[mirrored] -= minor
            if self.left[mirrored] < 0:
                over.append(mirrored)
        return over


class _Floors:
    """Floors of accounts (each fund's part by itself) and of funds, after every single entry."""

    def __init__(self, books: Books) -> None:
        self.books, self.balances, self.owned = books, dict(books.balances), dict(books.owned)

    def see(self, entry: Entry) -> Found:
        account_moves: Counter[tuple[str, str]] = Counter()
        fund_moves: Counter[tuple[str, str]] = Counter()
        for one in entry.postings:
            account = self.books.accounts.get(one.account)
            if account is not None:
                account_moves[one.account, one.fund] += one.minor
            if account is not None and account.kind in OF_THE_FUND:
                fund_moves[one.fund, account.currency] -= one.minor
        yield from self._accounts(entry, account_moves)
        yield from self._funds(entry, fund_moves)

    def _accounts(self, entry: Entry, moves: Counter[tuple[str, str]]) -> Found:
        for (name, fund), move in moves.items():
            account = self.books.accounts[name]
            sign = 1 if account.kind in HELD else -1
            now = self.balances[name, fund] = self.balances.get((name, fund), 0) + move
            if sign * move < 0 and account.kind in FLOORED and sign * now < -account.overdraft_minor:
                message = N_("The part of fund “{fund}” on “{account}” would be {minor} in smallest units.")
                fix = N_("Wait until there is enough, or take it from an account where the fund has it.")
                yield Problem(
                    "floor", entry.id, message, fix, {"fund": fund, "account": name, "minor": str(sign * now)}
                )

    def _funds(self, entry: Entry, moves: Counter[tuple[str, str]]) -> Found:
        for (name, currency), move in moves.items():
            now = self.owned[name, currency] = self.owned.get((name, currency), 0) + move
            fund = self.books.funds.get(name)
            if move < 0 and fund is not None and fund.floor_minor is not None and now < fund.floor_minor:
                message = N_(
                    "The fund “{fund}” would have {minor} {currency} in smallest units, below its floor of {floor}."
                )
                values = {"fund": name, "minor": str(now), "currency": currency, "floor": str(fund.floor_minor)}
                yield Problem("floor", entry.id, message, N_("Spend no more than the fund has."), values)

    def end(self) -> Found:
        return ()


class _Reserved(_Floors):
    """What funds own at the end covers their floor and what is reserved."""

    def see(self, entry: Entry) -> Found:
        list(super().see(entry))
        return ()

    def end(self) -> Found:
        for (name, currency), reserved in self.books.reserved.items():
            fund, now = self.books.funds.get(name), self.owned.get((name, currency), 0)
            floor = 0 if fund is None else fund.floor_minor
            if reserved > 0 and floor is not None and now - reserved < floor:
                message = N_("{reserved} {currency} are reserved, and the fund has {minor} (in smallest units).")
                values = {"reserved": str(reserved), "currency": currency, "minor": str(now)}
                yield Problem("reserved", name, message, N_("Spend less, or give a reservation up."), values)


class _Custody:
    """Begins at nothing: over all entries it sees the books, over one what that entry changes."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.held: Counter[tuple[str, str]] = Counter()
        self.owed: Counter[tuple[str, str]] = Counter()

    def see(self, entry: Entry) -> Found:
        for one in entry.postings:
            account = self.books.accounts.get(one.account)
            if account is not None and account.kind in HELD:
                self.held[one.fund, one.currency] += one.minor
            elif account is not None:
                self.owed[one.fund, one.currency] -= one.minor
        return ()

    def end(self) -> Found:
        for place in sorted(self.held.keys() | self.owed.keys()):
            held, owed = self.held[place], self.owed[place]
            if held != owed:
                message = N_("{held} {currency} are held and {owed} are owed (in smallest units).")
                values = {"held": str(held), "currency": place[1], "owed": str(owed)}
                yield Problem("custody", place[0], message, N_("Look for entries that do not add up to zero."), values)


class _Kept:
    """Balances that are kept elsewhere, against those of the entries; `begin`: what stood there before the first."""

    def __init__(self, name: str, elsewhere: Balances | None, begin: Balances) -> None:
        self.name, self.elsewhere = name, elsewhere
        self.sums: Counter[tuple[str, str]] = Counter({} if elsewhere is None else dict(begin))

    def see(self, entry: Entry) -> Found:
        for one in entry.postings if self.elsewhere is not None else ():
            self.sums[one.account, one.fund] += one.minor
        return ()

    def end(self) -> Found:
        kept = self.elsewhere or {}
        for place in sorted(self.sums.keys() | kept.keys()):
            if self.sums[place] != kept.get(place, 0):
                message = N_("“{account}” is kept as {kept}, and its entries add up to {minor} (in smallest units).")
                values = {"account": place[0], "kept": str(kept.get(place, 0)), "minor": str(self.sums[place])}
                yield Problem(
                    self.name, f"{place[0]}, {place[1]}", message, N_("Work it out again from entries."), values
                )


MANY: Final = (
    Invariant("one-key", N_("A key makes one entry, for ever."), _OneKey, Order.KEY),
    Invariant("one-transition", N_("What a provider tells makes at most one entry."), _OneTransition, Order.TRANSITION),
    Invariant("mirrors", N_("Reversals of an entry never exceed it, on any account."), _Mirrors, Order.FAMILY),
    Invariant("floor", N_("No account is overdrawn and no fund overspent, after any entry."), _Floors),
    Invariant("reserved", N_("What is reserved is there."), _Reserved),
    Invariant("custody", N_("What is held at banks and providers is what is owed, fund by fund."), _Custody),
    Invariant(
        "kept-balances",
        N_("Balances that are kept are those of the entries."),
        lambda books: _Kept("kept-balances", books.stated, books.balances),
    ),
    Invariant(
        "public-totals",
        N_("Public totals are the private ones."),
        lambda books: _Kept("public-totals", books.published, books.balances),
    ),
)
