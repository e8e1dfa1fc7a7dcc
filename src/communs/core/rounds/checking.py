"""What is wrong with a question, said before the round opens: afterwards nobody may change it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from communs.core.allocation.elections import InvalidElection
from communs.core.allocation.equal_shares import Start, StepOf
from communs.core.bundles import PPM
from communs.core.flows import KEEP_MIN, SEEDS_MAX, Graph, InvalidGraph, shares_of
from communs.core.money import UnknownCurrency, exponent
from communs.core.rounds.ballots import Ballot
from communs.core.rounds.counting import count
from communs.core.rounds.faults import Problem
from communs.core.rounds.questions import RULE, Format, Question
from communs.core.rounds.rolls import HEX64, Roll, Voter
from communs.core.rounds.rules import FORMATS, OF_SHARES, SET_HERE, THRESHOLDS, check_parameters
from communs.core.standards.pabulib.election import is_id
from communs.core.transparency.canonical import INTEGER_MAX

TEXT_MAX: Final = 300
POT_MAX: Final = 10**13
"""Minor units: a hundred thousand million euro. Sums of a round stay far below what files and floats hold exactly."""
OPTIONS_MAX: Final = 20_000
COLLEGES_MAX: Final = 100
WEIGHT_MAX: Final = 1_000_000
POINTS_MAX: Final = 10_000
"""More points tell nobody more, and a hundred million voters with so many can be summed exactly."""


def problems(question: Question) -> tuple[Problem, ...]:
    """Every fault of a question, with place and remedy. Nothing: the round can be opened, and will close."""
    checks: tuple[Callable[[Question], Iterator[Problem]], ...] = (
        _texts, _money, _options, _rule, _form, _points, _colleges, _dates, _passing_on,
    )  # fmt: skip
    found = tuple(problem for check in checks for problem in check(question))
    return found or tuple(_floors(question)) or tuple(_tried(question))


def _floors(question: Question) -> Iterator[Problem]:
    """Floors that a pot cannot hold are no matter as long as few are chosen, and stop the count when many are."""
    floor = question.parameters.get("floor", 0)
    if isinstance(floor, int) and floor * len(question.options) > question.pot:
        yield Problem("floors", {"floor": floor, "most": question.pot // len(question.options)})


def _tried(question: Question) -> Iterator[Problem]:
    """Parameters that do not go together, or not with the ballots, show when one ballot is counted."""
    nobody, points = "0" * 64, (1,) if question.form.points else ()
    roll = Roll(question.id, (Voter(nobody, question.colleges[0].id),))
    try:
        count(question, roll, [Ballot(nobody, (question.options[0].id,), points)], nobody)
    except InvalidElection as wrong:
        yield Problem("parameter", {"why": str(wrong)})


def _texts(question: Question) -> Iterator[Problem]:
    if question.version != RULE:
        yield Problem("version", {"version": question.version[:100], "known": RULE})
    said = {"id": question.id, "title": question.title, "fund": question.fund}
    for what, text in (said | {"unclaimed, destination": question.unclaimed.destination}).items():
        if not text.strip() or len(text) > TEXT_MAX or not text.isprintable():
            yield Problem("text", {"what": what, "most": TEXT_MAX})
    if not HEX64.fullmatch(question.seed_commitment):
        yield Problem("commitment")


def _money(question: Question) -> Iterator[Problem]:
    try:
        exponent(question.currency)
    except UnknownCurrency:
        yield Problem("currency", {"currency": question.currency[:100]})
    most = SEEDS_MAX if question.passing_on.ppm else POT_MAX
    if not 0 < question.pot <= most:
        yield Problem("pot", {"pot": question.pot, "most": most})


def _options(question: Question) -> Iterator[Problem]:
    options = question.options
    if not 0 < len(options) <= OPTIONS_MAX:
        yield Problem("no-option", {"most": OPTIONS_MAX})
    seen: set[str] = set()
    pays_costs = question.rule not in OF_SHARES
    for option in options:
        if not is_id(option.id) or len(option.id) > TEXT_MAX:
            yield Problem("option-id", {"option": option.id[:100]})
        if option.id in seen:
            yield Problem("option-twice", {"option": option.id})
        seen.add(option.id)
        if not option.name.strip() or len(option.name) > TEXT_MAX:
            yield Problem("text", {"what": option.id, "most": TEXT_MAX})
        if not 0 <= option.cost <= POT_MAX:
            yield Problem("cost", {"option": option.id, "cost": option.cost, "most": POT_MAX})
        elif pays_costs and not option.cost:
            yield Problem("no-cost", {"option": option.name, "rule": question.rule})
    if pays_costs and options and all(option.cost > question.pot for option in options):
        yield Problem("too-dear")


def _rule(question: Question) -> Iterator[Problem]:
    rule, parameters = question.rule, question.parameters
    if rule not in FORMATS:
        yield Problem("rule", {"rule": rule[:100], "known": ", ".join(FORMATS)})
        return
    ours = [name for name in SET_HERE if name in parameters]
    yield from (Problem("set-here", {"name": name}) for name in ours)
    if not ours:
        try:
            check_parameters(rule, parameters)
        except InvalidElection as wrong:
            yield Problem("parameter", {"why": str(wrong)})
    if len(question.colleges) > 1:
        yield from (Problem("thresholds", {"name": name}) for name in THRESHOLDS if name in parameters)
    yield from _steps(question)
    if question.form.format not in FORMATS[rule]:
        known = ", ".join(FORMATS[rule])
        yield Problem("format", {"rule": rule, "format": question.form.format.value, "known": known})


def _steps(question: Question) -> Iterator[Problem]:
    """Steps of the completion add1 in money are money for each copy of a ballot, of which colleges make very many."""
    parameters = question.parameters
    by_part, floored = parameters.get("step_of") == StepOf.ENDOWMENT, parameters.get("start") == Start.FLOOR
    if str(parameters.get("completion", "")).startswith("add1"):
        if len(question.colleges) > 1 and not by_part:
            yield Problem("steps")
        if floored and (by_part or len(question.colleges) > 1):
            yield Problem("start")


def _form(question: Question) -> Iterator[Problem]:
    form = question.form
    if question.options and not 1 <= form.most <= len(question.options):
        yield Problem("most", {"most": form.most, "options": len(question.options)})
    if form.within_pot and form.format is not Format.APPROVE:
        yield Problem("within-pot")


def _points(question: Question) -> Iterator[Problem]:
    form = question.form
    if form.format in {Format.APPROVE, Format.RANK}:
        if form.points:
            yield Problem("no-points", {"format": form.format.value})
    elif question.rule == "median":
        if form.points != question.pot:
            yield Problem("median-points", {"pot": question.pot})
    elif not 1 <= form.points <= POINTS_MAX:
        yield Problem("points", {"points": form.points, "most": POINTS_MAX})


def _colleges(question: Question) -> Iterator[Problem]:
    if not 0 < len(question.colleges) <= COLLEGES_MAX:
        yield Problem("no-college", {"most": COLLEGES_MAX})
    seen: set[str] = set()
    for college in question.colleges:
        if not college.id.strip() or len(college.id) > TEXT_MAX:
            yield Problem("text", {"what": "college", "most": TEXT_MAX})
        if college.id in seen:
            yield Problem("college-twice", {"college": college.id})
        seen.add(college.id)
        if not 1 <= college.weight <= WEIGHT_MAX:
            yield Problem("weight", {"college": college.id, "weight": college.weight, "most": WEIGHT_MAX})


def _dates(question: Question) -> Iterator[Problem]:
    moments = {"opens_at": question.opens_at, "closes_at": question.closes_at}
    without = [what for what, moment in moments.items() if moment.tzinfo is None]
    yield from (Problem("zone", {"what": what}) for what in without)
    if not without and question.closes_at <= question.opens_at:
        yield Problem("dates")
    if question.unclaimed.expires_on <= question.closes_at.date():
        yield Problem("expiry", {"day": question.unclaimed.expires_on.isoformat()})


def _passing_on(question: Question) -> Iterator[Problem]:
    passing = question.passing_on
    if not 0 <= passing.ppm <= PPM - KEEP_MIN:
        yield Problem("ppm", {"ppm": passing.ppm, "most": PPM - KEEP_MIN})
        return
    wrong = next((edge for edge in passing.graph if not 1 <= edge[2] <= INTEGER_MAX), None)
    if wrong is not None:
        yield Problem("graph", {"why": f"{wrong[0][:100]} → {wrong[1][:100]}: the weight must be 1 or more."})
        return
    try:
        shares_of(graph_of(question), PPM - passing.ppm)
    except (InvalidGraph, OverflowError) as wrong_graph:
        yield Problem("graph", {"why": str(wrong_graph)})


def graph_of(question: Question) -> Graph:
    """The graph along which money is passed on, with every option in it. Raises `InvalidGraph`."""
    passing = question.passing_on
    return Graph.from_rows(passing.graph, nodes=question.by_id, sha256=passing.sha256)
