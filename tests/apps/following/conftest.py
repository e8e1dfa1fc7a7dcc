"""What the tests of following share: records made through the real actions, one day, and no memory between tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache

from communs.apps.following import actions, interests, queries
from communs.apps.following.models import Subscription
from communs.apps.funding.models import Opportunity
from communs.apps.register.models import Commons
from communs.kit.records import actions as records
from communs.kit.records.actions import Author
from communs.kit.records.models import Method, Visibility

Make = Callable[..., Any]
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_is_remembered(db: None) -> Iterator[None]:
    """Interests and counters are held by the process, or outlive a test that is rolled back."""
    queries.forget()
    cache.clear()
    yield
    queries.forget()


@pytest.fixture
def opportunity(db: None) -> Make:
    """`opportunity("id", closes="2026-12-24", **values)`: public; dots in field names are two underscores."""

    def made(public_id: str, visibility: str = Visibility.PUBLIC, closes: str = "", **values: Any) -> Opportunity:
        said = {name.replace("__", "."): value for name, value in values.items()}
        if closes:
            said["windows"] = [one_off(closes)]
        said = {"titles.en": f"Fund {public_id}", "titles.fr": f"Fonds {public_id}", **said}
        record = records.create(Opportunity, public_id, said, Author(None, Method.EDITOR))
        if visibility != Visibility.PUBLIC:
            records.set_visibility(record, visibility, None)
        record.refresh_from_db()
        return record  # type: ignore[no-any-return]

    return made


@pytest.fixture
def commons(db: None) -> Make:
    """`commons("id", **values)`: public."""

    def made(public_id: str, **values: Any) -> Commons:
        said = {"name": public_id.title(), "kind": "software"}
        said |= {name.replace("__", "."): value for name, value in values.items()}
        record = records.create(Commons, public_id, said, Author(None, Method.EDITOR))
        record.refresh_from_db()
        return record  # type: ignore[no-any-return]

    return made


@pytest.fixture
def state() -> Make:
    """`state(record, windows=[…])`: an editor states values."""

    def stated(record: Any, **values: Any) -> None:
        said = {name.replace("__", "."): value for name, value in values.items()}
        records.state(record, said, Author(None, Method.EDITOR))
        record.refresh_from_db()

    return stated


@pytest.fixture
def follow(db: None) -> Make:
    """`follow("a@example.org", wish)`: asked for and confirmed."""

    def followed(email: str, wish: interests.Wish, now: datetime = NOW, **reader: Any) -> Subscription:
        actions.ask(wish, actions.Reader(email, **reader), client="", now=now)
        subscription = Subscription.objects.select_related("interest").get(email=email, interest__digest=wish.digest)
        actions.confirm(subscription, now)
        subscription.refresh_from_db()
        return subscription

    return followed


@pytest.fixture
def look(db: None) -> Callable[[datetime], int]:
    """`look(now)`: what the chore does; how many events were noted."""

    def looked(now: datetime) -> int:
        noted = actions.note_events(now)
        actions.spread_events(now)
        return noted

    return looked


def one_off(closes: str, **more: Any) -> dict[str, Any]:
    """A window that closes on a day."""
    return {"model": "one_off", "closes": closes, "precision": "day", **more}


def everything(catalogue: str = "opportunities") -> interests.Wish:
    """The whole list."""
    return interests.search(catalogue, {})
