"""A large round on a real site: 100,000 ballots over 10,000 commons, from the last ballot to the file for the bank.

Run: `python benchmarks/close_round.py [--smoke] [--db postgres]`. People, commons and ballots are made in bulk; the
round goes its usual way (prepared, approved by two, opened with a roll of 100,000). Then the clock runs: close (count,
files, one entry of 10,001 postings, result), put into the log and sign, and a pain.001 for everybody who is paid.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from communs.testing.bench import Line, read_options, report, set_up  # noqa: E402

BAR_S = 15.0
BATCH = 5_000


def fill(payees: int, voters: int) -> Any:
    """Commons whose stewards accepted, people with confirmed addresses, a fund; the round, open."""
    from allauth.account.models import EmailAddress

    from communs.apps.accounts.models import Person
    from communs.apps.foundation.models import SharingRule
    from communs.apps.register.models import Commons
    from communs.testing import money_out, votes

    cast = money_out.people()
    money_out.found(cast, {})
    now = money_out.NOW
    Commons.objects.bulk_create(
        (
            Commons(public_id=f"commons-{number:05d}", name=f"Commons {number}", created_at=now, updated_at=now)
            for number in range(payees)
        ),
        batch_size=BATCH,
    )
    rules = (
        SharingRule(commons=f"commons-{number:05d}", person=cast["Tom"], accepted_at=now) for number in range(payees)
    )
    SharingRule.objects.bulk_create(rules, batch_size=BATCH)
    people = Person.objects.bulk_create(
        (Person(email=f"v{number}@example.net") for number in range(voters)), batch_size=BATCH
    )
    EmailAddress.objects.bulk_create(
        (EmailAddress(user=one, email=one.email, verified=True, primary=True) for one in people), batch_size=BATCH
    )
    return timed(lambda: votes.opened(cast, most=10, pot_minor=900_000))


def cast_all(round_: Any, payees: int) -> float:
    """A ballot for each voter, five commons each; seconds."""
    from communs.apps.foundation.models import Ballot

    chance = Random(2026)  # noqa: S311 - repeatable on purpose
    start = time.perf_counter()

    def made() -> Any:
        for voter in round_.roll.all().iterator(chunk_size=BATCH):
            names = sorted({f"commons-{chance.randrange(payees):05d}" for _ in range(5)})
            yield Ballot(round=round_, voter=voter, names=names, points=[2] * len(names))

    Ballot.objects.bulk_create(made(), batch_size=BATCH)
    return time.perf_counter() - start


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What the work gives, seconds, and seconds of this process on a processor (PostgreSQL has its own)."""
    start, cpu = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - start, time.process_time() - cpu


def order(round_: Any) -> bytes:
    """The file for the bank: everybody who is paid."""
    from communs.apps.foundation.models import Posting
    from communs.core.money import Money
    from communs.core.standards.pain001 import Address, Party, PaymentOrder, Transfer, write
    from communs.testing.money_out import IBANS, NOW, OURS

    owed = Posting.objects.filter(entry=round_.result.entry, minor__lt=0).select_related("account").order_by("position")
    transfers = tuple(
        Transfer(
            UUID(int=number),
            Money(-one.minor, "EUR"),
            Party(one.account.slug, IBANS[number % len(IBANS)], Address("Lyon", "FR")),
            round_.slug,
        )
        for number, one in enumerate(owed)
    )
    payer = Party("Fondation des communs", OURS, Address("Paris", "FR"))
    return write(PaymentOrder("bench", NOW, (NOW + timedelta(days=1)).date(), payer, transfers))


def figures(payees: int, voters: int) -> list[Line]:
    """The lines of the report."""
    from communs.apps.foundation.actions import closing, proof
    from communs.apps.foundation.queries.books import verify_books
    from communs.core.rounds import verify_round
    from communs.testing.votes import AFTER

    round_, opened_s, _cpu = fill(payees, voters)
    cast_s = cast_all(round_, payees)
    done, close_s, close_cpu = timed(lambda: closing.close(round_.slug, AFTER))

    def seal() -> None:
        proof.put_into_log()
        proof.sign(AFTER)

    _sealed, seal_s, seal_cpu = timed(seal)
    data, order_s, order_cpu = timed(lambda: order(done))
    files = {one.name: bytes(one.data) for one in done.files.all()}
    problems, verify_s, verify_cpu = timed(
        lambda: verify_round(files["round.json"], files["outcome.json"], done.opening_sha256)
    )
    if problems or list(verify_books()):
        raise RuntimeError("The round or the books do not hold.")
    whole, cpu = close_s + seal_s + order_s, close_cpu + seal_cpu + order_cpu
    paid = done.result.entry.postings.count() - 1
    return [
        Line(f"opened: {payees:,} commons, roll of {done.voters:,}", f"{opened_s:.1f} s", "", None),
        Line(f"ballots taken in bulk, {voters:,}", f"{cast_s:.1f} s", "", None),
        Line(
            f"closed: counted, files written, posted to {paid:,} accounts",
            f"{close_s:.1f} s (processor {close_cpu:.1f} s)",
            "",
            None,
        ),
        Line("put into the log and signed", f"{seal_s:.2f} s", "", None),
        Line(f"pain.001 of {paid:,} transfers ({len(data) // 1_000:,} kB)", f"{order_s:.2f} s", "", None),
        Line(
            "from the last ballot to the file for the bank",
            f"{whole:.1f} s (processor {cpu:.1f} s)",
            f"≤ {BAR_S:.0f} s",
            whole <= BAR_S,
        ),
        Line("a stranger verifies both files", f"{verify_s:.1f} s (processor {verify_cpu:.1f} s)", "", None),
    ]


def main() -> None:
    """Print the figures."""
    options = read_options("A large round from the last ballot to the file for the bank.")
    set_up(options.db)
    payees, voters = (50, 200) if options.smoke else (10_000, 100_000)
    report(f"A large round on {options.db}", figures(payees, voters), smoke=options.smoke)


if __name__ == "__main__":
    main()
