"""robots.txt after RFC 9309: groups by agent, the longest rule that fits, `*` and `$` in paths."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlsplit

# The RFC asks for at least 500 KiB; rules beyond these bounds are not read.
CHARACTERS_MAX: Final = 524_288
RULES_MAX: Final = 5_000
PATTERN_LENGTH_MAX: Final = 500
STARS_MAX: Final = 20
DELAY_MAX_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host asks of one program: `(is allowed, path pattern)`, and seconds between requests (0: not said)."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay_s: float = 0.0

    @classmethod
    def read(cls, text: str, agent: str) -> Robots:
        """The rules of the groups that name `agent`, else of those for everyone. Never raises.

        >>> robots = Robots.read("User-agent: *\\nDisallow: /private\\nAllow: /private/open\\n", "communs")
        >>> robots.allows("https://example.org/private/x"), robots.allows("https://example.org/private/open/x")
        (False, True)
        """
        own: list[tuple[str, str]] = []
        everyone: list[tuple[str, str]] = []
        names_us = False
        for agents, lines in _groups(text[:CHARACTERS_MAX]):
            if agent.lower() in agents:
                own += lines
                names_us = True
            if "*" in agents:
                everyone += lines
        return cls._of(own if names_us else everyone)

    @classmethod
    def _of(cls, lines: Iterable[tuple[str, str]]) -> Robots:
        rules: list[tuple[bool, str]] = []
        delay_s = 0.0
        for key, value in lines:
            fits = value and len(value) <= PATTERN_LENGTH_MAX and value.count("*") <= STARS_MAX
            if key in {"allow", "disallow"} and fits and len(rules) < RULES_MAX:
                rules.append((key == "allow", value))
            elif key == "crawl-delay" and re.fullmatch(r"\d{1,6}(?:\.\d{1,6})?", value):
                delay_s = min(float(value), DELAY_MAX_S)
        return cls(tuple(rules), delay_s)

    def allows(self, url: str) -> bool:
        """Whether an address may be asked for."""
        split = urlsplit(url)
        asked = _spelled((split.path or "/") + (f"?{split.query}" if split.query else ""))
        fitting = [(len(pattern), allowed) for allowed, pattern in self.rules if _fits(pattern, asked)]
        # The longest one decides; of two equally long ones that which allows.
        return max(fitting)[1] if fitting else True


def _groups(text: str) -> Iterable[tuple[set[str], list[tuple[str, str]]]]:
    agents: set[str] = set()
    lines: list[tuple[str, str]] = []
    for line in text.removeprefix("\ufeff").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if lines:
                yield agents, lines
                agents, lines = set(), []
            agents.add(value.lower())
        elif agents:
            lines.append((key, value))
    yield agents, lines


def _spelled(path: str) -> str:
    """One spelling of what may be written with or without percent signs."""
    return quote(unquote(path), safe="/?&=*$;:@+,!~'()[]")


def _fits(pattern: str, asked: str) -> bool:
    """Whether a pattern fits the start of a path; parts between stars are looked for one after the other."""
    is_end, pattern = pattern.endswith("$"), _spelled(pattern.removesuffix("$"))
    first, *rest = pattern.split("*")
    if not asked.startswith(first):
        return False
    at = len(first)
    for part in rest[:-1] if is_end and rest else rest:
        found = asked.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if not is_end:
        return True
    return asked.endswith(rest[-1]) and len(asked) - len(rest[-1]) >= at if rest else at == len(asked)
