"""What the home page of the site says of the foundation."""

from __future__ import annotations

from django.db.models import Sum

from communs.apps.foundation.models import Balance
from communs.core.ledger.kinds import HELD


def held_for_commons() -> tuple[int, str]:
    """What is held at banks and providers, in minor units of the currency of which there is most; 0 for nothing."""
    found = Balance.objects.filter(account__kind__in=[kind.value for kind in HELD]).values_list("account__currency")
    sums = [(int(minor), currency) for currency, minor in found.annotate(minor=Sum("minor"))]
    most, currency = max(sums, default=(0, "EUR"))
    return max(most, 0), currency
