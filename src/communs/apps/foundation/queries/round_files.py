"""Reads of a decided round: its published files, what they tell by commons, and the round worked out again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from communs.apps.foundation.models import Round, RoundFile
from communs.apps.foundation.queries.rounds import DECIDED, commons_names
from communs.core import rounds as core

KEPT = 4
"""So many outcomes stay in the memory of a process: they never change."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a commons got, in minor units. `paid` and `waits` are its own shares, bundles counted."""

    id: str
    name: str
    voters: int
    granted: int
    received: int
    paid: int
    waits: int


@dataclass(frozen=True, slots=True)
class Told:
    """What `outcome.json` says, with names."""

    rows: tuple[Line, ...]
    by_id: Mapping[str, Line]
    names: Mapping[str, str]
    ties: tuple[dict[str, Any], ...]
    turnout: Mapping[str, dict[str, int]]
    pot: int
    paid: int
    waits: int
    carried: int


def files_of(round_: Round) -> list[RoundFile]:
    """The files without their bytes."""
    return list(RoundFile.objects.filter(round=round_).defer("data").order_by("-name"))


def get_file(slug: str, name: str) -> RoundFile | None:
    """A published file."""
    return RoundFile.objects.filter(round__slug=slug, round__state__in=DECIDED, name=name).first()


def told(round_: Round) -> Told:
    """What the outcome says."""
    file = RoundFile.objects.filter(round=round_, name=core.OUTCOME_FILE).defer("data").get()
    return _told(file.pk, file.sha256)


@lru_cache(maxsize=KEPT)
def _told(number: int, _sha256: str) -> Told:
    file = RoundFile.objects.select_related("round").get(pk=number)
    said = json.loads(bytes(file.data))
    names = dict(file.round.options.values_list("commons", "name"))
    paid, waits = _sums(said["paid"]), _sums(said["unclaimed"])
    ids = {*names, *said["granted"], *said["received"], *paid, *waits}
    names |= commons_names(ids - names.keys())
    rows = [
        Line(
            one,
            names[one],
            said["support"].get(one, {}).get("voters", 0),
            said["granted"].get(one, 0),
            said["received"].get(one, 0),
            paid.get(one, 0),
            waits.get(one, 0),
        )
        for one in ids
    ]
    rows.sort(key=lambda row: (-(row.paid + row.waits), -row.granted, -row.voters, row.name, row.id))
    totals = said["totals"]
    return Told(
        tuple(rows), {row.id: row for row in rows}, names, tuple(said["ties"]), said["turnout"], totals["pot"],
        totals["paid"], totals["unclaimed"], totals["carry_over"],
    )  # fmt: skip


def _sums(leaves: list[dict[str, Any]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for leaf in leaves:
        sums[leaf["to"]] = sums.get(leaf["to"], 0) + leaf["minor"]
    return sums


def worked_out(round_: Round) -> core.Outcome:
    """The round counted again from `round.json`: what explanations need. Kept in memory, for it takes its time."""
    file = RoundFile.objects.filter(round=round_, name=core.ROUND_FILE).defer("data").get()
    return _worked_out(file.pk, file.sha256)


@lru_cache(maxsize=KEPT)
def _worked_out(number: int, _sha256: str) -> core.Outcome:
    data = bytes(RoundFile.objects.get(pk=number).data)
    return core.outcome_of(core.round_of(json.loads(data)))


def files_named(slug: str) -> dict[str, bytes]:
    """The published files of a round by name, with their bytes; none where it is not decided."""
    found = RoundFile.objects.filter(round__slug=slug, round__state__in=DECIDED).order_by("-name")
    return {one.name: bytes(one.data) for one in found}
