"""Rounds: all of them, one with its rule and dates, and for those with an office the way to its opening and closing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communs.apps.foundation import round_words as words
from communs.apps.foundation.actions import closing
from communs.apps.foundation.actions import rounds as actions
from communs.apps.foundation.forms.rounds import RoundForm, initial_of
from communs.apps.foundation.pages.answering import Crumb, answering
from communs.apps.foundation.pages.funds import crumbs as foundation_crumbs
from communs.apps.foundation.pages.funds import fund_title
from communs.apps.foundation.pages.round_commons import choice_of, crumbs_of, query_of
from communs.apps.foundation.queries import public
from communs.apps.foundation.queries import rounds as queries
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.apps.foundation.queries.rounds import RoundRow, State
from communs.kit import formats
from communs.kit.gates import NotThere
from communs.kit.paging import read_page
from communs.kit.records.actions import Impossible
from communs.kit.tables import csv_lines
from communs.kit.texts import pick

COLUMNS = (
    "round", "title", "fund", "currency", "pot_minor", "rule", "state", "opens_at", "closes_at", "voters",
    "opening_sha256",
)  # fmt: skip
EXPORT_MAX = 5_000
PROBLEMS_SHOWN = 10


@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round, the latest first."""
    found = queries.rounds_seen_by(request.user)
    page = read_page(request.GET.get("page"), found.count())
    now = timezone.now()
    rows = [_row(one, now) for one in found[page.offset : page.offset + page.rows]]
    links = [("CSV", reverse("foundation:rounds-export")), ("JSON", "/api/v1/foundation/rounds")]
    context = {
        "rows": rows,
        "page": page,
        "links": links,
        "may_keep": Duty.KEEP in duties_of(request.user),
        "crumbs": foundation_crumbs(),
    }
    return render(request, "foundation/rounds/list.html", context)


@require_GET
def rounds_export(_request: HttpRequest) -> HttpResponse:
    """Public rounds as CSV; amounts in smallest units."""
    cells = (
        (
            one.slug, pick(one.title, "en").value, one.fund.slug, one.currency, one.pot_minor, one.rule, one.state,
            one.opens_at.isoformat(), one.closes_at.isoformat(), one.voters, one.opening_sha256,
        )
        for one in queries.public_rounds()[:EXPORT_MAX]
    )  # fmt: skip
    response = HttpResponse("".join(csv_lines(COLUMNS, cells)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rounds.csv"'
    return response


@require_GET
def round_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One round: what is asked, who may vote, when, by which rule, and what one can do."""
    round_ = queries.get_round(request.user, slug)
    duties, now = duties_of(request.user), timezone.now()
    approvals = queries.approved_by(round_) if duties else []
    problems = actions.faults(round_) if duties and round_.state in {State.DRAFT, State.PROPOSED} else []
    is_open = round_.state in queries.PUBLIC
    drafted = [] if is_open else queries.options_now(round_)
    voter = queries.voter_of(round_, request.user)
    context = {
        **_row(round_, now),
        "round": round_,
        "has_cast": voter is not None and queries.ballot_of(voter) is not None,
        "description": pick(round_.description, get_language() or "en"),
        "facts": _facts(round_),
        "asked": words.asked(round_),
        "rule_words": words.RULES[round_.rule][1] if round_.rule in words.RULES else "",
        "rule_page": words.rule_page(round_.rule),
        "options": round_.options.count() if is_open else len(drafted),
        "choice": None if is_open else choice_of(round_.eligible),
        "ballots": queries.turnout([round_]).get(round_.pk, 0),
        "is_open": is_open,
        "is_voting": queries.is_voting(round_, now),
        "is_decided": round_.state in queries.DECIDED,
        "problems": [one.say(_) for one in problems[:PROBLEMS_SHOWN]],
        "approvals": approvals,
        "may": _may(round_, request.user, duties, [one.person_id for one in approvals], bool(problems)),
        "crumbs": crumbs_of(),
    }
    return render(request, "foundation/rounds/detail.html", context)


@answering
def new(request: HttpRequest) -> HttpResponse:
    """Prepare a round."""
    require(request.user, Duty.KEEP)
    form = RoundForm(
        request.POST or None, request.FILES or None, funds=_funds(), initial={"eligible": query_of(request)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.prepare(request.user, form.cleaned_data["token"], form.wanted(), timezone.now())
            return redirect("foundation:round", made.slug)
        except Impossible as error:
            form.add_error("slug", str(error))
    return _form(request, form, crumbs_of(), {"is_new": True, "choose_url": reverse("foundation:round-choose")})


@answering
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a draft."""
    round_ = queries.get_round(request.user, slug, Duty.KEEP)
    if round_.state != State.DRAFT:
        raise Impossible(_("It was proposed, and changes no more. Withdraw it, and prepare another one."))
    form = RoundForm(request.POST or None, request.FILES or None, funds=_funds(), initial=initial_of(round_))
    if request.method == "POST" and form.is_valid():
        made = actions.change(request.user, slug, form.wanted())
        return redirect("foundation:round", made.slug)
    place = reverse("foundation:round-choose-for", args=[slug])
    return _form(request, form, crumbs_of(round_), {"is_new": False, "choose_url": place})


def _form(request: HttpRequest, form: RoundForm, crumbs: list[Crumb], more: dict[str, Any]) -> HttpResponse:
    """The form, with what can be chosen in words above it."""
    said = choice_of(str(form["eligible"].value() or ""))
    context = {"form": form, "choice": said, "crumbs": crumbs, **more}
    return render(request, "foundation/rounds/form.html", context)


@require_POST
@answering
def step(request: HttpRequest, slug: str, what: str) -> HttpResponse:
    """One step of a round by those with an office: propose, approve, open, withdraw, close."""
    round_ = queries.get_round(request.user, slug, Duty.LOOK)
    if what not in _STEPS:
        raise NotThere
    said = _STEPS[what](request, round_.slug)
    messages.success(request, said)
    return redirect("foundation:round", round_.slug)


def _propose(request: HttpRequest, slug: str) -> str:
    actions.propose(request.user, slug)
    return _("Proposed. Two members of the board approve it; from now on it stays as it is.")


def _approve(request: HttpRequest, slug: str) -> str:
    now = timezone.now()
    round_ = actions.approve(request.user, slug, now)
    if round_.approvals.count() < 2:
        return _("Approved. A second member of the board has to approve it too.")
    actions.open_round(slug, now)
    return _("Approved by two people: the pot is reserved, and the question and the roll are frozen.")


def _open(request: HttpRequest, slug: str) -> str:
    require(request.user, Duty.KEEP)
    actions.open_round(slug, timezone.now())
    return _("The pot is reserved, and the question and the roll are frozen.")


def _withdraw(request: HttpRequest, slug: str) -> str:
    actions.withdraw(request.user, slug)
    return _("Withdrawn. It will not open.")


def _close(request: HttpRequest, slug: str) -> str:
    require(request.user, Duty.KEEP)
    closing.close(slug, timezone.now())
    return _("Counted: what was decided is in the books, and the files are published.")


_STEPS: dict[str, Callable[[HttpRequest, str], str]] = {
    "propose": _propose, "approve": _approve, "open": _open, "withdraw": _withdraw, "close": _close,
}  # fmt: skip


def _may(round_: RoundRow, person: Any, duties: frozenset[Duty], approved: list[int], has_problems: bool) -> set[str]:
    """The steps that are offered."""
    keeps, found = Duty.KEEP in duties, set[str]()
    if round_.state == State.DRAFT and keeps:
        found |= {"edit", "withdraw"} | (set() if has_problems else {"propose"})
    if round_.state == State.PROPOSED:
        found |= {"withdraw"} if keeps else set()
        if Duty.APPROVE in duties and len(approved) < 2 and person.pk not in {*approved, round_.proposed_by_id}:
            found.add("approve")
        if keeps and len(approved) == 2:
            found.add("open")
    if keeps and queries.due(timezone.now()).filter(pk=round_.pk).exists():
        found.add("close")
    return found


def _row(round_: RoundRow, now: Any) -> dict[str, Any]:
    said, tone = words.phase(round_, now)
    return {
        "url": reverse("foundation:round", args=[round_.slug]),
        "slug": round_.slug,
        "title": words.title_of(round_),
        "pot": words.money(round_.pot_minor, round_),
        "phase": said,
        "tone": tone,
        "rule": words.RULES[round_.rule][0] if round_.rule in words.RULES else round_.rule,
        "fund": fund_title(round_.fund),
    }


def _facts(round_: RoundRow) -> list[tuple[str, str]]:
    passed = formats.share(_part(round_.ppm)) if round_.ppm else ""
    colleges = ", ".join(f"{name} ({weight})" for name, weight in round_.colleges)
    kind, _colon, public_id = round_.destination.partition(":")
    goes = queries.commons_names([public_id])[public_id] if kind == "commons" else _("back to the fund")
    waits = _("until {day}; then they go {where}").format(day=formats.day(round_.expires_on), where=goes)
    if kind == "commons":
        waits = _("until {day}; then they go to {where}").format(day=formats.day(round_.expires_on), where=goes)
    facts = [
        (_("Voting begins"), formats.moment(round_.opens_at)),
        (_("Voting ends"), formats.moment(round_.closes_at)),
        (_("Who may vote"), words.who(round_)),
        (_("Colleges and their weights"), colleges),
        (_("People on the roll"), formats.number(round_.voters) if round_.voters else ""),
        (_("Ballots are"), _("secret") if round_.is_secret else _("public: people are shown which ballot is theirs")),
        (_("Flows on to what a commons depends on"), passed),
        (_("What is not granted"), _("stays in the fund")),
        (_("Shares that nobody accepts wait"), waits),
    ]
    return [(label, said) for label, said in facts if said]


def _part(ppm: int) -> Decimal:
    return Decimal(ppm) / 1_000_000


def _funds() -> list[tuple[str, str]]:
    return [(one.slug, fund_title(one)) for one in public.funds()[: public.FUNDS_MAX]]
