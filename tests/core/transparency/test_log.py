"""A log from its first entry to the stranger who checks it: written, signed, co-signed, tampered with, found out."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communs.core.transparency import (
    COSIGNER,
    Checkpoint,
    Evidence,
    InvalidLog,
    InvalidNote,
    NotCanonical,
    Note,
    NotProven,
    Signer,
    Trust,
    add_cosignature,
    append,
    beginning,
    canonical,
    check_continues,
    cosign,
    evidence_for,
    leaf_hash,
    opened,
    publish,
    read_canonical,
    root_of,
    verify_log,
)
from communs.core.transparency.copies import strange, unlisted
from communs.core.transparency.tiles import bundle_name, bundled, tile_name, unbundled

ORIGIN = "example.org/log"
SIGNER = Signer(ORIGIN, b"L" * 32)
STATE = Signer("state.example", b"S" * 32, COSIGNER)
TRUST = Trust(ORIGIN, (SIGNER.key,))
WITH_STATE = Trust(ORIGIN, (SIGNER.key,), (STATE.key,), quorum=1)

Files = dict[str, bytes]


def entry(number: int) -> bytes:
    return canonical({"amount": 100 + number, "entry": number})


def entries(start: int, end: int) -> list[bytes]:
    return [entry(number) for number in range(start, end)]


def log(*sizes: int) -> Files:
    """A log that was published at each of these sizes."""
    files: Files = {}
    last = beginning(ORIGIN)
    for size in sizes:
        last = grown(files, last, size)
    return files


def grown(files: Files, last: Checkpoint, size: int) -> Checkpoint:
    now = append(files.get, files.__setitem__, entries(last.size, size), last)
    publish(files.get, files.__setitem__, now, SIGNER)
    return now


def latest(files: Files) -> Checkpoint:
    return opened(files["checkpoint"], TRUST).checkpoint


def naive_tile(level: int, hashes: Sequence[bytes]) -> list[bytes]:
    """All hashes of a level: each over 256 of the level below, as tlog-tiles says it."""
    for _ in range(level):
        hashes = [root_of(hashes[at : at + 256]) for at in range(0, len(hashes) - 255, 256)]
    return list(hashes)


def test_the_files_are_those_that_the_example_of_tlog_tiles_counts() -> None:
    """“A tree of size 70,000 will be represented by 273 full level 0 tiles, one partial …”."""
    files = log(70_000)
    tiles = {name for name in files if name.startswith("tile/") and "entries" not in name}
    assert tiles == {
        *(tile_name(0, index) for index in range(273)),
        "tile/0/273.p/112",
        "tile/1/000",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    }
    assert {name for name in files if "entries" in name} == {
        *(bundle_name(index) for index in range(273)),
        "tile/entries/273.p/112",
    }
    hashes = [leaf_hash(entry(number)) for number in range(70_000)]
    assert files["tile/1/001.p/17"] == b"".join(naive_tile(1, hashes)[256:])
    assert files["tile/2/000.p/1"] == b"".join(naive_tile(2, hashes))
    assert verify_log(files.get, TRUST).root == root_of(hashes)
    assert tile_name(3, 1_234_067, 7) == "tile/3/x001/x234/067.p/7"


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, 65_536, 65_537])
def test_a_log_of_any_size_is_verified(size: int) -> None:
    files = log(size)
    verdict = verify_log(files.get, TRUST)
    assert verdict.problems == ()
    assert (verdict.size, verdict.checkpoints) == (size, 1)
    assert verdict.root == root_of(leaf_hash(entry(number)) for number in range(size))
    assert "tile/0/000.p/0" not in files


@given(st.lists(st.integers(0, 700), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_a_log_that_grew_in_steps_has_the_tiles_of_one_written_at_once(steps: list[int]) -> None:
    sizes = sorted(steps)
    in_steps, at_once = log(*sizes), log(sizes[-1])
    assert {name: in_steps.get(name) for name in at_once if name.startswith("tile/")} == {
        name: data for name, data in at_once.items() if name.startswith("tile/")
    }
    verdict = verify_log(in_steps.get, TRUST)
    assert (verdict.problems, verdict.checkpoints) == ((), len(set(sizes)))


def test_an_interrupted_append_is_done_again() -> None:
    files, last = log(300), Checkpoint(ORIGIN, 300, latest(log(300)).root)
    append(files.get, files.__setitem__, entries(300, 600), last)
    assert verify_log(files.get, TRUST).size == 300
    grown(files, last, 800)
    assert verify_log(files.get, TRUST).problems == ()


def test_partial_files_may_be_deleted_when_the_whole_ones_are_there() -> None:
    files = log(100, 300, 1000)
    for name in [name for name in files if ".p/" in name and not name.endswith((".p/232", ".p/3"))]:
        del files[name]
    assert verify_log(files.get, TRUST).problems == ()
    old = opened(files["checkpoints/100"], TRUST).checkpoint
    check_continues(files.get, old, latest(files))


def change(name: str, at: int, by: bytes) -> Callable[[Files], None]:
    def do(files: Files) -> None:
        data = files[name]
        files[name] = data[:at] + by + data[at + len(by) :]

    return do


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (change("tile/entries/000", 11, b"9"), "tile/0/000, hash 0, is not that of the entries from 0 on"),
        (
            change("tile/entries/001.p/44", 11, b"9"),
            "checkpoint: the root of the first 300 entries is not the signed one",
        ),
        (change("tile/0/000", 64, b"\0\0"), "tile/0/000, hash 2, is not that of the entries from 2 on"),
        (change("tile/1/000.p/1", 0, b"\0\0"), "tile/1/000.p/1, hash 0, is not that of the entries from 0 on"),
        (lambda files: files.pop("tile/entries/000"), "tile/entries/000 is missing. Fetch it from the log again"),
        (lambda files: files.pop("tile/entries/001.p/44"), "tile/entries/001.p/44 is missing"),
        (lambda files: files.pop("tile/0/001.p/44"), "tile/0/001.p/44 is missing"),
        (lambda files: files.pop("checkpoint"), "checkpoint: the file is missing"),
        (lambda files: files.pop("checkpoints/100"), "checkpoints/100: the file is missing"),
        (lambda files: files.update({"tile/0/000": b"x"}), "tile/0/000 has 1 bytes instead of 8192"),
        (lambda files: files.update({"tile/entries/000": b"\0"}), "tile/entries/000 is cut off"),
        (lambda files: files.update({"tile/entries/000": b"\0\0"}), "tile/entries/000 has 1 entries instead of 256"),
        (lambda files: files.update({"tile/entries/000": b"\0\0" * 257}), "or has more than 256 entries"),
        (
            lambda files: files.update({"checkpoints/index": b"100\n100\n300\n"}),
            "checkpoints/index, line 2: not a number",
        ),
        (
            lambda files: files.update({"checkpoints/index": b"100\n-3\n300\n"}),
            "checkpoints/index, line 2: not a number",
        ),
        (lambda files: files.pop("checkpoints/index"), "checkpoints/index is missing or empty"),
        (lambda files: files.update({"checkpoints/index": b"100\n300"}), "index does not end with a whole line"),
        (lambda files: files.update({"checkpoints/300": files["checkpoints/100"]}), "is a checkpoint of 100 entries"),
        (
            lambda files: files.update({"checkpoint": files["checkpoints/100"]}),
            "checkpoint only 100: it was rolled back",
        ),
    ],
)
def test_whatever_is_changed_is_found_with_its_place(tamper: Callable[[Files], object], said: str) -> None:
    files = log(100, 300)
    assert verify_log(files.get, TRUST).is_sound
    tamper(files)
    verdict = verify_log(files.get, TRUST)
    assert not verdict.is_sound
    assert any(said in problem for problem in verdict.problems), verdict.problems


@pytest.mark.parametrize("name", ["tile/0/000.p/100", "tile/0/001.p/44", "tile/entries/000.p/100"])
def test_in_a_copy_what_evidence_for_earlier_states_needs_is_looked_at_too(name: str) -> None:
    files = log(100, 300, 700)
    assert list(strange(files, files.get, 700)) == []
    change(name, 40, b"~~")(files)
    assert verify_log(files.get, TRUST).is_sound, "no reader of the latest state needs it"
    (problem,) = strange(files, files.get, 700)
    assert problem.startswith(f"{name} is not the beginning of what stands there now")


def test_in_a_copy_a_checkpoint_that_the_list_hides_is_found() -> None:
    files = log(100, 300, 700)
    assert unlisted(files, files.get, 700) == []
    files["checkpoints/index"] = b"100\n700\n"
    assert unlisted(files, files.get, 700) == ["checkpoints/300"]
    assert unlisted(files, files.get, 200) == [], "what goes beyond the latest is being written"


def test_in_a_copy_a_long_part_under_the_name_of_another_is_found() -> None:
    files = log(100)
    files["long/" + hashlib.sha256(b"[1]").hexdigest()] = b"[1]"
    assert list(strange(files, files.get, 100)) == []
    files["long/" + "0" * 64] = b"[1]"
    assert list(strange(files, files.get, 100)) == [
        f"long/{'0' * 64} is another file than its name says. Fetch it again."
    ]


def test_an_old_entry_that_was_changed_with_all_that_follows_contradicts_the_old_checkpoint() -> None:
    """The log rewrites its history and signs it: the checkpoints that it published before give it away."""
    honest = log(100, 300)
    forged: Files = {}
    last = append(forged.get, forged.__setitem__, [b"forged", *entries(1, 300)], beginning(ORIGIN))
    publish(forged.get, forged.__setitem__, last, SIGNER)
    assert verify_log(forged.get, TRUST).is_sound
    verdict = verify_log(forged.get, TRUST, known=[honest["checkpoints/100"]])
    assert verdict.problems == (
        "known checkpoint 1: the root of the first 100 entries is not the signed one: an entry was changed.",
    )
    faces = verify_log(forged.get, TRUST, known=[honest["checkpoint"]])
    assert "checkpoint and known checkpoint 1 give two roots for 300 entries" in faces.problems[0]


def test_a_log_that_was_cut_is_found_by_who_kept_a_checkpoint() -> None:
    long, short = log(100, 300), log(100)
    assert verify_log(short.get, TRUST).is_sound
    verdict = verify_log(short.get, TRUST, known=[long["checkpoint"]])
    assert verdict.problems == ("known checkpoint 1 has 300 entries, checkpoint only 100: it was rolled back.",)


@pytest.mark.parametrize("moment", ["checkpoints/index", "checkpoint", "checkpoints/100", "tile/entries/000"])
def test_a_log_that_goes_on_while_it_is_read_is_sound(moment: str) -> None:
    files = log(100, 300)
    waiting = [moment]

    def read(name: str) -> bytes | None:
        found = files.get(name)
        if name in waiting:
            waiting.clear()
            grown(files, latest(files), 700)
        return found

    verdict = verify_log(read, TRUST)
    assert (verdict.problems, waiting) == ((), [])
    assert verdict.size in {300, 700}


def test_a_visitor_may_look_at_every_entry() -> None:
    def look(number: int, data: bytes) -> str | None:
        try:
            return None if read_canonical(data)["entry"] == number else "it has another number"
        except NotCanonical as error:
            return str(error)

    files = log(300)
    assert verify_log(files.get, TRUST, look=look).is_sound
    now = append(files.get, files.__setitem__, [b'{"entry": 300}'], latest(files))
    publish(files.get, files.__setitem__, now, SIGNER)
    problems = verify_log(files.get, TRUST, look=look).problems
    assert len(problems) == 1
    assert problems[0].startswith("Entry 300, in tile/entries/001.p/45: Byte 9: RFC 8785 writes")


def test_no_more_than_twenty_problems_are_told() -> None:
    files = log(9_000)
    for index in range(30):
        files[tile_name(0, index)] = bytes(8192)
    assert len(verify_log(files.get, TRUST).problems) == 20


def test_a_writer_refuses_files_that_are_not_those_of_its_checkpoint() -> None:
    files = log(300)
    last = latest(files)
    with pytest.raises(InvalidLog, match="not those of the checkpoint of 300 entries"):
        append(files.get, files.__setitem__, [b"x"], Checkpoint(ORIGIN, 300, bytes(32)))
    del files["tile/0/001.p/44"]
    with pytest.raises(InvalidLog, match=r"tile/0/001\.p/44 is missing"):
        append(files.get, files.__setitem__, [b"x"], last)


def test_an_entry_that_is_too_long_is_refused_with_what_to_do() -> None:
    files: Files = {}
    append(files.get, files.__setitem__, [b"x" * 65_535], beginning(ORIGIN))
    with pytest.raises(
        InvalidLog, match=r"Entry 1 has 65536 bytes; 65535 are the most\. Publish its long part as a file"
    ):
        append(files.get, files.__setitem__, [b"", b"x" * 65_536], beginning(ORIGIN))


def test_a_log_does_not_sign_a_second_history_nor_a_shorter_one_nor_one_without_tiles() -> None:
    files = log(100, 300)
    before = dict(files)
    other: Files = {}
    forged = append(other.get, other.__setitem__, [b"forged", *entries(1, 400)], beginning(ORIGIN))
    with pytest.raises(InvalidLog, match=r"tile/0/001\.p/144 is missing"):
        publish(files.get, files.__setitem__, forged, SIGNER)
    mixed = other | {"checkpoint": files["checkpoint"]}
    with pytest.raises(InvalidLog, match="do not begin with the 300 of the earlier checkpoint"):
        publish(mixed.get, mixed.__setitem__, forged, SIGNER)
    with pytest.raises(InvalidLog, match="never shrink"):
        publish(files.get, files.__setitem__, opened(files["checkpoints/100"], TRUST).checkpoint, SIGNER)
    with pytest.raises(InvalidLog, match="that is another log"):
        publish(files.get, files.__setitem__, Checkpoint("example.org/b", 300, latest(files).root), SIGNER)
    assert files == before


def test_publishing_again_changes_nothing_and_loses_no_co_signature() -> None:
    files = log(100, 300)
    cosigned = cosign(files.get, files["checkpoint"], TRUST, beginning(ORIGIN), STATE, at=1_700_000_000)
    add_cosignature(files.get, files.__setitem__, cosigned.note.to_bytes(), WITH_STATE)
    before = dict(files)
    publish(files.get, files.__setitem__, latest(files), SIGNER)
    assert files == before
    assert files["checkpoints/index"] == b"100\n300\n"


def test_a_checkpoint_that_an_interruption_left_out_of_the_list_is_put_there_with_the_next() -> None:
    files = log(100, 300)
    files["checkpoints/index"] = b"100\n"
    grown(files, latest(files), 400)
    assert files["checkpoints/index"] == b"100\n300\n400\n"


def test_a_co_signer_signs_what_continues_the_last_it_signed() -> None:
    files = log(100)
    first = cosign(files.get, files["checkpoint"], TRUST, beginning(ORIGIN), STATE, at=1_700_000_000)
    with pytest.raises(InvalidNote, match="1 co-signers are needed, it is signed by nobody"):
        opened(files["checkpoint"], WITH_STATE)
    add_cosignature(files.get, files.__setitem__, first.note.to_bytes(), WITH_STATE)
    verdict = verify_log(files.get, WITH_STATE)
    assert (verdict.problems, verdict.cosigned_by) == ((), ("state.example",))

    grown(files, latest(files), 300)
    second = cosign(files.get, files["checkpoint"], TRUST, first.checkpoint, STATE, at=1_700_003_600)
    add_cosignature(files.get, files.__setitem__, second.note.to_bytes(), WITH_STATE)
    assert verify_log(files.get, WITH_STATE, known=[first.note.to_bytes()]).checkpoints == 2

    forged: Files = {}
    state = append(forged.get, forged.__setitem__, [b"forged", *entries(1, 400)], beginning(ORIGIN))
    note = publish(forged.get, forged.__setitem__, state, SIGNER)
    with pytest.raises(InvalidLog, match="Keep both checkpoints, they are the evidence"):
        cosign(forged.get, note, TRUST, second.checkpoint, STATE, at=1_700_007_200)


def test_a_co_signature_of_an_older_checkpoint_or_by_a_stranger_is_not_taken() -> None:
    files = log(100)
    old = cosign(files.get, files["checkpoint"], TRUST, beginning(ORIGIN), STATE, at=1)
    stranger = Signer("stranger.example", b"X" * 32, COSIGNER)
    with_stranger = old.note.signed_by(stranger, at=1)
    add_cosignature(files.get, files.__setitem__, with_stranger.to_bytes(), WITH_STATE)
    assert [one.name for one in Note.parse(files["checkpoint"]).signatures] == [ORIGIN, "state.example"]
    grown(files, latest(files), 300)
    with pytest.raises(InvalidLog, match="not the latest of this log"):
        add_cosignature(files.get, files.__setitem__, old.note.to_bytes(), WITH_STATE)


@pytest.mark.parametrize("index", [0, 99, 255, 256, 65_535, 65_536, 65_999])
def test_evidence_for_an_entry_is_checked_without_the_log(index: int, files: Files) -> None:
    evidence = evidence_for(files.get, index, files["checkpoint"], TRUST)
    kept = Evidence.parse(evidence.to_bytes())
    assert kept == evidence
    assert kept.check(entry(index), TRUST).checkpoint.size == 66_000
    with pytest.raises(NotProven, match=f"Entry {index} of this log of 66000 is another one"):
        kept.check(entry(index + 1), TRUST)
    with pytest.raises(NotProven, match="1 co-signers are needed"):
        kept.check(entry(index), WITH_STATE)


@pytest.fixture(scope="module")
def files() -> Files:
    return log(66_000)


def test_evidence_is_read_as_c2sp_writes_it(files: Files) -> None:
    data = evidence_for(files.get, 5, files["checkpoint"], TRUST).to_bytes()
    assert data.startswith(b"c2sp.org/tlog-proof@v1\nindex 5\n")
    with_extra = data.replace(b"\nindex", b"\nextra aGk=\nindex", 1)
    assert Evidence.parse(with_extra).check(entry(5), TRUST).checkpoint.size == 66_000
    for wrong in (b"", data[5:], data.replace(b"index 5", b"index 05"), data.replace(b"\n\n", b"\nAAAA\n\n", 1)):
        with pytest.raises(NotProven, match=r"This is no evidence|at most 63 hashes"):
            Evidence.parse(wrong)
    with pytest.raises(ValueError, match="no entry 66000 in a log of 66000"):
        evidence_for(files.get, 66_000, files["checkpoint"], TRUST)


def test_bundles_hold_lengths_before_entries() -> None:
    assert bundled([b"", b"ab"]) == b"\0\0\0\2ab"
    assert unbundled(b"\0\0\0\2ab", "name") == [b"", b"ab"]


def test_a_log_lives_in_a_folder(tmp_path: Path) -> None:
    def write(name: str, data: bytes) -> None:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)

    def read(name: str) -> bytes:
        return (tmp_path / name).read_bytes()

    now = append(read, write, entries(0, 300), beginning(ORIGIN))
    publish(read, write, now, SIGNER)
    publish(read, write, append(read, write, entries(300, 70_000), now), SIGNER)
    assert verify_log(read, TRUST).problems == ()
    assert (tmp_path / "tile/entries/273.p/112").exists()


def test_memory_does_not_grow_with_the_log() -> None:
    """200,000 entries are written and read while a twentieth of them is held: files are made anew when asked for."""
    size = 200_000
    sizes: dict[str, int] = {}
    kept: Files = {}

    def write(name: str, data: bytes) -> None:
        sizes[name] = len(data)
        if not name.startswith("tile/") or ".p/" in name:
            kept[name] = data

    def many() -> Iterator[bytes]:
        return (hashlib.sha512(b"%d" % number).digest() * 2 for number in range(size))

    def read(name: str) -> bytes | None:
        if name in kept or ".p/" in name or not name.startswith("tile/"):
            return kept.get(name)
        kind, number = name.removeprefix("tile/").split("/", 1)
        index = int(number.replace("x", "").replace("/", ""))
        made = [hashlib.sha512(b"%d" % n).digest() * 2 for n in range(index * 256, index * 256 + 256)]
        if kind == "entries":
            return bundled(made)
        return b"".join(map(leaf_hash, made)) if kind == "0" else whole[name]

    whole: Files = {}

    def write_all(name: str, data: bytes) -> None:
        write(name, data)
        if name.startswith("tile/1/"):
            whole[name] = data

    tracemalloc.start()
    publish(read, write_all, append(read, write_all, many(), beginning(ORIGIN)), SIGNER)
    verdict = verify_log(read, TRUST)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (verdict.problems, verdict.size) == ((), size)
    assert peak < sum(sizes.values()) / 20
