"""The pages of the one-stop shop."""

from communs.apps.funding.pages.awards import award, award_funder, awards, export_awards, received
from communs.apps.funding.pages.calendar import calendar
from communs.apps.funding.pages.changes import changes, changes_feed
from communs.apps.funding.pages.choosing import choose
from communs.apps.funding.pages.comparing import compare
from communs.apps.funding.pages.detail import detail
from communs.apps.funding.pages.exporting import export_csv, export_feed, export_json
from communs.apps.funding.pages.fitting import answer, fit, fit_csv, fit_json, for_commons
from communs.apps.funding.pages.gap import gap, gap_csv, gap_embed, gap_json, gap_svg, series_csv, series_json
from communs.apps.funding.pages.listing import opportunities
from communs.apps.funding.pages.moderating import MERGING, check_links, confirm, look_for_duplicates, queue, remove
from communs.apps.funding.pages.records import PAGES

__all__ = [
    "MERGING",
    "PAGES",
    "answer",
    "award",
    "award_funder",
    "awards",
    "calendar",
    "changes",
    "changes_feed",
    "check_links",
    "choose",
    "compare",
    "confirm",
    "detail",
    "export_awards",
    "export_csv",
    "export_feed",
    "export_json",
    "fit",
    "fit_csv",
    "fit_json",
    "for_commons",
    "gap",
    "gap_csv",
    "gap_embed",
    "gap_json",
    "gap_svg",
    "look_for_duplicates",
    "opportunities",
    "queue",
    "received",
    "remove",
    "series_csv",
    "series_json",
]
