"""What a repository says as statements about its commons: each file a source of its own, dated, with its address.

A repository speaks for what lives in it. Where the commons is something else than its code (data, texts, a service),
the files of the repository are read and shown, and say nothing about the commons itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from communs.apps.register.importing import values_of
from communs.apps.register.models import Commons, CrawledRepository, Relation
from communs.core import licences
from communs.core.identity import normalise_repository
from communs.core.standards.forges import FORGES, MANIFESTS, Facts, read_place
from communs.core.texts import N_
from communs.kit.models import Source
from communs.kit.records.importing import Incoming, StatementDraft
from communs.kit.records.models import Method, Statement, Visibility

# By role: what the source is called, and how far it is trusted (docs/rules/claims.md).
FILES: Final = {
    "publiccode": (N_("publiccode.yml in its repository"), 80),
    "funding-json": (N_("funding.json in its repository"), 78),
    "codemeta": (N_("codemeta.json in its repository"), 76),
    "citation-cff": (N_("CITATION.cff in its repository"), 74),
    "funding-yml": (N_("FUNDING.yml in its repository"), 72),
    "documents": (N_("Documents in its repository"), 70),
}
TRUST_OF_FORGES: Final = 55
CODE_KINDS: Final = frozenset({"", "software", "model", "hardware", "standard", "suite"})
_CODE_PARTS: Final = frozenset({"", "code", "software", "source code", "program"})
# The forge knows better where a repository is than the files in it, which may be older than a move.
_OF_THE_FORGE: Final = frozenset({"repository", "identifiers.repo"})


class Claims:
    """The statements that one look brings, beside what others say already."""

    def __init__(self, row: CrawledRepository, told: Iterable[Statement], now: datetime) -> None:
        self.row, self.now = row, now
        self.commons: Commons = row.commons
        self.in_force = [statement for statement in told if statement.is_in_force]
        self.drafts: list[StatementDraft] = []

    @property
    def speaks_for_it(self) -> bool:
        """Whether the commons is what is in the repository."""
        return self.commons.kind in CODE_KINDS

    def add_manifest(self, role: str, entry: Mapping[str, Any], record: Mapping[str, Any] | None) -> None:
        """What a manifest says. One that describes another repository takes back what it may have said before."""
        source = _source_of_file(role)
        if entry["state"] == "other":
            self._take_back(source, role)
        if record is None or not self.speaks_for_it:
            return
        said = {name: value for name, value in values_of(dict(record)).items() if name not in _OF_THE_FORGE}
        if self.commons.kind:
            said.pop("kind", None)
        if said:
            self._add(source, role, said, self._page(entry), entry.get("seen_on", ""))

    def add_documents(self, files: Mapping[str, Mapping[str, Any]]) -> None:
        """What the mere presence of governance and contributing files proves: that rules, and a way in, are written."""
        said: dict[str, Any] = {}
        shown: list[Mapping[str, Any]] = []
        for role, group, published, address in (
            ("governance", "governance", "rules_published", "rules_url"),
            ("contributing", "community", "way_in_documented", "way_in_url"),
        ):
            entry = files.get(role)
            if entry is None or entry.get("state") != "there" or not self.speaks_for_it:
                continue
            said[f"{group}.{published}"] = True
            shown.append(entry)
            # Where others have named a page already, theirs may say more than this file.
            if not self._others_say(f"{group}.{address}", "repository-documents"):
                said[f"{group}.{address}"] = self._page(entry)
        source = _source_of_file("documents")
        if not said:
            self._take_back(source, "documents")
            return
        seen_on = max(str(entry.get("seen_on", "")) for entry in shown)
        self._add(source, "documents", said, "\n".join(self._page(entry) for entry in shown), seen_on)

    def add_facts(self, facts: Facts | None, files: Mapping[str, Mapping[str, Any]], former: str) -> None:
        """What the forge knows: where the repository is, what it was called before, the licence, the homepage."""
        source = _source_of_forge(self.row)
        said: dict[str, Any] = {"repository": self.row.url}
        if self.row.aliases:
            said["identifiers.repo"] = self.row.key
            said["identifiers.repo_former"] = self.row.aliases[-1]
        if facts and facts.homepage and not self._others_say("homepage", source.key):
            said["homepage"] = facts.homepage
        licence = (facts.licence if facts else "") or str(files.get("licence", {}).get("licence") or "")
        if licence and self.speaks_for_it and self._adds_to_licences(licence, source.key):
            said["licences"] = [{"part": "code", "spdx": licence}]
        seen_on = self.now.date().isoformat() if former else self._same_day(source, said)
        self._add(source, "forge", said, self.row.url, seen_on)

    def incoming(self) -> Incoming:
        """All of it as one import."""
        return Incoming(self.commons.public_id, Visibility(self.commons.visibility), self.drafts)

    def _same_day(self, source: Source, said: Mapping[str, Any]) -> str:
        """The date since which the forge says the same; today where it says something new."""
        before = self._own(source, "forge")
        return before.seen_as_of if before and before.values == said else self.now.date().isoformat()

    def _others_say(self, field: str, but_key: str) -> bool:
        in_force = (s for s in self.in_force if s.source is None or s.source.key != but_key)
        return any(field in statement.values for statement in in_force) or any(
            field in draft.values for draft in self.drafts if draft.source.key != but_key
        )

    def _adds_to_licences(self, licence: str, but_key: str) -> bool:
        """Whether a licence found says more than what is said: about one part of code, and something else."""
        told = [s.values["licences"] for s in self.in_force if "licences" in s.values and _key(s) != but_key]
        told += [draft.values["licences"] for draft in self.drafts if "licences" in draft.values]
        for value in told:
            parts = [part for part in value if isinstance(part, Mapping)] if isinstance(value, list) else []
            if len(parts) != 1 or str(parts[0].get("part") or "").lower() not in _CODE_PARTS:
                return False
            if licences.agree(licences.parse(licence), licences.parse(str(parts[0].get("spdx") or ""))):
                return False
        return True

    def _take_back(self, source: Source, role: str) -> None:
        """Say nothing any more where something was said."""
        before = self._own(source, role)
        if before is not None and before.values:
            self._add(source, role, {}, "", self.now.date().isoformat())

    def _own(self, source: Source, role: str) -> Statement | None:
        key = self._key(role)
        return next((s for s in self.in_force if s.source_id == source.pk and s.key == key), None)

    def _add(self, source: Source, role: str, said: dict[str, Any], refs: str, seen_on: str) -> None:
        evidence = [{"ref": ref, "what": role} for ref in refs.split("\n") if ref]
        self.drafts.append(StatementDraft(source, Method.IMPORT, self._key(role), said, evidence, seen_on))

    def _key(self, role: str) -> str:
        return f"{self.commons.public_id} {role}"

    def _page(self, entry: Mapping[str, Any]) -> str:
        """Where people read a file."""
        place = read_place(self.row.url)
        if place is None or self.row.forge not in FORGES:
            return self.row.url
        return FORGES[self.row.forge].page(place, str(entry["path"]), Facts.from_json(self.row.facts).default_branch)


def forks(commons: Commons, facts: Facts, row: CrawledRepository) -> list[Relation]:
    """The relation to what a repository was forked from, where that is in the register: a suggestion, not verified."""
    parent = normalise_repository(facts.parent) if facts.is_fork and facts.parent else None
    if not parent:
        return []
    found = Commons.objects.filter(repository_key=parent, merged_into=None).exclude(pk=commons.pk).order_by("pk")[:2]
    # Several commons may live in one repository: which of them was forked nobody can tell from here.
    if len(found) != 1:
        return []
    kind, source = Relation.Kind.FORK_OF, _source_of_forge(row)
    return [Relation(from_commons=commons, to_commons=found[0], kind=kind, source=source, verified=False)]


def _source_of_file(role: str) -> Source:
    name, trust = FILES[role]
    source, _created = Source.objects.get_or_create(
        key=f"repository-{role}", defaults={"name": name, "trust": trust, "licence": ""}
    )
    return source


def _source_of_forge(row: CrawledRepository) -> Source:
    title = FORGES[row.forge].title if row.forge in FORGES else ""
    name = f"{title} ({row.host})" if title else row.host
    key = f"forge-{row.host}".replace(".", "-").replace(":", "-").lower()[:120]
    source, _created = Source.objects.get_or_create(
        key=key, defaults={"name": name[:200], "trust": TRUST_OF_FORGES, "licence": ""}
    )
    return source


def _key(statement: Statement) -> str:
    return statement.source.key if statement.source else ""


assert set(FILES) >= set(MANIFESTS)  # noqa: S101 - every manifest that is read has a source
