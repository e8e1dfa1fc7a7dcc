"""The payment providers of this site as clients: made once a process, since tokens and connections live in them."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communs.core.providers import Provider
from communs.core.providers.settings import ProviderSettings

TITLES: Final[Mapping[str, str]] = {"helloasso": "HelloAsso", "stripe": "Stripe"}
LABELS: Final[Mapping[str, str | Promise]] = {
    "helloasso": _("Card or direct debit, through HelloAsso"),
    "stripe": _("Card or direct debit, through Stripe"),
}
"""Ways to pay, as they are offered: both are asked to take direct debits too."""
RUN_LIVE: Final = frozenset[str]()
"""Providers against whose live service somebody has run this site. Pages say of the others that nobody has."""


_kept: dict[tuple[ProviderSettings, bool], Mapping[str, Provider]] = {}
_lock: Final = Lock()


def clients() -> Mapping[str, Provider]:
    """The providers that are set up, by name."""
    key = (settings.PAYMENT_PROVIDERS, bool(settings.ALLOW_PRIVATE_ADDRESSES))
    with _lock:
        if key not in _kept:
            _kept[key] = _made(*key)
        return _kept[key]


def forget_clients() -> None:
    """Close them, and make them anew when they are next asked for: for tests, whose providers begin anew."""
    with _lock:
        for made in _kept.values():
            for client in made.values():
                client.close()
        _kept.clear()


def _made(wanted: ProviderSettings, may_reach_private: bool) -> Mapping[str, Provider]:
    if wanted.helloasso is None and wanted.stripe is None:
        return {}
    from communs.kit.fetch import ANYWHERE
    from communs.kit.providers import open_providers

    return open_providers(wanted, ANYWHERE if may_reach_private else ())
