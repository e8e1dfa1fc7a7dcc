"""Where the money of a fund came from and where it went, in one currency: both sides add up to the same."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, F, Q, Sum, When

from communs.apps.foundation import models as rows
from communs.apps.foundation.queries.public import given_to, granted_to
from communs.core.ledger import AccountKind
from communs.core.ledger.kinds import OF_THE_FUND

RECIPIENTS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Stream:
    """`what`: a kind of account with "in" or "out", or "commons" with the owner's name. `minor` is above zero."""

    what: str
    minor: int
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """What came in and what went out, what is left being the last of `outgoing`."""

    incoming: tuple[Stream, ...]
    outgoing: tuple[Stream, ...]

    @property
    def whole(self) -> int:
        return sum(stream.minor for stream in self.incoming)


def flow_of(fund: rows.Fund, currency: str) -> Flow:
    """The flow of a fund, from its entries. Recipients beyond the tenth stand together as "others"."""
    on = Q(fund=fund, currency=currency)
    incoming: list[Stream] = []
    outgoing: list[Stream] = []
    for kind, debit, credit in _sides(on):
        if kind == AccountKind.GRANTS:
            continue  # told by recipient
        if kind in {AccountKind.INCOME, AccountKind.CAPITAL, AccountKind.FEES}:
            net = credit - debit
            (incoming if net > 0 else outgoing).append(Stream(f"{kind}-{'in' if net > 0 else 'out'}", abs(net)))
        else:
            incoming.append(Stream(f"{kind}-in", credit))
            outgoing.append(Stream(f"{kind}-out", debit))
    direct = given_to(on)
    incoming.append(Stream("commons-in", sum(minor for _owner, minor in direct)))
    granted: dict[str, int] = {}
    for owner, minor in (*granted_to(on), *direct):
        granted[owner] = granted.get(owner, 0) + minor
    ordered = sorted(granted.items(), key=lambda part: (-part[1], part[0]))
    outgoing = [
        *(Stream("commons", minor, owner) for owner, minor in ordered[:RECIPIENTS_SHOWN]),
        Stream("others", sum(minor for _owner, minor in ordered[RECIPIENTS_SHOWN:])),
        *outgoing,
    ]
    left = sum(stream.minor for stream in incoming) - sum(stream.minor for stream in outgoing)
    outgoing.append(Stream("left", left))
    return Flow(_there(incoming), _there(outgoing))


def _there(streams: list[Stream]) -> tuple[Stream, ...]:
    return tuple(stream for stream in streams if stream.minor)


def _sides(on: Q) -> list[tuple[str, int, int]]:
    """Debits and credits of the accounts that are the fund's own, by kind."""
    postings = rows.Posting.objects.filter(on, entry__sealed=True, account__kind__in=[k.value for k in OF_THE_FUND])
    found = postings.values_list("account__kind").annotate(
        debit=Sum(Case(When(minor__gt=0, then=F("minor")), default=0)),
        credit=Sum(Case(When(minor__lt=0, then=-F("minor")), default=0)),
    )
    return sorted((kind, int(debit), int(credit)) for kind, debit, credit in found)
