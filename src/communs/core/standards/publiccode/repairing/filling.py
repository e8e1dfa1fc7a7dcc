"""What the standard demands and the file lacks: taken from elsewhere in the file, else filled in neutrally.

Everything filled in here is marked in the file with a comment, "to confirm", and in the fix as assumed, unless the file
says it in other words. A licence is never filled in, nor a description where the file has no words at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final
from urllib.parse import urlsplit

from communs.core.standards.problems import Path
from communs.core.standards.publiccode.edits import Editor
from communs.core.standards.publiccode.repairing import values
from communs.core.standards.publiccode.repairing.fixes import Fix, short
from communs.core.standards.publiccode.repairing.keys import UNDETERMINED
from communs.core.standards.publiccode.repairing.sentences import described
from communs.core.standards.publiccode.strict import schema
from communs.core.standards.publiccode.strict.lexical import graphemes, languages
from communs.core.standards.publiccode.tree import Listing, Pair, Scalar, Table, is_blank
from communs.core.standards.shapes import language_of

NOT_STATED: Final = "not stated"
"""A platform that nobody named: the standard lets any words stand there."""

FORGES: Final = ("github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "framagit.org", "git.sr.ht")
_DESKTOP: Final = frozenset({"windows", "mac", "linux"})
_MOBILE: Final = frozenset({"ios", "android"})
_UNFINISHED = re.compile(r"^v?0\.|alpha|beta|rc\d*$|preview|snapshot|dev", re.IGNORECASE)


def fill_in(root: Table, editor: Editor) -> list[Fix]:
    """Every fix of what is missing."""
    filling = _Filling(root, editor)
    filling.top()
    filling.descriptions()
    filling.maintenance()
    filling.localisation()
    return filling.fixes


def status_of(version: str, *, is_released: bool) -> str:
    """The development status from the version and from whether it is released or in use; else what promises least.

    >>> status_of("2.1", is_released=False), status_of("0.3", is_released=True), status_of("", is_released=False)
    ('stable', 'beta', 'development')
    """
    if version and _UNFINISHED.search(version):
        return "beta"
    return "stable" if version or is_released else "development"


def software_type_of(platforms: Collection[str]) -> str:
    """The type of software from the platforms it runs on, where they leave one; else "other"."""
    named = set(platforms)
    if named == {"web"}:
        return "standalone/web"
    if named and named <= _MOBILE:
        return "standalone/mobile"
    return "standalone/desktop" if named and named <= _DESKTOP else "standalone/other"


class _Filling:
    def __init__(self, root: Table, editor: Editor) -> None:
        self.root, self.editor = root, editor
        self.fixes: list[Fix] = []
        self.platforms = [text for text in self._texts("platforms") if text != NOT_STATED]

    def top(self) -> None:
        """The keys of the top level."""
        if not self._has("publiccodeYmlVersion"):
            self._put("publiccodeYmlVersion", schema.LATEST, assumed=False, first=True)
        if not self._has("name") and (name := self._name()):
            self._put("name", name)
        if not self._has("url") and (url := self._url()):
            self._put("url", url)
        if not self._has("platforms"):
            self._put("platforms", ["web"] if self._text("softwareType") == "standalone/web" else [NOT_STATED])
        if self._text("developmentStatus") not in schema.STATUSES:
            is_released = self._has("releaseDate") or self._has("usedBy")
            self._put("developmentStatus", status_of(self._text("softwareVersion"), is_released=is_released))
        if self._text("softwareType") not in schema.SOFTWARE_TYPES:
            self._put("softwareType", software_type_of(self.platforms))

    def descriptions(self) -> None:
        """Short and long description and features, in each language."""
        pair = self.root.first("description")
        if pair is None or not isinstance(pair.value, Table) or pair.value.is_shared:
            return
        for one in pair.value.pairs:
            if isinstance(one.value, Table) and not one.value.is_shared and not is_blank(one.value):
                self._description(one.value, ("description", one.name))

    def maintenance(self) -> None:
        """The type of maintenance, and whom to address."""
        table = self._table("maintenance")
        kind = _text(table.first("type")) if table else ""
        if kind not in schema.MAINTENANCE_TYPES:
            kind = "contract" if table and _says(table.first("contractors")) else "internal"
            self._put_in("maintenance", table, "type", kind)
        if table and kind != "contract" and (pair := table.first("contractors")):
            aside = self.editor.set_aside(table, pair)
            if aside:
                self.fixes.append(Fix("set-aside", ("maintenance", "contractors"), aside))
        if kind not in {"internal", "community"} or (table is None and "maintenance" not in self._planned()):
            return
        contacts = table.first("contacts") if table else None
        if contacts is None or is_blank(contacts.value):
            if table:
                self._put_in("maintenance", table, "contacts", [{"name": self._maintainers()}])
        elif isinstance(contacts.value, Listing):
            self._name_contacts(contacts.value)

    def localisation(self) -> None:
        """Whether it can be translated, and the languages there are."""
        table = self._table("localisation")
        pair = table.first("availableLanguages") if table else None
        known = [text for text in _texts(pair) if languages.is_language(text)]
        if not known:
            self._put_in("localisation", table, "availableLanguages", [UNDETERMINED])
        ready = table.first("localisationReady") if table else None
        if table and (ready is None or is_blank(ready.value) or values.truth(_text(ready)) is None):
            self._put_in("localisation", table, "localisationReady", len(known) > 1, assumed=len(known) < 2)

    def _description(self, table: Table, path: Path) -> None:
        brief, full = _text(table.first("shortDescription")), _text(table.first("longDescription"))
        if not brief:
            brief = values.shortened(full or _text(table.first("genericName")), values.SHORT_MOST)
            if not brief:
                return
            self._put_at(table, path, "shortDescription", brief, assumed=False)
        if graphemes.length(full.strip()) < values.LONG_LEAST:
            start = full or brief
            lang = language_of(start) or str(path[-1])
            self._put_at(table, path, "longDescription", described(lang, start, self._facts()))
        elif graphemes.length(full) > values.LONG_MOST:
            self._cut(table, path, full)
        if not _says(table.first("features")):
            self._put_at(table, path, "features", [values.shortened(brief, values.SHORT_MOST)])

    def _cut(self, table: Table, path: Path, full: str) -> None:
        """A long description that is too long: the end of it stays as a comment."""
        pair = table.first("longDescription")
        if pair is None:
            return
        kept = full[: values.LONG_MOST - 100].rsplit(" ", 1)[0]
        rest = full[len(kept) :].split("\n")
        at = table.pairs[0].key
        edits = self.editor.set(table, pair, kept + " …")
        comment = self.editor.comment(at, ["longDescription, continued:", *rest])
        self.fixes.append(Fix("rewritten", (*path, "longDescription"), (*comment, *edits), values={"new": short(kept)}))

    def _name_contacts(self, contacts: Listing) -> None:
        for number, item in enumerate(contacts.items):
            if isinstance(item, Table) and item.pairs and not item.is_shared and not _text(item.first("name")):
                path = ("maintenance", "contacts", number)
                self._put_at(item, path, "name", self._maintainers())

    def _maintainers(self) -> str:
        """Whom to address where no person is named: nobody is, in particular."""
        return f"The maintainers of {self._text('name') or self._name() or 'this software'}"

    def _name(self) -> str:
        description = self._table("description")
        for pair in description.pairs if description else ():
            if isinstance(pair.value, Table) and (name := _text(pair.value.first("localisedName"))):
                return name
        address = self._text("url") or self._url()
        return urlsplit(address).path.rstrip("/").rpartition("/")[2].removesuffix(".git") if address else ""

    def _url(self) -> str:
        """The landing page, where that is a repository on a forge."""
        landing = values.mended("web", self._text("landingURL")) or ""
        parts = urlsplit(landing)
        is_repository = parts.netloc.lower() in FORGES and len(parts.path.strip("/").split("/")) == 2
        return landing if is_repository else ""

    def _facts(self) -> dict[str, str]:
        legal = self._table("legal")
        return {
            "name": self._text("name") or self._name(),
            "url": self._text("url"),
            "license": _text(legal.first("license")) if legal else "",
            "landing": self._text("landingURL"),
            "version": self._text("softwareVersion"),
            "users": ", ".join(self._texts("usedBy")[:5]),
        }

    def _planned(self) -> set[str]:
        return {str(fix.path[0]) for fix in self.fixes}

    def _table(self, name: str) -> Table | None:
        pair = self.root.first(name)
        return pair.value if pair and isinstance(pair.value, Table) and not pair.value.is_shared else None

    def _has(self, name: str) -> bool:
        return _says(self.root.first(name))

    def _text(self, name: str) -> str:
        return _text(self.root.first(name))

    def _texts(self, name: str) -> list[str]:
        return _texts(self.root.first(name))

    def _put(self, name: str, value: Any, *, assumed: bool = True, first: bool = False) -> None:
        self._put_at(self.root, (), name, value, assumed=assumed, first=first)

    def _put_in(self, section: str, table: Table | None, name: str, value: Any, *, assumed: bool = True) -> None:
        """Into a section of the top level, which is made where there is none."""
        if table is not None and table.pairs:
            self._put_at(table, (section,), name, value, assumed=assumed)
        else:
            self._put(section, {name: value}, assumed=assumed)

    def _put_at(
        self, table: Table, path: Path, name: str, value: Any, *, assumed: bool = True, first: bool = False
    ) -> None:
        pair = table.first(name)
        if pair:
            edits = self.editor.set(table, pair, value, assumed=assumed)
            if assumed and isinstance(pair.value, Scalar) and (said := (pair.value.text or "").strip()):
                edits = (*self.editor.comment(pair.key, [f"{name}: {said}"]), *edits)
        else:
            edits = self.editor.add(table, name, value, assumed=assumed, first=first)
        shown = str(value).lower() if isinstance(value, bool) else value
        shown = next(iter(value.values()), "") if isinstance(value, dict) else shown
        shown = next(iter(shown[0].values())) if isinstance(shown, list) and isinstance(shown[0], dict) else shown
        self.fixes.append(Fix("filled", (*path, name), edits, (), {"new": short(shown)}, assumed))


def _says(pair: Pair | None) -> bool:
    return pair is not None and not is_blank(pair.value)


def _text(pair: Pair | None) -> str:
    return (pair.value.text or "").strip() if pair and isinstance(pair.value, Scalar) else ""


def _texts(pair: Pair | None) -> list[str]:
    items = pair.value.items if pair and isinstance(pair.value, Listing) else ()
    return [item.text.strip() for item in items if isinstance(item, Scalar) and item.text and item.text.strip()]
