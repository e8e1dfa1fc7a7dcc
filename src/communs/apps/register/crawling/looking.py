"""What can be found behind a link that somebody gives: the files that describe a commons, and what its forge knows."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.conf import settings

from communs.apps.register.crawling import crawl, queries
from communs.apps.register.crawling.asking import Asker, Forbidden, Manners, Wait
from communs.apps.register.crawling.states import Seen
from communs.apps.register.crawling.visiting import Known, Visit, visit
from communs.core.standards.forges import FORGES, Candidates, Facts, Place, Request, addresses
from communs.kit.fetch import Answer, Policy, Problem, Session

# A person waits for the answer.
SECONDS_MAX: Final = 20.0
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_FOR_READERS: Final = frozenset({"governance", "contributing", "conduct", "licence"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """What could not be had: its address, and why, with codes as in `kit.fetch.Problem` and these.

    `http-404` and the like, `wait` (`detail`: seconds), `robots`, `part` (of the files), `page` (for people, no file),
    `too-large`, `nothing`, `not-a-link`.
    """

    place: str
    code: str
    detail: str = ""


@dataclass(slots=True)
class Found:
    """`files`: contents by path; those that are manifests first. `facts`: what the forge told, if there is one."""

    files: dict[str, bytes] = field(default_factory=dict)
    facts: Facts | None = None
    forge: str = ""
    url: str = ""
    problems: list[Trouble] = field(default_factory=list)

    def record(self) -> dict[str, Any] | None:
        """What the forge told, in the shape of `seed/commons.jsonl`, with `origin`: who says so."""
        if self.facts is None:
            return None
        facts, host = self.facts, urlsplit(self.url).netloc
        title = FORGES[self.forge].title if self.forge in FORGES else host
        return {
            "name": facts.name or None,
            "repository": self.url or None,
            "homepage": facts.homepage or None,
            "licences": [{"part": "code", "spdx": facts.licence}] if facts.licence else [],
            "origin": f"{title} ({host})",
        }


def look(url: str, within: Policy | None = None) -> Found:
    """Fetch what stands behind a link, within twenty seconds. Never raises for what the other side does."""
    candidates = addresses(url)
    if candidates.kind == "none":
        return Found(problems=[Trouble(url[:200], "not-a-link")])
    with Session(within or crawl.policy()) as session:
        manners = Manners(delay_s=0.0, heeds_robots=False, tokens=getattr(settings, "FORGE_TOKENS", {}))
        ask = Asker(session, manners, find_host=queries.find_host)
        ask.ends_at = time.monotonic() + SECONDS_MAX
        return _search(url, candidates, ask)


def _search(url: str, candidates: Candidates, ask: Asker) -> Found:
    found = Found(url=url)
    if candidates.place is not None and candidates.kind != "file" and _from_forge(candidates.place, ask, found):
        return found
    is_site = candidates.kind == "website"
    for address in candidates.addresses:
        got = ask.get(Request(address, is_api=False))
        problem = _problem_of(address, got)
        if problem is None and isinstance(got, Answer):
            name = _name_of(address, candidates)
            found.files.setdefault(name, got.body)
            if not is_site:
                found.problems = []
                break
        # That a website lacks one of the places where something might be is no problem to tell of.
        elif problem and (not is_site or problem.code not in {"http-404", "http-403", "http-410", "page"}):
            found.problems.append(problem)
            if is_site and problem.code in {"private", "name", "connect", "slow", "certificate", "address"}:
                break
    if not found.files and not found.problems:
        found.problems.append(Trouble(url[:200], "nothing"))
    return found


def _from_forge(place: Place, ask: Asker, found: Found) -> bool:
    """Whether there is a repository; its files and facts go into `found`."""
    got = visit(Known(place.url, place), ask)
    if got.seen is not Seen.FOUND or not got.forge:
        if place.forge:
            code = got.trouble or ("http-404" if got.seen is Seen.NOT_FOUND else got.seen.value)
            found.problems.append(Trouble(place.url, code, _seconds(got)))
        return bool(place.forge)
    found.facts, found.forge = got.facts, got.forge
    found.url = got.place.url if got.place else place.url
    order = sorted(got.fetched.items(), key=lambda item: item[0] in _FOR_READERS)
    found.files = {path: data for _role, (path, data, _told) in order}
    if got.trouble:
        found.problems.append(Trouble(place.url, got.trouble, _seconds(got)))
    return True


def _seconds(got: Visit) -> str:
    return str(round(got.wait_s)) if got.wait_s else ""


def _problem_of(address: str, got: Answer | Problem | Wait | Forbidden) -> Trouble | None:
    """What keeps an answer from being a file."""
    if isinstance(got, Problem):
        return Trouble(address, got.code, got.detail)
    if isinstance(got, Wait):
        return Trouble(address, "wait", str(round(got.seconds)))
    if isinstance(got, Forbidden):
        return Trouble(address, "robots")
    if got.status != 200:
        return Trouble(address, f"http-{got.status}")
    if not got.is_whole:
        return Trouble(address, "too-large")
    return Trouble(address, "page") if got.content_type in _PAGES else None


def _name_of(address: str, candidates: Candidates) -> str:
    if candidates.place is not None and candidates.place.file:
        return candidates.place.file
    return unquote(urlsplit(address).path.rpartition("/")[2]) or address
