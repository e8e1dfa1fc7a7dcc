"""What must hold between the books and the log that readers keep: for `communs verify ledger`.

Whoever takes triggers away and writes other books, with hashes and balances that fit, keeps every rule of the books.
What was signed before says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from communs.apps.foundation import logfiles
from communs.apps.foundation.models import Checkpoint, Leaf
from communs.apps.foundation.queries import proof
from communs.core.ledger import Problem
from communs.core.ledger.rules import grounds
from communs.core.transparency import Frontier, InvalidLog, InvalidNote, Note, leaf_hash
from communs.core.transparency.checkpoints import Checkpoint as Signed
from communs.core.transparency.tiles import WIDTH, read_bundle


def log_problems() -> Iterator[Problem]:
    """Signed states that the entries, as the books have them now, do not lead to. Inside a moment of the caller's."""
    roots: dict[int, set[str]] = {}
    for size, root in Checkpoint.objects.values_list("size", "root"):
        roots.setdefault(size, set()).add(root)
    note, size = proof.latest_note(), 0
    if note is not None:
        try:
            signed = Signed.parse(Note.parse(note).text)
        except InvalidNote as error:
            yield Problem(grounds.AS_LOGGED, "checkpoint", *grounds.NO_CHECKPOINT, {"why": str(error)})
        else:
            size = signed.size
            roots.setdefault(size, set()).add(signed.root.hex())
    wrong = list(_other_roots(roots))
    if wrong and size:
        yield from islice(_other_entries(size), 1)
    yield from wrong


def _other_roots(roots: Mapping[int, set[str]]) -> Iterator[Problem]:
    """States whose root is another. What was signed after this moment began is not looked at."""
    count = proof.number_of_leaves()
    marks = sorted(size for size in roots if size <= count)
    lines, tree = proof.lines_from(0), Frontier()
    for mark in marks:
        while tree.size < mark:
            some = [leaf_hash(line.entry) for line in islice(lines, min(WIDTH, mark - tree.size))]
            if not some:
                break  # places are missing between others
            tree = tree.extended(some)
        if roots[mark] != {tree.root.hex()}:
            yield Problem(grounds.AS_LOGGED, f"checkpoints/{mark}", *grounds.OTHER_ROOT, {"size": str(mark)})


def _other_entries(size: int) -> Iterator[Problem]:
    """The entries that stand otherwise in the files."""
    read, lines = logfiles.folder().read, proof.lines_from(0)
    for index in range(-(-size // WIDTH)):
        try:
            published = read_bundle(read, index, size)
        except InvalidLog:
            return  # of which `communs verify log` says what is missing
        for number, (said, line) in enumerate(zip(published, lines, strict=False), index * WIDTH):
            if said != line.entry:
                entry = Leaf.objects.values_list("entry__public_id", flat=True).get(number=number)
                values = {"number": str(number), "entry": str(entry)}
                yield Problem(grounds.AS_LOGGED, str(entry), *grounds.OTHER_THAN_LOGGED, values)
