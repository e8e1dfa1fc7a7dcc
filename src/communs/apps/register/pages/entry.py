"""One commons: what it is, whether it is a commons, what is known, what one can do next. And the test, rule by rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from communs.apps.register import queries, wording
from communs.apps.register.crawling.queries import crawled
from communs.apps.register.crawling.wording import lines_of
from communs.apps.register.exporting import FORMS
from communs.apps.register.fields import FIELDS, funder
from communs.apps.register.openness import result_of
from communs.apps.register.pages.shared import pages
from communs.core.openness import Explanation, explain
from communs.core.standards.schema_org import as_jsonld, embedded
from communs.kit.api import absolute
from communs.kit.gates import Right
from communs.kit.pages import public_page
from communs.kit.records import resolve
from communs.kit.records.actions import statements_of
from communs.kit.records.freshness import freshness_of

SIGNS = {"yes": ("✓", "met"), "no": ("✗", "not"), "unknown": ("?", "ask")}
EDGES_SHOWN = 12
# Read from files and not asked in the form.
ALSO_SHOWN = ("funding.plans", "funding.links", "software_version", "release_date", "used_by")
# Told elsewhere on the page, or not as one line.
APART = ("name", "names", "summaries", "licences", "replaces", "funded_by", "governance", "community", "functions")


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the definition list. `link` is an address that may be followed, or ""."""

    name: str
    label: str
    text: str
    link: str
    is_contested: bool
    fresh: str = ""


def detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """The overview."""
    commons = pages.record(request, public_id)
    statements = statements_of(commons)
    # Whatever was merged into it has said something: one query less than asking for it.
    group = {commons.pk, *(statement.subject_id for statement in statements)}  # type: ignore[attr-defined]
    told = resolve.resolve(statements)
    explained = explain(result_of(commons.values, told), _)
    values = commons.values
    summary = wording.summary_of(values)
    fresh = freshness_of(commons, told)
    most_fresh, fresh_by_field = fresh.of_fields(told)
    facts = {"id": public_id, **commons.facts}
    page = absolute(request, pages.url("detail", public_id))
    context = {
        "summary": summary,
        "verdict": verdict_of(commons.verdict, explained),
        "explained": explained,
        "groups": [(group, *SIGNS[group.answer]) for group in explained.groups],
        "facts": facts_of(values, resolve.conflicts(told).keys(), fresh_by_field),
        "fresh": most_fresh,
        "no_longer_listed": fresh.gone(),
        "functions": ", ".join(map(str, listed(values.get("functions")))),
        "licences": FIELDS.say("licences", listed(values.get("licences"))),
        "licences_contested": "licences" in resolve.conflicts(told),
        "replaces": FIELDS.say("replaces", listed(values.get("replaces"))),
        "funders": [
            (funder(item), http(item.get("ref"))) for item in listed(values.get("funded_by")) if isinstance(item, dict)
        ],
        "relations": grouped(queries.relations_of(commons, group)),
        "stewards": queries.stewards_of(commons),
        "is_watched": queries.is_watching(request.user, commons),
        "open_proposals": queries.open_proposals_of(commons),
        "merged": queries.merged_into(commons) if Right.MODERATE in pages.rights(request, commons) else [],
        "merged_name": _merged_name(request, commons),
        "crawled": lines_of(crawled(commons)),
        "jsonld": mark_safe(embedded(as_jsonld(facts, page))),  # noqa: S308 - `embedded` leaves nothing that ends it
        "files": [(name, pages.url("file", public_id, form)) for form, name in FORMS.items()],
    }
    return pages.render(request, "commons/detail.html", commons, "detail", **context)


def test(request: HttpRequest, public_id: str) -> HttpResponse:
    """The commons test: every rule with its answer, its evidence, and how to change it."""
    commons = pages.record(request, public_id)
    told = resolve.resolve(statements_of(commons))
    explained = explain(result_of(commons.values, told), _)
    edit_url = pages.url("edit", commons.public_id)
    groups = [
        {
            "group": group,
            "sign": SIGNS[group.answer],
            "rules": [
                {"rule": rule, "sign": SIGNS[rule.answer], "edit_url": f"{edit_url}?{_fields_of(rule.id)}"}
                for rule in group.rules
            ],
        }
        for group in explained.groups
    ]
    context = {"explained": explained, "verdict": verdict_of(commons.verdict, explained), "groups": groups}
    return pages.render(request, "commons/test.html", commons, "test", **context)


def verdict_of(verdict: str, explained: Explanation) -> dict[str, str]:
    """The verdict as an answer: tone, title and sentence."""
    return {
        "tone": wording.VERDICT_TONES.get(verdict, "plain"),
        "title": f"{wording.VERDICT_SIGNS.get(verdict, '?')} {explained.verdict[:1].upper()}{explained.verdict[1:]}",
        "text": explained.sentence,
    }


def facts_of(values: dict[str, Any], contested: Any, fresh: Mapping[str, str]) -> list[Fact]:
    """The lines of the definition list, in the order of the form."""
    found = []
    for field in FIELDS:
        name = field.name
        if name.partition(".")[0] in APART or values.get(name) in (None, "", []):
            continue
        text = FIELDS.say(name, values[name])
        found.append(
            Fact(name, FIELDS.label_of(name), text, http(values[name]), name in contested, fresh.get(name, ""))
        )
    for name in ALSO_SHOWN:
        if values.get(name) not in (None, "", []):
            text = FIELDS.say(name, values[name])
            found.append(Fact(name, FIELDS.label_of(name), text, "", name in contested))
    return found


def grouped(edges: list[queries.Edge]) -> list[tuple[str, list[dict[str, Any]], int]]:
    """Relations by kind and direction: `(heading, those shown, how many more)`."""
    by_heading: dict[str, list[dict[str, Any]]] = {}
    for edge in edges:
        headings = wording.RELATIONS_OUT if edge.is_outgoing else wording.RELATIONS_IN
        line = {"edge": edge, "name": wording.name_of(edge.other.values, edge.other.public_id)}
        by_heading.setdefault(wording.said(headings, edge.kind), []).append(line)
    return [(heading, lines[:EDGES_SHOWN], max(0, len(lines) - EDGES_SHOWN)) for heading, lines in by_heading.items()]


def http(value: Any) -> str:
    """The value when it is an address that a reader may follow, otherwise ""."""
    return value if isinstance(value, str) and value.startswith(("https://", "http://")) else ""


def listed(value: Any) -> list[Any]:
    """The value when it is a list, otherwise nothing: a claim may be of any shape."""
    return value if isinstance(value, list) else []


def _fields_of(rule_id: str) -> str:
    """The fields of the edit form that bear on a rule."""
    if rule_id.startswith("licence."):
        return "field=licences"
    fields = {
        "governance.rules_published": ("governance.rules_published", "governance.rules_url"),
        "governance.rules_changed_together": ("governance.rules_changed_by",),
        "governance.no_single_owner": ("governance.single_owner",),
        "governance.right_to_fork": ("governance.fork_right",),
        "community.way_in": ("community.way_in_documented", "community.way_in_url"),
    }.get(rule_id, (rule_id,))
    return "&".join(f"field={field}" for field in fields)


def _merged_name(request: HttpRequest, commons: Any) -> str:
    """The entry a reader was led here from, if it was really merged into this one."""
    asked = request.GET.get("merged", "")
    return asked if asked and commons.merged_from.filter(public_id=asked).exists() else ""


detail_page = public_page(pages.page(detail))
test_page = public_page(pages.page(test))
