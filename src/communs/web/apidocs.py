"""The OpenAPI document as a page and the generated reference read it: operations in a row, fields in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Two names that Python spells differently from one version to the next.
PHRASES = {413: "Content Too Large", 422: "Unprocessable Content"}
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: where it goes, what it is, what it does."""

    name: str
    where: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method at one address. `responses` are the entries of the document itself, by status."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    responses: dict[int, dict[str, Any]]
    fields: tuple[tuple[str, str, str], ...]
    has_body: bool

    @property
    def anchor(self) -> str:
        """A name for links within a page."""
        return f"{self.method.lower()}-{self.path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}"

    @property
    def shown(self) -> dict[str, SafeString]:
        """Summary and description for a page."""
        return {"summary": with_code(self.summary), "description": with_code(self.description)}

    @property
    def shown_parameters(self) -> list[tuple[Parameter, SafeString]]:
        """The parameters with their descriptions for a page."""
        return [(parameter, with_code(parameter.description)) for parameter in self.parameters]

    @property
    def shown_fields(self) -> list[tuple[str, str, SafeString]]:
        """The fields of the answer with their descriptions for a page."""
        return [(name, kind, with_code(description)) for name, kind, description in self.fields]

    @property
    def statuses(self) -> list[tuple[int, str]]:
        """Each status with its name."""
        return [(status, PHRASES.get(status) or HTTPStatus(status).phrase) for status in sorted(self.responses)]


def operations(schema: Mapping[str, Any]) -> list[Operation]:
    """Every operation of an OpenAPI document, in its order."""
    return [
        _operation(schema, method, path, details)
        for path, methods in schema["paths"].items()
        for method, details in methods.items()
        if method in METHODS
    ]


def _operation(schema: Mapping[str, Any], method: str, path: str, details: Mapping[str, Any]) -> Operation:
    responses = {int(status): response for status, response in details.get("responses", {}).items()}
    return Operation(
        method=method.upper(),
        path=path,
        summary=details.get("summary", ""),
        description=details.get("description", ""),
        parameters=tuple(_parameter(entry) for entry in details.get("parameters", ())),
        responses=responses,
        fields=tuple(_fields(schema, responses.get(200, {}))),
        has_body="requestBody" in details,
    )


def _parameter(entry: Mapping[str, Any]) -> Parameter:
    schema = entry.get("schema", {})
    return Parameter(
        entry["name"],
        entry["in"],
        kind_of(schema),
        bool(entry.get("required")),
        entry.get("description") or schema.get("description", ""),
    )


def kind_of(schema: Mapping[str, Any]) -> str:
    """The type of a value in words: "text", "list of text", "text or null" …"""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2].removesuffix("Shape").lower()
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(kind_of(option) for option in schema["anyOf"]))
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    names = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    return names.get(str(kind), str(kind))


def _fields(schema: Mapping[str, Any], response: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The fields of an answer; of a list, those of its items."""
    for media in response.get("content", {}).values():
        found = _resolved(schema, media.get("schema", {}))
        items = _resolved(schema, found.get("properties", {}).get("items", {}).get("items", {}))
        for name, field in (items or found).get("properties", {}).items():
            yield name, kind_of(field), field.get("description", "")


def with_code(text: str) -> SafeString:
    """A text for a page: escaped, what stands between backticks as code, paragraphs apart.

    >>> with_code("give `next` back & go on")
    'give <code>next</code> back &amp; go on'
    """
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
    return mark_safe(re.sub(r"\n\s*\n", "<br>", marked))  # noqa: S308 - escaped above


def _resolved(schema: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in part:
        return part
    name = str(part["$ref"]).rpartition("/")[2]
    found: Mapping[str, Any] = schema["components"]["schemas"][name]
    return found
