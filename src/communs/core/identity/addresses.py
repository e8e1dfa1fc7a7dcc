"""One spelling for each address and identifier, so that equal things compare equal."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

MAX_CHARACTERS: Final = 300

# Forges whose repositories are exactly owner/name, and those that nest groups. Both ignore case.
_TWO_LEVELS: Final = frozenset({"github.com", "codeberg.org", "bitbucket.org", "gitee.com", "notabug.org"})
_NESTING: Final = frozenset({"gitlab.com", "framagit.org", "salsa.debian.org", "invent.kde.org", "0xacab.org"})
_INSIDE = re.compile(
    r"/(?:-|tree|blob|raw|wiki|issues|commits?|releases|src/(?:branch|tag|commit))(?:/.*)?$", re.IGNORECASE
)
_SCP_LIKE = re.compile(r"^(?:[\w.-]+@)(?P<host>[\w.-]+):(?!//)(?P<path>.+)$")
_SCHEME = re.compile(r"^(?:scm:)?(?:git[:+])?(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_HOST = re.compile(r"^(?=.{1,253}$)[^\s/@:]+\.[^\s/@:.]+$")
_WIKIDATA = re.compile(
    r"^(?:wd:|(?:https?://)?(?:www\.|m\.)?wikidata\.org/(?:wiki/(?:Special:EntityPage/)?|entity/))?"
    r"(?P<id>Q[1-9]\d{0,11})(?:[#?/.].*)?$",
    re.IGNORECASE,
)
_DOI = re.compile(r"^(?:doi:\s*|(?:https?://)?(?:dx\.|www\.)?doi\.org/)?(?P<doi>10\.\d{4,9}/\S+)$", re.IGNORECASE)


def normalise_repository(url: str) -> str | None:
    """`host/path` of a source repository, or None when the address names none.

    Without scheme, user, `www`, `.git`, trailing slash and whatever points inside the repository; lower case where the
    forge ignores case. The page of an owner or a group on a known forge is no repository.

    >>> normalise_repository("git@github.com:Wikimedia/MediaWiki.git")
    'github.com/wikimedia/mediawiki'
    >>> normalise_repository("https://gitlab.com/Group/sub/thing/-/tree/main/docs")
    'gitlab.com/group/sub/thing'
    """
    split = _split(url)
    if split is None:
        return None
    # gitweb names the repository in its query: /gitweb/?p=postgresql.git;a=summary
    query = re.match(r"p=([^;&]+)", split.query)
    host, path = _host(split), _clean_path(f"{split.path}/{query[1]}" if query else split.path)
    if host == "raw.githubusercontent.com":
        host = "github.com"
    segments = [segment for segment in path.split("/") if segment]
    if host in _TWO_LEVELS:
        segments = segments[:2]
    elif len(segments) > 2:
        segments = _INSIDE.sub("", "/" + "/".join(segments)).strip("/").split("/")
    least = 2 if host in _TWO_LEVELS or _nests(host) else 1
    if len(segments) < least:
        return None
    path = re.sub(r"\.git$", "", "/".join(segments), flags=re.IGNORECASE)
    ignores_case = host in _TWO_LEVELS or _nests(host)
    return _bounded(f"{host}/{path.lower() if ignores_case else path}")


def normalise_homepage(url: str) -> str | None:
    """`host/path` of a page: without scheme, `www`, trailing slash, index page, fragment and tracking parameters.

    >>> normalise_homepage("https://www.Decidim.org/en/?utm_source=x#top")
    'decidim.org/en'
    """
    split = _split(url)
    if split is None:
        return None
    path = re.sub(r"/index\.(?:html?|php)$", "", _clean_path(split.path), flags=re.IGNORECASE)
    kept = [(key, value) for key, value in parse_qsl(split.query) if not key.lower().startswith("utm_")]
    query = f"?{urlencode(kept)}" if kept else ""
    return _bounded(f"{_host(split)}{path.rstrip('/')}{query}")


def normalise_wikidata(text: str) -> str | None:
    """The item id (`Q52`) in an id or address of Wikidata, or None.

    >>> normalise_wikidata("https://www.wikidata.org/wiki/q52"), normalise_wikidata("P31")
    ('Q52', None)
    """
    found = _WIKIDATA.match(text.strip())
    return found["id"].upper() if found else None


def normalise_doi(text: str) -> str | None:
    """A DOI in lower case without resolver and final punctuation, or None.

    >>> normalise_doi("https://doi.org/10.5281/Zenodo.1234.")
    '10.5281/zenodo.1234'
    """
    found = _DOI.match(unquote(text.strip()))
    return _bounded(found["doi"].lower().rstrip(".,;)")) if found else None


def _split(url: str) -> SplitResult | None:
    url = url.strip()
    if not url or len(url) > 2_000 or re.search(r"\s", url):
        return None
    scp_like = _SCP_LIKE.match(url)
    bare = f"{scp_like['host']}/{scp_like['path']}" if scp_like else _SCHEME.sub("", url)
    try:
        split = urlsplit(f"//{bare}")
        port = split.port
    except ValueError:
        return None
    return split if _HOST.match(split.hostname or "") and port != 0 else None


def _host(split: SplitResult) -> str:
    host = (split.hostname or "").removeprefix("www.")
    return host if split.port in (None, 22, 80, 443, 9418) else f"{host}:{split.port}"


def _clean_path(path: str) -> str:
    return re.sub(r"/{2,}", "/", unquote(path)).rstrip("/")


def _nests(host: str) -> bool:
    return host in _NESTING or host.startswith("gitlab.")


def _bounded(text: str) -> str | None:
    """Longer ones cannot be compared in the register's columns; cutting them would make different things equal."""
    return text if len(text) <= MAX_CHARACTERS else None
