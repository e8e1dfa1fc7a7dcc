"""The pages of the one-stop shop."""

from communs.apps.funding.pages.choosing import choose
from communs.apps.funding.pages.comparing import compare
from communs.apps.funding.pages.detail import detail
from communs.apps.funding.pages.exporting import export_csv, export_feed, export_json
from communs.apps.funding.pages.fitting import answer, fit, fit_csv, fit_json, for_commons
from communs.apps.funding.pages.listing import opportunities
from communs.apps.funding.pages.moderating import check_links, confirm, queue, remove
from communs.apps.funding.pages.records import PAGES

__all__ = [
    "PAGES",
    "answer",
    "check_links",
    "choose",
    "compare",
    "confirm",
    "detail",
    "export_csv",
    "export_feed",
    "export_json",
    "fit",
    "fit_csv",
    "fit_json",
    "for_commons",
    "opportunities",
    "queue",
    "remove",
]
