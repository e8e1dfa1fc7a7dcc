"""Payment providers, spoken to over the network. What they say: `communs.core.providers`. See README.md."""

from communs.kit.providers.calling import Caller
from communs.kit.providers.helloasso import HelloAsso
from communs.kit.providers.opening import open_providers
from communs.kit.providers.patience import Patience
from communs.kit.providers.stripe import Stripe
from communs.kit.providers.tokens import Tokens

__all__ = ["Caller", "HelloAsso", "Patience", "Stripe", "Tokens", "open_providers"]
