"""A foundation with a round to vote in: what the tests of rounds, of the page walker and the benchmark share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.utils import timezone

from communs.apps.foundation.actions import ballots, bundles, closing, rounds
from communs.apps.foundation.actions.rounds import Wanted
from communs.apps.foundation.queries.rounds import RoundRow
from communs.apps.register import actions as register
from communs.apps.register.queries import get_commons
from communs.kit.records.actions import Author
from communs.kit.records.models import Method
from communs.testing import money_out
from communs.testing.money_out import NOW

NAMES = UUID("8f14e45f-ceea-467a-9575-3d5a3f1f6a7b")
OPENS, CLOSES = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 20, tzinfo=UTC)
DURING, AFTER = OPENS + timedelta(days=3), CLOSES + timedelta(minutes=1)
BUNDLE = UUID(int=71)  # the request that makes one
VOTERS = ("Ana", "Cyd", "Dan", "Eli", "Fay")
WANTED = Wanted(
    slug="spring",
    title={"en": "Spring round", "fr": "Appel de printemps"},
    description={"en": "For what everybody builds on.", "fr": "Pour ce sur quoi chacun construit."},
    fund="city",
    currency="EUR",
    pot_minor=100_000,
    rule="proportional",
    parameters={},
    format="divide",
    most=3,
    points=10,
    opens_at=OPENS,
    closes_at=CLOSES,
    expires_on=date(2026, 9, 20),
)


def commons(*public_ids: str, kind: str = "software") -> None:
    """Public commons, named as their ids with a capital."""
    for one in public_ids:
        register.create_commons({"name": one.capitalize(), "kind": kind}, Author(None, Method.EDITOR))


def depends(one: str, other: str) -> None:
    """A relation of the register along which money flows on."""
    editor = money_out.person("Editor", role="editor")
    ends = (get_commons(editor, public_id) for public_id in (one, other))
    source, target = ends
    register.add_relation(source, target, "depends_on", editor)


def steward(name: str, public_id: str) -> Any:
    """Somebody who looks after a commons."""
    someone = money_out.person(name)
    register.appoint_steward(get_commons(someone, public_id), someone, None)
    return someone


def voters() -> dict[str, Any]:
    """People with confirmed addresses."""
    return {name: money_out.person(name) for name in VOTERS}


def prepared(cast: Mapping[str, Any], **changes: Any) -> RoundRow:
    """A draft by the treasurer."""
    wanted = replace(WANTED, **changes)
    return rounds.prepare(cast["Tom"], uuid5(NAMES, wanted.slug), wanted, NOW)


def form(**changes: Any) -> dict[str, Any]:
    """The form of a round as a treasurer fills it in."""
    now = timezone.localtime()
    return {
        "token": str(uuid4()), "slug": "spring", "title_en": "Spring", "title_fr": "Printemps", "fund": "city",
        "currency": "EUR", "pot": "1000.00", "rule": "proportional", "format": "divide", "most": "3", "points": "10",
        "roll_kind": "citizens", "is_secret": "on", "opens_at": now.strftime("%Y-%m-%dT%H:%M"), "passes_on": "0",
        "closes_at": (now + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M"),
        "expires_on": (now + timedelta(days=300)).date().isoformat(), **changes,
    }  # fmt: skip


def approved(cast: Mapping[str, Any], board: Sequence[str] = ("Bea", "Ben"), **changes: Any) -> RoundRow:
    """A round that two of the board approved."""
    made = prepared(cast, **changes)
    rounds.propose(cast["Tom"], made.slug)
    for name in board:
        rounds.approve(cast[name], made.slug, NOW)
    return made


def opened(cast: Mapping[str, Any], **changes: Any) -> RoundRow:
    """A round that is open."""
    return rounds.open_round(approved(cast, **changes).slug, NOW)


def for_pages(looks_after: Any, voter: Any) -> None:
    """Rounds for the walk over all pages: one decided, one open, one being prepared; a bundle, a share that waits.

    Takes the real register as it is there, with its data commons; the offices of `money_out.people` are held already.
    """
    cast = {name: money_out.person(name) for name in ("Tom", "Bea", "Ben")}
    common = {"eligible": "?kind=data", "most": 3}
    made = opened(cast, **common, ppm=100_000)
    names = list(made.options.order_by("commons").values_list("commons", flat=True)[:4])
    register.appoint_steward(get_commons(looks_after, names[0]), looks_after, None)
    bundles.accept_rule(looks_after, names[0], NOW)
    ballots.cast(made, voter, {names[0]: 6, names[1]: 4}, DURING)
    closing.close(made.slug, AFTER)
    now = timezone.now()
    dates = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=9)}
    waits = {"expires_on": (now + timedelta(days=400)).date()}
    title = {"title": {"en": "Open round", "fr": "Appel ouvert"}}
    open_now = opened(cast, slug="open-now", **title, **dates, **waits, **common)
    ballots.cast(open_now, voter, {names[2]: 10}, now)
    prepared(cast, slug="draft", title={"en": "Draft round", "fr": "Appel en préparation"}, **common)
    parts = [bundles.Part(names[0], "community", 900_000), bundles.Part(names[1], "commons", 100_000)]
    bundles.propose(looks_after, BUNDLE, names[0], now.date(), parts, now)
