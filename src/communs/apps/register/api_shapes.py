"""What the API answers about commons, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from ninja import Field, Schema

from communs.kit.api_shapes import SourceShape


class CommonsShape(Schema):
    """One commons. Empty means "not known", never "none"."""

    id: str
    name: str
    names: dict[str, Any] = Field(description="by language")
    summaries: dict[str, Any] = Field(description="by language")
    kind: str = Field(description="software, data, content, knowledge, standard, model, hardware, service or suite")
    verdict: str = Field(description="commons, open_resource, closed or unknown: the commons test")
    homepage: str
    repository: str
    licences: list[dict[str, Any]] = Field(description="for each part: `part` and `spdx`, an SPDX expression")
    steward: dict[str, Any] = Field(description="name, form (informal is one) and country")
    governance: dict[str, Any] = Field(description="the facts that the commons test reads")
    community: dict[str, Any] = Field(description="the same")
    countries: list[str] = Field(description="where it is active; INT: internationally")
    languages: list[str]
    functions: list[str]
    categories_publiccode: list[str]
    replaces: list[dict[str, Any]] = Field(description="products that it can stand in for")
    funded_by: list[dict[str, Any]]
    identifiers: dict[str, Any] = Field(description="repo, wikidata, doi, …")
    sources: list[SourceShape]
    updated_at: str
    url: str = Field(description="the page here")


class RuleShape(Schema):
    rule: str
    group: str = Field(description="licence, governance or community")
    part: str = Field(description="the part it looks at, where rules look at parts")
    answer: str = Field(description="yes, no or unknown; unknown is never no")


class TestShape(Schema):
    __test__ = False

    rule_set: str
    verdict: str
    missing: list[str] = Field(description="rules whose unknown answer keeps the verdict open")
    rules: list[RuleShape]


class RelationShape(Schema):
    kind: str = Field(description="depends_on, part_of, fork_of or similar")
    direction: str = Field(description="to: from this one to `id`; from: the other way")
    id: str
    name: str
    detail: str
    verified: bool = Field(description="false: general knowledge only")
    seen_as_of: str


class OneCommonsShape(CommonsShape):
    test: TestShape
    relations: list[RelationShape]


class CommonsListShape(Schema):
    items: list[CommonsShape]
    next: str | None = Field(description="give back as `cursor`; null at the end")
