"""Texts in many languages, as the templates write them."""

from __future__ import annotations

import re

import polib
import pytest
from django.template import engines
from django.utils.translation import override

from communs.cli.house import ROOT

FRENCH = sorted((ROOT / "src").rglob("locale/fr/LC_MESSAGES/django.po"))
LOOSE = re.compile(r"« |\S »|\S [:;?!](?=[\s)»\u00a0]|$)")  # a line may break there, and leave a mark alone


def test_a_text_in_another_language_than_the_page_says_so() -> None:
    template = engines["django"].from_string("{% lang_text names %}|{{ names|text_of }}|{% lang_text none %}")
    names = {"de": {"v": "Landkarte <b>"}}
    with override("fr"):
        shown = template.render({"names": names, "none": {}})
    assert shown == '<span lang="de">Landkarte &lt;b&gt;</span>|Landkarte &lt;b&gt;|'
    with override("de"):
        assert template.render({"names": names}).startswith("Landkarte &lt;b&gt;|")


@pytest.mark.parametrize("catalogue", FRENCH, ids=lambda path: path.parts[-5])
def test_french_marks_stay_with_their_words(catalogue: object) -> None:
    entries = [entry for entry in polib.pofile(str(catalogue)) if not entry.obsolete]
    forms = [form for entry in entries for form in (entry.msgstr, *entry.msgstr_plural.values())]
    assert not [form for form in forms if LOOSE.search(form)]
