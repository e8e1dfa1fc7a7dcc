"""`communs doctor`: what is set, what works, what is wrong and what to do about it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from communs.cli import doctor_checks
from communs.cli.doctor import masked, settings_found
from communs.cli.house import ROOT
from communs.kit.models import Chore
from communs.web.config import VARIABLES


def doctor(data: Path, **environment: str) -> tuple[int, Any, str]:
    """Exit code, document and messages of `communs doctor --json` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "communs", "doctor", "--json"],
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin", "COMMUNS_DATA": str(data), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout), done.stderr


def named(document: Any, name: str) -> Any:
    return next(check for check in document["checks"] if check["name"] == name)


def test_a_fresh_machine_is_well_and_told_how_to_go_on(tmp_path: Path) -> None:
    code, document, _messages = doctor(tmp_path / "new")
    assert code == 0
    assert document["ok"]
    assert named(document, "database")["state"] == "warning"
    assert "communs demo" in named(document, "database")["remedy"]
    assert {setting["name"] for setting in document["settings"]} == {name for name, _default, _meaning in VARIABLES}


def test_settings_that_forbid_a_start_are_all_named(tmp_path: Path) -> None:
    code, document, _messages = doctor(tmp_path, COMMUNS_PUBLIC_URL="https://example.org", COMMUNS_LOG="loud")
    assert code == 1
    remedy = named(document, "settings")["remedy"]
    assert all(
        name in remedy for name in ("COMMUNS_SECRET_KEY", "COMMUNS_MAIL_URL", "COMMUNS_MAIL_FROM", "COMMUNS_LOG")
    )


def test_a_database_that_does_not_answer_is_wrong(tmp_path: Path) -> None:
    code, document, _messages = doctor(tmp_path, DATABASE_URL="postgres://ana:secret@127.0.0.1:1/communs")
    assert code == 1
    assert named(document, "database")["state"] == "wrong"
    assert "secret" not in json.dumps(document)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("COMMUNS_SECRET_KEY", "x" * 50, "(50 characters)"),
        ("DATABASE_URL", "postgres://ana:p%40ss@db:5432/communs", "postgres://ana:…@db:5432/communs"),
        ("COMMUNS_MAIL_URL", "smtp://host:25", "smtp://host:25"),
        ("COMMUNS_LOG", "json", "json"),
    ],
)
def test_secrets_are_masked(name: str, value: str, shown: str) -> None:
    assert masked(name, value) == shown


def test_each_setting_says_where_it_comes_from() -> None:
    environ = {"COMMUNS_LOG": "json", "DATABASE_URL_FILE": "/run/secrets/url"}
    sources = {setting["name"]: setting["source"] for setting in settings_found(environ)}
    assert sources["COMMUNS_LOG"] == "environment"
    assert sources["DATABASE_URL"] == "read from /run/secrets/url"
    assert sources["COMMUNS_DATA"] == "default"


@pytest.mark.django_db
def test_a_site_with_its_database_is_looked_at_wholly(monkeypatch: Any) -> None:
    monkeypatch.setattr(doctor_checks, "_no_file_yet", lambda: False)
    checks = {check.name: check for check in doctor_checks.examine()}
    assert {"database", "tables", "content", "cache table", "tasks", "clock"} <= set(checks)
    assert not [check for check in checks.values() if check.state == "wrong"]


@pytest.mark.django_db
def test_tasks_that_wait_too_long_say_that_no_worker_runs() -> None:
    from django_tasks_db.models import DBTaskResult

    row = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, task_path="x.y", queue_name="default", backend_name="default"
    )
    assert doctor_checks._worker().state == "ok"
    DBTaskResult.objects.filter(pk=row.pk).update(enqueued_at=timezone.now() - timedelta(hours=1))
    assert doctor_checks._worker().state == "wrong"
    assert "communs worker" in doctor_checks._worker().remedy


def test_a_mail_server_is_asked_whether_it_is_there(settings: Any) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        threading.Thread(target=_greet, args=(server,), daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_SSL = "127.0.0.1", server.getsockname()[1], False
        assert doctor_checks._mail().state == "ok"
    found = doctor_checks._mail()
    assert found.state == "wrong"
    assert "COMMUNS_MAIL_URL" in found.remedy


def _greet(server: socket.socket) -> None:
    """As much of a mail server as a greeting takes."""
    with server.accept()[0] as client:
        client.sendall(b"220 here\r\n")
        while line := client.recv(1024):
            client.sendall(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 well\r\n")


@pytest.mark.django_db
def test_the_chores_are_told_with_when_they_were_last_done_and_what_failed() -> None:
    first = doctor_checks._schedule()
    assert first.state == "ok"
    assert {"check-links: not yet", "prune-task-results: not yet"} <= set(first.found.split("; "))
    Chore.objects.create(name="check-links", taken_at=timezone.now() - timedelta(days=3))
    late = doctor_checks._schedule()
    assert late.state == "warning"
    assert "communs worker" in late.remedy
    Chore.objects.update(taken_at=timezone.now(), problem="OSError: no network")
    assert "OSError: no network" in doctor_checks._schedule().remedy


@pytest.mark.django_db
def test_a_board_on_which_too_few_are_left_is_told_with_what_the_operator_can_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from communs.apps.foundation.models import Appointment
    from communs.cli import main
    from communs.testing import money_out

    assert doctor_checks._board().found == "nobody holds an office of the foundation yet"
    bea = money_out.hold(money_out.person("Bea"), "board")
    assert "administrators" in doctor_checks._board().remedy
    ben = money_out.hold(money_out.person("Ben"), "board")
    assert "while one of them is away" in doctor_checks._board().found
    type(ben).objects.filter(pk=ben.pk).update(is_active=False)
    found = doctor_checks._board()
    assert (found.state, found.found) == ("warning", "1 of the board can approve: no money can be moved")
    assert "communs person board" in found.remedy
    money_out.person("Ada")
    assert main(["person", "board", "ben@example.org", "--because", "He left"]) == 1
    assert main(["person", "board", "ada@example.org", "--because", "Ben left"]) == 0
    assert "ada@example.org sits on the board" in capsys.readouterr().err
    assert Appointment.objects.get(person__name="Ada").given_because == "Ben left"
    assert doctor_checks._board().state == "ok"
    assert main(["person", "board", "bea@example.org", "--because", "Again"]) == 1
    assert "they give offices" in capsys.readouterr().err
    assert bea.is_active
