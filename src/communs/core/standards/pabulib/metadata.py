"""What META says, key by key: values of the right kind, and none that contradict each other."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from communs.core.money import EXPONENTS
from communs.core.standards.dpg.countries import is_country
from communs.core.standards.pabulib.amounts import whole_of
from communs.core.standards.pabulib.election import APPROVAL, CHOOSE_1, CUMULATIVE
from communs.core.standards.pabulib.fields import LANGUAGES, LIST, META, META_NEEDED, NUMBER, RULES, WHOLE
from communs.core.standards.pabulib.head import Head, Key
from communs.core.standards.pabulib.parsing import Parsed, number_at
from communs.core.standards.pabulib.problems import Problems

_DAY: Final = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})", re.ASCII)
_REMARK: Final = re.compile(r"#(\d+):")
_OWN_CHECKS: Final = ("budget", "vote_type")
_OF_POINTS: Final = ("min_points", "max_points", "min_sum_points", "max_sum_points", "default_score")
_PAIRS: Final = (
    ("min_length", "max_length"),
    ("min_sum_cost", "max_sum_cost"),
    ("min_points", "max_points"),
    ("min_sum_points", "max_sum_points"),
    ("min_project_cost", "max_project_cost"),
)


def examine_meta(parsed: Parsed) -> None:
    """Every key by itself, then those that belong together."""
    head, problems = parsed.head, parsed.problems
    if "META" not in head.sections:
        return
    line = head.sections["META"].line or 1
    for name in META_NEEDED:
        if name not in head.meta:
            problems.tell("key-missing", line, 1, f"meta.{name}", key=name)
    for name, key in head.meta.items():
        if name not in META:
            problems.tell("key-unknown", key.line, 1, f"meta.{name}")
        elif name not in _OWN_CHECKS:
            _examine_value(name, key, problems)
    known = [name for name in head.meta if name in META]
    if known != (usual := sorted(known, key=list(META).index)):
        first = next(name for name, other in zip(known, usual, strict=True) if name != other)
        problems.tell("key-order", head.meta[first].line, 1, "", order=", ".join(usual[usual.index(first) - 1 :][:3]))
    _examine_dates(head, problems)
    _examine_limits(head, parsed.kind, problems)
    _examine_comment(head, problems)
    _examine_rule(head, problems)


def _examine_value(name: str, key: Key, problems: Problems) -> None:
    place = (key.line, key.column, f"meta.{name}")
    if not key.value:
        problems.tell("value-empty", *place)
    elif META[name] == WHOLE and whole_of(key.value) is None and not _is_unlimited(name, key.value):
        problems.tell("not-whole", *place, value=key.value)
    elif META[name] == NUMBER:
        number_at(key.value, place, problems, "limit-no-number")
    elif META[name] == LIST and any(part != part.strip() for part in key.value.split(",")):
        problems.tell("list-spaces", *place, value=key.value)
    elif name in {"fully_funded", "experimental"} and whole_of(key.value) != 1:
        problems.tell("not-one", *place, value=key.value)
    elif name == "rule" and key.value not in RULES:
        problems.tell("rule-unknown", *place, value=key.value, rules=", ".join(RULES))
    elif name == "country" and key.value != "Worldwide" and not is_country(key.value):
        problems.tell("country-unknown", *place, value=key.value)
    elif name == "language" and key.value not in LANGUAGES:
        problems.tell("language-unknown", *place, value=key.value)
    elif name == "currency" and key.value not in EXPONENTS:
        problems.tell("currency-unknown", *place, value=key.value)


def _is_unlimited(name: str, value: str) -> bool:
    """Negative points may be asked for in scoring ballots of other tools; only the sign is unusual."""
    return name in {"min_points", "default_score"} and whole_of(value.removeprefix("-")) is not None


def _examine_dates(head: Head, problems: Problems) -> None:
    days = []
    for name in ("date_begin", "date_end"):
        key = head.meta.get(name)
        if key is None or not key.value:
            continue
        day = _day(key.value)
        if day is None:
            problems.tell("not-a-date", key.line, key.column, f"meta.{name}", value=key.value)
        days.append(day)
    if len(days) == 2 and days[0] and days[1] and days[0] > days[1]:
        key = head.meta["date_end"]
        problems.tell("date-order", key.line, key.column, "meta.date_end")


def _day(text: str) -> date | None:
    """A day, or the first one of a year."""
    try:
        if found := _DAY.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date(int(text), 1, 1) if re.fullmatch(r"\d{4}", text, re.ASCII) else None
    except ValueError:
        return None


def _examine_limits(head: Head, kind: str, problems: Problems) -> None:
    for low, high in _PAIRS:
        least, most = whole_of(head.value(low)), whole_of(head.value(high))
        if least is not None and most is not None and least > most:
            key = head.meta[high]
            problems.tell("limits-cross", key.line, key.column, f"meta.{high}", low=low, high=high)
    for name in ("min_length", "max_length"):
        _examine_length(head, name, kind, problems)
    if kind in {APPROVAL, CHOOSE_1}:
        for name in (*_OF_POINTS, "points"):
            if head.value(name):
                problems.tell("limit-of-other-kind", head.meta[name].line, 1, f"meta.{name}", kind=kind)
    if kind == CUMULATIVE and not head.value("max_sum_points"):
        problems.tell("no-sum-of-points", head.sections["META"].line or 1, 1, "meta.max_sum_points")


def _examine_length(head: Head, name: str, kind: str, problems: Problems) -> None:
    limit, projects = whole_of(head.value(name)), len(head.projects)
    if limit is None:
        return
    place = (head.meta[name].line, head.meta[name].column, f"meta.{name}")
    if kind == CHOOSE_1:
        if limit != 1:
            problems.tell("choose-1-limit", *place, value=limit)
    elif limit > projects:
        problems.tell("limit-too-high", *place, value=limit, found=projects)
    elif name == "max_length" and limit == 1 and projects > 1:
        problems.tell("choose-1-meant", *place)


def _examine_comment(head: Head, problems: Problems) -> None:
    key = head.meta.get("comment")
    if key is None or not key.value:
        return
    numbers = _REMARK.findall(key.value)
    if not numbers or not key.value.startswith("#1: "):
        problems.tell("comment-numbers", key.line, key.column, "meta.comment")
    elif numbers != [str(number) for number in range(1, len(numbers) + 1)]:
        problems.tell("comment-order", key.line, key.column, "meta.comment")


def _examine_rule(head: Head, problems: Problems) -> None:
    key = head.meta.get("rule")
    if key is None:
        return
    has_threshold = "min_project_score_threshold" in head.meta
    if key.value == "greedy" and has_threshold:
        problems.tell("threshold-unmeant", key.line, key.column, "meta.rule")
    if key.value == "greedy-threshold" and not has_threshold:
        problems.tell("threshold-unsaid", key.line, key.column, "meta.rule")
    if key.value == "greedy-custom" and not head.value("comment"):
        problems.tell("custom-unsaid", key.line, key.column, "meta.rule")
