"""Sequential Phragmén: voters earn at the same pace and buy what they support. Rule `phragmen-1`.

Guarantee, steps and examples: docs/rules/phragmen.md.
"""

from communs.core.allocation.phragmen.counting import Stop
from communs.core.allocation.phragmen.rule import RULE, phragmen

__all__ = ["RULE", "Stop", "phragmen"]
