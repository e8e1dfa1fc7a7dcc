"""The foundation of the demonstration: an invented story over the last eighty days, told through the real actions.

Invented people hold offices, invented funders give, real commons of the register are voted for. Nothing of it is real
money, and every invented name of an institution says so.
"""

from communs.apps.foundation.demo.story import tell

__all__ = ["tell"]
