"""Voting: the ballot with search and pages that keep what was filled in, a look at the whole, casting, the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from communs.apps.foundation import round_words as words
from communs.apps.foundation.actions import ballots as actions
from communs.apps.foundation.forms.ballots import Filled, fill, written
from communs.apps.foundation.pages.answering import answering
from communs.apps.foundation.pages.round_commons import crumbs_of as round_crumbs
from communs.apps.foundation.queries import rounds as queries
from communs.apps.foundation.queries.rounds import OptionRow, RoundRow, VoterRow
from communs.apps.register.wording import KINDS
from communs.apps.register.wording import said as said_in_words
from communs.core import rounds as core
from communs.kit import formats
from communs.kit.gates import NotThere, Refused, Right
from communs.kit.paging import PageOf, read_page

QUERY_MAX: Final = 100
CHOICES_SHOWN: Final = 60


def vote(request: HttpRequest, slug: str) -> HttpResponse:
    """The ballot: twenty commons a page. Whatever button is pressed, what was filled in is kept."""
    round_ = queries.get_round(request.user, slug)
    voter = actions.voter_for(round_, request.user, timezone.now())
    before = queries.draft_of(voter)
    if request.method != "POST":
        return _ballot_page(request, round_, voter, Filled(before, {}, {}), _asked(request.GET))
    known = set(round_.options.filter(commons__in=_shown(request)).values_list("commons", flat=True))
    filled = fill(round_, before, [name for name in _shown(request) if name in known], request.POST)
    do = request.POST.get("do", "save")
    if do == "clear":
        filled = Filled({}, {}, {})
    actions.save_draft(voter, filled.said)
    asked = _asked(request.POST)
    if filled.errors:
        return _ballot_page(request, round_, voter, filled, asked)
    if do == "look":
        return redirect("foundation:vote-look", round_.slug)
    if do == "search":
        asked["page"] = "1"
    elif do.startswith("page-"):
        asked["page"] = do.removeprefix("page-")
    query = urlencode({name: value for name, value in asked.items() if value})
    return redirect(
        f"{reverse('foundation:vote', args=[round_.slug])}?{query}" + ("" if do == "search" else "#choices")
    )


def _shown(request: HttpRequest) -> list[str]:
    return " ".join(request.POST.getlist("shown")).split()[:50]


def _asked(said: Mapping[str, Any]) -> dict[str, str]:
    return {
        "q": str(said.get("q", "")).replace("\0", "")[:QUERY_MAX].strip(),
        "kind": str(said.get("kind", ""))[:40],
        "chosen": "1" if said.get("chosen") else "",
        "page": str(said.get("page", ""))[:6],
    }


def _ballot_page(
    request: HttpRequest, round_: RoundRow, voter: VoterRow, filled: Filled, asked: dict[str, str]
) -> HttpResponse:
    found: Any = queries.options_found(round_, asked["q"])
    if asked["kind"]:
        found = found.filter(kind=asked["kind"])
    if asked["chosen"]:
        found = found.filter(commons__in=list(filled.said))
    page = read_page(asked["page"], found.count())
    shown = found[page.offset : page.offset + page.rows]
    kinds = round_.options.exclude(kind="").values_list("kind", flat=True).distinct().order_by("kind")
    context = {
        **_common(round_, voter, filled.said),
        "rows": [_option(round_, one, filled) for one in shown],
        "errors": len(filled.errors),
        "page": page,
        "pages": _pages(page),
        "q": asked["q"],
        "kind": asked["kind"],
        "chosen": asked["chosen"],
        "kinds": [(kind, said_in_words(KINDS, kind), kind == asked["kind"]) for kind in kinds],
        "has_ticks": round_.format == core.Format.APPROVE,
        "unit": _unit(round_),
        "is_money": round_.rule == "median",
        "crumbs": round_crumbs(round_),
    }
    return render(request, "foundation/ballots/ballot.html", context)


def _pages(page: PageOf) -> list[tuple[str, int]]:
    found = [(_("Previous"), page.previous), (_("Next"), page.next)]
    return [(label, number) for label, number in found if number]


def _option(round_: RoundRow, one: OptionRow, filled: Filled) -> dict[str, Any]:
    value = filled.said.get(one.commons, 0)
    return {
        "id": one.commons,
        "name": one.name,
        "url": reverse("commons:detail", args=[one.commons]),
        "kind": said_in_words(KINDS, one.kind) if one.kind else "",
        "cost": words.money(one.cost_minor, round_) if one.cost_minor else "",
        "value": filled.typed.get(one.commons, written(round_, value)),
        "is_chosen": bool(value),
        "error": filled.errors.get(one.commons, ""),
    }


def _unit(round_: RoundRow) -> str:
    if round_.rule == "median":
        return round_.currency
    return {"rank": _("rank"), "score": _("points, at most {n}").format(n=round_.points)}.get(
        round_.format, _("points")
    )


def _common(round_: RoundRow, voter: VoterRow, said: dict[str, int]) -> dict[str, Any]:
    """What the ballot and the look at the whole share: the choices, what is left, what is wrong so far."""
    question = queries.question_of(round_)
    ballot = queries.as_ballot(round_.format, voter.pseudonym, said)
    problems = [one.say(_) for one in core.check_ballot(question, ballot)]
    problems += [_said_twice(rank) for rank in queries.ranks_twice(round_.format, said)]
    cast = queries.ballot_of(voter)
    is_same = cast is not None and (cast.names, cast.points) == (list(ballot.names), list(ballot.points))
    return {
        "round": round_,
        "title": words.title_of(round_),
        "asked": words.asked(round_),
        "rule_words": words.RULES[round_.rule][1],
        "rule_page": words.rule_page(round_.rule),
        "choices": [_choice(round_, question, name, said[name]) for name in ballot.names[:CHOICES_SHOWN]],
        "more": max(0, len(ballot.names) - CHOICES_SHOWN),
        "count": len(ballot.names),
        "left": _left(round_, core.left(question, ballot), len(ballot.names)),
        "problems": problems,
        "is_cast": cast is not None,
        "is_same": is_same,
        "closes": formats.moment(round_.closes_at),
    }


def _said_twice(rank: int) -> str:
    return _("Rank {rank} is given twice. Give each commons its own.").format(rank=formats.number(rank))


def _choice(round_: RoundRow, question: core.Question, name: str, value: int) -> tuple[str, str]:
    """A commons by its name and what it is given; of one that is only chosen, what it asks for."""
    if round_.format != core.Format.APPROVE:
        return question.name(name), words.given(round_, value)
    cost = question.by_id[name].cost
    return question.name(name), _("asks for {cost}").format(cost=words.money(cost, round_)) if cost else ""


def _left(round_: RoundRow, left: core.Left, count: int) -> str:
    """What is left to give, as one line."""
    over = count - round_.most
    said = (
        ngettext("{n} chosen, {over} too many", "{n} chosen, {over} too many", over).format(n=count, over=over)
        if over > 0
        else ngettext("{n} of {most} chosen", "{n} of {most} chosen", count).format(n=count, most=round_.most)
    )
    if left.points is not None:
        rest = abs(left.points)
        more = ngettext("{n} point left", "{n} points left", rest)
        if left.points < 0:
            more = ngettext("{n} point too many", "{n} points too many", rest)
        said += " · " + more.format(n=formats.number(rest))
    if left.money is not None:
        more = _("{amount} left") if left.money >= 0 else _("{amount} too much")
        said += " · " + more.format(amount=words.money(abs(left.money), round_))
    return said


@answering
def look(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole ballot once more, then cast it."""
    round_ = queries.get_round(request.user, slug)
    now = timezone.now()
    voter = actions.voter_for(round_, request.user, now)
    said = queries.draft_of(voter)
    if request.method == "POST":
        try:
            actions.cast(round_, request.user, said, now)
        except actions.InvalidBallot:
            return redirect("foundation:vote-look", round_.slug)
        return redirect("foundation:vote-receipt", round_.slug)
    context = {**_common(round_, voter, said), "crumbs": [*round_crumbs(round_), _to_ballot(round_)]}
    return render(request, "foundation/ballots/look.html", context)


@require_GET
def receipt(request: HttpRequest, slug: str) -> HttpResponse:
    """The ballot that counts, and how to find it among those that are published."""
    round_ = queries.get_round(request.user, slug)
    if not request.user.is_authenticated:
        raise Refused(Right.SEE, signed_in=False)
    voter = queries.voter_of(round_, request.user)
    cast = queries.ballot_of(voter) if voter else None
    if voter is None or cast is None:
        raise NotThere
    ballot = core.Ballot(voter.pseudonym, tuple(cast.names), tuple(cast.points))
    question = queries.question_of(round_)
    values = cast.points or list(range(1, len(cast.names) + 1))
    context = {
        "title": words.title_of(round_),
        "round": round_,
        "receipt": actions.receipt(round_, ballot),
        "choices": [_choice(round_, question, *pair) for pair in zip(cast.names, values, strict=True)],
        "is_voting": queries.is_voting(round_, timezone.now()),
        "is_decided": round_.state in queries.DECIDED,
        "closes": formats.moment(round_.closes_at),
        "file_url": reverse("round-file", args=[round_.slug, core.ROUND_FILE]),
        "crumbs": round_crumbs(round_),
    }
    return render(request, "foundation/ballots/receipt.html", context)


def _to_ballot(round_: RoundRow) -> tuple[str, str]:
    return _("Your ballot"), reverse("foundation:vote", args=[round_.slug])
