"""One element of the extract as an opportunity."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from communs.core.standards.feeds.days import NOT_AN_AMERICAN_DAY, read_american_day
from communs.core.standards.feeds.records import Opportunity, has
from communs.core.standards.feeds.rows import Place, Row
from communs.core.standards.grants_gov.codes import APPLICANTS, CATEGORIES, KINDS
from communs.core.standards.problems import Problem
from communs.core.standards.reading.xml_text import Element
from communs.core.texts import N_

SYNOPSIS: Final = "OpportunitySynopsisDetail_1_0"
FORECAST: Final = "OpportunityForecastDetail_1_0"

CODE_UNKNOWN: Final = (
    N_("The code “{value}” of “{path}” is not known; it stays as it is."),
    N_("Nothing to do, unless the code is misspelt."),
)
FLOOR_ABOVE: Final = (
    N_("The lowest award ({value}) is above the highest ({meant}); both were left out."),
    N_("Exchange them, if they stand in each other’s place."),
)


def read_element(element: Element, problems: list[Problem]) -> Opportunity | None:
    """The opportunity of an element, None where it has no key or no title."""
    row = Row({name: element.text(name) for name in element.children}, _place_of(element), problems)
    if not has(row, "OpportunityID", "OpportunityTitle"):
        return None
    key = row.raw("OpportunityID")
    seen = _day(row, "LastUpdatedDate") or _day(row, "PostDate")
    number = row.raw("OpportunityNumber")
    what = f"grants.gov {key}" + (f" ({number})" if number else "") + (f", updated on {seen}" if seen else "")
    made = Opportunity(row, "grants-gov", key, "en", seen=seen, what=what)
    url = row.address("AdditionalInformationURL")
    made.reference = url
    made.text("title", row.word("OpportunityTitle"))
    made.text("summary", row.prose("Description"))
    if number:
        made.line(f"{number} · CFDA {', '.join(element.texts('CFDANumbers'))}".removesuffix(" · CFDA "))
    agency = row.word("AgencyName") or row.raw("AgencyCode")
    made.put(
        url=url,
        funder={"name": agency, "country": "US", "type": "public"} if agency else None,
        themes=[CATEGORIES.get(code, code) for code in _known(element, row, "CategoryOfFundingActivity", CATEGORIES)],
    )
    _kind(made, element)
    _applicants(made, element)
    _money(made)
    _window(made, is_forecast=element.name == FORECAST)
    return made


def _place_of(element: Element) -> Callable[[str], Place]:
    def locate(key: str) -> Place:
        found = element.children.get(key)
        path = f"{element.name}.{key}" if key else element.name
        return (path, *found[0][1:]) if found else (path, element.line, element.column)

    return locate


def _known(element: Element, row: Row, name: str, codes: Collection[str]) -> list[str]:
    """The codes of a field, each once; those that are not in the list are told."""
    found = list(dict.fromkeys(element.texts(name)))
    for code in found:
        if code not in codes:
            row.tell(name, "code-unknown", "note", CODE_UNKNOWN, value=code)
    return found


def _day(row: Row, name: str) -> str:
    text = row.raw(name)
    day = read_american_day(text) if text else None
    if text and day is None:
        row.tell(name, "not-a-date", "warning", NOT_AN_AMERICAN_DAY, value=text)
    return day.iso if day else ""


def _kind(made: Opportunity, element: Element) -> None:
    kinds = [KINDS[code] for code in _known(element, made.row, "FundingInstrumentType", KINDS) if code in KINDS]
    if kinds:
        made.put(kind="grant" if "grant" in kinds else kinds[0])


def _applicants(made: Opportunity, element: Element) -> None:
    """Who may apply. Where the codes point to the text, no list is made of the others: it would shut people out."""
    codes = _known(element, made.row, "EligibleApplicants", APPLICANTS)
    found = [APPLICANTS.get(code, (code, ())) for code in codes]
    is_open = any(not forms for _, forms in found)
    words = made.row.prose("AdditionalInformationOnEligibility")
    if found and not is_open:
        made.put(recipients=sorted({form for _, forms in found for form in forms}))
    if codes not in ([], ["99"], ["25"]) or (codes == ["25"] and not words):
        made.quote("applicant_form", "; ".join(name for name, _ in found), decides=is_open)
    made.quote("eligibility", words, decides=is_open)
    if made.row.raw("CostSharingOrMatchingRequirement").lower() in {"yes", "y"}:
        made.quote("own_share", "Cost sharing or matching is required.")


def _money(made: Opportunity) -> None:
    """In dollars. Nought, and the word "none", mean that no amount is stated."""
    row = made.row
    low, high, pot = (
        None if row.raw(name).lower() == "none" else row.number_of(name, row.raw(name).lstrip("$").replace(",", ""))
        for name in ("AwardFloor", "AwardCeiling", "EstimatedTotalProgramFunding")
    )
    if low and high and low > high:
        row.tell("AwardFloor", "floor-above-ceiling", "warning", FLOOR_ABOVE, value=str(low), meant=str(high))
        low = high = None
    made.money("USD", min=low, max=high, pot=pot)


def _window(made: Opportunity, *, is_forecast: bool) -> None:
    """Posted: from the day of posting to the closing day. Forecast: what is estimated, confirmed by nobody."""
    row = made.row
    if is_forecast:
        opens, closes = _day(row, "EstimatedSynopsisPostDate"), _day(row, "EstimatedSynopsisCloseDate")
        unread = "" if closes else row.raw("EstimatedSynopsisCloseDate")
        said = (unread, row.prose("EstimatedSynopsisCloseDateExplanation"))
        made.window("forecast", opens, closes, "; ".join(filter(None, said)))
        return
    opens, closes = _day(row, "PostDate"), _day(row, "CloseDate")
    note = "; ".join(filter(None, ("" if closes else row.raw("CloseDate"), row.prose("CloseDateExplanation"))))
    if opens or closes or note:
        made.window("one_off" if closes else "unknown", opens, closes, note)
