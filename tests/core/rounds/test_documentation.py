"""The pages of the rules round-1 and bundle-1 are run as they stand."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from communs.core import bundles, rounds
from communs.core.bundles import PPM, Bundle, Kind, Recipient, Share, Sharing, Unclaimed, expand
from communs.core.rounds import College, Format, PassingOn, close, problems
from communs.core.rounds.faults import OF_BALLOTS, OF_CLOSING, OF_FILES, OF_QUESTIONS, TEXTS
from communs.core.rounds.rules import FORMATS, OF_SHARES
from communs.testing.rounds import QUESTION, SEED, ballots_of, roll_of

PAGES = Path(__file__).resolve().parents[3] / "docs" / "rules"
MODULES = sorted(
    module.name
    for package in (bundles, rounds)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
)
DAY = date(2026, 11, 30)


def rows(page: str, first: str) -> Iterator[dict[str, str]]:
    """The table of a page whose header begins so."""
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    lines = text[text.index(f"| {first} |") :].partition("\n\n")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    for row in cells[2:]:
        yield dict(zip(cells[0], row, strict=True))


def numbers(text: str) -> dict[str, int]:
    """ "a 40, b 20" """
    return {name: int(value) for name, value in (part.split() for part in text.split(",") if part.strip())}


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_table_of_rules_and_ballots_holds() -> None:
    table = {row["rule"]: row for row in rows("round", "rule")}
    assert list(table) == list(FORMATS)
    for rule, row in table.items():
        assert tuple(one for one in Format if row[one.value] == "yes") == FORMATS[rule]
        assert row["pays"] == ("a share" if rule in OF_SHARES else "what is asked, or nothing")


@pytest.mark.parametrize("row", list(rows("round", "votes")))
def test_the_worked_table_of_rounds_holds(row: dict[str, str]) -> None:
    passing_on = PassingOn(int(row["flows on"]), QUESTION.passing_on.graph)
    asked = replace(QUESTION, pot=1_000, colleges=(College("all"),), passing_on=passing_on)
    assert problems(asked) == ()
    said = dict(
        zip(("ana", "ben", "cyd"), (numbers(one) for one in row["votes"].split(";") if one.strip()), strict=False)
    )
    recipients = [Recipient(id_, accepted=True) for id_ in ("atlas", "wiki", "forge", "engine")]
    outcome = close(asked, roll_of(asked), ballots_of(said), SEED, recipients)
    assert outcome.count.granted == numbers(row["granted"])
    assert outcome.received == numbers(row["received"])
    assert sum(leaf.minor for leaf in outcome.unclaimed) == int(row["waits"])
    assert outcome.carry_over == int(row["carried over"])


@pytest.mark.parametrize("row", list(rows("bundle", "granted")))
def test_the_worked_table_of_bundles_holds(row: dict[str, str]) -> None:
    atlas = (
        Share("people", Kind.COMMUNITY, 600_000),
        Share("engine", Kind.COMMONS, 300_000),
        Share("pool", Kind.RESERVE, 100_000),
    )
    engine = (Share("engineers", Kind.COMMUNITY, PPM // 2), Share("fonts", Kind.COMMONS, PPM // 2))
    made = [
        Bundle(name, DAY, shares).accepted_by([share.party for share in shares], "their stewards", DAY)
        for name, shares in (("atlas", atlas), ("engine", engine))
    ]
    names = {"atlas", *(share.party for share in (*atlas, *engine))}
    accepted = [Recipient(name, accepted=name != row["who has not accepted"]) for name in names]
    sharing = Sharing.of("page", accepted, made, Unclaimed(date(2027, 11, 30), "the fund"))
    found = {leaf.to: leaf for leaf in expand(sharing, "atlas", int(row["granted"]), DAY)}
    for name in ("people", "engineers", "fonts", "engine", "pool"):
        leaf = found.get(name)
        told = "0" if leaf is None else f"({leaf.minor})" if leaf.unclaimed else str(leaf.minor)
        assert (name, told) == (name, row[name])


def test_every_fault_has_one_code_and_one_sentence() -> None:
    assert len(TEXTS) == sum(map(len, (OF_QUESTIONS, OF_BALLOTS, OF_CLOSING, OF_FILES)))
    assert len(set(TEXTS.values())) == len(TEXTS)
