"""Texts in many languages, as the templates write them."""

from __future__ import annotations

from django.template import engines
from django.utils.translation import override


def test_a_text_in_another_language_than_the_page_says_so() -> None:
    template = engines["django"].from_string("{% lang_text names %}|{{ names|text_of }}|{% lang_text none %}")
    names = {"de": {"v": "Landkarte <b>"}}
    with override("fr"):
        shown = template.render({"names": names, "none": {}})
    assert shown == '<span lang="de">Landkarte &lt;b&gt;</span>|Landkarte &lt;b&gt;|'
    with override("de"):
        assert template.render({"names": names}).startswith("Landkarte &lt;b&gt;|")
