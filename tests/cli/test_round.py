"""`communs round`: open, close, export, and what `communs verify round` says of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from communs.apps.foundation.actions import ballots
from communs.apps.foundation.models import Round
from communs.cli import main
from communs.testing import money_out, votes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> dict[str, Any]:
    people = money_out.people() | votes.voters()
    money_out.found(people, {})
    votes.commons("atlas", "wiki", "forge")
    return people


def soon_over(**changes: Any) -> dict[str, Any]:
    now = timezone.now()
    dates = {"opens_at": now - timedelta(days=2), "closes_at": now + timedelta(hours=1)}
    return {**dates, "expires_on": (now + timedelta(days=300)).date(), **changes}


@pytest.fixture(autouse=True)
def _own_log(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path


def test_a_round_is_opened_and_not_closed_before_its_end(cast: dict[str, Any], capsys: Any) -> None:
    votes.approved(cast, **soon_over())
    assert main(["round", "open", "spring"]) == 0
    assert Round.objects.get().opening_sha256 in capsys.readouterr().out
    assert main(["round", "open", "spring"]) == 0
    assert main(["round", "close", "spring"]) == 1
    assert "until the round closes" in capsys.readouterr().err
    assert main(["round", "close"]) == 0
    assert "No round has come to its end" in capsys.readouterr().err


def test_a_closed_round_is_exported_and_holds(cast: dict[str, Any], capsys: Any, tmp_path: Path) -> None:
    made = votes.opened(cast)
    ballots.cast(made, cast["Ana"], {"atlas": 10}, votes.DURING)
    assert main(["round", "close"]) == 0
    assert "ballots: 1; 0.00 EUR are granted and accepted, 1000.00 EUR wait to be accepted" in capsys.readouterr().out
    folder = tmp_path / "files"
    assert main(["round", "export", "spring", str(folder)]) == 0
    assert main(["verify", "round", str(folder), "--opening", made.opening_sha256]) == 0
    assert "Holds" in capsys.readouterr().out


@pytest.mark.parametrize("action", ["open", "close", "export"])
def test_what_is_no_round_is_told(cast: dict[str, Any], action: str, capsys: Any, tmp_path: Path) -> None:
    more = [str(tmp_path)] if action == "export" else []
    assert main(["round", action, "nothing", *more]) == 1
    assert "is no round" in capsys.readouterr().err


def test_what_keeps_a_round_from_opening_is_told(cast: dict[str, Any], capsys: Any) -> None:
    votes.approved(cast, **soon_over(pot_minor=10_000_000))
    assert main(["round", "open", "spring"]) == 1
    assert "more than the fund can still promise" in capsys.readouterr().err
