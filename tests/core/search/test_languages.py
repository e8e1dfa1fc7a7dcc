"""The forms of a word share a stem."""

from __future__ import annotations

import pytest

from communs.core.search.languages import stems


@pytest.mark.parametrize(
    ("lang", "one", "more"),
    [
        ("pt", "municipal", "municipais"),
        ("pt", "eleição", "eleições"),
        ("pt", "imagem", "imagens"),
        ("es", "ciudad", "ciudades"),
        ("es", "voz", "voces"),
        ("pl", "budynek", "budynków"),
        ("pl", "gatunek", "gatunki"),
        ("pl", "hasło", "haseł"),
        ("it", "buca", "buche"),
        ("fr", "vélo", "vélos"),
        ("fr", "lieu", "lieux"),
        ("fr", "travail", "travaux"),
        ("nl", "fietspad", "fietspaden"),
        ("de", "zentrum", "zentren"),
        ("en", "child", "children"),
        ("en", "analysis", "analyses"),
        ("en", "menu", "menus"),
        ("en", "gpu", "gpus"),
        ("en", "ngo", "ngos"),
    ],
)
def test_a_plural_is_a_form_of_its_singular(lang: str, one: str, more: str) -> None:
    assert set(stems(one, lang)) & set(stems(more, lang))


@pytest.mark.parametrize(("lang", "one", "other"), [("en", "news", "new"), ("fr", "jeu", "jeune")])
def test_what_only_looks_alike_is_another_word(lang: str, one: str, other: str) -> None:
    assert not set(stems(one, lang)) & set(stems(other, lang))
