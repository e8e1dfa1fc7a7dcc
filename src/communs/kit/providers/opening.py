"""From settings to providers that can be called."""

from __future__ import annotations

from communs.core.providers.protocol import Provider
from communs.core.providers.settings import ProviderSettings
from communs.kit.providers.calling import Caller
from communs.kit.providers.helloasso import HelloAsso
from communs.kit.providers.patience import Patience
from communs.kit.providers.stripe import Stripe
from communs.kit.providers.tokens import Tokens


def open_providers(
    settings: ProviderSettings, also_allowed: tuple[str, ...] = (), patience: Patience | None = None
) -> dict[str, Provider]:
    """The providers that are set up, by name. Calls nobody yet.

    `also_allowed`: private networks that may be reached, as in `kit.fetch`. Make them once and keep them: tokens and
    connections live in them. Raises `Refused` for an address that payments must not be sent to.
    """
    found: dict[str, Provider] = {}
    if (helloasso := settings.helloasso) is not None:
        caller = Caller(helloasso.url, settings.hosts, patience, also_allowed)
        tokens = Tokens(caller, helloasso.client_id, helloasso.client_secret)
        found[HelloAsso.name] = HelloAsso(caller, tokens, helloasso.organisation, helloasso.signature_key)
    if (stripe := settings.stripe) is not None:
        caller = Caller(stripe.url, settings.hosts, patience, also_allowed)
        found[Stripe.name] = Stripe(caller, stripe.secret_key, stripe.webhook_secret)
    return found
