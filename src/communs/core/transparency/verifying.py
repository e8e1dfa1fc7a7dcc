"""What a stranger does with nothing but the public files and the public keys: see whether the log tells one story.

Entries are read bundle by bundle; memory holds the right edge of the tree, and the sizes and roots of checkpoints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from communs.core.transparency.checkpoints import Checkpoint, Opened, Trust, opened
from communs.core.transparency.growing import Growing
from communs.core.transparency.hashing import EMPTY_ROOT, HASH_BYTES, leaf_hash
from communs.core.transparency.notes import InvalidNote
from communs.core.transparency.tiles import (
    CHECKPOINT,
    EARLIER,
    WIDTH,
    InvalidLog,
    Read,
    bundle_name,
    checkpoint_name,
    fetched,
    read_bundle,
    read_tile,
    tile_name,
    width_of,
)

PROBLEMS_MAX = 20
CHECKPOINTS_MAX = 1_000_000

Look = Callable[[int, bytes], str | None]
"""Asked about every entry, with its number: what is wrong with it, or nothing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `checkpoints`: how many were signed and agree with the entries; `problems`: at most 20."""

    size: int = 0
    root: bytes = EMPTY_ROOT
    cosigned_by: tuple[str, ...] = ()
    checkpoints: int = 0
    problems: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        return not self.problems


@dataclass
class _Findings:
    """Problems as they are found, and the roots that were signed for each size."""

    problems: list[str] = field(default_factory=list)
    signed: dict[int, dict[bytes, str]] = field(default_factory=dict)
    checkpoints: int = 0

    def say(self, problem: str) -> None:
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(problem)

    def add(self, checkpoint: Checkpoint, place: str) -> None:
        roots = self.signed.setdefault(checkpoint.size, {})
        roots.setdefault(checkpoint.root, place)
        if len(roots) > 1:
            places = " and ".join(roots.values())
            self.say(f"{places} give two roots for {checkpoint.size} entries: the log has two faces. Keep both files.")

    def compare(self, size: int, root: bytes) -> None:
        """The root that follows from the entries, with those that were signed."""
        for signed, place in self.signed[size].items():
            if signed == root:
                self.checkpoints += 1
            else:
                self.say(f"{place}: the root of the first {size} entries is not the signed one: an entry was changed.")


def verify_log(read: Read, trust: Trust, known: Iterable[bytes] = (), look: Look | None = None) -> Verdict:
    """Read a whole log and say whether it is sound.

    Checked: the signatures of the latest checkpoint (with the quorum) and of all earlier ones; that the entries hash to
    every tile, and up to every root that was signed, so that each checkpoint continues those before it.
    `known`: checkpoints that you kept from earlier visits, or have from others: nothing else shows you a log that tells
    you another story than them.
    """
    findings = _Findings()
    listed = fetched(read, EARLIER) or b""  # before the latest, which may move on while we read: the list follows it
    try:
        latest = opened(_needed(read, CHECKPOINT), trust)
    except (InvalidNote, InvalidLog) as error:
        return Verdict(problems=(f"{CHECKPOINT}: {error}",))
    findings.add(latest.checkpoint, CHECKPOINT)
    _earlier(read, listed or fetched(read, EARLIER) or b"", trust, latest, findings)
    for number, data in enumerate(known, 1):
        _add(data, f"known checkpoint {number}", trust, latest, findings)
    root = _read_through(read, latest.checkpoint.size, findings, look)
    return Verdict(latest.checkpoint.size, root, latest.cosigned_by, findings.checkpoints, tuple(findings.problems))


def _earlier(read: Read, listed: bytes, trust: Trust, latest: Opened, findings: _Findings) -> None:
    """All checkpoints that the log says it has published. Only the latest may not be in the list yet."""
    *lines, rest = listed.split(b"\n")
    if rest:
        findings.say(f"{EARLIER} does not end with a whole line. Fetch it from the log again, or from a copy of it.")
    elif not lines and latest.checkpoint.size:
        findings.say(
            f"{EARLIER} is missing or empty: earlier checkpoints were not compared. Fetch it from the log again, or"
            " from a copy of it."
        )
    if len(lines) > CHECKPOINTS_MAX:
        findings.say(f"{EARLIER}: {len(lines)} lines, of which the first {CHECKPOINTS_MAX} were read.")
    before = -1
    for number, line in enumerate(lines[:CHECKPOINTS_MAX], 1):
        if not line.isdigit() or len(line) > 19 or int(line) <= before:
            findings.say(f"{EARLIER}, line {number}: not a number larger than the one before.")
            continue
        before = int(line)
        try:
            data = _needed(read, checkpoint_name(before))
        except InvalidLog as error:
            findings.say(f"{checkpoint_name(before)}: {error}")
            continue
        size = _add(data, checkpoint_name(before), trust, latest, findings)
        if size not in {None, before}:
            findings.say(f"{checkpoint_name(before)} is a checkpoint of {size} entries. Fetch it again.")


def _add(data: bytes, place: str, trust: Trust, latest: Opened, findings: _Findings) -> int | None:
    """Take an earlier checkpoint, and give its size. It needs no quorum: co-signers may have come later."""
    try:
        checkpoint = opened(data, trust, quorum=0).checkpoint
    except InvalidNote as error:
        findings.say(f"{place}: {error}")
        return None
    if checkpoint.size > latest.checkpoint.size:
        findings.say(
            f"{place} has {checkpoint.size} entries, {CHECKPOINT} only {latest.checkpoint.size}: it was rolled back."
        )
    else:
        findings.add(checkpoint, place)
    return checkpoint.size


def _read_through(read: Read, size: int, findings: _Findings, look: Look | None) -> bytes:
    """Read all entries, compare what follows from them with all that was published, and give the root."""

    def compare_tile(level: int, index: int, hashes: bytes) -> None:
        _compare_tile(read, size, (level, index, hashes), findings)

    tree = Growing(compare_tile)
    marks = sorted(findings.signed, reverse=True)
    if marks and marks[-1] == 0:
        findings.compare(marks.pop(), EMPTY_ROOT)
    for index in range(-(-size // WIDTH)):
        try:
            entries = read_bundle(read, index, size)
        except InvalidLog as error:
            findings.say(f"{error} Entries from {index * WIDTH} on were not read.")
            return tree.frontier().root
        hashes = [leaf_hash(entry) for entry in entries]
        before = tree.frontier() if marks and marks[-1] <= tree.size + len(hashes) else None
        while before and marks and marks[-1] <= before.size + len(hashes):
            mark = marks.pop()
            findings.compare(mark, before.extended(hashes[: mark - before.size]).root)
        for number, entry in enumerate(entries if look else (), tree.size):
            problem = look(number, entry) if look else None
            if problem:
                findings.say(f"Entry {number}, in {bundle_name(index, width_of(0, index, size))}: {problem}")
        for leaf in hashes:
            tree.add(leaf)
    for level, index, partial in tree.partial():
        compare_tile(level, index, partial)
    return tree.frontier().root


def _compare_tile(read: Read, size: int, made: tuple[int, int, bytes], findings: _Findings) -> None:
    level, index, hashes = made
    name = tile_name(level, index, len(hashes) // HASH_BYTES)
    try:
        published = read_tile(read, level, index, size)
    except InvalidLog as error:
        findings.say(str(error))
        return
    if published != hashes:
        at = next(
            at
            for at in range(0, len(hashes), HASH_BYTES)
            if published[at : at + HASH_BYTES] != hashes[at : at + HASH_BYTES]
        )
        first = (index * WIDTH + at // HASH_BYTES) << 8 * level
        findings.say(
            f"{name}, hash {at // HASH_BYTES}, is not that of the entries from {first} on: one of both was changed."
        )


def _needed(read: Read, name: str) -> bytes:
    data = fetched(read, name)
    if data is None:
        raise InvalidLog("the file is missing. Fetch it from the log again, or from a copy of it.")
    return data
