"""What no schema says and the directory of manifests checks all the same: references, proofs, licences, counts.

A manifest that breaks one of these is valid, but its directory refuses it or readers cannot use that part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from communs.core.money.currencies import EXPONENTS
from communs.core.standards.funding_json.schema import WELL_KNOWN
from communs.core.standards.licence_words import LICENCES_MAX, licence_problem
from communs.core.standards.problems import Path, Problem
from communs.core.standards.reading import Loaded
from communs.core.standards.rules import clip, is_number
from communs.core.standards.shapes import mended_address, objects, plain, table, texts, web_address
from communs.core.texts import N_

REPEATED_GUID: Final = (N_("“{value}” is the identifier of another entry already."), N_("Give each its own."))
UNKNOWN_CHANNEL: Final = (N_("No channel has the identifier “{value}”."), N_("Name one of: {choices}."))
NO_PROJECT: Final = (N_("The manifest names no project."), N_("Add at least one to “projects”."))
NO_PLAN: Final = (N_("The manifest asks for no money."), N_("Add at least one to “funding.plans”."))
NO_ENTRY: Final = (N_("“{path}” is empty; the directory of manifests wants one entry at least."), N_("Add one."))
UNKNOWN_CURRENCY: Final = (N_("No currency has the code {value}."), N_("Write a code of ISO 4217, such as EUR."))
NEGATIVE: Final = (N_("“{path}” is below zero."), N_("Write 0 for any amount, else the amount."))
NOT_EMAIL: Final = (N_("“{path}” is not an e-mail address."), N_("Write one at which funders reach you."))
NO_HOST: Final = (N_("“{value}” is not an address that can be opened."), N_("Write a full address, without spaces."))
OTHER_HOST: Final = (
    N_("The proof lies on another host than {value}, so it proves nothing."),
    N_("Put the file on {value} and write its address there."),
)
NO_PROOF: Final = (
    N_("{value} lies elsewhere than the manifest, and no proof is given."),
    N_("Put the manifest's address into a file there that ends in /.well-known/funding-manifest-urls, and name it."),
)
OTHER_MAJOR: Final = (N_("“{value}” is a version that this reader does not know."), N_("Write v1.0.0."))

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def check_directory_rules(loaded: Loaded, manifest: dict[str, Any], address: str, at: Path = ()) -> Iterator[Problem]:
    """Warnings and notes on a manifest that was found at `address` (empty: not known). Wrong types are passed over."""
    version = plain(manifest.get("version"))
    if version and not re.match(r"v?1(?:\.|$)", version):
        yield loaded.problem((*at, "version"), "other-version", "warning", OTHER_MAJOR, value=clip(version))
    entity = table(manifest.get("entity"))
    email = plain(entity.get("email"))
    if email and not _EMAIL.fullmatch(email):
        yield loaded.problem((*at, "entity", "email"), "not-an-email", "warning", NOT_EMAIL)
    yield from _link(loaded, entity.get("webpageUrl"), address, (*at, "entity", "webpageUrl"))
    yield from _projects(loaded, manifest.get("projects"), address, (*at, "projects"))
    yield from _funding(loaded, table(manifest.get("funding")), (*at, "funding"))


def needs_proof(target: str, manifest: str) -> bool:
    """Whether the address `target` in a manifest at `manifest` needs a file that proves the manifest's right.

    None is needed on the same host, where the manifest lies at its root, in the folder of the target, or above it.

    >>> needs_proof("https://example.org/a", "https://example.org/funding.json")
    False
    >>> needs_proof("https://forge.example.org/a/b", "https://example.org/funding.json")
    True
    """
    to, own = urlsplit(target), urlsplit(manifest)
    if to.netloc.lower() != own.netloc.lower():
        return True
    folder, path = own.path.rpartition("/")[0] + "/", to.path.rstrip("/") + "/"
    return not (folder == "/" or path.startswith(folder) or folder.startswith(path))


def _link(loaded: Loaded, value: Any, address: str, path: Path) -> Iterator[Problem]:
    link = table(value)
    url, proof = plain(link.get("url")), plain(link.get("wellKnown"))
    if not url or not re.match("https?://", url):
        return
    if not web_address(url):
        yield loaded.problem((*path, "url"), "not-openable", "warning", NO_HOST, value=clip(mended_address(url)))
    elif proof.endswith(WELL_KNOWN) and web_address(proof) and not _proves(urlsplit(url), urlsplit(proof)):
        host = urlsplit(url).netloc
        yield loaded.problem((*path, "wellKnown"), "proof-elsewhere", "warning", OTHER_HOST, value=clip(host))
    elif address and not proof and needs_proof(url, address):
        yield loaded.problem((*path, "url"), "no-proof", "warning", NO_PROOF, value=clip(url))


def _proves(target: SplitResult, proof: SplitResult) -> bool:
    """Same host; and where the file does not lie at its root, somewhere below the target."""
    if target.netloc.lower() != proof.netloc.lower():
        return False
    below = proof.path.removesuffix(WELL_KNOWN)
    return not below or (below + "/").startswith(target.path.rstrip("/") + "/")


def _projects(loaded: Loaded, value: Any, address: str, path: Path) -> Iterator[Problem]:
    listed = value if isinstance(value, list) else []
    if not listed:
        yield loaded.problem(path, "no-project", "warning", NO_PROJECT)
    yield from _repeated(loaded, listed, path)
    for number, project in enumerate(listed):
        if not isinstance(project, dict):
            continue
        here = (*path, number)
        for key in ("webpageUrl", "repositoryUrl"):
            yield from _link(loaded, project.get(key), address, (*here, key))
        for key in ("licenses", "tags"):
            if project.get(key) == []:
                yield loaded.problem((*here, key), "no-entry", "warning", NO_ENTRY)
        stated = project.get("licenses")
        for position, text in enumerate(stated[:LICENCES_MAX] if isinstance(stated, list) else []):
            found = licence_problem(loaded, (*here, "licenses", position), plain(text), "spdx:")
            if found:
                yield found


def _funding(loaded: Loaded, funding: Any, path: Path) -> Iterator[Problem]:
    channels, plans = funding.get("channels"), funding.get("plans")
    if plans == []:
        yield loaded.problem((*path, "plans"), "no-plan", "warning", NO_PLAN)
    known = {plain(channel.get("guid")): None for channel in objects(channels)}
    for key, entries in (("channels", channels), ("plans", plans)):
        yield from _repeated(loaded, entries if isinstance(entries, list) else [], (*path, key))
    for number, plan in enumerate(plans if isinstance(plans, list) else []):
        here = (*path, "plans", number)
        named = plan.get("channels") if isinstance(plan, dict) else None
        for position, guid in enumerate(named if isinstance(named, list) else []):
            if isinstance(guid, str) and guid not in known:
                choices = ", ".join(filter(None, known)) or "–"
                values = {"value": clip(guid), "choices": clip(choices)}
                yield loaded.problem((*here, "channels", position), "no-channel", "warning", UNKNOWN_CHANNEL, **values)
        yield from _amounts(loaded, plan, ("amount",), here)
    history = funding.get("history")
    for number, year in enumerate(history if isinstance(history, list) else []):
        yield from _amounts(loaded, year, ("income", "expenses", "taxes"), (*path, "history", number))


def _amounts(loaded: Loaded, entry: Any, keys: tuple[str, ...], path: Path) -> Iterator[Problem]:
    entry = table(entry)
    for key in keys:
        if is_number(entry.get(key)) and entry[key] < 0:
            yield loaded.problem((*path, key), "negative", "warning", NEGATIVE)
    currency = entry.get("currency")
    if isinstance(currency, str) and re.fullmatch("[A-Z]{3}", currency) and currency not in EXPONENTS:
        yield loaded.problem((*path, "currency"), "no-currency", "warning", UNKNOWN_CURRENCY, value=currency)


def _repeated(loaded: Loaded, entries: list[Any], path: Path) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        for guid in texts(table(entry).get("guid")):
            if guid in seen:
                here = (*path, number, "guid")
                yield loaded.problem(here, "repeated-guid", "warning", REPEATED_GUID, value=clip(guid))
            seen.add(guid)
