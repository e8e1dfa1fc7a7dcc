"""Keys and columns of the format (pabulib.org/format, as of version 1.0.8 of its checker), in their usual order."""

from __future__ import annotations

from typing import Final

TEXT: Final = "text"
WHOLE: Final = "whole"
NUMBER: Final = "number"
LIST: Final = "list"

META: Final = {
    "description": TEXT,
    "country": TEXT,
    "unit": TEXT,
    "district": TEXT,
    "subunit": TEXT,
    "instance": TEXT,
    "num_projects": WHOLE,
    "num_votes": WHOLE,
    "budget": NUMBER,
    "vote_type": TEXT,
    "rule": TEXT,
    "date_begin": TEXT,
    "date_end": TEXT,
    "min_length": WHOLE,
    "max_length": WHOLE,
    "min_sum_cost": NUMBER,
    "max_sum_cost": NUMBER,
    "min_points": WHOLE,
    "max_points": WHOLE,
    "min_sum_points": WHOLE,
    "max_sum_points": WHOLE,
    "default_score": WHOLE,
    "min_project_cost": WHOLE,
    "max_project_cost": WHOLE,
    "min_project_score_threshold": WHOLE,
    "neighborhoods": LIST,
    "subdistricts": LIST,
    "categories": LIST,
    "edition": TEXT,
    "language": TEXT,
    "currency": TEXT,
    "fully_funded": WHOLE,
    "experimental": WHOLE,
    "comment": TEXT,
    "acknowledgments": TEXT,
    "leftover_budget": TEXT,
    "budget_per_category": LIST,
    "budget_per_neighborhood": LIST,
    "min_length_per_category": WHOLE,
    "max_length_per_category": WHOLE,
    "min_sum_cost_per_category": LIST,
    "max_sum_cost_per_category": LIST,
}
# `budget` and `vote_type` too, whose absence is told where they are read.
META_NEEDED: Final = (
    *("description", "country", "unit", "instance", "num_projects", "num_votes", "rule", "date_begin", "date_end"),
)

PROJECTS: Final = (
    *("project_id", "cost", "votes", "score", "name", "category", "beneficiaries", "selected", "neighborhood"),
    *("subunit", "district", "description", "proposer", "public_id", "latitude", "longitude"),
)
PROJECT_LISTS: Final = ("category", "beneficiaries")
PROJECTS_MAY_BE_EMPTY: Final = frozenset({"category", "beneficiaries", "latitude", "longitude"})

VOTES: Final = (
    *("voter_id", "vote", "points", "age", "sex", "voting_method", "district", "neighborhood", "education"),
    *("topic_preference_transport", "topic_preference_culture", "topic_preference_nature", "district_preference"),
    *("time_taken_seconds", "format_easiness", "format_expressiveness", "format_rank"),
)
VOTES_MAY_BE_EMPTY: Final = frozenset({"age", "sex", "district", "neighborhood", "education"})

RULES: Final = (
    *("greedy", "greedy-no-skip", "greedy-threshold", "greedy-exclusive", "greedy-custom"),
    *("equalshares", "equalshares-comparison", "equalshares/add1", "equalshares/add1-comparison", "unknown"),
)

# Projects that were withdrawn after the vote are given this cost, in whole units of the currency.
WITHDRAWN_COST: Final = 999_999_999

_ISO_639_1: Final = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el
en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it
iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt
my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk
sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi
yo za zh zu
"""
LANGUAGES: Final = frozenset(_ISO_639_1.split())
