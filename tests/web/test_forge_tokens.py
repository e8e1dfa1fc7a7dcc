"""Tokens for forges, as the environment hands them over."""

from __future__ import annotations

from pathlib import Path

import pytest

from communs.cli.doctor import masked
from communs.web.config import ConfigError, read_config


def test_pairs_of_host_and_token_are_read_and_never_shown(tmp_path: Path) -> None:
    told = {"COMMUNS_DATA": str(tmp_path), "COMMUNS_FORGE_TOKENS": "GitHub.com=abc, codeberg.org=d=e"}
    assert read_config(told).forge_tokens == {"github.com": "abc", "codeberg.org": "d=e"}
    assert "abc" not in masked("COMMUNS_FORGE_TOKENS", told["COMMUNS_FORGE_TOKENS"])


@pytest.mark.parametrize("value", ["github.com", "=abc", "github.com=", "github.com=a\nb"])
def test_what_is_no_pair_is_refused_at_the_start(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError, match="COMMUNS_FORGE_TOKENS"):
        read_config({"COMMUNS_DATA": str(tmp_path), "COMMUNS_FORGE_TOKENS": value})
