"""Keys, signed notes and checkpoints: those of other implementations, and everything that is not to be trusted."""

from __future__ import annotations

import base64

import pytest

from communs.core.transparency import (
    COSIGNER,
    LOG,
    Checkpoint,
    InvalidKey,
    InvalidNote,
    Key,
    Note,
    Signer,
    Trust,
    opened,
)

# The example of Go's golang.org/x/mod/sumdb/note.
PETER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
PETER_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_NOTE = (
    PETER_TEXT + "\n— PeterNeumann"
    " x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# A checkpoint of a certificate log in service, with co-signatures of public witnesses.
ARCHE = """arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
"""  # noqa: E501 - one signature a line
ARCHE_KEY = Key.parse("arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f")
WITNESSES = (
    Key.parse("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"),
    Key.parse("witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv"),
    Key.parse("witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO"),
    Key.parse("transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM"),
)

LOG_SIGNER = Signer("example.org/log", b"L" * 32)
STATE = Signer("state.example", b"S" * 32, COSIGNER)
CITY = Signer("city.example", b"C" * 32, COSIGNER)
CHECKPOINT = Checkpoint("example.org/log", 12, bytes(32))
TRUST = Trust("example.org/log", (LOG_SIGNER.key,), (STATE.key, CITY.key), quorum=1)


def signed() -> Note:
    return Note(CHECKPOINT.text).signed_by(LOG_SIGNER).signed_by(STATE, at=1_700_000_000)


def test_the_note_of_the_go_implementation_is_signed_and_read_byte_for_byte() -> None:
    signer = Signer("PeterNeumann", PETER_SEED)
    assert str(signer.key) == PETER_KEY
    assert Note(PETER_TEXT).signed_by(signer).to_bytes().decode() == PETER_NOTE
    note = Note.parse(PETER_NOTE.encode())
    assert note.signers([Key.parse(PETER_KEY)]) == (signer.key,)
    assert note.to_bytes().decode() == PETER_NOTE


def test_a_checkpoint_in_service_is_read_with_the_signatures_of_its_witnesses() -> None:
    trust = Trust("arche2025h1.staging.ct.transparency.dev", (ARCHE_KEY,), WITNESSES, quorum=4)
    found = opened(ARCHE.encode(), trust)
    assert found.checkpoint.size == 1_432_088_532
    assert found.cosigned_by == tuple(sorted(key.name for key in WITNESSES))
    assert found.note.to_bytes().decode() == ARCHE
    with pytest.raises(InvalidNote, match="not of this text"):
        opened(ARCHE.replace("1432088532", "1432088533").encode(), trust)


def test_keys_are_written_and_read() -> None:
    for signer in (LOG_SIGNER, STATE):
        assert Key.parse(f"{signer.key}\n") == signer.key
    assert "LLL" not in repr(LOG_SIGNER)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not a public key"),
        ("name+c74f20a3", "is not a public key"),
        (PETER_KEY.replace("c74f20a3", "c74f20a4"), "has the id c74f20a3, not c74f20a4"),
        (PETER_KEY.replace("Peter", "Pet er"), "cannot be the name"),
        (PETER_KEY.replace("ARpc", "AhpC"), "not an Ed25519 key of type"),
        (PETER_KEY[:-4], "not an Ed25519 key of type"),
        (PETER_KEY[:-1] + "=", "is not a public key"),
    ],
)
def test_what_is_no_key_is_refused(text: str, said: str) -> None:
    with pytest.raises(InvalidKey, match=said):
        Key.parse(text)


def test_a_seed_of_another_length_and_a_name_with_a_plus_are_refused() -> None:
    with pytest.raises(InvalidKey, match="4 bytes instead of 32"):
        Signer("a", b"seed")
    with pytest.raises(InvalidKey, match="cannot be the name"):
        Signer("a+b", bytes(32))


def test_a_co_signer_says_when_and_a_log_does_not() -> None:
    with pytest.raises(InvalidKey, match="says when"):
        STATE.signature("text\n")
    with pytest.raises(InvalidKey, match="says when"):
        LOG_SIGNER.signature("text\n", at=1)


def test_a_checkpoint_needs_the_log_and_enough_co_signers() -> None:
    found = opened(signed().to_bytes(), TRUST)
    assert (found.checkpoint, found.cosigned_by) == (CHECKPOINT, ("state.example",))
    with pytest.raises(InvalidNote, match=r"2 co-signers are needed, it is signed by state\.example"):
        opened(signed().to_bytes(), TRUST, quorum=2)
    with pytest.raises(InvalidNote, match="1 co-signers are needed, it is signed by nobody"):
        opened(Note(CHECKPOINT.text).signed_by(LOG_SIGNER).to_bytes(), TRUST)
    with pytest.raises(InvalidNote, match=r"not signed by example\.org/log"):
        opened(Note(CHECKPOINT.text).signed_by(STATE, at=1).to_bytes(), TRUST)


def test_a_co_signer_that_signs_twice_is_one_and_so_are_two_keys_of_one_name() -> None:
    twice = signed().signed_by(STATE, at=1_700_000_009)
    assert len(twice.signatures) == 2
    again = Signer("state.example", b"T" * 32, COSIGNER)
    trust = Trust("example.org/log", (LOG_SIGNER.key,), (STATE.key, again.key, CITY.key), quorum=2)
    with pytest.raises(InvalidNote, match="2 co-signers are needed"):
        opened(twice.signed_by(again, at=5).to_bytes(), trust)
    repeated = signed().to_bytes() + str(signed().signatures[1]).encode()
    assert opened(repeated, TRUST).cosigned_by == ("state.example",)


def test_while_a_key_is_changed_either_of_two_will_do() -> None:
    new = Signer("example.org/log", b"N" * 32)
    trust = Trust("example.org/log", (LOG_SIGNER.key, new.key))
    for signer in (LOG_SIGNER, new):
        assert opened(Note(CHECKPOINT.text).signed_by(signer).to_bytes(), trust).checkpoint == CHECKPOINT


def test_a_log_signature_does_not_pass_for_a_co_signature() -> None:
    """The same 32 bytes in both roles: the ids and the signed texts differ."""
    both = Signer("example.org/log", LOG_SIGNER.seed, COSIGNER)
    assert both.key.id != LOG_SIGNER.key.id
    assert not both.key.signed(CHECKPOINT.text, bytes(8) + LOG_SIGNER.signature(CHECKPOINT.text))
    assert not LOG_SIGNER.key.signed(CHECKPOINT.text, both.signature(CHECKPOINT.text, at=0)[8:])


def test_unknown_signatures_are_passed_over_and_a_wrong_one_of_a_known_key_is_an_error() -> None:
    stranger = Signer("stranger.example", b"X" * 32)
    assert opened(signed().signed_by(stranger).to_bytes(), TRUST).cosigned_by == ("state.example",)
    forged = signed().to_bytes().replace(b"\n12\n", b"\n13\n")
    with pytest.raises(InvalidNote, match="not of this text"):
        opened(forged, TRUST)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "does not end with"),
        (b"text\n", "does not end with"),
        (b"text\n\n", "does not end with"),
        (b"text\n\n\xe2\x80\x94 name AAAAAAA=", "does not end with"),
        (b"text\n\nname AAAAAAA=\n", "is not a signature"),
        ("text\n\n— name\n".encode(), "is not a signature"),
        ("text\n\n— name AAAA\n".encode(), "is not a signature"),
        ("text\n\n— name AAAAAAB=\n".encode(), "is not a signature"),
        ("text\n\n— na+me AAAAAAA=\n".encode(), "is not a signature"),
        ("text\n\n— na\u00a0me AAAAAAA=\n".encode(), "is not a signature"),
        ("te\txt\n\n— name AAAAAAA=\n".encode(), "no other control"),
        (b"\xff\n\n", "not UTF-8"),
        (b"x" * 500_001, "500000 are the most"),
        (b"text\n\n" + "— name AAAAAAA=\n".encode() * 65, "64 are the most"),
    ],
)
def test_what_is_no_note_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(InvalidNote, match=said):
        Note.parse(data)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("origin\n1\n", "three lines"),
        (CHECKPOINT.text + "extension\n", "three lines"),
        (CHECKPOINT.text.replace("12", "012"), "number of entries"),
        (CHECKPOINT.text.replace("12", "-1"), "number of entries"),
        (CHECKPOINT.text.replace("12", "9999999999999999999"), "size from 0 to"),
        (CHECKPOINT.text.replace("AAA=", "AAB="), "root in base64"),
        (CHECKPOINT.text.replace("AAAA", ""), "root of 32 bytes"),
        (CHECKPOINT.text.replace("example.org/log", ""), "origin of a log"),
    ],
)
def test_what_is_no_checkpoint_is_refused_though_it_is_signed(text: str, said: str) -> None:
    with pytest.raises(InvalidNote, match=said):
        opened(Note(text).signed_by(LOG_SIGNER).to_bytes(), TRUST, quorum=0)


def test_a_checkpoint_of_another_log_of_the_same_key_is_refused() -> None:
    other = Note(CHECKPOINT.text.replace("example.org/log", "example.org/other")).signed_by(LOG_SIGNER)
    with pytest.raises(InvalidNote, match=r"of the log example\.org/other, not of example\.org/log"):
        opened(other.to_bytes(), TRUST, quorum=0)


def test_trust_that_makes_no_sense_is_refused() -> None:
    for log, cosigners, quorum in (
        ((), (), 0),
        ((STATE.key,), (), 0),
        ((LOG_SIGNER.key,), (LOG_SIGNER.key,), 0),
        ((LOG_SIGNER.key,), (STATE.key,), 2),
    ):
        with pytest.raises(ValueError, match=r"key of the log|of type 4|cannot be asked for"):
            Trust("example.org/log", log, cosigners, quorum)
    assert (LOG, COSIGNER) == (1, 4)
