"""The settings of payment providers, from names and texts to what is checked. Nothing is connected here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

HELLOASSO_URL: Final = "https://api.helloasso.com"
STRIPE_URL: Final = "https://api.stripe.com"
HOSTS: Final = frozenset({"api.helloasso.com", "api.helloasso-sandbox.com", "api.stripe.com"})


@dataclass(frozen=True, slots=True)
class HelloAssoSettings:
    organisation: str
    client_id: str
    client_secret: str = field(repr=False)
    signature_key: str = field(default="", repr=False)
    url: str = HELLOASSO_URL


@dataclass(frozen=True, slots=True)
class StripeSettings:
    secret_key: str = field(repr=False)
    webhook_secret: str = field(default="", repr=False)
    url: str = STRIPE_URL


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """Which providers there are; `hosts` are the only ones that payments are sent to."""

    helloasso: HelloAssoSettings | None = None
    stripe: StripeSettings | None = None
    hosts: frozenset[str] = HOSTS


def read_settings(get: Callable[[str], str], problems: list[str]) -> ProviderSettings:
    """Read and check the settings. `get` gives the text of a name, "" where it is not set.

    What is missing or wrong is added to `problems`, with the name and the remedy.
    """
    more = {host.strip().lower() for host in get("COMMUNS_PROVIDER_HOSTS").split(",")} - {""}
    hosts = HOSTS | more
    return ProviderSettings(_helloasso(get, hosts, problems), _stripe(get, hosts, problems), hosts)


def _helloasso(get: Callable[[str], str], hosts: frozenset[str], problems: list[str]) -> HelloAssoSettings | None:
    needed = ("COMMUNS_HELLOASSO_ORGANISATION", "COMMUNS_HELLOASSO_CLIENT_ID", "COMMUNS_HELLOASSO_CLIENT_SECRET")
    given = [get(name).strip() for name in needed]
    if not any(given):
        return None
    problems += [f"{name} is missing: HelloAsso needs it" for name, text in zip(needed, given, strict=True) if not text]
    url = _address(get, "COMMUNS_HELLOASSO_URL", HELLOASSO_URL, hosts, problems)
    return HelloAssoSettings(given[0], given[1], given[2], get("COMMUNS_HELLOASSO_SIGNATURE_KEY").strip(), url)


def _stripe(get: Callable[[str], str], hosts: frozenset[str], problems: list[str]) -> StripeSettings | None:
    key, secret = get("COMMUNS_STRIPE_SECRET_KEY").strip(), get("COMMUNS_STRIPE_WEBHOOK_SECRET").strip()
    if not key:
        if secret:
            problems.append("COMMUNS_STRIPE_SECRET_KEY is missing: Stripe needs it")
        return None
    if not secret:
        problems.append("COMMUNS_STRIPE_WEBHOOK_SECRET is missing: Stripe shows it beside the address it notifies")
    return StripeSettings(key, secret, _address(get, "COMMUNS_STRIPE_URL", STRIPE_URL, hosts, problems))


def _address(get: Callable[[str], str], name: str, usual: str, hosts: frozenset[str], problems: list[str]) -> str:
    url = get(name).strip().rstrip("/") or usual
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        problems.append(f"{name} must be an address like {usual}, not {url!r}")
    elif parts.hostname not in hosts:
        problems.append(f"{name} leads to {parts.hostname}: name it in COMMUNS_PROVIDER_HOSTS if payments may go there")
    return url
