"""What must hold between grants in the books and what rounds published: for `communs verify ledger`.

That the outcome follows from the ballots is worked out by `communs verify round`, from the files alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from communs.apps.foundation.models import Entry, Posting, Reservation, Round, RoundFile, RoundResult
from communs.core.ledger import AccountKind, EntryKind, Problem
from communs.core.ledger.rules import grounds
from communs.core.rounds import OUTCOME_FILE

AT_ONCE: Final = 500


def grant_problems() -> Iterator[Problem]:
    """Grants that no round decided, and rounds whose outcome is not what is in the books."""
    decided = RoundResult.objects.exclude(entry=None).values("entry")
    others = Entry.objects.filter(kind=EntryKind.GRANT, sealed=True).exclude(pk__in=decided).order_by("pk")
    for public_id in others.values_list("public_id", flat=True).iterator(chunk_size=AT_ONCE):
        yield Problem(grounds.AS_COUNTED, str(public_id), *grounds.NOBODY_GRANTED)
    for one in RoundResult.objects.select_related("round__fund", "entry").order_by("pk").iterator(chunk_size=1):
        yield from _of_round(one)
    yield from _not_promised()


def _not_promised() -> Iterator[Problem]:
    """Rounds that take ballots, or are being counted, and whose pot others may spend meanwhile."""
    for one in Round.objects.filter(state__in=(Round.State.OPENED, Round.State.CLOSED)).order_by("pk"):
        promised = {"key": f"round:{one.public_id}", "fund": one.fund_id, "currency": one.currency}
        if not Reservation.objects.filter(**promised, minor=one.pot_minor, ended_at=None).exists():
            yield Problem("reserved", one.slug, *grounds.NOT_PROMISED, {"minor": str(one.pot_minor)})


def _of_round(one: RoundResult) -> Iterator[Problem]:
    files = {file.name: file for file in RoundFile.objects.filter(round=one.round)}
    for name, file in files.items():
        if hashlib.sha256(bytes(file.data)).hexdigest() != file.sha256:
            yield Problem(grounds.AS_COUNTED, one.round.slug, *grounds.OTHER_ROUND_FILE, {"name": name})
    said = _said(files.get(OUTCOME_FILE))
    if said is None:
        yield Problem(grounds.AS_COUNTED, one.round.slug, *grounds.UNREADABLE)
    elif said != _posted(one.round, one.entry) or not _names_it(one, files[OUTCOME_FILE].sha256):
        yield Problem(grounds.AS_COUNTED, one.round.slug, *grounds.OTHER_OUTCOME)


def _said(file: RoundFile | None) -> Mapping[tuple[str, str], int] | None:
    """What each gets, now or once they accept: minor units."""
    if file is None:
        return None
    sums: dict[tuple[str, str], int] = {}
    try:
        outcome: dict[str, Any] = json.loads(bytes(file.data))
        for kind, leaves in ((AccountKind.COMMONS, outcome["paid"]), (AccountKind.UNCLAIMED, outcome["unclaimed"])):
            for leaf in leaves:
                place = (kind.value, f"commons:{leaf['to']}")
                sums[place] = sums.get(place, 0) + int(leaf["minor"])
    except (ValueError, KeyError, TypeError):
        return None
    return {place: minor for place, minor in sums.items() if minor}


def _posted(round_: Round, entry: Entry | None) -> Mapping[tuple[str, str], int]:
    """What the entry of a round owes to each, in the round's fund and currency."""
    sums: dict[tuple[str, str], int] = {}
    found = Posting.objects.filter(entry=entry, entry__sealed=True).exclude(account__kind=AccountKind.GRANTS)
    for kind, owner, fund, currency, minor in found.values_list(
        "account__kind", "account__owner", "fund_id", "currency", "minor"
    ):
        place = (kind, owner if (fund, currency) == (round_.fund_id, round_.currency) else "elsewhere")
        sums[place] = sums.get(place, 0) - int(minor)
    return {place: minor for place, minor in sums.items() if minor}


def _names_it(one: RoundResult, sha256: str) -> bool:
    """Whether the entry, if there is one, names the outcome, and the round."""
    if one.entry is None:
        return True
    return one.entry.key == f"round:{one.round.public_id}" and one.entry.document.endswith(sha256)
