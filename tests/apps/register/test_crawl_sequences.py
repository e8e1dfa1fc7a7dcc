"""Whatever happens to a repository, in whatever order: the crawl ends in the state that a small model says."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communs.apps.register.models import Commons, CrawledHost
from communs.testing.crawling import Clock, look_at, publiccode, values
from communs.testing.forge import FAMILIES, LocalForge, Repository, local_forge

EVENTS = (
    *("valid", "invalid", "broken", "no-file", "remove", "restore", "rename", "replace", "archive", "unarchive"),
    *("fault-500", "fault-429", "mend", "an-hour", "a-day"),
)
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def forge() -> Iterator[LocalForge]:
    with local_forge() as served:
        yield served


@dataclass
class World:
    """The forge as it is, and what the register should say of it: the model, in twenty lines."""

    forge: LocalForge
    family: str
    path: str
    clock: Clock
    state: str = "new"
    missing_since: datetime | None = None
    file: str = ""
    licence: str = ""
    is_archived: bool = False
    mine: Any = None

    def look(self) -> None:
        """What should follow from one look at the forge as it is now."""
        there = self.forge.find(self.family, self.path)
        if there is not None and there.fault:
            return
        if there is None:
            self.missing_since = self.missing_since or self.clock()
            self.state = "gone" if self.clock() - self.missing_since >= timedelta(days=1) else "missing"
            return
        self.missing_since = None
        if there is not self.mine:
            self.state = "replaced"
            return
        self.state, self.is_archived = "active", there.is_archived
        text = there.files.get("publiccode.yml")
        if text is None:
            self.file = "absent" if self.file else ""
        elif text.startswith(b"name: ["):
            self.file = "unreadable"
        else:
            self.file = "invalid" if b"Nonsense" in text else "valid"
            self.licence = "Nonsense-9" if b"Nonsense" in text else "EUPL-1.2" if b"EUPL" in text else "MIT"

    def happen(self, event: str) -> None:
        """Bring about one event; one that is impossible at the moment changes nothing."""
        forge, url = self.forge, self.forge.url(self.family, self.path)
        there = forge.find(self.family, self.path)
        if event in {"an-hour", "a-day"}:
            self.clock.later(hours=1 if event == "an-hour" else 24)
        elif event == "restore":
            self.mine.path = self.path
            forge.restore(self.family, self.mine)
        elif there is None:
            return
        elif event == "remove":
            forge.remove(self.family, self.path)
        elif event == "rename" and there is self.mine and not there.fault:
            new = f"others/thing-{next(NUMBERS)}"
            forge.rename(self.family, self.path, new)
            self.path = new
        elif event == "replace":
            forge.add(self.family, self.path, {"publiccode.yml": publiccode(url, licence="ISC")})
        else:
            self._change(there, event, url)

    def _change(self, there: Repository, event: str, url: str) -> None:
        """What happens to the repository itself."""
        if event in {"valid", "invalid", "broken"}:
            licence = {"valid": "EUPL-1.2", "invalid": "Nonsense-9", "broken": ""}[event]
            text = publiccode(url, licence=licence) if licence else "name: [\n"
            there.files["publiccode.yml"] = text.encode()
        elif event == "no-file":
            there.files.pop("publiccode.yml", None)
        elif event in {"archive", "unarchive"}:
            there.is_archived = event == "archive"
        elif event.startswith("fault"):
            there.fault = int(event[-3:])
        elif event == "mend":
            there.fault = 0


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(family=st.sampled_from(FAMILIES), events=st.lists(st.sampled_from(EVENTS), min_size=3, max_size=12))
def test_every_sequence_ends_in_the_right_state(
    family: str, events: list[str], forge: LocalForge, make: Callable[..., Commons]
) -> None:
    number = next(NUMBERS)
    path = f"us/thing-{number}"
    clock = Clock()
    # The clock starts anew, so nothing may remain of what a host asked for.
    CrawledHost.objects.all().delete()
    mine = forge.add(family, path, {"publiccode.yml": publiccode(forge.url(family, path))})
    commons = make(f"thing-{number}", kind="software", repository=forge.url(family, path))
    world = World(forge, family, path, clock, mine=mine)
    # The first look is at a repository as it was registered; from then on anything may happen between two looks.
    for event in ("look", *events):
        if event != "look":
            world.happen(event)
        clock.later(seconds=90)
        world.look()
        row = look_at(commons, clock)
        told = (row.state, row.is_archived, row.files.get("publiccode", {}).get("state", ""))
        assert told == (world.state, world.is_archived, world.file), event
        if world.licence:
            assert values(commons)["licences"] == [{"part": "code", "spdx": world.licence}], event
    assert Commons.objects.filter(public_id=commons.public_id).count() == 1


def test_the_model_of_the_test_can_fail(forge: LocalForge, make: Callable[..., Commons]) -> None:
    """A model that forgets that two looks are needed is found out."""
    clock = Clock()
    forge.add("forgejo", "us/known", {})
    commons = make("known", kind="software", repository=forge.url("forgejo", "us/known"))
    assert look_at(commons, clock).state == "active"
    forge.remove("forgejo", "us/known")
    assert look_at(commons, clock).state != "gone"
