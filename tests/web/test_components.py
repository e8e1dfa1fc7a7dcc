"""The components that pages are put together from."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.translation import override

from communs.kit.charts import Bar as Bars
from communs.kit.charts import Chart, Series
from communs.kit.facets import Facet, Option
from communs.kit.paging import PageOf
from communs.web.drawing import alone, wrapped
from communs.web.templatetags.charts import Bar


class Application(forms.Form):
    name = forms.CharField(help_text="As others read it")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(required=False)

    def clean(self) -> dict[str, object]:
        raise forms.ValidationError("Nothing <of this> fits")


def test_a_form_with_errors_names_them_on_top_and_beside_each_field() -> None:
    html = render_to_string("components/form.html", {"form": Application({"name": ""})})
    summary = html.split("</div>", 1)[0]
    assert 'role="alert"' in summary
    for target in re.findall(r'href="#([^"]+)"', summary):
        assert f'id="{target}"' in html
    assert set(re.findall(r'href="#([^"]+)"', summary)) == {"id_name", "id_kind_0"}
    assert "Nothing &lt;of this&gt; fits" in summary
    assert 'id="id_name_error"' in html
    assert re.search(r'<input[^>]*name="name"[^>]*aria-describedby="id_name_helptext id_name_error"', html)
    assert re.search(r'<input[^>]*name="name"[^>]*aria-invalid="true"', html)


def test_a_form_marks_what_is_required_in_words() -> None:
    html = render_to_string("components/form.html", {"form": Application()})
    assert 'role="alert"' not in html
    assert html.count('class="need"') == 2  # name and kind, not the tick
    assert "<legend>Kind" in html
    with override("fr"):
        assert "obligatoire" in render_to_string("components/form.html", {"form": Application()})


def test_a_form_keeps_what_was_typed() -> None:
    html = render_to_string("components/form.html", {"form": Application({"name": 'A "b"', "kind": "b"})})
    assert 'value="A &quot;b&quot;"' in html
    assert re.search(r'value="b"[^>]*checked', html)


def _facets() -> list[Facet]:
    options = (Option("software", "Software & <tools>", 1234, chosen=True), Option("data", "data", 5, chosen=False))
    return [Facet("kind", "Kind", options), Facet("empty", "Empty", ())]


def test_facets_are_a_plain_form_that_keeps_other_parameters() -> None:
    context = {"facets": _facets(), "hidden": [("q", '"map"')], "clear_url": "?q=map"}
    html = render_to_string("components/facets.html", context)
    assert "method" not in html  # GET
    assert '<input type="hidden" name="q" value="&quot;map&quot;">' in html
    assert re.search(r'name="kind" value="software" checked', html)
    assert not re.search(r'value="data" checked', html)
    assert "Software &amp; &lt;tools&gt;" in html
    assert "1,234" in html
    assert "<legend>Empty" not in html
    assert 'href="?q=map"' in html


def test_a_pager_says_where_one_is_and_keeps_the_query() -> None:
    html = render_to_string("components/pager.html", {"page": PageOf(2, 1045), "query": "kind=data&q=a"})
    assert "21 to 40 of 1,045" in html
    assert 'href="?kind=data&amp;q=a&amp;page=1"' in html
    assert 'href="?kind=data&amp;q=a&amp;page=3"' in html
    assert render_to_string("components/pager.html", {"page": PageOf(1, 20), "query": ""}).strip() == ""


def test_breadcrumbs_end_where_one_is() -> None:
    html = render_to_string("components/crumbs.html", {"crumbs": [("Commons", "/en/commons/"), ("<Map>", "")]})
    assert '<a href="/en/commons/">Commons</a>' in html
    assert '<span aria-current="page">&lt;Map&gt;</span>' in html


def test_a_chart_says_in_words_what_it_draws() -> None:
    template = "{% load charts %}{% bars rows title 'sources' %}"
    from django.template import engines

    rows = [Bar("Projects", 90), Bar("A collective", 30, is_strong=True), Bar("None", 0)]
    html = engines["django"].from_string(template).render({"rows": rows, "title": "One in three"})
    assert 'aria-label="Projects 90, A collective 30, None 0"' in html
    widths = [int(width) for width in re.findall(r'<rect[^>]* width="(\d+)"', html)]
    assert abs(widths[0] / widths[1] - 3) < 0.05
    assert html.count('class="strong"') == 1
    assert "<td>90</td>" in html
    assert "style=" not in html


def drawn(chart: Chart) -> str:
    from django.template import engines

    return str(engines["django"].from_string("{% load charts %}{% chart it %}").render({"it": chart}))


def numbers(html: str, name: str) -> list[float]:
    return [float(found) for found in re.findall(rf'<rect[^>]* {name}="([\d.]+)"', html)]


def test_shares_of_a_whole_are_as_wide_as_they_are_large_and_say_so() -> None:
    rows = [Bars("Groups <all>", 50, "50 · 50%"), Bars("Hosts", 25, "25 · 25%"), Bars("Not stated", 25, "25 · 25%")]
    html = drawn(Chart("shares", "Half of them", "As of today", rows))
    assert 'aria-label="Groups &lt;all&gt; 50 · 50%, Hosts 25 · 25%, Not stated 25 · 25%"' in html
    first, second, third, *_swatches = numbers(html, "width")
    assert (first, second, third) == (158, 78, 78)
    assert html.count('class="e"') == 2  # what is not known is drawn empty, in the bar and beside its name
    assert "style=" not in html


def test_a_bar_shows_its_part_and_french_figures_stay_numbers() -> None:
    rows = [Bars("A", 80, "20 sur 80", 20), Bars("B", 0, "0 sur 0")]
    with override("fr"):
        html = drawn(Chart("bars", "Un quart", "Aujourd’hui", rows, "pour un commun", "le reste"))
    whole, part, *_rest = numbers(html, "width")[2:]
    assert part == pytest.approx(whole / 4, abs=0.1)
    assert not re.search(r'(?:x|y|width)="\d+,\d', html)


def test_lines_go_up_where_figures_do() -> None:
    series = [Series("All", [10, 20, 40]), Series("Some", [1, 1, 2], is_strong=True)]
    html = drawn(Chart("lines", "Twice as many", "", steps=["May", "June", "July"], series=series))
    heights = [float(pair.split(",")[1]) for pair in re.findall(r'points="([^"]+)" class="line"', html)[0].split()]
    assert heights == sorted(heights, reverse=True)
    assert "Some · 2" in html


def test_long_words_stay_inside_a_drawing() -> None:
    assert wrapped("a" * 50 + " b", 70) == ["a" * 10] * 5 + ["b"]
    assert wrapped("", 70) == []


def test_no_chart_breaks_without_figures() -> None:
    for form in ("bars", "shares", "lines"):
        assert "<svg" not in drawn(Chart(form, "Nothing", ""))
        assert alone(Chart(form, "Nothing", ""), "here").height > 0

    from django.template import engines

    html = engines["django"].from_string("{% load charts %}{% bars rows 'x' 'y' %}").render({"rows": []})
    assert "<svg" in html
