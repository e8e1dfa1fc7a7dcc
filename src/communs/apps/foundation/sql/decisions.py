"""Offices and decisions: what the databases refuse. Nobody gives an office to themselves, nobody decides alone."""

from __future__ import annotations

from typing import Final

from communs.apps.foundation.sql.building import Check, Part, build, changed, holds, in_force
from communs.apps.foundation.sql.payouts import PAYOUT_SAYS
from communs.apps.foundation.sql.words import SAYS

DECISION_SAYS: Final = {
    "office": PAYOUT_SAYS["office"],
    "appointed": "an office is proposed, confirmed once by another who may, and ended once",
    "decided-by-two": "two of the board who did not propose a decision approve it, one after the other",
    "decided-once": "a decision that is carried out, refused or withdrawn is over",
}
SAYS.update(DECISION_SAYS)

_OF: Final = "FROM foundation_decisionstep s WHERE s.decision_id = NEW.decision_id"
_PROPOSER: Final = "(SELECT d.proposed_by_id FROM foundation_decision d WHERE d.id = NEW.decision_id)"
_KIND: Final = "(SELECT d.kind FROM foundation_decision d WHERE d.id = NEW.decision_id)"
_APPROVALS: Final = f"(SELECT COUNT(*) {_OF} AND s.what = 'approved')"
_DUE: Final = "(SELECT COALESCE(SUM(t.minor), 0) FROM foundation_tranche t WHERE t.agreement_id = NEW.agreement_id)"
_AGREED: Final = (
    "(SELECT p.minor FROM foundation_giftpart p JOIN foundation_agreement a ON a.gift_id = p.gift_id "
    "WHERE a.id = NEW.agreement_id AND p.number = 1)"
)


def _appoints(person: str) -> str:
    """A condition: this person administers the site, or sits on the board."""
    there = f"EXISTS (SELECT 1 FROM accounts_person p WHERE p.id = {person} AND p.role = 'administrator')"
    return f"({there} OR {holds(person, 'board')})"


_ENDS: Final = "OLD.confirmed_at IS NOT NULL AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL"
# A seat whose last day is over counts on, so that waiting gives administrators nothing; one that was renewed does not.
_RENEWED: Final = (
    "b.last_day < CURRENT_DATE AND EXISTS (SELECT 1 FROM foundation_appointment n WHERE n.person_id = b.person_id "
    "AND n.office = 'board' AND n.confirmed_at IS NOT NULL AND n.id > b.id)"
)
_SEATS: Final = (
    "(SELECT COUNT(DISTINCT b.person_id) FROM foundation_appointment b WHERE b.office = 'board' "
    "AND b.confirmed_at IS NOT NULL AND (b.ended_at IS NULL OR b.ended_by_id IS NULL OR b.ended_by_id <> b.person_id) "
    f"AND NOT COALESCE({_RENEWED}, false))"
)
_ABLE: Final = (
    "(SELECT COUNT(DISTINCT b.person_id) FROM foundation_appointment b JOIN accounts_person p ON p.id = b.person_id "
    f"WHERE b.office = 'board' AND {in_force('b')} AND p.is_active)"
)
_IS_DAY: Final = "(NEW.last_day IS NULL OR COALESCE(date(NEW.last_day) = NEW.last_day, false))"
_GIVEN: Final = "(NEW.given_because <> '')"
"""A condition: the operator of the site gave the office, where too few are left who could decide."""


def _decides(person: str) -> str:
    """A condition: this person sits on the board, or administers the site while fewer than two do."""
    return f"({holds(person, 'board')} OR ({_appoints(person)} AND {_SEATS} < 2))"


_CHECKS: Final = (
    Check("appointment_begins", "BEFORE INSERT", "appointment", [
        ("appointed", "NEW.confirmed_by_id IS NOT NULL OR NEW.ended_at IS NOT NULL"),
        ("appointed", f"{_GIVEN} <> (NEW.confirmed_at IS NOT NULL) OR {_GIVEN} <> (NEW.appointed_by_id IS NULL)"),
        ("appointed", f"NOT {_IS_DAY} OR NEW.last_day < date(NEW.appointed_at) OR NEW.warned_at IS NOT NULL"),
        ("office", f"NOT {_GIVEN} AND NOT {_appoints('NEW.appointed_by_id')}"),
        ("office", f"{_GIVEN} AND (NEW.office <> 'board' OR {_SEATS} < 2 OR {_ABLE} >= 2)"),
    ]),
    Check("appointment_goes_on", "BEFORE UPDATE", "appointment", [
        ("appointed", f"OLD.confirmed_at IS NOT NULL AND {changed('confirmed_at', 'confirmed_by_id')}"),
        ("appointed", f"OLD.ended_at IS NOT NULL AND {changed('ended_at', 'ended_by_id', 'confirmed_at')}"),
        ("appointed", f"NOT {_GIVEN} AND (NEW.confirmed_at IS NULL) <> (NEW.confirmed_by_id IS NULL)"),
        ("appointed", "NEW.confirmed_by_id IN (NEW.person_id, NEW.appointed_by_id)"),
        ("office", f"OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL AND NOT {_decides('NEW.confirmed_by_id')}"),
        ("office", f"{_ENDS} AND NEW.ended_by_id <> NEW.person_id AND NOT {_decides('NEW.ended_by_id')}"),
        ("appointed", f"{_ENDS} AND NEW.ended_by_id IS NULL"),
        ("appointed", f"(OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL OR {_ENDS}) AND NEW.last_day < CURRENT_DATE"),
        ("appointed", f"OLD.warned_at IS NOT NULL AND {changed('warned_at')}"),
    ]),
    Check("decision_begins", "BEFORE INSERT", "decision", [
        ("office", f"NOT {holds('NEW.proposed_by_id', 'treasurer')}"),
    ]),
    Check("decisionstep_follows", "BEFORE INSERT", "decisionstep", [
        ("decided-once", f"NEW.number <> 1 + (SELECT COUNT(*) {_OF})"),
        ("decided-once", f"{_APPROVALS} >= 2 OR EXISTS (SELECT 1 {_OF} AND s.what <> 'approved')"),
        ("decided-by-two", f"NEW.what <> 'withdrawn' AND NEW.person_id = {_PROPOSER}"),
        ("decided-by-two", f"NEW.what = 'withdrawn' AND NEW.person_id <> {_PROPOSER}"),
        ("office", f"NEW.what <> 'withdrawn' AND NOT {holds('NEW.person_id', 'board')}"),
        ("decided-by-two", f"(NEW.outcome <> '') <> (NEW.what = 'approved' AND {_APPROVALS} = 1)"),
    ], "PERFORM 1 FROM foundation_decision WHERE id = NEW.decision_id FOR NO KEY UPDATE;\n"),
    Check("agreement_decided", "BEFORE INSERT", "agreement", [
        ("decided", f"{_APPROVALS} < 2 OR {_KIND} <> 'agreement'"),
    ]),
    Check("tranche_agreed", "BEFORE INSERT", "tranche", [
        ("decided", f"NEW.minor + {_DUE} > {_AGREED}"),
    ], "PERFORM 1 FROM foundation_agreement WHERE id = NEW.agreement_id FOR NO KEY UPDATE;\n"),
)  # fmt: skip
_PART: Final = Part(
    _CHECKS,
    stays=("appointment",),
    added_only=("decision", "decisionstep"),
    frozen={
        "appointment": (
            "person_id", "office", "college", "appointed_by_id", "appointed_at", "given_because", "last_day",
        )
    },
)  # fmt: skip
SQLITE, POSTGRESQL = build(_PART)
