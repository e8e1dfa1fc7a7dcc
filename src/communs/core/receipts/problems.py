"""What is wrong with a receipt or with a series of them: the name of the rule, the place, fault and remedy in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from communs.core.texts import Translate, identity


@dataclass(frozen=True, slots=True)
class Problem:
    """`rule`: its name. `place`: a field, or the number of a receipt. `message` and `fix` are filled from `values`."""

    rule: str
    place: str
    message: str
    fix: str
    values: Mapping[str, str] = field(default_factory=dict)

    def say(self, translate: Translate = identity) -> str:
        """The fault in words."""
        return translate(self.message).format(**self.values)

    def say_fix(self, translate: Translate = identity) -> str:
        """The remedy in words."""
        return translate(self.fix).format(**self.values)

    def render(self, translate: Translate = identity) -> str:
        """Rule, place, fault and remedy in one line."""
        return f"{self.rule}: {self.place}: {self.say(translate)} {self.say_fix(translate)}"


Found = Iterable[Problem]
