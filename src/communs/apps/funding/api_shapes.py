"""What the API answers about opportunities and matches, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from ninja import Field, Schema

from communs.kit.api_shapes import SourceShape


class OpportunityShape(Schema):
    """One opportunity. Empty means "not stated", never "nobody" and never "everybody"."""

    id: str
    title: str
    titles: dict[str, Any] = Field(description="by language")
    summaries: dict[str, Any] = Field(description="by language")
    kind: str = Field(description="grant, service_contract, prize, …; empty: not stated")
    status: str = Field(description="what the calendar says today")
    funder: dict[str, Any]
    funds_what: list[str]
    commons_kinds: list[str]
    recipients: list[str] = Field(description="legal forms that may apply")
    countries: list[str]
    countries_excluded: list[str] = Field(description="wins over `countries`")
    languages_of_application: list[str]
    themes: list[str]
    amount: dict[str, Any] = Field(description="min, max, pot in whole units of `currency`")
    windows: list[dict[str, Any]]
    criteria: list[dict[str, Any]]
    requires_legal_entity: str = Field(description="yes, no or unknown")
    fiscal_host_accepted: str = Field(description="yes, no or unknown")
    last_confirmed: str = Field(description="when the facts were last seen; empty: never by a page")
    link: str = Field(description="the funder's own page")
    sources: list[SourceShape]
    updated_at: str
    url: str = Field(description="the page here")


class OpportunityListShape(Schema):
    items: list[OpportunityShape]
    next: str | None = Field(description="give back as `cursor`; null at the end")


class ProfileShape(Schema):
    """The commons as it was understood; null and empty mean "not known"."""

    id: str
    name: str
    kinds: list[str]
    legal_form: str | None
    hosted: str
    country: str | None
    countries: list[str]
    licences: list[dict[str, Any]]
    languages: list[str]
    answers: dict[str, str]


class ChoiceShape(Schema):
    value: str
    label: str


class QuestionShape(Schema):
    key: str = Field(description="answer it with `answer.<key>=`")
    kind: str = Field(description="yes_no, choice or number")
    text: str
    choices: list[ChoiceShape]


class OpenQuestionShape(QuestionShape):
    decides: int = Field(description="opportunities among the results that it helps to decide")


class CriterionShape(Schema):
    dimension: str
    statement: str = Field(description="what they ask")
    force: str = Field(description="hard, scored or text")
    status: str = Field(description="met, not_met, unknown or text")
    reason: str
    question: str | None = Field(description="key of the question that would settle it")


class ResultShape(Schema):
    id: str
    title: str
    result: str = Field(description="eligible, likely, ask or no")
    status: str | None = Field(description="what the calendar says today")
    score: dict[str, str] = Field(description="why it stands where it stands, in the order of comparison")
    sentence: str
    criteria: list[CriterionShape]
    questions: list[QuestionShape]
    changes: list[str] = Field(description="what would change a no")
    url: str = Field(description="the page here")
    link: str = Field(description="the funder's own page")


class MatchShape(Schema):
    commons: ProfileShape
    as_of: str
    rule: str
    results: list[ResultShape]
    questions: list[OpenQuestionShape]
