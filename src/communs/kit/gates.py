"""Rights on one object: what a person may do with it is asked in one place, and refused in one way.

Each app has one gate function per object (`get_commons(person, public_id, right)`), the only way to reach a row on
behalf of a person. It computes the person's rights with a table and raises `Refused` or `NotThere`.
"""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """What one may do with an object, from reading it to removing it."""

    SEE = "see"
    PROPOSE = "propose"  # suggest a change, discuss, watch
    EDIT = "edit"  # change it, accept or refuse what others propose
    MODERATE = "moderate"  # confirm, lock, merge, hide, appoint stewards
    ADMINISTER = "administer"  # remove, use the administration pages


class Refused(Exception):
    """The person may see the object but not do this. `needs` tells what it takes: "sign-in" or a right."""

    def __init__(self, right: Right, *, signed_in: bool) -> None:
        super().__init__(f"the right to {right.value} is missing")
        self.right = right
        self.needs = right.value if signed_in else "sign-in"


class NotThere(Exception):
    """There is no such object for this person: absent and hidden look the same from outside."""
