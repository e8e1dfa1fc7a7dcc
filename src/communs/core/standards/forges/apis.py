"""The programming interfaces of three families of forges: addresses to ask, and how to read the answers.

Facts after their own documentation: GitHub REST (2022-11-28), GitLab REST v4, Forgejo and Gitea v1. Each answers with
an `ETag`, and with 304 to whoever gives it back. The listing of a folder names each file with a hash of its contents,
and each folder with a hash of all below: a listing that has not changed says that no file has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import quote

from communs.core.standards.forges.facts import Entry, Facts, address, day, licence, number, table, text
from communs.core.standards.forges.places import RAW_GITHUB, Place

ENTRIES_MAX: Final = 2_000
ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class Request:
    """An address and the headers to ask with. `is_api`: made for programs, under limits of its own, not robots."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    is_api: bool = True


class Forge(Protocol):
    """One family of forges."""

    name: str
    title: str

    def facts(self, place: Place) -> Request:
        """What to ask for the facts of a repository."""

    def listing(self, place: Place, folder: str = "", page: int = 1) -> Request:
        """What to ask for the files of a folder; "" is the top one."""

    def file(self, place: Place, path: str, ref: str = "") -> Request:
        """What to ask for the contents of a file, on the default branch where `ref` is empty."""

    def plain_file(self, place: Place, path: str, ref: str = "") -> Request:
        """The same without the API."""

    def feed(self, place: Place) -> Request:
        """What to ask for the last changes without the API."""

    def page(self, place: Place, path: str, ref: str = "") -> str:
        """Where people read a file."""

    def token(self, secret: str) -> Mapping[str, str]:
        """The headers that show who asks."""

    def read_facts(self, value: Any) -> Facts | None:
        """The facts in an answer; None where it is none."""

    def read_listing(self, value: Any) -> tuple[Entry, ...] | None:
        """The files in an answer; None where it is none."""


class GitHub:
    """github.com, and GitHub Enterprise on other hosts."""

    name, title = "github", "GitHub"
    _JSON: Final = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    _RAW: Final = {**_JSON, "Accept": "application/vnd.github.raw+json"}

    def _base(self, place: Place) -> str:
        root = "https://api.github.com" if place.host == "github.com" else f"{place.scheme}://{place.host}/api/v3"
        return f"{root}/repos/{quote(place.path)}"

    def facts(self, place: Place) -> Request:
        return Request(self._base(place), self._JSON)

    def listing(self, place: Place, folder: str = "", page: int = 1) -> Request:
        return Request(f"{self._base(place)}/contents/{quote(folder)}", self._JSON)

    def file(self, place: Place, path: str, ref: str = "") -> Request:
        # Raw files of github.com do not count against the limits of its API.
        if place.host == "github.com":
            return self.plain_file(place, path, ref)
        asked = f"?ref={quote(ref, safe='')}" if ref else ""
        return Request(f"{self._base(place)}/contents/{quote(path)}{asked}", self._RAW)

    def plain_file(self, place: Place, path: str, ref: str = "") -> Request:
        inside = f"{quote(ref or 'HEAD')}/{quote(path)}"
        if place.host == "github.com":
            return Request(f"https://{RAW_GITHUB}/{quote(place.path)}/{inside}", is_api=False)
        return Request(f"{place.url}/raw/{inside}", is_api=False)

    def feed(self, place: Place) -> Request:
        return Request(f"{place.url}/commits.atom", is_api=False)

    def page(self, place: Place, path: str, ref: str = "") -> str:
        return f"{place.url}/blob/{quote(ref or 'HEAD')}/{quote(path)}"

    def token(self, secret: str) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {secret}"}

    def read_facts(self, value: Any) -> Facts | None:
        told = table(value)
        if not text(told.get("full_name")):
            return None
        return Facts(
            forge_id=number(told.get("id")),
            path=text(told.get("full_name")),
            url=address(told.get("html_url")),
            name=text(told.get("name")),
            description=text(told.get("description")),
            homepage=address(told.get("homepage")),
            licence=licence(table(told.get("license")).get("spdx_id")),
            default_branch=text(told.get("default_branch")),
            active_on=day(told.get("pushed_at")),
            parent=address(table(told.get("parent")).get("html_url")),
            is_fork=told.get("fork") is True,
            is_archived=told.get("archived") is True,
            is_empty=told.get("size") == 0 and not day(told.get("pushed_at")),
        )

    def read_listing(self, value: Any) -> tuple[Entry, ...] | None:
        return _contents(value)


class GitLab:
    """gitlab.com and every other GitLab."""

    name, title = "gitlab", "GitLab"

    def _base(self, place: Place) -> str:
        return f"{place.scheme}://{place.host}/api/v4/projects/{quote(place.path, safe='')}"

    def facts(self, place: Place) -> Request:
        return Request(f"{self._base(place)}?license=true")

    def listing(self, place: Place, folder: str = "", page: int = 1) -> Request:
        inside = f"&path={quote(folder, safe='')}" if folder else ""
        return Request(f"{self._base(place)}/repository/tree?per_page={ROWS}&page={page}{inside}")

    def file(self, place: Place, path: str, ref: str = "") -> Request:
        asked = f"{self._base(place)}/repository/files/{quote(path, safe='')}/raw"
        return Request(f"{asked}?ref={quote(ref or 'HEAD', safe='')}")

    def plain_file(self, place: Place, path: str, ref: str = "") -> Request:
        return Request(f"{place.url}/-/raw/{quote(ref or 'HEAD')}/{quote(path)}", is_api=False)

    def feed(self, place: Place) -> Request:
        return Request(f"{place.url}/-/commits/HEAD?format=atom", is_api=False)

    def page(self, place: Place, path: str, ref: str = "") -> str:
        return f"{place.url}/-/blob/{quote(ref or 'HEAD')}/{quote(path)}"

    def token(self, secret: str) -> Mapping[str, str]:
        return {"PRIVATE-TOKEN": secret}

    def read_facts(self, value: Any) -> Facts | None:
        told = table(value)
        if not text(told.get("path_with_namespace")):
            return None
        parent = table(told.get("forked_from_project"))
        return Facts(
            forge_id=number(told.get("id")),
            path=text(told.get("path_with_namespace")),
            url=address(told.get("web_url")),
            name=text(told.get("name")),
            description=text(told.get("description")),
            licence=licence(table(told.get("license")).get("key")),
            default_branch=text(told.get("default_branch")),
            active_on=day(told.get("last_activity_at")),
            parent=address(parent.get("web_url")),
            is_fork=bool(parent),
            is_archived=told.get("archived") is True,
            is_empty=told.get("empty_repo") is True,
        )

    def read_listing(self, value: Any) -> tuple[Entry, ...] | None:
        if not isinstance(value, list):
            return None
        told = [item for item in value[:ENTRIES_MAX] if isinstance(item, Mapping) and text(item.get("path"))]
        return tuple(
            Entry(text(item.get("path")), item.get("type") == "tree", text(item.get("id"), 80)) for item in told
        )


class Forgejo:
    """Forgejo and Gitea: codeberg.org and many smaller ones."""

    name, title = "forgejo", "Forgejo"

    def _base(self, place: Place) -> str:
        return f"{place.scheme}://{place.host}/api/v1/repos/{quote(place.path)}"

    def facts(self, place: Place) -> Request:
        return Request(self._base(place))

    def listing(self, place: Place, folder: str = "", page: int = 1) -> Request:
        return Request(f"{self._base(place)}/contents/{quote(folder)}" if folder else f"{self._base(place)}/contents")

    def file(self, place: Place, path: str, ref: str = "") -> Request:
        asked = f"?ref={quote(ref, safe='')}" if ref else ""
        return Request(f"{self._base(place)}/raw/{quote(path)}{asked}")

    def plain_file(self, place: Place, path: str, ref: str = "") -> Request:
        return Request(f"{place.url}/raw/{f'branch/{quote(ref)}' if ref else 'HEAD'}/{quote(path)}", is_api=False)

    def feed(self, place: Place) -> Request:
        return Request(f"{place.url}.atom", is_api=False)

    def page(self, place: Place, path: str, ref: str = "") -> str:
        return f"{place.url}/src/{f'branch/{quote(ref)}' if ref else 'HEAD'}/{quote(path)}"

    def token(self, secret: str) -> Mapping[str, str]:
        return {"Authorization": f"token {secret}"}

    def read_facts(self, value: Any) -> Facts | None:
        told = table(value)
        if not text(told.get("full_name")):
            return None
        named = told.get("licenses")
        parent = table(told.get("parent"))
        return Facts(
            forge_id=number(told.get("id")),
            path=text(told.get("full_name")),
            url=address(told.get("html_url")),
            name=text(told.get("name")),
            description=text(told.get("description")),
            homepage=address(told.get("website")),
            licence=licence(named[0]) if isinstance(named, list) and len(named) == 1 else "",
            default_branch=text(told.get("default_branch")),
            active_on=day(told.get("updated_at")),
            parent=address(parent.get("html_url")),
            is_fork=told.get("fork") is True,
            is_archived=told.get("archived") is True,
            is_empty=told.get("empty") is True,
        )

    def read_listing(self, value: Any) -> tuple[Entry, ...] | None:
        return _contents(value)


FORGES: Final[dict[str, Forge]] = {forge.name: forge for forge in (GitHub(), GitLab(), Forgejo())}


def _contents(value: Any) -> tuple[Entry, ...] | None:
    """The listing of GitHub, Forgejo and Gitea."""
    if not isinstance(value, list):
        return None
    found = []
    for item in value[:ENTRIES_MAX]:
        told = table(item)
        size = told.get("size")
        if path := text(told.get("path")):
            is_folder = told.get("type") == "dir"
            bytes_told = size if isinstance(size, int) and not is_folder else None
            found.append(Entry(path, is_folder, text(told.get("sha"), 80), bytes_told))
    return tuple(found)
