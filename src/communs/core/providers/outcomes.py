"""How a call to a provider ends when it does not end well. Three ways, because three things are to be done next."""

from __future__ import annotations


class ProviderError(Exception):
    """Any of the three. What it says is for operators: never shown to payers, never with a secret in it."""


class Refused(ProviderError):
    """The provider, or we ourselves, said no: nothing happened, and asking again changes nothing.

    `why` and `remedy` are sentences; `code` is the provider's word, where it gave one.
    """

    def __init__(self, why: str, remedy: str, code: str = "") -> None:
        super().__init__(f"{why} {remedy}")
        self.why, self.remedy, self.code = why, remedy, code


class Unread(Refused):
    """All the rest was told, and these `objects` (kind, id) cannot be read: to be followed one by one, later."""

    def __init__(self, objects: tuple[tuple[str, str], ...], first: ProviderError) -> None:
        super().__init__(str(first), "All the rest was taken in.")
        self.objects = objects


class Unavailable(ProviderError):
    """Nothing happened, and it may work later: ask again, under the same key, after `retry_after_s`."""

    def __init__(self, why: str, retry_after_s: float) -> None:
        super().__init__(f"{why} Ask again in {retry_after_s:.0f} s.")
        self.why, self.retry_after_s = why, retry_after_s


class Unknown(ProviderError):
    """The request was sent and no answer came: it may have happened.

    Look with `Provider.find`; never begin under another key.
    """

    def __init__(self, why: str) -> None:
        super().__init__(f"{why} It may have happened: look it up before anything else is done about it.")
        self.why = why
