"""The public accounts in the open API."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from communs.apps.foundation import logfiles
from communs.apps.foundation.actions import books as actions
from communs.apps.foundation.actions import proof as prove
from communs.apps.foundation.queries import proof
from communs.core.ledger import Account, AccountKind, EntryKind, Fund, Nature
from communs.core.transparency import COSIGNER, Signer, is_consistent
from communs.core.transparency import beginning as start
from communs.core.transparency import cosign as cosigned

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROOT = "/api/v1/foundation"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def recorded(tmp_path: Path, settings: Any) -> None:
    settings.DATA, settings.LOG_SEED, settings.LOG_COSIGNERS = tmp_path, "07" * 32, ""
    actions.open_period(date(2026, 1, 1), date(2026, 12, 31))
    actions.open_fund(Fund("city", Nature.RESTRICTED, "City", convention="2026-17", funder="Lyon"), now=NOW)
    for name, kind in (("main", AccountKind.BANK), ("gifts", AccountKind.INCOME)):
        actions.open_account(Account(name, kind, "EUR"), now=NOW)
    give(range(25))


def give(numbers: range) -> None:
    lines = [("main", "city", 100, "EUR"), ("gifts", "city", -100, "EUR")]
    said: dict[str, Any] = {"on": date(2026, 3, 1), "now": NOW, "actor": "person:7"}
    actions.record_all(actions.entry(f"g{n}", EntryKind.PAY_IN, lines, **said) for n in numbers)


def logged() -> None:
    prove.put_into_log()
    prove.sign(NOW)


def test_funds_have_their_conditions_and_standing(client: Client) -> None:
    (fund,) = client.get(f"{ROOT}/funds").json()["items"]
    assert (fund["id"], fund["convention"], fund["funder"]) == ("city", "2026-17", "Lyon")
    assert fund["standing"] == [
        {"currency": "EUR", "has_minor": 2500, "promised_minor": 0, "floor_minor": 0, "available_minor": 2500}
    ]


def test_entries_are_paged_and_hold_nothing_personal(client: Client) -> None:
    first = client.get(f"{ROOT}/entries", {"limit": 20}).json()
    second = client.get(f"{ROOT}/entries", {"limit": 20, "cursor": first["next"]}).json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (20, 5, None)
    assert len({one["id"] for one in first["items"] + second["items"]}) == 25
    assert first["items"][0]["postings"][0] == {"account": "main", "fund": "city", "minor": 100, "currency": "EUR"}
    text = client.get(f"{ROOT}/entries").content
    assert b"person:7" not in text
    assert b'"g1"' not in text


def test_a_wrong_filter_is_named(client: Client) -> None:
    assert client.get(f"{ROOT}/entries", {"kind": "nothing"}).status_code == 422
    assert "query.knd" in client.get(f"{ROOT}/entries", {"knd": "grant"}).json()["detail"]
    assert client.get(f"{ROOT}/entries", {"kind": "grant"}).json()["items"] == []


def test_the_signed_state_is_there_once_it_is_signed_and_only_grows(client: Client) -> None:
    assert client.get(f"{ROOT}/checkpoint").status_code == 404
    logged()
    old = client.get(f"{ROOT}/checkpoint").json()
    give(range(25, 60))
    logged()
    new = client.get(f"{ROOT}/checkpoint").json()
    assert (old["size"], new["size"], new["note"].encode()) == (25, 60, logfiles.folder().read("checkpoint"))
    found = client.get(f"{ROOT}/consistency", {"old": 25, "new": 60}).json()["proof"]
    hashes = [bytes.fromhex(one) for one in found]
    assert is_consistent(25, bytes.fromhex(old["root"]), 60, bytes.fromhex(new["root"]), hashes)
    assert client.get(f"{ROOT}/consistency", {"old": 60, "new": 25}).status_code == 422
    assert client.get(f"{ROOT}/consistency", {"old": 25, "new": 61}).status_code == 404


def test_a_cosignature_is_taken_from_a_named_key_once_the_log_stands_still(client: Client, settings: Any) -> None:
    friend, stranger = (Signer(name, bytes([n]) * 32, COSIGNER) for n, name in ((1, "state"), (2, "nobody")))
    settings.LOG_COSIGNERS = str(friend.key)
    logged()
    note, origin = logfiles.folder().read("checkpoint") or b"", proof.origin_of_log()

    def sent(signer: Signer) -> Any:
        found = cosigned(logfiles.folder().read, note, logfiles.trust(origin), start(origin), signer, 1)
        body = found.note.to_bytes()
        return client.post(f"{ROOT}/checkpoint/cosignatures", data=body, content_type="text/plain")

    assert sent(stranger).status_code == 422
    assert sent(friend).status_code == 200
    assert client.get(f"{ROOT}/checkpoint").json()["cosigned_by"] == ["state"]
    late = cosigned(logfiles.folder().read, note, logfiles.trust(origin), start(origin), friend, 2).note.to_bytes()
    give(range(25, 30))
    logged()
    gone = client.post(f"{ROOT}/checkpoint/cosignatures", data=late, content_type="text/plain")
    assert (gone.status_code, gone.json()["title"]) == (409, "The log went on")
    rubbish = client.post(f"{ROOT}/checkpoint/cosignatures", data=b"\xff", content_type="text/plain")
    assert rubbish.status_code == 422
