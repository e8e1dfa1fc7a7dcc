"""Who looks after a commons is told what a round gave it: what can be paid now, and what waits to be accepted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from communs.apps.foundation import letters
from communs.apps.foundation.models import Round
from communs.apps.register.models import Stewardship
from communs.core.bundles import Leaf


@dataclass
class _Got:
    """Minor units that a commons can be paid, and that wait until a day."""

    paid: int = 0
    waits: int = 0
    until: date | None = None


def tell_stewards(round_: Round, leaves: Iterable[Leaf]) -> int:
    """Write to the stewards of every commons that a round gave something. Returns how many letters were written.

    Inside the transaction that posts: they are written if the money is theirs, and only then, once.
    """
    got: dict[str, _Got] = {}
    for leaf in leaves:
        one = got.setdefault(leaf.to, _Got())
        if leaf.unclaimed is None:
            one.paid += leaf.minor
        else:
            one.waits, one.until = one.waits + leaf.minor, leaf.unclaimed.expires_on
    active = Stewardship.objects.filter(status=Stewardship.Status.ACTIVE, person__is_active=True)
    written = 0
    for kept in active.exclude(person__email="").select_related("person", "commons").order_by("pk"):
        one = got.get(kept.commons.public_id, _Got())
        for minor, until in ((one.paid, None), (one.waits, one.until)):
            if minor:
                told = letters.Granted(kept.commons.name, kept.commons.public_id, minor, round_.currency, until)
                letters.write_granted(kept.person, round_.title, told)
                written += 1
    return written
