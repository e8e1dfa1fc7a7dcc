"""Reading the history of a record: who changed what, word by word, and what it said at an earlier version."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from communs.kit.records.fields import FieldSet

WORDS_MAX = 1200  # longer texts are shown whole, before and after: comparing words would take too long


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text: "same", "removed" or "added"."""

    how: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a revision, ready to be read."""

    field: str
    label: str
    segments: tuple[Segment, ...]
    is_new: bool
    is_gone: bool

    @property
    def before(self) -> str:
        return "".join(segment.text for segment in self.segments if segment.how != "added")

    @property
    def after(self) -> str:
        return "".join(segment.text for segment in self.segments if segment.how != "removed")


def changes_of(fields: FieldSet, diff: Mapping[str, Any]) -> list[Change]:
    """A revision's diff (`{field: [before, after]}`) field by field, in the order of the form."""
    order = {field.name: place for place, field in enumerate(fields)}
    names = sorted(diff, key=lambda name: (order.get(name, order.get(name.partition(".")[0], 999)), name))
    return [change_of(fields, name, *diff[name]) for name in names]


def change_of(fields: FieldSet, name: str, before: Any, after: Any) -> Change:
    """One field before and after."""
    segments = compare(fields.say(name, before), fields.say(name, after))
    return Change(name, fields.label_of(name), segments, is_new=before is None, is_gone=after is None)


def compare(before: str, after: str) -> tuple[Segment, ...]:
    """The two texts as one run of words, with what was removed and added."""
    old, new = _words(before), _words(after)
    if len(old) + len(new) > WORDS_MAX:
        return tuple(segment for segment in (Segment("removed", before), Segment("added", after)) if segment.text)
    found: list[Segment] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            found.append(Segment("same", "".join(old[old_start:old_end])))
            continue
        if old_end > old_start:
            found.append(Segment("removed", "".join(old[old_start:old_end])))
        if new_end > new_start:
            found.append(Segment("added", "".join(new[new_start:new_end])))
    return tuple(found)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def diff_since(revision: Any, version: int) -> dict[str, list[Any]]:
    """What changed on its record between an earlier version and this revision: first before, last after."""
    steps = revision.subject.revisions.filter(version__gt=version, version__lte=revision.version)
    found: dict[str, list[Any]] = {}
    for diff in steps.order_by("version", "id").values_list("diff", flat=True):
        for field, (before, after) in diff.items():
            found[field] = [found[field][0] if field in found else before, after]
    return found


def values_at(record: Any, version: int) -> dict[str, Any]:
    """The values shown at an earlier version: today's, with every later change undone. Rows beside it are left out."""
    values = dict(record.values)
    later = record.revisions.filter(version__gt=version).order_by("-version", "-id")
    for diff in later.values_list("diff", flat=True):
        for field, (before, _after) in diff.items():
            if field.partition(".")[0] in record.BESIDE:
                continue
            if before is None:
                values.pop(field, None)
            else:
                values[field] = before
    return values
