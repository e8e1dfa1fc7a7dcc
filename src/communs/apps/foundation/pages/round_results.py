"""What came of a round: who is paid, what waits, why this amount, every ballot, and the files as they are published."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from communs.apps.foundation import round_words as words
from communs.apps.foundation.pages.round_commons import crumbs_of as round_crumbs
from communs.apps.foundation.queries import round_files as files
from communs.apps.foundation.queries import rounds as queries
from communs.apps.foundation.queries.rounds import RoundRow
from communs.core import rounds as core
from communs.kit import formats
from communs.kit.charts import Bar, Chart
from communs.kit.gates import NotThere
from communs.kit.paging import read_page
from communs.kit.tables import csv_lines

BARS_MAX: Final = 20
COLUMNS: Final = (
    "commons",
    "name",
    "voters",
    "granted_minor",
    "received_minor",
    "paid_minor",
    "waits_minor",
    "currency",
)
TYPES: Final = {"json": "application/json", "pb": "text/plain; charset=utf-8"}
FOR_EVER: Final = "public, max-age=31536000, immutable"


@require_GET
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is paid, by amount; what waits and what stays; how to check it."""
    round_, outcome = _decided(request, slug)
    rows = outcome.rows
    page = read_page(request.GET.get("page"), len(rows))
    shown = rows[page.offset : page.offset + page.rows]
    context = {
        "round": round_,
        "title": words.title_of(round_),
        "figures": _figures(round_, outcome),
        "chart": _chart(round_, outcome) if page.number == 1 else None,
        "rows": [_line(round_, one) for one in shown],
        "page": page,
        "query": "",
        "ties": [_tie(outcome, one) for one in outcome.ties[:BARS_MAX]],
        "turnout": _turnout(outcome),
        "files": [(one.name, _file_url(round_, one.name), one.sha256) for one in files.files_of(round_)],
        "entry_url": reverse("foundation:entry", args=[round_.result.entry.public_id]) if round_.result.entry else "",
        "ballots_url": reverse("foundation:round-ballots", args=[round_.slug]),
        "links": [
            ("CSV", reverse("foundation:round-results-export", args=[round_.slug])),
            ("JSON", _file_url(round_, core.OUTCOME_FILE)),
        ],
        "crumbs": round_crumbs(round_),
    }
    return render(request, "foundation/rounds/results.html", context)


@require_GET
def results_export(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as CSV; amounts in smallest units."""
    round_, outcome = _decided(request, slug)
    cells = (
        (one.id, one.name, one.voters, one.granted, one.received, one.paid, one.waits, round_.currency)
        for one in outcome.rows
    )
    response = HttpResponse("".join(csv_lines(COLUMNS, cells)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{round_.slug}.csv"'
    return response


@require_GET
def why(request: HttpRequest, slug: str, commons: str) -> HttpResponse:
    """Why a commons gets what it gets, worked out again from the published file."""
    round_, outcome = _decided(request, slug)
    row = outcome.by_id.get(commons)
    if row is None:
        raise NotThere
    again = files.worked_out(round_)
    sentences = core.why_option(again, commons, lambda amount: words.money(amount, round_), _)
    context = {
        "title": _("Why {name} gets {amount}").format(name=row.name, amount=words.money(row.paid + row.waits, round_)),
        "sentences": sentences,
        "commons_url": reverse("commons:detail", args=[commons]),
        "rule_page": words.rule_page(round_.rule),
        "crumbs": [*round_crumbs(round_), _to_results(round_)],
    }
    return render(request, "foundation/rounds/why.html", context)


@require_GET
def ballots(request: HttpRequest, slug: str) -> HttpResponse:
    """Every ballot under its pseudonym; one's own is found by the beginning of it."""
    round_, _outcome = _decided(request, slug)
    asked = request.GET.get("q", "").strip().lower()[:64]
    found = round_.ballots.filter(voter__pseudonym__startswith=asked).order_by("voter__pseudonym")
    page = read_page(request.GET.get("page"), found.count())
    shown = list(found.select_related("voter")[page.offset : page.offset + page.rows])
    first = queries.place_of(round_, shown[0].voter.pseudonym) if shown else 1
    rows = [
        {"pseudonym": one.voter.pseudonym, "url": _ballot_url(round_, place), "count": len(one.names)}
        for place, one in enumerate(shown, first)  # those that begin alike stand together
    ]
    mine = queries.voter_of(round_, request.user)
    cast = queries.ballot_of(mine) if mine else None
    context = {
        "title": words.title_of(round_),
        "rows": rows,
        "page": page,
        "q": asked,
        "query": f"q={asked}" if asked.isalnum() else "",
        "links": [
            (one.name, _file_url(round_, one.name)) for one in files.files_of(round_) if one.name != core.OUTCOME_FILE
        ],
        "mine_url": _ballot_url(round_, queries.place_of(round_, cast.voter.pseudonym)) if cast else "",
        "crumbs": [*round_crumbs(round_), _to_results(round_)],
    }
    return render(request, "foundation/rounds/ballots.html", context)


@require_GET
def ballot(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One ballot, counted in the order of pseudonyms: what it says, and what it did."""
    round_, _outcome = _decided(request, slug)
    cast = queries.ballot_at(round_, number)
    if cast is None:
        raise NotThere
    pseudonym = cast.voter.pseudonym
    again = files.worked_out(round_)
    question = again.round.question
    values = cast.points or list(range(1, len(cast.names) + 1))
    said = zip(cast.names, values, strict=True)
    context = {
        "pseudonym": pseudonym,
        "choices": [(question.name(name), words.given(round_, value)) for name, value in said],
        "sentences": core.why_ballot(again, pseudonym, lambda amount: words.money(amount, round_), _),
        "crumbs": [
            *round_crumbs(round_), _to_results(round_),
            (_("Ballots"), reverse("foundation:round-ballots", args=[round_.slug])),
        ],
    }  # fmt: skip
    return render(request, "foundation/rounds/ballot.html", context)


@require_GET
def round_file(_request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A file of a round, byte for byte; it never changes."""
    found = files.get_file(slug, name)
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.data), content_type=TYPES.get(name.rsplit(".", 1)[-1], "text/plain"))
    response["Cache-Control"] = FOR_EVER
    response["Access-Control-Allow-Origin"] = "*"
    response["ETag"] = f'"{found.sha256}"'
    return response


def _decided(request: HttpRequest, slug: str) -> tuple[RoundRow, files.Told]:
    round_ = queries.get_round(request.user, slug)
    if round_.state not in queries.DECIDED:
        raise NotThere
    return round_, files.told(round_)


def _figures(round_: RoundRow, told: files.Told) -> list[tuple[str, str]]:
    found = [
        (_("the pot"), told.pot),
        (_("granted to those who have accepted"), told.paid),
        (_("wait to be accepted"), told.waits),
        (_("stay in the fund"), told.carried),
    ]
    return [(label, words.money(minor, round_)) for label, minor in found]


def _chart(round_: RoundRow, told: files.Told) -> Chart:
    rows = [one for one in told.rows if one.paid + one.waits]
    bars = [Bar(one.name, one.paid + one.waits, words.money(one.paid + one.waits, round_), one.paid) for one in rows]
    title = ngettext("{n} commons receives {sum} of {pot}", "{n} commons receive {sum} of {pot}", len(rows)).format(
        n=formats.number(len(rows)), sum=words.money(told.paid + told.waits, round_), pot=words.money(told.pot, round_)
    )
    note = _("The first {n} of them.").format(n=BARS_MAX) if len(rows) > BARS_MAX else ""
    has_both = bool(told.paid and told.waits)
    return Chart(
        "bars",
        title,
        note,
        bars[:BARS_MAX],
        part_label=_("accepted") if has_both else "",
        rest_label=_("waits to be accepted") if has_both else "",
    )


def _line(round_: RoundRow, one: files.Line) -> dict[str, Any]:
    return {
        "name": one.name,
        "url": reverse("foundation:round-why", args=[round_.slug, one.id]),
        "sum": words.money(one.paid + one.waits, round_),
        "waits": words.money(one.waits, round_) if one.waits else "",
        "granted": words.money(one.granted, round_) if one.granted != one.paid + one.waits else "",
        "voters": one.voters,
    }


def _tie(told: files.Told, tie: dict[str, Any]) -> str:
    names = ", ".join(told.names.get(str(one), str(one)) for one in tie.get("tied", []))
    won = told.names.get(str(tie.get("won")), str(tie.get("won")))
    return _("Equal: {names}. By the seed, first: {chosen}.").format(names=names, chosen=won)


def _turnout(told: files.Told) -> list[str]:
    return [
        _("{college}: {voted} of {all} voted").format(
            college=_("All") if name == queries.EVERYBODY else name,
            voted=formats.number(one["voted"]),
            all=formats.number(one["on_roll"]),
        )
        for name, one in told.turnout.items()
    ]


def _ballot_url(round_: RoundRow, place: int) -> str:
    return reverse("foundation:round-ballot", args=[round_.slug, place])


def _file_url(round_: RoundRow, name: str) -> str:
    return reverse("round-file", args=[round_.slug, name])


def _to_results(round_: RoundRow) -> tuple[str, str]:
    return _("Result"), reverse("foundation:round-results", args=[round_.slug])
