"""What forges (GitHub, GitLab, Forgejo and Gitea) tell of a repository, and where its files are. See README.md."""

from communs.core.standards.forges.apis import FORGES, Forge, Request
from communs.core.standards.forges.candidates import Candidates, addresses
from communs.core.standards.forges.facts import Entry, Facts
from communs.core.standards.forges.feeds import last_entry_on
from communs.core.standards.forges.licence_files import licence_of_text
from communs.core.standards.forges.limits import is_spent, wait_s
from communs.core.standards.forges.places import Place, read_place
from communs.core.standards.forges.robots import Robots
from communs.core.standards.forges.wanted import FOLDERS, MANIFESTS, ROLES, WITHOUT_LISTING, choose, says_something

__all__ = [
    "FOLDERS", "FORGES", "MANIFESTS", "ROLES", "WITHOUT_LISTING", "Candidates", "Entry", "Facts", "Forge", "Place",
    "Request", "Robots", "addresses", "choose", "is_spent", "last_entry_on", "licence_of_text", "read_place",
    "says_something", "wait_s",
]  # fmt: skip
