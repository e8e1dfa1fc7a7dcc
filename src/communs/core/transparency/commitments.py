"""Personal fields in a public log: a commitment stands there, its salt elsewhere.

With the salt, anyone who is shown the value can check it. Without it, the commitment is as good as chance, and stays in
the log with all proofs valid: deleting the salt erases the field. One salt a field of an entry, never used again.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from communs.core.transparency.canonical import canonical

SALT_BYTES = 32
PREFIX = "hmac-sha256:"


class BadSalt(ValueError):
    """A salt is too short, or used twice."""


def commitment(field: str, value: Any, salt: bytes) -> str:
    """The commitment to the value of a field: HMAC-SHA-256, keyed with the salt, of canonical JSON `[field, value]`.

    `salt`: 32 bytes by chance. Raises `BadSalt`, and `NotCanonical` for a value without a canonical form.
    """
    if len(salt) != SALT_BYTES:
        raise BadSalt(f"The salt of “{field}” has {len(salt)} bytes instead of {SALT_BYTES}.")
    return PREFIX + hmac.new(salt, canonical([field, value]), hashlib.sha256).hexdigest()


def reveals(committed: str, field: str, value: Any, salt: bytes) -> bool:
    """Whether the commitment was made to this value of the field, with this salt."""
    return hmac.compare_digest(committed.encode(), commitment(field, value, salt).encode())


def veiled(document: Mapping[str, Any], salts: Mapping[str, bytes]) -> dict[str, Any]:
    """The document with commitments in the place of the fields that have a salt.

    Raises `KeyError` for a field that is not there, and `BadSalt` where two fields share a salt.
    """
    if len(set(salts.values())) < len(salts):
        raise BadSalt("Two fields share a salt: make one for each, or equal values can be seen to be equal.")
    hidden = {field: commitment(field, document[field], salt) for field, salt in salts.items()}
    return {**document, **hidden}


def salt_of(secret: bytes, entry: str, field: str) -> bytes:
    """The salt of one field of one entry, from a secret of 32 bytes kept with a person.

    Deleting the secret erases the person from all entries at once; showing one salt gives away no other.
    """
    if len(secret) != SALT_BYTES:
        raise BadSalt(f"The secret has {len(secret)} bytes instead of {SALT_BYTES}.")
    return hmac.new(secret, canonical(["communs-salt-1", entry, field]), hashlib.sha256).digest()
