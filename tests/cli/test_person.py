"""`communs person`: people from the command line."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from communs.apps.accounts import queries
from communs.cli import main

PASSWORD = "a well kept garden"
pytestmark = pytest.mark.django_db


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_someone_is_created_with_a_password_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, PASSWORD + "\n")
    arguments = ["person", "create", "New@example.org", "--name", "New", "--role", "editor", "--password-stdin"]
    assert main(arguments) == 0
    person = queries.find_person("new@example.org")
    assert person is not None
    assert (person.name, person.role) == ("New", "editor")
    assert person.check_password(PASSWORD)
    written = capsys.readouterr()
    assert written.out == ""
    assert "new@example.org has an account (editor)" in written.err
    assert PASSWORD not in written.err


def test_without_a_terminal_nobody_is_asked_for_a_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, "")
    assert main(["person", "create", "new@example.org"]) == 0
    person = queries.find_person("new@example.org")
    assert person is not None
    assert not person.has_usable_password()
    assert "Forgot your password?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "typed", "why"),
    [
        (["create", "bob@example.org"], "", "There is an account with the address bob@example.org already."),
        (["create", "nonsense"], "", "nonsense is not an e-mail address."),
        (["create", "new@example.org", "--password-stdin"], "short\n", "too short"),
        (["create", "new@example.org", "--password-stdin"], "", "Standard input holds no password"),
        (["role", "nobody@example.org", "editor"], "", "Nobody has the address nobody@example.org"),
        (["role", "adam@example.org", "member"], "", "only administrator"),
        (["password", "bob@example.org"], "", "No password was given"),
    ],
)
@pytest.mark.usefixtures("bob", "adam")
def test_what_cannot_be_done_says_why(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    typed: str,
    why: str,
) -> None:
    type_in(monkeypatch, typed)
    assert main(["person", *arguments]) == 1
    written = capsys.readouterr()
    assert why in written.err
    assert "Traceback" not in written.err
    assert queries.people().count() == 2


def test_a_role_is_changed(bob: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["person", "role", "BOB@example.org", "administrator"]) == 0
    bob.refresh_from_db()
    assert bob.is_administrator
    assert "bob@example.org is administrator now." in capsys.readouterr().err


def test_a_password_is_changed(bob: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, PASSWORD + "\n")
    assert main(["person", "password", "bob@example.org", "--password-stdin"]) == 0
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)


@pytest.mark.usefixtures("alice", "eva")
def test_everyone_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["person", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [["alice@example.org", "member"], ["eva@example.org", "editor"]]


@pytest.mark.usefixtures("alice", "eva")
def test_the_list_is_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["person", "list", "--role", "editor", "--json"]) == 0
    [row] = json.loads(capsys.readouterr().out)
    assert (row["email"], row["name"], row["role"]) == ("eva@example.org", "Eva", "editor")
    assert set(row) == {"email", "name", "role", "joined_on"}


def test_an_unknown_deed_is_refused_with_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["person", "dance"])
    assert exit_.value.code == 2
    assert "usage: communs person" in capsys.readouterr().err
