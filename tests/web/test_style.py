"""The one stylesheet: small, self-contained, and readable in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import communs.web

STATIC = Path(communs.web.__file__).parent / "static"
CSS = (STATIC / "communs.css").read_text(encoding="utf-8")
TEXT_RATIO, EDGE_RATIO = 4.5, 3.0  # WCAG 2.2: 1.4.3 for text, 1.4.11 for borders of controls


def _tokens(block: str) -> dict[str, str]:
    found = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6})\b", block))
    return {name: _six(value) for name, value in found.items()}


def _six(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(char * 2 for char in colour[1:])


def _themes() -> dict[str, dict[str, str]]:
    light = _tokens(CSS.split("}", 1)[0])
    dark = _tokens(CSS.split("@media (prefers-color-scheme: dark)", 1)[1].split("}", 1)[0])
    return {"light": light, "dark": {**light, **dark}}


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG defines it, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_wcag_defines_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "sheet"])
@pytest.mark.parametrize("ink", ["ink", "quiet", "ground", "clay", "no"])
def test_text_can_be_read_on_paper_and_sheet(theme: str, ground: str, ink: str) -> None:
    tokens = _themes()[theme]
    assert contrast(tokens[ink], tokens[ground]) >= TEXT_RATIO


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [("ground-ink", "ground"), ("paper", "ink"), ("ink", "ground-soft"), ("ink", "clay-soft"), ("no", "no-soft")],
)
def test_text_can_be_read_on_coloured_grounds(theme: str, ink: str, ground: str) -> None:
    tokens = _themes()[theme]
    assert contrast(tokens[ink], tokens[ground]) >= TEXT_RATIO


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_of_controls_stand_out(theme: str) -> None:
    tokens = _themes()[theme]
    assert contrast(tokens["edge"], tokens["sheet"]) >= EDGE_RATIO
    assert contrast(tokens["clay"], tokens["paper"]) >= EDGE_RATIO  # the focus ring


def test_the_stylesheet_is_small_and_loads_nothing() -> None:
    assert len(CSS.encode()) <= 20_000
    assert "url(" not in CSS
    assert "@import" not in CSS


def test_what_only_charts_and_the_calendar_need_is_small_and_loads_nothing() -> None:
    figures = (STATIC / "figures.css").read_text(encoding="utf-8")
    assert len(figures.encode()) <= 5_000
    assert "url(" not in figures
    assert "@import" not in figures


def test_there_are_six_type_sizes() -> None:
    assert len(re.findall(r"--t-?\d: ", CSS.split("}", 1)[0])) == 6


@pytest.mark.parametrize(
    "state",
    ["forced-colors", "prefers-reduced-motion", "prefers-contrast", "@media print", ":focus-visible", ":disabled"],
)
def test_every_way_of_looking_is_provided_for(state: str) -> None:
    assert state in CSS


def test_the_only_static_files_are_the_style_and_the_mark() -> None:
    files = {path.name for path in STATIC.rglob("*") if path.is_file()}
    assert {"communs.css", "favicon.svg", "favicon.ico"} <= files
    assert not {name for name in files if name.endswith((".woff", ".woff2", ".png", ".jpg"))}
