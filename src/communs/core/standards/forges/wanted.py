"""Which files of a repository say something about the commons behind it, by the names they are known under."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from communs.core.standards.forges.facts import Entry

# By role: the names it goes under, the usual one first. Manifests have the role of the format that reads them.
_TEXT: Final = r"(?:\.(?:md|markdown|rst|txt|adoc|org))?"
MANIFESTS: Final = ("publiccode", "funding-json", "codemeta", "citation-cff", "funding-yml")
ROLES: Final[Mapping[str, re.Pattern[str]]] = {
    "publiccode": re.compile(r"publiccode\.ya?ml", re.IGNORECASE),
    "funding-json": re.compile(r"funding\.json", re.IGNORECASE),
    "codemeta": re.compile(r"codemeta\.json", re.IGNORECASE),
    "citation-cff": re.compile(r"citation\.cff", re.IGNORECASE),
    "funding-yml": re.compile(r"funding\.ya?ml", re.IGNORECASE),
    "licence": re.compile(rf"(?:licen[cs]e|copying|unlicense)(?:[-_.][\w.+-]*)?{_TEXT}", re.IGNORECASE),
    "governance": re.compile(rf"governance{_TEXT}", re.IGNORECASE),
    "contributing": re.compile(rf"contributing{_TEXT}", re.IGNORECASE),
    "conduct": re.compile(rf"code[-_]?of[-_]?conduct{_TEXT}", re.IGNORECASE),
}
# Where forges look for the files that are for people, in this order; manifests stand at the top, FUNDING.yml anywhere.
FOLDERS: Final = ("", ".github", ".gitlab", ".forgejo", ".gitea", "docs")
_ANYWHERE: Final = frozenset({"funding-yml", "governance", "contributing", "conduct"})

# Asked for one by one where the forge gives no listing.
WITHOUT_LISTING: Final[Mapping[str, str]] = {
    "publiccode": "publiccode.yml",
    "funding-json": "funding.json",
    "codemeta": "codemeta.json",
    "citation-cff": "CITATION.cff",
    "funding-yml": ".github/FUNDING.yml",
    "licence": "LICENSE",
    "governance": "GOVERNANCE.md",
    "contributing": "CONTRIBUTING.md",
    "conduct": "CODE_OF_CONDUCT.md",
}
# A file for people that holds less than this, its markup left aside, only points elsewhere or is yet to be written.
SAYS_SOMETHING_CHARACTERS: Final = 200


def choose(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The file of each role, at most one: the higher folder first, then the shorter name.

    >>> found = choose([Entry("docs/CONTRIBUTING.md"), Entry("CONTRIBUTING.rst"), Entry("LICENSE-MIT")])
    >>> {role: entry.path for role, entry in found.items()}
    {'licence': 'LICENSE-MIT', 'contributing': 'CONTRIBUTING.rst'}
    """
    files = [entry for entry in entries if not entry.is_folder]
    chosen: dict[str, Entry] = {}
    for role, names in ROLES.items():
        fitting = [entry for entry in files if names.fullmatch(entry.name) and _stands_right(entry, role)]
        if fitting:
            chosen[role] = min(fitting, key=lambda entry: (_folder_order(entry), len(entry.name), entry.name))
    return chosen


def says_something(text: str) -> bool:
    """Whether a file for people holds more than a heading or a pointer to somewhere else.

    >>> says_something("# Governance\\n\\nSee https://example.org/governance")
    False
    """
    said = re.sub(r"<!--[\s\S]*?-->|https?://\S+|^[ \t]*#.*$|[*_`>|=-]", " ", text, flags=re.MULTILINE)
    return len(" ".join(said.split())) >= SAYS_SOMETHING_CHARACTERS


def _stands_right(entry: Entry, role: str) -> bool:
    folder = entry.path.rpartition("/")[0]
    return folder == "" or (role in _ANYWHERE and folder.lower() in FOLDERS)


def _folder_order(entry: Entry) -> int:
    folder = entry.path.rpartition("/")[0].lower()
    return FOLDERS.index(folder) if folder in FOLDERS else len(FOLDERS)
