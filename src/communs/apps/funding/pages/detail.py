"""One opportunity: what it is, who may apply, who may be paid, the money, the calendar, what they ask."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from communs.apps.funding import queries, wording
from communs.apps.funding.pages.records import PAGES
from communs.apps.funding.pages.rows import quoted_lang
from communs.apps.funding.vocabulary import Force
from communs.core import matching
from communs.core.matching import Opportunity
from communs.core.standards.schema_org import embedded, grant_as_jsonld
from communs.kit import formats
from communs.kit.api import absolute
from communs.kit.gates import Right
from communs.kit.pages import public_page
from communs.kit.places import place_name
from communs.kit.records import resolve
from communs.kit.records.actions import statements_of
from communs.kit.records.freshness import freshness_of

_FORCES = {"hard": "ask", "scored": "", "text": ""}
Fact = tuple[str, str]


def _detail(request: HttpRequest, public_id: str) -> HttpResponse:
    record = PAGES.record(request, public_id)
    opportunity, today = queries.opportunity_of(record), timezone.localdate()
    facts = record.facts
    rights = queries.rights_on(request.user, record)
    told = resolve.resolve(statements_of(record))
    fresh = freshness_of(record, told)
    page = absolute(request, PAGES.url("detail", public_id))
    context = {
        "facts": facts,
        "opportunity": opportunity,
        "title": wording.title_of(facts),
        "summary": wording.summary_of(facts),
        "when": wording.windows(opportunity, today, facts.get("windows", ())),
        "funds": [wording.funds_what(code) for code in sorted(opportunity.funds_what)],
        "may_apply": wording.applicants(opportunity),
        "may_be_paid": _may_be_paid(opportunity),
        "legal_entity": wording.legal_entity(opportunity),
        "known": known_facts(record, opportunity),
        "windows": _windows(opportunity, facts, today),
        "criteria": _criteria(opportunity),
        "fresh": fresh.of_fields(told)[0],
        "no_longer_listed": fresh.gone(),
        "confirmed": wording.confirmed(opportunity.last_confirmed),
        "funder_url": wording.link(facts.get("url")),
        "application_url": wording.link(facts.get("application_url")),
        "silent": queries.problems_of(record),
        "past_awards": _past_awards(facts.get("funder", {})),
        "may_moderate": Right.MODERATE in rights,
        "merged_here": list(record.merged_from.all()) if Right.MODERATE in rights else [],
        "is_watched": request.user.is_authenticated and record.watches.filter(person=request.user).exists(),
        "merged_from": request.GET.get("merged", "")[:120],
        "choose_url": reverse("funding:choose"),
        "jsonld": mark_safe(embedded(grant_as_jsonld(facts, page))),  # noqa: S308 - nothing in it ends the element
    }
    return PAGES.render(request, "funding/detail.html", record, "detail", **context)


detail = public_page(PAGES.page(_detail))


def _past_awards(funder: dict[str, Any]) -> dict[str, Any] | None:
    """The awards that are known of this very funder: by its identifier, or its exact name."""
    found = queries.funder_named(str(funder.get("name", "")), str(funder.get("org_id", "")))
    if found is None:
        return None
    return {"url": reverse("funding:award-funder", args=[found.public_id]), "total": found.awards.count()}


def known_facts(record: Any, opportunity: Opportunity) -> list[Fact]:
    """`(label, words)` of what is known; what is not stated is said to be not stated where it matters."""
    facts = record.facts
    money, funder = opportunity.money, facts.get("funder", {})
    not_stated = _("not stated")
    rows = [
        (_("Funder"), " · ".join(part for part in (record.funder_name, _funder(funder)) if part)),
        (_("Kind"), wording.kind(record.kind)),
        (_("Programme"), str(facts.get("programme", ""))),
        (_("Amount"), wording.money(money) or not_stated),
        (_("Money in all"), formats.amount(money.pot, money.currency) if money and money.pot is not None else ""),
        (_("Largest share of the cost"), _share(opportunity)),
        (_("Where they fund"), wording.places(opportunity)),
        (_("Kinds of commons"), wording.listing(map(wording.commons_kind, opportunity.commons_kinds)) or not_stated),
        (_("Licence of the results"), _licence(opportunity)),
        (
            _("Languages of the application"),
            wording.listing(map(formats.language_name, opportunity.languages)) or not_stated,
        ),
        (_("Themes"), wording.listing(sorted(opportunity.themes))),
    ]
    return [(label, words) for label, words in rows if words]


def _funder(funder: dict[str, Any]) -> str:
    kind = wording.funder_type(str(funder.get("type", "")))
    country = place_name(str(funder["country"])) if funder.get("country") else ""
    return ", ".join(part for part in (kind, country) if part)


def _share(opportunity: Opportunity) -> str:
    rate = opportunity.money.rate_max if opportunity.money else None
    return "" if rate is None else formats.share(rate)


def _licence(opportunity: Opportunity) -> str:
    return _("not stated") if opportunity.licence == "unknown" else wording.licence(opportunity.licence)


def _may_be_paid(opportunity: Opportunity) -> str:
    payees = wording.listing(sorted(map(wording.form, opportunity.payees)))
    return payees or _("not stated apart from who may apply")


def _windows(opportunity: Opportunity, facts: dict[str, Any], today: date) -> list[dict[str, str]]:
    stated = facts.get("windows", ())
    return [
        {
            "words": wording.window(window, today, wording.clock(stated[place]) if place < len(stated) else ""),
            "note": window.note,
        }
        for place, window in enumerate(opportunity.windows)
    ]


def _criteria(opportunity: Opportunity) -> list[dict[str, str]]:
    return [
        {
            "ask": matching.explain_ask(criterion, _),
            "lang": quoted_lang(criterion),
            "force": str(Force(criterion.force).label),
            "mark": _FORCES[criterion.force],
            "seen": formats.day(criterion.seen_as_of or opportunity.last_confirmed),
        }
        for criterion in sorted(opportunity.criteria, key=lambda criterion: criterion.order)
    ]
