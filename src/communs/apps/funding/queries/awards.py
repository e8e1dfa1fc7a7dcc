"""Who funded what: awards as lists with filters, totals by currency, and those of one funder or one commons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear

from communs.apps.funding.models import Award, AwardFunder
from communs.core.identity.likeness.words import fold
from communs.core.money import Money
from communs.kit.gates import NotThere
from communs.kit.search import containing

FACETS = ("year", "funder", "programme", "currency", "recipient")
"""The filters, which are also the names of the query parameters, here and in the API."""

VALUES_SHOWN = 12
YEARS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class AwardBrowse:
    """What is asked of the list: values of a filter widen, several filters narrow; `sort`: newest, largest."""

    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    text: str = ""
    sort: str = "newest"
    funder: AwardFunder | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """What was given in one currency."""

    money: Money
    awards: int


@dataclass(frozen=True, slots=True)
class Received:
    """An award that went to a commons, and what shows that it did: org_id, repository or name."""

    award: Award
    because: str


def awards(asked: AwardBrowse) -> QuerySet[Award]:
    """The awards asked for, in order."""
    order = {
        "newest": (F("awarded_on").desc(nulls_last=True), "-pk"),
        "largest": ("currency", "-amount_minor", "pk"),
    }[asked.sort]
    return _filtered(asked).select_related("funder", "source").order_by(*order)


def award_counts(asked: AwardBrowse) -> dict[str, dict[str, int]]:
    """`{filter: {value: awards one would see with it}}`; each without its own choice, its most frequent values."""
    columns = {"currency": "currency", "programme": "programme", "funder": "funder__public_id"}
    found: dict[str, dict[str, int]] = {}
    for name, column in columns.items():
        if name == "funder" and asked.funder is not None:
            continue
        rows = _filtered(asked, without=name).exclude(**{column: ""}).values_list(column)
        counted = rows.annotate(times=Count("pk")).order_by("-times", column)
        found[name] = dict(counted[:VALUES_SHOWN])
    years = _filtered(asked, without="year").exclude(awarded_on=None).annotate(year=ExtractYear("awarded_on"))
    by_year = years.values_list("year").annotate(times=Count("pk")).order_by("-year")[:YEARS_SHOWN]
    found["year"] = {str(year): times for year, times in by_year}
    kinds = _filtered(asked, without="recipient").values_list("recipient_kind").annotate(times=Count("pk"))
    found["recipient"] = dict(kinds.order_by())
    return found


def award_totals(rows: QuerySet[Award]) -> list[Total]:
    """What was given, by currency: amounts of different currencies are never added up."""
    counted = rows.order_by().values_list("currency").annotate(minor=Sum("amount_minor"), times=Count("pk"))
    totals = [Total(Money(int(minor), currency), times) for currency, minor, times in counted]
    return sorted(totals, key=lambda total: (-total.awards, total.money.currency))


def award_years(rows: QuerySet[Award]) -> list[tuple[int, str, int]]:
    """`(year, currency, minor units)` in the order of the years."""
    dated = rows.order_by().exclude(awarded_on=None).annotate(year=ExtractYear("awarded_on"))
    summed = dated.values_list("year", "currency").annotate(minor=Sum("amount_minor")).order_by("year", "currency")
    return [(year, currency, int(minor)) for year, currency, minor in summed]


def get_award(public_id: str) -> Award:
    """One award; all are public. Raises `NotThere`."""
    award = Award.objects.select_related("funder", "source").filter(public_id=public_id).first()
    if award is None:
        raise NotThere
    return award


def get_award_funder(public_id: str) -> AwardFunder:
    """One funder. Raises `NotThere`."""
    funder = AwardFunder.objects.filter(public_id=public_id).first()
    if funder is None:
        raise NotThere
    return funder


def funder_named(name: str, org_id: str = "") -> AwardFunder | None:
    """The funder of past awards with this identifier, or called exactly so; None where there is none, or several."""
    if org_id and (found := AwardFunder.objects.filter(key=org_id.upper()).first()):
        return found
    key = fold(name)[:300]
    found_by_name = list(AwardFunder.objects.filter(name_key=key)[:2]) if key else []
    return found_by_name[0] if len(found_by_name) == 1 else None


def funder_names(public_ids: Iterable[str]) -> dict[str, str]:
    """Names by public id."""
    return dict(AwardFunder.objects.filter(public_id__in=list(public_ids)).values_list("public_id", "name"))


def received_by(commons: Any) -> list[Received]:
    """Awards that went to a commons, newest first: the same identifier, repository, or exact name of it or its steward.

    Nothing is guessed: a name that is merely alike does not count.
    """
    values: Mapping[str, Any] = commons.values
    org_ids = {str(v) for name, v in values.items() if name in {"steward.org_id", "identifiers.org_id"} and v}
    names = {str(v) for name, v in values.items() if name in {"name", "steward.name"} or name.startswith("names.")}
    keys = {key for name in names if len(key := fold(name)[:300]) > 2}
    same = Q()
    if org_ids:
        same |= Q(recipient_org_id__in=org_ids)
    if commons.repository_key:
        same |= Q(repository_key=commons.repository_key)
    if keys:
        same |= Q(recipient_key__in=keys)
    if not same:
        return []
    rows = Award.objects.filter(same).select_related("funder")
    found = rows.order_by(F("awarded_on").desc(nulls_last=True), "-pk")[:RECEIVED_MAX]
    return [Received(award, _because(award, org_ids, commons.repository_key)) for award in found]


RECEIVED_MAX = 200


def awards_changed_at() -> datetime | None:
    """When any award last changed."""
    newest: datetime | None = Award.objects.aggregate(newest=Max("updated_at"))["newest"]
    return newest


def years_of(funder: AwardFunder) -> tuple[int, int] | None:
    """First and last year of a funder's awards."""
    span = funder.awards.aggregate(first=Min("awarded_on"), last=Max("awarded_on"))
    return (span["first"].year, span["last"].year) if span["first"] else None


def _because(award: Award, org_ids: set[str], repository: str) -> str:
    if award.recipient_org_id in org_ids:
        return "org_id"
    return "repository" if repository and award.repository_key == repository else "name"


def _filtered(asked: AwardBrowse, without: str = "") -> QuerySet[Award]:
    rows = Award.objects.all()
    if asked.funder is not None:
        rows = rows.filter(funder=asked.funder)
    for name, values in asked.chosen.items():
        if name != without and values:
            rows = rows.filter(_chosen(name, values))
    return containing(rows, asked.text) if asked.text else rows


def _chosen(name: str, values: Sequence[str]) -> Q:
    if name == "year":
        return Q(awarded_on__year__in=[int(value) for value in values if value.isdecimal() and len(value) == 4])
    columns = {
        "currency": "currency",
        "programme": "programme",
        "funder": "funder__public_id",
        "recipient": "recipient_kind",
    }
    return Q(**{f"{columns[name]}__in": list(values)})
