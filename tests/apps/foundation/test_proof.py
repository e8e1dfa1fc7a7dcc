"""The log of the public accounts: what stands in it, in which order, who can check it, what erasure leaves."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import F

from communs.apps.foundation import logfiles, sql
from communs.apps.foundation import models as rows
from communs.apps.foundation.actions import books as actions
from communs.apps.foundation.actions import proof as prove
from communs.apps.foundation.queries import books, proof, public, verifying
from communs.apps.foundation.queries.log_check import log_problems
from communs.core.ledger import Account, AccountKind, EntryKind, Fund, Nature
from communs.core.transparency import COSIGNER, InvalidLog, InvalidNote, Signer, Trust, reveals, salt_of, verify_log
from communs.core.transparency import cosign as cosigned
from communs.core.transparency.checkpoints import Checkpoint

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
SECRET_MEMO = "Marie Durand, rue des Lilas, gave twice"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA, settings.LOG_SEED, settings.LOG_COSIGNERS = tmp_path, "07" * 32, ""


@pytest.fixture
def places() -> None:
    open_places()


def open_places() -> None:
    actions.open_period(date(2026, 1, 1), date(2026, 12, 31))
    actions.open_fund(Fund("open", Nature.UNRESTRICTED, "Open"), now=NOW)
    actions.open_fund(Fund("city", Nature.RESTRICTED, "City", convention="2026-17", funder="City of Lyon"), now=NOW)
    for name, kind in (("main", AccountKind.BANK), ("gifts", AccountKind.INCOME), ("grants", AccountKind.GRANTS)):
        for at in ("", "-2"):
            actions.open_account(Account(f"{name}{at}", kind, "EUR"), now=NOW)


def gift(key: str, minor: int = 500, fund: str = "city", at: str = "", **said: Any) -> Any:
    postings = [(f"main{at}", fund, minor, "EUR"), (f"gifts{at}", fund, -minor, "EUR")]
    return actions.entry(key, EntryKind.PAY_IN, postings, on=DAY, now=NOW, **said)


def undone(gift_: Any, memo: str = SECRET_MEMO, **said: Any) -> Any:
    """The reversal of a gift, with the reason that people gave: the only memo that may speak of a person."""
    postings = [(one.account, one.fund, -one.minor, one.currency) for one in gift_.postings]
    said = {"on": DAY, "now": NOW, "memo": memo, "reverses": gift_.id, **said}
    return actions.entry(f"{gift_.key}-back", EntryKind.REVERSAL, postings, **said)


def logged(*made: Any) -> logfiles.Folder:
    """Record, put into the log, sign."""
    actions.record_all(made)
    prove.put_into_log()
    prove.sign(NOW)
    return logfiles.folder()


def trusted() -> Trust:
    return logfiles.trust(proof.origin_of_log())


@pytest.mark.usefixtures("places")
def test_a_stranger_checks_the_log_with_its_files_and_key_alone() -> None:
    files = logged(*(gift(f"g{number}") for number in range(300)))
    verdict = verify_log(files.read, trusted())
    assert (verdict.problems, verdict.size) == ((), 300)
    assert files.read("key") == f"{trusted().log[0]}\n".encode()


@pytest.mark.usefixtures("places")
def test_a_log_that_grows_continues_what_was_signed_before() -> None:
    files = logged(gift("g1"))
    first = files.read("checkpoint")
    logged(*(gift(f"h{number}") for number in range(600)))
    assert first is not None
    assert verify_log(files.read, trusted(), known=[first]).is_sound
    assert [one.size for one in proof.checkpoints(10)] == [601, 1]
    assert prove.put_into_log() == 0
    assert prove.sign(NOW) is None


@pytest.mark.usefixtures("places")
def test_what_is_personal_is_not_in_the_log_and_can_be_shown_to_be_what_was_committed_to() -> None:
    first = gift("g1")
    files = logged(first, undone(first, actor="person:7"))
    bundle = files.read("tile/entries/000.p/2") or b""
    assert b"Durand" not in bundle
    assert b"person:7" not in bundle
    leaf = json.loads(bundle[2 + int.from_bytes(bundle[:2]) + 2 :])
    veil = rows.Veil.objects.get()
    salt = salt_of(bytes(veil.secret), leaf["id"], "memo")
    assert reveals(leaf["veiled"]["memo"], "memo", SECRET_MEMO, salt)
    assert not reveals(leaf["veiled"]["memo"], "memo", "somebody else", salt)


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("kind", [EntryKind.PAY_IN, EntryKind.IDENTIFICATION, EntryKind.PAYOUT])
def test_no_free_text_stands_in_what_is_never_changed_and_is_about_people(kind: EntryKind) -> None:
    made = gift("g1")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.Entry.objects.create(
            public_id=made.id, key="g1", kind=kind, effective_on=DAY, recorded_at=NOW, memo="From Marie",
            body_sha256=made.body_sha256,
        )  # fmt: skip


@pytest.mark.usefixtures("places")
def test_erasure_leaves_every_proof_valid_and_the_bytes_of_the_log_the_same() -> None:
    first, second = gift("g1"), gift("g2")
    files = logged(first, second, undone(first), undone(second, "Another"))
    row = rows.Entry.objects.get(key="g1-back")
    before, evidence = proof.leaf_of(row), proof.evidence_of(row)
    assert prove.erase([row.public_id]) == 1
    assert prove.erase([row.public_id]) == 0
    assert rows.Veil.objects.count() == 1
    assert proof.leaf_of(row) == before
    evidence.check(before, trusted())
    assert verify_log(files.read, trusted()).is_sound


@pytest.mark.usefixtures("places")
def test_the_evidence_of_each_entry_leads_to_the_signed_checkpoint() -> None:
    logged(*(gift(f"g{number}") for number in range(7)))
    for row in rows.Entry.objects.all():
        proof.evidence_of(row).check(proof.leaf_of(row), trusted())


@pytest.mark.usefixtures("places")
def test_an_entry_too_long_for_the_log_has_its_postings_in_a_file_named_by_their_hash() -> None:
    names = [f"commons-{number}" for number in range(2500)]
    rows.Account.objects.bulk_create(
        rows.Account(slug=name, kind="commons", currency="EUR", owner=f"commons:{name}", created_at=NOW)
        for name in names
    )
    lines = [(name, "city", -1, "EUR") for name in names]
    grant = actions.entry(
        "round", EntryKind.GRANT, [("grants", "city", 2500, "EUR"), *lines], on=DAY, now=NOW, document="round 1"
    )
    files = logged(gift("g1", 3000), grant)
    leaf = json.loads(proof.leaf_of(rows.Entry.objects.get(key="round")))
    assert leaf["postings"]["number"] == 2501
    assert len(json.loads(files.read(f"long/{leaf['postings']['sha256']}") or b"")) == 2501
    assert verify_log(files.read, trusted()).is_sound


def rewritten(key: str, minor: int) -> rows.Entry:
    """Somebody takes the triggers away and writes another amount, with hash and balances that fit."""
    row = rows.Entry.objects.get(key=key)
    (entry,) = books.as_entries([row])
    lines = tuple(replace(one, minor=minor if one.minor > 0 else -minor) for one in entry.postings)
    more = minor - abs(entry.postings[0].minor)
    with sql.without(connection):
        for position, one in enumerate(lines):
            rows.Posting.objects.filter(entry=row, position=position).update(minor=one.minor)
            sign = 1 if one.minor > 0 else -1
            kept = rows.Balance.objects.filter(account__slug=one.account, fund__slug=one.fund)
            kept.filter(pk=kept[0].pk).update(minor=F("minor") + sign * more)
        owned = rows.Owned.objects.filter(fund__slug="city")
        owned.filter(pk=owned[0].pk).update(minor=F("minor") + more)
        other = replace(entry, postings=lines, body_sha256="").body_sha256
        rows.Entry.objects.filter(pk=row.pk).update(body_sha256=other)
    return row


@pytest.mark.usefixtures("places")
def test_books_that_were_rewritten_with_all_that_fits_are_not_those_that_were_signed() -> None:
    logged(*(gift(f"g{number}") for number in range(300)))
    assert list(log_problems()) == []
    row = rewritten("g270", 700)
    assert list(books.verify_books()) == [], "of the books alone, nothing is seen"
    found = list(log_problems())
    assert {one.invariant for one in found} == {"as-logged"}
    assert [one.place for one in found] == [str(row.public_id), "checkpoints/300"]
    with books.one_moment():
        assert "as-logged" in {one.invariant for one in verifying.everything()}


@pytest.mark.usefixtures("places")
def test_states_that_were_signed_stand_in_the_files_as_in_the_books() -> None:
    files = logged(gift("g1"))
    logged(gift("g2"))
    actions.record(gift("g3"))
    assert list(log_problems()) == [], "what is not in the log yet is not looked at"
    with sql.without(connection):
        rows.Checkpoint.objects.filter(size=1).update(root="0" * 64)
    assert [one.place for one in log_problems()] == ["checkpoints/1"]
    files.write("checkpoint", b"nothing")
    assert [one.place for one in log_problems()] == ["checkpoint", "checkpoints/1"]


@pytest.mark.usefixtures("places")
def test_files_that_were_lost_are_made_again_from_the_books_to_the_byte() -> None:
    files = logged(*(one for number in range(5) for one in (gift(f"g{number}"), undone(gift(f"g{number}"), "x"))))
    before = files.read("checkpoint")
    for path in sorted(files.path.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    prove.sign(NOW)
    assert files.read("checkpoint") == before


@pytest.mark.usefixtures("places")
def test_books_that_were_put_back_are_not_signed_over_a_longer_log() -> None:
    files = logged(gift("g1"), gift("g2"))
    files.write("checkpoint", (files.read("checkpoint") or b"").replace(b"\n2\n", b"\n3\n", 1))
    with pytest.raises(InvalidLog, match="put back"):
        prove.sign(NOW)


@pytest.mark.usefixtures("places")
def test_a_cosignature_is_taken_from_a_named_key_and_from_no_other(settings: Any) -> None:
    friend, stranger = (Signer(name, bytes([n]) * 32, COSIGNER) for n, name in ((1, "state"), (2, "nobody")))
    settings.LOG_COSIGNERS = str(friend.key)
    files = logged(gift("g1"))
    note, start = files.read("checkpoint") or b"", Checkpoint(proof.origin_of_log(), 0, bytes.fromhex(EMPTY))
    with pytest.raises(InvalidNote):
        prove.take_cosignature(cosigned(files.read, note, trusted(), start, stranger, 1).note.to_bytes())
    prove.take_cosignature(cosigned(files.read, note, trusted(), start, friend, 1).note.to_bytes())
    assert proof.cosigned_by() == ("state",)
    strict = Trust(proof.origin_of_log(), trusted().log, (friend.key,), quorum=1)
    assert verify_log(files.read, strict).is_sound


EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.usefixtures("places")
def test_the_chore_signs_at_most_once_an_hour_and_only_what_is_new() -> None:
    actions.record(gift("g1"))
    prove.keep_log(NOW)
    actions.record(gift("g2"))
    prove.keep_log(NOW + timedelta(minutes=59))
    assert [one.size for one in proof.checkpoints(5)] == [1]
    prove.keep_log(NOW + timedelta(minutes=60))
    prove.keep_log(NOW + timedelta(hours=3))
    assert [one.size for one in proof.checkpoints(5)] == [2, 1]


@pytest.mark.usefixtures("places")
def test_a_key_is_made_once_and_only_its_owner_may_read_it(settings: Any) -> None:
    settings.LOG_SEED = ""
    first = logfiles.signer("here/log").key
    assert logfiles.signer("here/log").key == first
    assert (Path(live.DATA) / "log-seed").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("seed", ["short", "zz" * 32, "07" * 31])
def test_a_seed_that_is_none_says_how_to_make_one(settings: Any, seed: str) -> None:
    settings.LOG_SEED = seed
    with pytest.raises(logfiles.NoKey, match="urandom"):
        logfiles.signer("here/log")


@pytest.mark.parametrize("name", ["../log-seed", "tile/0/../../x", "tile/0/000/../000", ".lock", "", "tile/0/00"])
def test_no_other_file_is_read_than_those_of_the_log(name: str) -> None:
    assert logfiles.folder().read(name) is None


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("table", ["leaf", "checkpoint", "verification"])
@pytest.mark.parametrize("verb", ["DELETE FROM foundation_{}", "UPDATE foundation_{} SET id = id + 1"])
def test_the_database_keeps_what_was_proven(table: str, verb: str) -> None:
    logged(gift("g1"))
    prove.verify_now(NOW)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))


@pytest.mark.usefixtures("places")
def test_a_verification_is_kept_and_a_batch_stops_where_the_books_are_not_sound() -> None:
    actions.record(gift("g1"))
    assert prove.require_sound(NOW).number == 0
    from communs.apps.foundation import sql

    with sql.without(connection):
        rows.Posting.objects.filter(position=0).update(minor=501)
    with pytest.raises(prove.NotSound) as stopped:
        prove.require_sound(NOW)
    assert any(problem.startswith("balanced:") for problem in stopped.value.problems)
    kept = proof.last_verification()
    assert kept is not None
    assert kept.number > 0


@pytest.mark.usefixtures("places")
def test_what_the_command_finds_the_daily_check_finds_too() -> None:
    """One list: what only others than the invariants see stands on the public page as well."""
    from communs.apps.foundation import sql

    logged(gift("g1"), gift("g2"))
    assert prove.verify_now(NOW).number == 0
    actions.open_account(Account("between", AccountKind.TRANSFER, "EUR"), now=NOW)
    lines = [("main", "city", -5, "EUR"), ("between", "city", 5, "EUR"), ("main", "open", 5, "EUR"),
             ("between", "open", -5, "EUR")]  # fmt: skip
    moved = actions.entry("x", EntryKind.RELEASE, lines, on=DAY, now=NOW, document="Letter")
    with sql.without(connection):
        sealed = {"sealed": True, "sequence": 10**6, "body_sha256": moved.body_sha256, "recorded_at": NOW}
        row = rows.Entry.objects.create(
            public_id=moved.id, key="x", kind="release", effective_on=DAY, document="Letter", **sealed
        )
        for position, one in enumerate(moved.postings):
            place = {"account": rows.Account.objects.get(slug=one.account), "fund": books.get_fund(one.fund)}
            rows.Posting.objects.create(entry=row, position=position, minor=one.minor, currency="EUR", **place)
        rows.Leaf.objects.filter(number=0).delete()
        rows.Leaf.objects.filter(number=1).update(number=0)
    with books.one_moment():
        found = {problem.invariant for problem in verifying.everything()}
    told = {problem.partition(":")[0] for problem in prove.verify_now(NOW).problems}
    assert found == told
    assert {"decided", "in-the-log"} <= found
    assert set(verifying.RULES) >= found


@pytest.mark.usefixtures("places")
def test_public_and_private_totals_are_the_same_and_the_public_entries_are_sound_by_themselves() -> None:
    actions.record_all([gift("g1"), undone(gift("g1")), gift("g2", 700)])
    from communs.core.ledger import balances_of, sorting, verify

    entries = list(public.read(public.Asked()))
    assert balances_of(entries) == books.balances()
    assert list(verify(sorting(entries), books.books())) == []
    assert all("Durand" not in entry.memo and entry.key == entry.id for entry in entries)


@pytest.fixture
def committed(transactional_db: None) -> None:
    open_places()


def _recorded_elsewhere(key: str, may_commit: threading.Event, is_recorded: threading.Event) -> None:
    try:
        with transaction.atomic():
            # In another fund, on other accounts: nobody waits for a lock of this one.
            actions.record(gift(key, fund="open", at="-2"))
            is_recorded.set()
            assert may_commit.wait(20)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("committed")
def test_an_entry_that_is_committed_late_is_neither_skipped_nor_put_behind_later_ones() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("one connection writes at a time: nothing is committed late")
    may_commit, is_recorded = threading.Event(), threading.Event()
    slow = threading.Thread(target=_recorded_elsewhere, args=("slow", may_commit, is_recorded))
    actions.record(gift("before"))
    slow.start()
    try:
        assert is_recorded.wait(20)
        actions.record(gift("fast"))
        # Nobody knows yet whether “slow” comes between.
        assert [prove.put_into_log(), prove.put_into_log()] == [0, 0]
    finally:
        may_commit.set()
        slow.join()
    assert prove.put_into_log() == 3
    keys = rows.Leaf.objects.order_by("number").values_list("entry__key", flat=True)
    assert list(keys) == ["before", "slow", "fast"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("committed")
def test_two_sequencers_at_once_give_each_entry_one_place() -> None:
    actions.record_all(gift(f"g{number}") for number in range(50))
    prove.put_into_log()
    actions.record_all(gift(f"h{number}") for number in range(50))

    def put() -> None:
        try:
            prove.put_into_log()
            prove.sign(NOW)
        finally:
            connections.close_all()

    both = [threading.Thread(target=put) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert list(rows.Leaf.objects.order_by("number").values_list("number", flat=True)) == list(range(100))
    assert verify_log(logfiles.folder().read, trusted()).size == 100


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("committed")
def test_the_books_are_verified_as_of_one_moment_while_others_write() -> None:
    stop = threading.Event()

    def give() -> None:
        try:
            number = 0
            while not stop.is_set():
                number += 1
                actions.record(gift(f"g{number}"))
        finally:
            connections.close_all()

    giver = threading.Thread(target=give)
    giver.start()
    try:
        found = [problem.render() for _ in range(5) for problem in books.verify_books()]
    finally:
        stop.set()
        giver.join()
    assert found == []
