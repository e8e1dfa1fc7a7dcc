"""Addresses of repositories and of files inside them, taken apart as their forges build them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlsplit

LENGTH_MAX: Final = 2_000
RAW_GITHUB: Final = "raw.githubusercontent.com"

# Public forges by what runs them; a host that is not here shows it by its API.
HOSTS: Final[dict[str, str]] = {
    "github.com": "github",
    **dict.fromkeys(
        (
            "gitlab.com", "framagit.org", "salsa.debian.org", "invent.kde.org", "0xacab.org", "code.europa.eu",
            "code.videolan.org", "dev.funkwhale.audio", "forge.apps.education.fr", "git.drupalcode.org",
            "git.jami.net", "source.puri.sm", "opencode.de", "forge.april.org", "git.coop",
        ),
        "gitlab",
    ),
    **dict.fromkeys(
        (
            "codeberg.org", "gitea.com", "code.forgejo.org", "git.spip.net", "projects.blender.org", "git.disroot.org",
            "forge.chapril.org", "forgejo.sny.sh", "disroot.org",
        ),
        "forgejo",
    ),
}  # fmt: skip

_SCP_LIKE: Final = re.compile(r"^(?:[\w.-]+@)(?P<host>[\w.-]+):(?!//)(?P<path>[^\s]+)$")
_GIT_SCHEME: Final = re.compile(r"^(?:scm:)?(?:git\+)?(?:git|ssh)://(?:[^@/\s]+@)?", re.IGNORECASE)
_GITLAB_INSIDE: Final = re.compile(r"/(?:-/)?(?:blob|raw|tree|blame)/(?P<rest>.+)$")
_GITHUB_INSIDE: Final = re.compile(r"^(?:blob|raw|tree|blame|edit)/(?P<rest>.+)$")
_FORGEJO_INSIDE: Final = re.compile(r"^(?:src|raw|media)/(?:(?:branch|tag|commit)/)?(?P<rest>.+)$")
_FORGEJO_SHAPE: Final = re.compile(r"^[^/]+/[^/]+/(?:src|raw|media)/(?:branch|tag|commit)/")
# Pages of a repository that are about it and not part of its path.
_PAGES: Final = frozenset(
    {
        "-", "actions", "activity", "archive", "branches", "commit", "commits", "contributors", "discussions", "graphs",
        "issues", "merge_requests", "network", "packages", "projects", "pull", "pulls", "pulse", "releases", "security",
        "settings", "stargazers", "tags", "tree", "watchers", "wiki", "wikis", "blob", "raw", "src", "blame",
    }
)  # fmt: skip
# First parts of paths that belong to the forge itself.
_OF_THE_FORGE: Final = frozenset(
    {"about", "api", "explore", "features", "help", "login", "orgs", "search", "topics", "users", "user", "groups"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """A repository, or a file in it.

    `host` with its port; `path` as `owner/name`, or deeper where groups nest; `forge` one of `FORGES`, or empty where
    the host does not tell. `file` is the path inside the repository and `ref` its branch, both empty for the whole.
    """

    scheme: str
    host: str
    path: str
    forge: str = ""
    file: str = ""
    ref: str = ""

    @property
    def url(self) -> str:
        """The page of the repository."""
        return f"{self.scheme}://{self.host}/{quote(self.path)}"

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


def read_place(url: str) -> Place | None:
    """Take an address apart. None where it cannot be that of a repository.

    >>> read_place("https://github.com/wikimedia/mediawiki/blob/master/docs/a.md")
    Place(scheme='https', host='github.com', path='wikimedia/mediawiki', forge='github', file='docs/a.md', ref='master')
    >>> read_place("git@gitlab.com:group/sub/thing.git").url
    'https://gitlab.com/group/sub/thing'
    >>> read_place("https://example.org/") is None
    True
    """
    split = _split(url)
    if split is None:
        return None
    scheme, host, segments = split
    if host == RAW_GITHUB:
        ref, file = _ref_and_file("/".join(segments[2:]))
        return Place("https", "github.com", "/".join(segments[:2]), "github", file, ref) if len(segments) > 3 else None
    forge = forge_of(host) or _shown_by("/".join(segments))
    if len(segments) < 2 or segments[0].lower() in _OF_THE_FORGE:
        return None
    path, file, ref = _nested(segments) if forge in {"gitlab", ""} else _two_levels(segments, forge)
    if len(path.split("/")) < 2:
        return None
    return Place("https" if host in HOSTS else scheme, host, path.removesuffix(".git"), forge, file, ref)


def forge_of(host: str) -> str:
    """What runs a host, as far as its name tells.

    >>> forge_of("gitlab.ow2.org"), forge_of("git.example.org")
    ('gitlab', '')
    """
    if host.startswith("gitlab."):
        return "gitlab"
    return HOSTS.get(host, "forgejo" if host.startswith(("gitea.", "forgejo.")) else "")


def _split(url: str) -> tuple[str, str, list[str]] | None:
    """Scheme, host and the parts of the path."""
    url = url.strip()
    if len(url) > LENGTH_MAX or re.search(r"[\s\\]", url):
        return None
    scp_like = _SCP_LIKE.match(url)
    url = f"https://{scp_like['host']}/{scp_like['path']}" if scp_like else _GIT_SCHEME.sub("https://", url)
    if "://" not in url:
        url = f"https://{url}"
    try:
        split = urlsplit(url.removeprefix("git+"))
        port = split.port
    except ValueError:
        return None
    name = (split.hostname or "").removeprefix("www.")
    if split.scheme not in {"http", "https"} or "." not in name or split.username is not None:
        return None
    own = port not in {None, 80, 443, 22, 9418}
    segments = [unquote(part) for part in split.path.split("/") if part]
    if any(part in {".", ".."} or "/" in part for part in segments):
        return None
    return split.scheme, f"{name}:{port}" if own else name, segments


def _shown_by(path: str) -> str:
    """What runs a host whose name does not tell, as far as the form of an address does."""
    if "/-/" in path:
        return "gitlab"
    if _FORGEJO_SHAPE.match(path):
        return "forgejo"
    return "github" if re.match(r"^[^/]+/[^/]+/blob/", path) else ""


def _nested(segments: list[str]) -> tuple[str, str, str]:
    """Path, file and ref where groups may nest."""
    whole = "/".join(segments)
    inside = _GITLAB_INSIDE.search(whole, len(segments[0]) + 1)
    if inside:
        ref, file = _ref_and_file(inside["rest"])
        return whole[: inside.start()], file, ref
    end = next((at for at, part in enumerate(segments) if at > 1 and part in _PAGES), len(segments))
    return "/".join(segments[:end]), "", ""


def _two_levels(segments: list[str], forge: str) -> tuple[str, str, str]:
    """Path, file and ref where a repository is exactly owner/name."""
    shape = _GITHUB_INSIDE if forge == "github" else _FORGEJO_INSIDE
    inside = shape.match("/".join(segments[2:]))
    ref, file = _ref_and_file(inside["rest"]) if inside else ("", "")
    return "/".join(segments[:2]), file, ref


def _ref_and_file(rest: str) -> tuple[str, str]:
    """A branch (its name taken as one part, or as `refs/heads/name`) and the path behind it."""
    named = re.match(r"^refs/(?:heads|tags)/([^/]+)/?(.*)$", rest)
    if named:
        return named[1], named[2]
    ref, _slash, file = rest.partition("/")
    return ref, file
