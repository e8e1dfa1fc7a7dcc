"""publiccode.yml, the description of public software that lies in its repository. See README.md."""

from communs.core.standards.publiccode.reader import read, recognise
from communs.core.standards.publiccode.repair import Repair, repair, repair_report
from communs.core.standards.publiccode.write import CannotWrite, Missing, write
from communs.core.standards.shapes import slug

__all__ = ["CannotWrite", "Missing", "Repair", "read", "recognise", "repair", "repair_report", "slug", "write"]
