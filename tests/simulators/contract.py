"""A provider's OpenAPI document as a judge: of every request, and of every answer of the simulator itself."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

CHECKER = FormatChecker(formats=())


@CHECKER.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value) is not None


class Contract:
    """Operations and shapes of an OpenAPI 3.0 document. Problems come back as sentences; none means it holds."""

    def __init__(self, path: Path) -> None:
        document = json.loads(path.read_text(encoding="utf-8"))
        self._components = _plain(document["components"])
        self._operations = [
            (method.upper(), re.compile(re.sub(r"\\{[^}]+\\}", "([^/]+)", re.escape(template))), operation)
            for template, methods in document["paths"].items()
            for method, operation in methods.items()
        ]
        self._validator = cache(self._new_validator)

    def request(self, method: str, path: str, query: list[tuple[str, str]], body: bytes) -> list[str]:
        operation = self._operation(method, path)
        if operation is None:
            return [f"the contract has no {method} {path}"]
        known = {one["name"]: one["schema"] for one in operation.get("parameters", ()) if one["in"] == "query"}
        problems = [f"query: {name} is no parameter" for name, _value in query if name not in known]
        problems += [
            f"query {name}: {problem}"
            for name, value in query
            if name in known
            for problem in self._problems(known[name], _typed(value, _plain(known[name]), self._components))
        ]
        if "requestBody" not in operation:
            return problems + (["a body where none belongs"] if body else [])
        try:
            sent = json.loads(body)
        except ValueError:
            return [*problems, "the body is no JSON"]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        return problems + [f"body {problem}" for problem in self._problems(schema, sent)]

    def answer(self, method: str, path: str, status: int, body: Any) -> list[str]:
        operation = self._operation(method, path)
        known = (operation or {}).get("responses", {}).get(str(status))
        content = (known or {}).get("content", {})
        if known is not None and not content and body is None:
            return []  # an answer that the contract knows, and says nothing of
        if "application/json" not in content:
            return [] if status >= 400 else [f"the contract has no answer {status} to {method} {path}"]
        return [f"answer {problem}" for problem in self._problems(content["application/json"]["schema"], body)]

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        fits = (one for verb, pattern, one in self._operations if verb == method and pattern.fullmatch(path))
        return next(fits, None)

    def _problems(self, schema: dict[str, Any], value: Any) -> list[str]:
        validator = self._validator(json.dumps(schema))
        return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]

    def _new_validator(self, schema: str) -> Draft202012Validator:
        whole = {**_plain(json.loads(schema)), "components": self._components}
        return Draft202012Validator(whole, format_checker=CHECKER)


def _plain(schema: Any) -> Any:
    """JSON Schema from OpenAPI 3.0's dialect: `nullable`, and the range that `int32` means."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _plain(value) for name, value in schema.items() if name != "nullable"}
    if schema.get("nullable") is True and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
    if schema.get("format") == "int32":
        found |= {"minimum": -(2**31), "maximum": 2**31 - 1}
    return found


def _typed(value: str, schema: dict[str, Any], _components: Any) -> Any:
    kind = schema.get("type")
    if kind == "integer" and re.fullmatch(r"-?[0-9]+", value):
        return int(value)
    if kind == "boolean" and value in {"true", "false"}:
        return value == "true"
    return [value] if kind == "array" else value
