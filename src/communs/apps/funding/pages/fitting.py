"""One commons and the money: the ranked list, one match in full, the questions answered in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from communs.apps.funding import queries, wording
from communs.apps.funding.fields import title_of
from communs.apps.funding.pages import answers as given_answers
from communs.apps.funding.pages import questions, writing
from communs.apps.funding.pages.rows import commons_name, fitted_at, quoted_lang, row_of
from communs.apps.funding.queries import Fitting
from communs.apps.funding.vocabulary import OPEN_NOW, Fit
from communs.apps.register.queries import get_commons
from communs.core import matching
from communs.core.matching import Match

NOW = "now"  # the group of those that fit and are open as far as anyone knows
ROWS_A_GROUP = {NOW: 20, "eligible": 20, "likely": 20, "ask": 20, "no": 10}
QUESTIONS_AT_ONCE = 5


def for_commons(request: HttpRequest, commons_id: str) -> HttpResponse:
    """Funding for one commons: questions first, then the sources grouped by answer, best fit first."""
    commons = get_commons(request.user, commons_id)
    if commons.merged_into is not None:
        return redirect("funding:for", commons.merged_into.public_id)
    given = given_answers.given(request, commons)
    fitting = queries.match_all(commons, given.answers, timezone.localdate())
    at_once = 1 if request.GET.get("step") else QUESTIONS_AT_ONCE
    path = reverse("funding:for", args=[commons_id])
    context = {
        "commons": commons,
        "commons_name": commons_name(commons),
        "groups": _groups(fitting, commons),
        "asked": [questions.asked(question, n) for question, n in fitting.questions[:at_once]],
        "one_at_a_time": at_once == 1,
        "asked_in_all": len(fitting.questions),
        "answered": questions.answered(given.answers, fitting.profile, fitting.snapshot),
        "are_shared": given.are_shared,
        "share_url": request.build_absolute_uri(questions.share_url(path, given.answers)),
        "next": f"{path}?step=1" if at_once == 1 else path,
        "hosts": questions.hosts(fitting.hosts, commons_id) if _host_helps(fitting) else [],
        "links": [
            (_("CSV"), questions.share_url(reverse("funding:for-csv", args=[commons_id]), given.answers)),
            (_("JSON"), questions.share_url(reverse("funding:for-json", args=[commons_id]), given.answers)),
        ],
    }
    return render(request, "funding/for.html", context)


def fit(request: HttpRequest, public_id: str, commons_id: str) -> HttpResponse:
    """One commons and one opportunity: the answer in a sentence, then criterion by criterion."""
    opportunity = queries.get_opportunity(request.user, public_id)
    commons = get_commons(request.user, commons_id)
    if opportunity.merged_into is not None or commons.merged_into is not None:
        targets = [(record.merged_into or record).public_id for record in (opportunity, commons)]
        return redirect("funding:match", *targets)
    today = timezone.localdate()
    given = given_answers.given(request, commons)
    match = queries.match_one(commons, opportunity, given.answers, today)
    fitting = queries.match_all(commons, given.answers, today)
    explained = matching.explain(match, _)
    path = reverse("funding:match", args=[public_id, commons_id])
    used = {outcome.fact.name for outcome in match.outcomes if outcome.fact.source == "answer"}
    mine = {key: value for key, value in given.answers.items() if key in used}
    context = {
        "opportunity": opportunity,
        "title": title_of(opportunity),
        "commons": commons,
        "commons_name": commons_name(commons),
        "result": match.result,
        "tone": wording.FIT_TONES[match.result],
        "sentence": explained.sentence,
        "rows": _criteria(match, explained),
        "changes": explained.changes,
        "row": row_of(opportunity, today),
        "when": wording.windows(match.opportunity, today, opportunity.facts.get("windows", ())),
        "asked": [questions.asked(question) for question in match.questions],
        "answered": questions.answered(mine, match.profile, fitting.snapshot),
        "are_shared": given.are_shared,
        "share_url": request.build_absolute_uri(questions.share_url(path, mine)),
        "next": path,
        "hosts": questions.hosts(fitting.hosts, commons_id) if _wants_host(match) else [],
        "funder_url": wording.link(opportunity.values.get("url")),
        "others": _others(fitting, commons, public_id),
    }
    return render(request, "funding/match.html", context)


@require_POST
def answer(request: HttpRequest, commons_id: str) -> HttpResponse:
    """Store answers (or take one, or all, back) and go back to where they were asked."""
    commons = get_commons(request.user, commons_id)
    if request.POST.get("clear"):
        given_answers.forget(request, commons)
        messages.success(request, _("Your answers for this commons are taken back."))
    elif request.POST.get("forget"):
        given_answers.remember(request, commons, {request.POST["forget"]: ""})
    else:
        answers = given_answers.read(request.POST)
        given_answers.remember(request, commons, answers)
        if answers:
            messages.success(request, _("Your answers are kept, for every source that asks the same."))
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("funding:for", args=[commons_id])
    return redirect(target)


def fit_csv(request: HttpRequest, commons_id: str) -> HttpResponse:
    """The ranked list as CSV."""
    return writing.fits_as_csv(_ranked(request, commons_id), f"funding-for-{commons_id}.csv")


def fit_json(request: HttpRequest, commons_id: str) -> HttpResponse:
    """The ranked list as JSON, with the reasons."""
    return writing.fits_as_json(_ranked(request, commons_id), commons_id, timezone.localdate())


def _ranked(request: HttpRequest, commons_id: str) -> list[Match]:
    commons = get_commons(request.user, commons_id)
    given = given_answers.given(request, commons)
    fitting = queries.match_all(commons, given.answers, timezone.localdate())
    return [fitting.matches[place] for place in fitting.best_first]


def _groups(fitting: Fitting, commons: Any) -> list[dict[str, Any]]:
    """The sources by answer; closed ones are left out, long groups cut with a link to the rest."""
    places = _by_group(fitting)
    shown = {group: found[: ROWS_A_GROUP[group]] for group, found in places.items()}
    groups = []
    for group, found in shown.items():
        rows = fitted_at(fitting, found, commons.public_id)
        more = f"{reverse('funding:list')}?for={commons.public_id}&fits={Fit.ELIGIBLE if group == NOW else group}"
        groups.append({"result": group, "rows": rows, "total": len(places[group]), "more_url": more, **_says(group)})
    return groups


def _by_group(fitting: Fitting) -> dict[str, list[int]]:
    """Positions by group, best fit first."""
    places: dict[str, list[int]] = {group: [] for group in ROWS_A_GROUP}
    for place in fitting.best_first:
        result, status = fitting.matches[place].result, fitting.snapshot.statuses[place]
        if status != "closed":
            places[NOW if result == "eligible" and status in OPEN_NOW else result].append(place)
    return places


def _says(group: str) -> Mapping[str, str]:
    titles = {
        NOW: (_("You can apply now"), _("Everything they ask is met, and it is open as far as we know.")),
        "eligible": (
            _("You fit what they ask"),
            _("Everything they ask is met. It is not open yet, or nobody has confirmed that it is."),
        ),
        "likely": (
            _("Likely"),
            _("Nothing known stands against you; something is left open by the funder, or for people to judge."),
        ),
        "ask": (_("Your answers decide"), _("Answer the questions above, or look at each source.")),
        "no": (_("Not as you are"), _("Each says what stands against it, and what would change that.")),
    }
    title, text = titles[group]
    result = Fit.ELIGIBLE if group == NOW else group
    return {"title": title, "text": text, "sign": wording.FIT_SIGNS[result], "mark": wording.FIT_MARKS[result]}


def _criteria(match: Match, explained: matching.Explanation) -> list[dict[str, str]]:
    marks = {"met": "met", "not_met": "not", "unknown": "ask", "text": ""}
    return [
        {
            "ask": row.ask,
            "lang": quoted_lang(outcome.criterion),
            "you": row.you,
            "why": row.why,
            "sign": wording.SIGNS[row.status],
            "mark": marks[row.status],
            "status": row.status_name,
        }
        for outcome, row in zip(match.outcomes, explained.rows, strict=True)
    ]


def _wants_host(match: Match) -> bool:
    return any(change.code in {"join_host", "ask_about_host"} for change in match.changes)


def _host_helps(fitting: Fitting) -> bool:
    return any(_wants_host(match) for match in fitting.matches if match.result == "no" and match.status != "closed")


def _others(fitting: Fitting, commons: Any, but: str) -> list[Any]:
    """Three other sources that fit better than most, for "not this one?"."""
    good = [
        place
        for place in fitting.best_first
        if fitting.matches[place].result != "no"
        and fitting.snapshot.statuses[place] != "closed"
        and fitting.snapshot.entries[place].public_id != but
    ][:3]
    return fitted_at(fitting, good, commons.public_id)
