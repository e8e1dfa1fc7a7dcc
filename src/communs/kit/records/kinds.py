"""What the shared pages need to know of one kind of record: its gate, its fields, its words, its actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from communs.kit.gates import Right
from communs.kit.records.actions import Author, revert
from communs.kit.records.fields import FieldSet, Words
from communs.kit.records.taking_part import restore

Link = tuple[str, str]  # (label, address)

# Words that stand where a public id stands: no record may have them as its id.
RESERVED_IDS: Final = frozenset(
    {
        *("new", "queue", "proposal", "unwatch", "feed", "export", "compare", "for", "awards"),
        *("gap", "calendar", "changes"),
    }
)


def _nothing(_values: Mapping[str, Any]) -> Sequence[Link]:
    return ()


def _empty(_request: Any) -> Mapping[str, Any]:
    return {}


def _well(_public_id: str, _values: Mapping[str, Any]) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKind:
    """One kind of record as its app describes it. `person` may always be someone who is not signed in.

    `namespace`      of the app's urls; it has `list` and `detail` (public_id) besides those of `RecordPages`
    `get`            the gate: (person, public_id, right) -> record; raises `NotThere` or `Refused`
    `rights_on`      (person, record) -> the rights the person has
    `get_proposal`   (person, pk) -> a proposal the person may see; raises `NotThere`
    `proposals`      the manager of proposals, for new records
    `author_of`      (person, record or None) -> in which capacity the person states something
    `title_of`       what a record is called, in the reader's language
    `may_create`     whether a new record of this person stands at once; otherwise it is a proposal
    `create`         (values, author, note, evidence_url) -> the new record; raises `Impossible`
    `announce`       called after every change with its revision (tell those who watch)
    `revert`         (revision, person, note) -> the revision that undoes it; raises `Impossible`
    `restore`        (record, version, author, note=) -> the revision that shows an earlier version again, or None
    `check`          (public id or "", values as they would be) -> {field: what is wrong with it}, shown in the form
    `prefill`        (request) -> values that the form of a new record starts from
    `likely`         (values) -> records that may be the same, shown before a new one is created
    """

    namespace: str
    list_label: Words
    new_label: Words
    fields: FieldSet
    get: Callable[[Any, str, Right], Any]
    rights_on: Callable[[Any, Any], frozenset[Right]]
    get_proposal: Callable[[Any, int], Any]
    proposals: Callable[[], Any]
    author_of: Callable[[Any, Any], Author]
    title_of: Callable[[Any], str]
    may_create: Callable[[Any], bool]
    create: Callable[[Mapping[str, Any], Author, str, str], Any]
    announce: Callable[[Any], None]
    revert: Callable[[Any, Any, str], Any] = revert
    restore: Callable[..., Any] = restore
    check: Callable[[str, Mapping[str, Any]], Mapping[str, str]] = _well
    likely: Callable[[Mapping[str, Any]], Sequence[Link]] = _nothing
    prefill: Callable[[Any], Mapping[str, Any]] = _empty
