"""Reading the register."""

from __future__ import annotations

from communs.apps.register.queries.alike import likely_same, shared_keys, suggest_duplicates
from communs.apps.register.queries.around import (
    Edge,
    is_watching,
    merged_into,
    open_proposals_of,
    relations_from,
    relations_of,
    relations_told,
    stewards_of,
    stewardship_of,
)
from communs.apps.register.queries.earlier import relations_at
from communs.apps.register.queries.gate import (
    get_commons,
    get_proposal,
    get_relation,
    get_revision,
    get_stewardship,
    is_steward,
    rights_on,
)
from communs.apps.register.queries.kept import read_commons
from communs.apps.register.queries.lists import (
    home_figures,
    in_batches,
    names_of,
    public_commons,
    recent_revisions,
    recently_changed,
    rows_by_id,
    search,
    snapshot,
)
from communs.apps.register.queries.personal import (
    changes_by,
    comments_of,
    ids_looked_after_by,
    looked_after_by,
    proposals_of,
    proposed_by,
    relations_by,
    statements_by,
    stewardships_of,
    watched_by,
    watches_of,
)
from communs.apps.register.queries.waiting import Queue, proposals, queue

__all__ = [
    "Edge",
    "Queue",
    "changes_by",
    "comments_of",
    "get_commons",
    "get_proposal",
    "get_relation",
    "get_revision",
    "get_stewardship",
    "home_figures",
    "ids_looked_after_by",
    "in_batches",
    "is_steward",
    "is_watching",
    "likely_same",
    "looked_after_by",
    "merged_into",
    "names_of",
    "open_proposals_of",
    "proposals",
    "proposals_of",
    "proposed_by",
    "public_commons",
    "queue",
    "read_commons",
    "recent_revisions",
    "recently_changed",
    "relations_at",
    "relations_by",
    "relations_from",
    "relations_of",
    "relations_told",
    "rights_on",
    "rows_by_id",
    "search",
    "shared_keys",
    "snapshot",
    "statements_by",
    "stewards_of",
    "stewardship_of",
    "stewardships_of",
    "suggest_duplicates",
    "watched_by",
    "watches_of",
]
