"""A text that a person typed is not what it should be: said in their language, with the remedy."""

from __future__ import annotations

from communs.core.texts import Translate, identity


class Refusal(ValueError):
    """A text is not what it should be. `message`: a message id whose placeholders are filled from `values`."""

    def __init__(self, message: str, **values: str) -> None:
        self.message, self.values = message, values
        super().__init__(self.say())

    def say(self, translate: Translate = identity) -> str:
        """What is wrong and what to do."""
        return translate(self.message).format(**self.values)
