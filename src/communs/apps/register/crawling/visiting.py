"""One look at one repository: what to ask its forge, and what the answers mean. Nothing is stored here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlsplit

from communs.apps.register.crawling.asking import Asker, Forbidden, Got, Wait, json_of
from communs.apps.register.crawling.states import Seen
from communs.core.standards.forges import (
    FOLDERS,
    FORGES,
    MANIFESTS,
    ROLES,
    WITHOUT_LISTING,
    Entry,
    Facts,
    Forge,
    Place,
    Request,
    choose,
    last_entry_on,
)
from communs.kit.fetch import Answer, Problem

NOT_THERE: Final = frozenset({404, 410, 451})
PAGES_MAX: Final = 10
FILE_BYTES_MAX: Final = 1_048_576


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before a look. Empty `validators` and `files` make everything be read again."""

    url: str
    place: Place | None
    forge_id: str = ""
    facts: Facts | None = None
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    validators: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Visit:
    """What a look gave.

    `place`: where the repository is now. `facts`: None where nothing new was told. `fetched`: by role path, contents
    and `[hash, ETag, Last-Modified]` of the files that are new or changed. `kept`: those that are as before, with their
    hash where it is new. The others are no longer there if `is_whole`, else unknown. `missing`: roles whose file was
    asked for by name and not found. `validators`: for the next time.
    """

    seen: Seen
    trouble: str = ""
    wait_s: float = 0.0
    forge: str = ""
    place: Place | None = None
    facts: Facts | None = None
    active_on: str = ""
    fetched: dict[str, tuple[str, bytes, list[str]]] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    is_whole: bool = False
    is_unchanged: bool = False
    validators: dict[str, list[Any]] = field(default_factory=dict)


def visit(known: Known, ask: Asker) -> Visit:
    """Look at a repository through its forge, else at its page."""
    # Where no forge answered the last time and a page did, the page is asked again.
    if known.place is None or "page" in known.validators:
        return _page(known, ask)
    place = known.place
    family = place.forge or ask.host(place.host).forge
    if family:
        return _Look(replace(known, place=replace(place, forge=family)), FORGES[family], ask).run()
    for forge in (FORGES["forgejo"], FORGES["gitlab"], FORGES["github"]):
        found = _Look(known, forge, ask).run()
        if found.seen is Seen.FOUND:
            host = ask.host(place.host)
            host.forge, host.is_changed = forge.name, True
            return found
        if found.trouble in {"wait", "slow", "connect", "name", "private", "certificate"}:
            return found
    return _page(known, ask)


def failed(got: Got) -> Visit:
    """What an answer means that is not the one hoped for."""
    if isinstance(got, Wait):
        return Visit(Seen.LATER, "wait", got.seconds)
    if isinstance(got, Forbidden):
        return Visit(Seen.REFUSED, "robots")
    if isinstance(got, Problem):
        is_final = got.code in {"private", "address"}
        return Visit(Seen.REFUSED if is_final else Seen.LATER, got.code)
    if got.status in NOT_THERE:
        return Visit(Seen.NOT_FOUND)
    if got.status in {401, 403}:
        return Visit(Seen.REFUSED, f"http-{got.status}")
    return Visit(Seen.LATER, f"http-{got.status}" if got.status != 200 else "answer")


def _page(known: Known, ask: Asker) -> Visit:
    """Where there is no forge to ask: whether the address answers, and nothing more."""
    got = ask.get(Request(known.url, is_api=False), known.validators.get("page"))
    if isinstance(got, Answer) and got.status in {200, 304}:
        told = [got.etag, got.modified] if got.status == 200 else known.validators.get("page", ["", ""])
        return Visit(Seen.FOUND, is_unchanged=True, validators={"page": told})
    return failed(got)


class _Look:
    """One look through the programming interface of a forge."""

    def __init__(self, known: Known, forge: Forge, ask: Asker) -> None:
        assert known.place is not None  # noqa: S101 - `visit` has looked
        self.known, self.forge, self.ask, self.place = known, forge, ask, known.place
        self.found = Visit(Seen.FOUND, forge=forge.name, validators=dict(known.validators))
        self.is_incomplete = self.is_same = False

    def run(self) -> Visit:
        got = self._ask(self.forge.facts(self.place), "facts")
        if isinstance(got, Wait | Forbidden) and self.forge.name == "github":
            return self._without_api(got)
        if not isinstance(got, Answer) or got.status not in {200, 304}:
            return replace(failed(got), forge=self.forge.name)
        if got.status == 200:
            facts = self.forge.read_facts(json_of(got))
            if facts is None:
                return Visit(Seen.LATER, "answer", forge=self.forge.name)
            self._take(facts, got)
            if self.known.forge_id and facts.forge_id and facts.forge_id != self.known.forge_id:
                return Visit(Seen.OTHER, forge=self.forge.name)
        self.found.place = self.place
        self._files()
        if self.is_incomplete:
            # The listing has to be read again the next time: what it names was not all fetched.
            told = self.found.validators
            self.found.validators = {name: kept for name, kept in told.items() if not name.startswith("list:")}
            self.found.trouble = self.found.trouble or "part"
        self.found.is_unchanged = got.status == 304 and self.is_same
        return self.found

    def _ask(self, asked: Request, name: str = "") -> Got:
        """Ask with what the last answer came with, and remember what this one does."""
        validators = self.known.validators.get(name) if name else None
        got = self.ask.get(asked, validators, self.forge.name, self.place.host)
        if name and isinstance(got, Answer) and got.status == 200:
            self.found.validators[name] = [got.etag, got.modified]
        return got

    def _take(self, facts: Facts, got: Answer) -> None:
        """New facts; and where the repository is now, if it was renamed or its forge has moved."""
        self.found.facts = facts
        host = self.place.host
        asked, answered = urlsplit(self.forge.facts(self.place).url).netloc, urlsplit(got.url).netloc
        if asked != answered and not answered.startswith("api."):
            host = answered
        if facts.path.lower() != self.place.path.lower() or host != self.place.host:
            self.place = replace(self.place, host=host, path=facts.path)

    def _files(self) -> None:
        """What the listings name; nothing is asked about folders and files that have not changed."""
        top = self._listing("")
        if top is None:
            return
        entries, self.is_same = top
        self.found.is_whole = True
        if self.is_same:
            self.found.kept = {role: "" for role, entry in self.known.files.items() if entry["state"] != "absent"}
            return
        folders = {entry.path.lower(): entry for entry in entries if entry.is_folder}
        for folder in FOLDERS[1:]:
            if folder in folders:
                inner = self._listing(folders[folder].path)
                entries += inner[0] if inner else []
        self._fetch(choose(entries))

    def _listing(self, folder: str) -> tuple[list[Entry], bool] | None:
        """What may be wanted of a folder, and whether all is as before; None where it is not to be had."""
        entries: list[Entry] = []
        is_same = True
        for page in range(1, PAGES_MAX + 1):
            name = f"list:{folder}:{page}"
            got = self._ask(self.forge.listing(self.place, folder, page), name)
            if isinstance(got, Answer) and got.status == 200:
                told = self.forge.read_listing(json_of(got))
                if told is None:
                    self._incomplete(got)
                    return None
                wanted = [[entry.path, entry.is_folder, entry.sha, entry.size] for entry in told if _may_matter(entry)]
                self.found.validators[name] += [wanted, bool(got.headers.get("x-next-page", "").strip())]
                is_same = False
            elif not isinstance(got, Answer) or got.status not in {304, 404}:
                self._incomplete(got)
                return None
            elif got.status == 404:
                # A repository without a commit has no top folder; one with the same files as before may follow.
                self.found.validators.pop(name, None)
                is_same = False
                break
            _etag, _modified, kept, has_next = self.found.validators[name]
            entries += [Entry(*told) for told in kept]
            if not has_next:
                break
        return entries, is_same

    def _fetch(self, chosen: dict[str, Entry]) -> None:
        """The contents of what is new or changed."""
        branch = (self.found.facts or self.known.facts or Facts()).default_branch
        for role, entry in chosen.items():
            before = self.known.files.get(role, {})
            is_same = before.get("path") == entry.path and before.get("state") != "absent"
            if is_same and entry.sha and before.get("sha") == entry.sha:
                self.found.kept[role] = ""
                continue
            if entry.size is not None and entry.size > FILE_BYTES_MAX:
                continue
            got = self.ask.get(
                self.forge.file(self.place, entry.path, branch),
                [before.get("etag", ""), before.get("modified", "")] if is_same else None,
                self.forge.name,
                self.place.host,
            )
            if isinstance(got, Wait | Forbidden):
                got = self._by_other_way(got, entry.path, branch)
            self._note(role, entry.path, got, entry.sha)

    def _by_other_way(self, got: Got, path: str, branch: str) -> Got:
        """Where the usual way to a file is barred: the API for raw files, or the other way round."""
        other = self.forge.plain_file(self.place, path, branch)
        if other == self.forge.file(self.place, path, branch):
            return got
        return self.ask.get(other, None, self.forge.name, self.place.host)

    def _note(self, role: str, path: str, got: Got, sha: str) -> None:
        if isinstance(got, Answer) and got.status == 304:
            self.found.kept[role] = sha
        elif isinstance(got, Answer) and got.status == 200 and got.is_whole and not _is_page(got, role):
            self.found.fetched[role] = (path, got.body, [sha, got.etag, got.modified])
        else:
            self._incomplete(got)

    def _incomplete(self, got: Got) -> None:
        self.is_incomplete, self.found.is_whole = True, False
        told = failed(got)
        self.found.trouble = told.trouble or "part"
        self.found.wait_s = max(self.found.wait_s, told.wait_s)

    def _without_api(self, barred: Got) -> Visit:
        """GitHub when its API has had enough: the feed of changes tells whether it is there, raw files are free."""
        got = self._ask(self.forge.feed(self.place), "feed")
        if not isinstance(got, Answer) or got.status not in {200, 304}:
            waits = isinstance(got, Wait | Forbidden)
            return replace(failed(barred if waits else got), forge=self.forge.name)
        if got.status == 200:
            self.found.active_on = last_entry_on(got.body.decode("utf-8", errors="replace"))
            path = urlsplit(got.url).path.strip("/").removesuffix("/commits.atom")
            if got.redirects and path.count("/") == 1:
                self.place = replace(self.place, path=path)
        self.found.place = self.place
        branch = (self.known.facts or Facts()).default_branch
        for role, usual in WITHOUT_LISTING.items():
            before = self.known.files.get(role, {})
            path = before.get("path") or usual
            told = [before.get("etag", ""), before.get("modified", "")] if before.get("digest") else None
            answer = self.ask.get(self.forge.plain_file(self.place, path, branch), told)
            if isinstance(answer, Answer) and answer.status in NOT_THERE:
                self.found.missing.add(role)
            else:
                self._note(role, path, answer, "")
        self.found.is_whole = False
        self.found.is_unchanged = got.status == 304 and not self.found.fetched and not self.found.missing
        return self.found


def _is_page(got: Answer, role: str) -> bool:
    """A page for people where a file was asked for, such as one to sign in on."""
    return got.content_type in {"text/html", "application/xhtml+xml"} and (
        role in MANIFESTS or got.body[:200].lstrip().lower().startswith((b"<!doctype html", b"<html"))
    )


def _may_matter(entry: Entry) -> bool:
    """Whether an entry of a listing is worth keeping: the others are never asked for."""
    if entry.is_folder:
        return entry.path.lower() in FOLDERS
    return any(names.fullmatch(entry.name) for names in ROLES.values())
