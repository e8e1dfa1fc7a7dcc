"""The ranked list that `communs match` prints: grouped by answer, 80 columns, signs with words beside them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.apps.funding import wording
from communs.apps.funding.match_document import About, questions_document
from communs.core import matching
from communs.core.matching import Match, Profile
from communs.kit import formats

WIDTH = 80
QUESTIONS_SHOWN = 8
HOSTS_SHOWN = 5
_SIGNS = {"eligible": "✓", "likely": "✓", "ask": "?", "no": "✗"}


def written(
    profile: Profile,
    matches: Sequence[Match],
    today: date,
    about: Callable[[str], About],
    *,
    limit: int | None,
    with_closed: bool,
) -> Iterator[str]:
    """The lines of the list. `limit` holds for each answer; closed opportunities only `with_closed`."""
    shown = [match for match in matches if with_closed or match.status != "closed"]
    yield from _wrapped(_heading(profile, len(shown), today))
    closed = len(matches) - len(shown)
    if closed:
        yield from _wrapped(
            ngettext(
                "{n} closed one is left out; --all shows it.", "{n} closed ones are left out; --all shows them.", closed
            ).format(n=closed)
        )
    for result in matching.RESULTS:
        group = [match for match in shown if match.result == result]
        if not group:
            continue
        yield ""
        yield f"{_SIGNS[result]} {_group_name(result)} ({len(group)})"
        for number, match in enumerate(group[:limit], 1):
            yield ""
            yield from _entry(number, match, today, about(match.opportunity.id))
        if limit is not None and len(group) > limit:
            yield ""
            yield f"   {_('… and {n} more: --all shows all.').format(n=len(group) - limit)}"
    yield from _hosts(profile, shown, today, about)
    yield from _questions(shown)


def _heading(profile: Profile, count: int, today: date) -> str:
    name = profile.name or profile.id or _("This commons")
    said = ngettext("{name}: {n} opportunity, as of {day}.", "{name}: {n} opportunities, as of {day}.", count)
    return said.format(name=name, n=count, day=formats.day(today))


def _group_name(result: str) -> str:
    return {
        "eligible": _("You fit what they ask"),
        "likely": _("Likely: nothing known stands against you"),
        "ask": _("Depends on your answers"),
        "no": _("Not as you are"),
    }[result]


def _entry(number: int, match: Match, today: date, about: About) -> Iterator[str]:
    """One opportunity: title, money and dates, the answer, its reasons, what would change it, where to read on."""
    opportunity = match.opportunity
    yield from _wrapped(about.title or opportunity.id, first=f"{number:>2}. ", rest="    ")
    facts = [wording.kind(opportunity.kind), wording.money(opportunity.money), wording.windows(opportunity, today)]
    yield from _wrapped(" · ".join(filter(None, facts)), first="    ", rest="    ")
    told = matching.explain(match, _)
    yield from _wrapped(told.sentence, first="    → ", rest="      ")
    yield from _reasons(match)
    for change in told.changes:
        yield from _wrapped(change, first="    ↻ ", rest="      ")
    yield f"    {opportunity.id}  {about.url}".rstrip()


def _reasons(match: Match) -> Iterator[str]:
    """What decides: what is not met, what is asked, what fits. A likely says its reasons in its sentence."""
    for outcome in match.outcomes:
        if outcome.criterion.force != "hard":
            continue
        if match.result == "no" and outcome.status == "not_met":
            yield from _reason("✗", matching.explain_ask(outcome.criterion, _), matching.explain_reason(outcome, _))
        elif match.result == "ask" and outcome.question is not None:
            text = matching.explain_question(outcome.question, _).text
            yield from _wrapped(f"{text} [{outcome.question.key}]", first="    ? ", rest="      ")
        elif match.result == "eligible" and outcome.status == "met":
            yield from _reason("✓", matching.explain_ask(outcome.criterion, _), "")


def _reason(sign: str, asked: str, why: str) -> Iterator[str]:
    said = asked if not why else f"{asked.rstrip('.')}. {why}"
    yield from _wrapped(said, first=f"    {sign} ", rest="      ")


def _hosts(profile: Profile, shown: Sequence[Match], today: date, about: Callable[[str], About]) -> Iterator[str]:
    """The fiscal hosts that would take the commons, where one of them would change a no."""
    if not any(change.code == "join_host" for match in shown for change in match.changes):
        return
    hosts = matching.hosts_for(profile, [match.opportunity for match in shown], today=today)
    if hosts:
        yield ""
        yield _("Fiscal hosts that do not refuse you")
        for host in hosts[:HOSTS_SHOWN]:
            yield from _wrapped(about(host.opportunity.id).title, first=" · ", rest="   ")


def _questions(shown: Sequence[Match]) -> Iterator[str]:
    """The questions that decide most, with how to answer them."""
    asked = questions_document(shown, _)
    if not asked:
        return
    yield ""
    yield _("Questions that decide most")
    for question in asked[:QUESTIONS_SHOWN]:
        count = question["decides"]
        decides = ngettext("decides {n} opportunity", "decides {n} opportunities", count).format(n=count)
        choices = "|".join(choice["value"] for choice in question["choices"]) or "…"
        yield from _wrapped(f"{question['text']} ({decides})", first=" ? ", rest="   ")
        yield f"   --answer '{question['key']}={choices}'"


def _wrapped(text: str, *, first: str = "", rest: str = "") -> list[str]:
    # A key or an address stays in one piece, so that it can be copied.
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
