"""One name for one thing: package URLs without their version, repositories in one spelling, ids of a register."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from communs.core.identity import normalise_repository


def without_version(purl: str) -> str:
    """A package URL without version, qualifiers and subpath: money goes to a package, not to one version of it.

    >>> without_version("pkg:npm/%40scope/name@1.2.0?arch=x#lib")
    'pkg:npm/%40scope/name'
    """
    bare = purl.partition("#")[0].partition("?")[0]
    head, at, _version = bare.rpartition("@")
    return head if at and "/" in head else bare


def known_as(name: str) -> str:
    """The spelling under which names are compared: a package URL without version, a repository as `host/path`.

    >>> known_as("https://github.com/A/B.git"), known_as("pkg:pypi/django@5.2"), known_as("libc6")
    ('github.com/a/b', 'pkg:pypi/django', 'libc6')
    """
    if name.startswith("pkg:"):
        return without_version(name)
    return (normalise_repository(name) if "/" in name else None) or name


def to_register(ids: Mapping[str, str]) -> Callable[[str], str]:
    """A renaming for `Graph.renamed`: `ids` lead from package URLs and repositories to ids of a register.

    What is not in `ids` keeps its name.

    >>> to_register({"https://github.com/django/django": "commons-1"})("git@github.com:Django/django.git")
    'commons-1'
    """
    known = {known_as(name): id_ for name, id_ in ids.items()}
    return lambda name: known.get(known_as(name), name)
