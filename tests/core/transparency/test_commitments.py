"""Commitments: checked with the salt, worth nothing without it."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from communs.core.transparency import BadSalt, NotCanonical, canonical, commitment, reveals, salt_of, veiled

SALT, OTHER = bytes(range(32)), bytes(range(1, 33))


def test_a_commitment_is_the_hmac_that_the_page_says() -> None:
    made = hmac.new(SALT, '["donor","Zoé"]'.encode(), hashlib.sha256).hexdigest()
    assert commitment("donor", "Zoé", SALT) == f"hmac-sha256:{made}"


def test_it_opens_to_its_value_its_field_and_its_salt_alone() -> None:
    made = commitment("donor", "Zoé", SALT)
    assert reveals(made, "donor", "Zoé", SALT)
    assert not reveals(made, "donor", "Zoe", SALT)
    assert not reveals(made, "payee", "Zoé", SALT)
    assert not reveals(made, "donor", "Zoé", OTHER)
    assert not reveals("hmac-sha256:é", "donor", "Zoé", SALT)


def test_a_document_is_published_without_its_personal_fields() -> None:
    entry = {"amount": 500, "donor": "Zoé", "note": "Zoé"}
    public = veiled(entry, {"donor": SALT, "note": OTHER})
    assert public["amount"] == 500
    assert public["donor"] != public["note"]
    assert "Zoé".encode() not in canonical(public)
    assert reveals(public["donor"], "donor", "Zoé", SALT)
    assert entry["donor"] == "Zoé"


def test_salts_that_would_give_something_away_are_refused() -> None:
    with pytest.raises(BadSalt, match="share a salt"):
        veiled({"a": 1, "b": 1}, {"a": SALT, "b": SALT})
    with pytest.raises(BadSalt, match="“a” has 3 bytes instead of 32"):
        veiled({"a": 1}, {"a": b"abc"})
    with pytest.raises(BadSalt, match="secret has 0 bytes"):
        salt_of(b"", "entry", "donor")
    with pytest.raises(KeyError):
        veiled({"a": 1}, {"b": SALT})
    with pytest.raises(NotCanonical):
        commitment("a", 0.5, SALT)


def test_one_secret_of_a_person_makes_a_salt_for_each_field_of_each_entry() -> None:
    salts = {salt_of(secret, e, f) for secret in (SALT, OTHER) for e in ("e1", "e2") for f in ("donor", "note")}
    assert len(salts) == 8
    assert salt_of(SALT, "e1", "donor") == salt_of(SALT, "e1", "donor")
