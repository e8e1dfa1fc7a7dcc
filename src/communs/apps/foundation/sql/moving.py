"""Money that moves between funds: the entry is what two people decided under its key. Asked only of such entries.

Releases, reclassifications and what takes those back. Each dialect says how it reads a decision; the rest is alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from communs.core.ledger.rules.payouts import APPROVALS

_LINES: Final = 4
"""Out of one fund and into the other, each with its side between funds."""


def undecided(is_named: str, said: Callable[[str], str]) -> str:
    """A condition: no decision that two have approved says what this entry does.

    `is_named`: a condition, the key of the entry names the decision d; `said`: a text of its content, by name.
    """
    sign = (
        "CASE a.kind WHEN 'transfer' THEN -1 ELSE 1 END "
        f"* CASE f.slug WHEN {said('target')} THEN 1 WHEN {said('source')} THEN -1 ELSE 0 END"
    )
    posted = "SELECT COUNT(*) FROM foundation_posting p"
    as_decided = (
        f"{posted} JOIN foundation_account a ON a.id = p.account_id JOIN foundation_fund f ON f.id = p.fund_id "
        f"WHERE p.entry_id = NEW.id AND (a.kind = 'transfer' OR a.slug = {said('account')}) "
        f"AND p.minor = CAST({said('minor')} AS bigint) * {sign}"
    )
    taken_back = "SELECT CAST(e.public_id AS text) FROM foundation_entry e WHERE e.id = NEW.reverses_id"
    approvals = "SELECT COUNT(*) FROM foundation_decisionstep s WHERE s.decision_id = d.id AND s.what = 'approved'"
    return (
        f"NOT EXISTS (SELECT 1 FROM foundation_decision d WHERE {is_named} AND d.kind = NEW.kind "
        f"AND ({approvals}) >= {APPROVALS} AND CASE d.kind "
        f"WHEN 'reversal' THEN replace({said('entry')}, '-', '') = replace(({taken_back}), '-', '') "
        f"ELSE {said('document')} = NEW.document AND ({posted} WHERE p.entry_id = NEW.id) = {_LINES} "
        f"AND ({as_decided}) = {_LINES} END)"
    )
