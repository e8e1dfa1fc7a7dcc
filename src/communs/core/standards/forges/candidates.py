"""A link that somebody gives: which addresses to try, in order, for what describes the commons behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote, urlsplit, urlunsplit

from communs.core.standards.forges.apis import FORGES
from communs.core.standards.forges.places import LENGTH_MAX, Place, read_place

Kind = Literal["file", "repository", "website", "none"]

# Files that bear the name of a manifest, or end like one of the formats that can be read.
_FILE: Final = re.compile(r"\.(?:ya?ml|json|jsonl|ndjson|cff|csv|xml|md|txt)$", re.IGNORECASE)
# What websites publish about themselves at fixed places.
AT_A_SITE: Final = ("publiccode.yml", "funding.json", ".well-known/funding.json", "codemeta.json", "CITATION.cff")


@dataclass(frozen=True, slots=True)
class Candidates:
    """`addresses` to try for a file, the likeliest first. `place`: the repository that the link names or may name.

    `kind`: a *file* is read and nothing else; a *repository* is asked through its forge; at a *website* each of the
    addresses may hold something; *none* is no address of the web. `forges`: the families to try, the likeliest first.
    """

    kind: Kind
    addresses: tuple[str, ...] = ()
    place: Place | None = None
    forges: tuple[str, ...] = ()


def addresses(url: str) -> Candidates:
    """What to try for a link. Pure: nothing is asked of anyone.

    >>> addresses("https://github.com/wikimedia/mediawiki/blob/master/publiccode.yml").addresses
    ('https://raw.githubusercontent.com/wikimedia/mediawiki/master/publiccode.yml',)
    >>> found = addresses("git@codeberg.org:someone/thing.git")
    >>> found.kind, found.place.url, found.forges
    ('repository', 'https://codeberg.org/someone/thing', ('forgejo',))
    >>> addresses("https://example.org/about").addresses[:2]
    ('https://example.org/about/publiccode.yml', 'https://example.org/publiccode.yml')
    """
    link = url.strip()
    place = read_place(link)
    if "://" not in link and "@" not in link and "." in link.partition("/")[0]:
        link = f"https://{link}"
    if place is not None and place.file:
        return Candidates("file", _of_file(link, place), place, _families(place))
    if not link.lower().startswith(("https://", "http://")):
        return Candidates("repository", (), place, _families(place)) if place else Candidates("none")
    try:
        split = urlsplit(link)
        is_web = bool(split.hostname) and split.username is None and len(link) <= LENGTH_MAX
    except ValueError:
        is_web = False
    if not is_web:
        return Candidates("none")
    if _FILE.search(split.path):
        return Candidates("file", (link,))
    if place is not None and place.forge:
        return Candidates("repository", (), place, _families(place))
    # A path of several parts on a host that nothing is known of: a forge, or a page like any other.
    return Candidates("website", _of_site(link), place, _families(place))


def _families(place: Place | None) -> tuple[str, ...]:
    if place is None:
        return ()
    return (place.forge,) if place.forge else ("forgejo", "gitlab", "github")


def _of_file(link: str, place: Place) -> tuple[str, ...]:
    """The contents of a file that is linked to as a page of its forge; a link to the contents stays as it is."""
    split = urlsplit(link)
    if split.hostname == "raw.githubusercontent.com" or re.search(r"/(?:-/)?raw/", split.path):
        return (link,)
    asked = [FORGES[family] for family in _families(place)]
    made = [forge.file(place, place.file, place.ref).url for forge in asked]
    made += [forge.plain_file(place, place.file, place.ref).url for forge in asked]
    return tuple(dict.fromkeys(made))


def _of_site(link: str) -> tuple[str, ...]:
    """The fixed places under the page itself, then at the top of its site."""
    split = urlsplit(link)
    folder = split.path.rstrip("/")
    tops = [folder, ""] if folder and folder.count("/") <= 2 else [""]
    made = [
        urlunsplit((split.scheme, split.netloc, f"{quote(top, safe='/%')}/{name}", "", ""))
        for name in AT_A_SITE
        for top in tops
    ]
    return tuple(dict.fromkeys(made))
