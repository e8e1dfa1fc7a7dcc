"""Rounds and bundles: what the databases refuse. What was proposed stays as it was, the roll and the ballots freeze."""

from __future__ import annotations

from typing import Final

from communs.apps.foundation.sql.building import Check, Part, build, changed, holds
from communs.apps.foundation.sql.payouts import PAYOUT_SAYS
from communs.apps.foundation.sql.words import SAYS, listed

ROUND_SAYS: Final = {
    "office": PAYOUT_SAYS["office"],
    "round-forward": "a round goes from state to state, and never back",
    "round-frozen": "what a round asks and who may vote is frozen once it is proposed or opened",
    "round-two-people": "two of the board who did not propose a round let it open",
    "voting": "ballots are cast by those on the roll while the round is open",
    "round-posted": "a round has one result, made when it is closed",
    "bundle-kept": "what was accepted is ended once, and never changed",
}
SAYS.update(ROUND_SAYS)

AFTER: Final = {
    "draft": ("proposed", "withdrawn"),
    "proposed": ("opened", "withdrawn"),
    "opened": ("closed",),
    "closed": ("posted",),
    "posted": ("published",),
}
_ASKED: Final = (
    "slug", "title", "description", "fund_id", "currency", "pot_minor", "rule", "parameters", "format", "most",
    "points", "within_pot", "is_secret", "ppm", "opens_at", "closes_at", "expires_on", "destination", "roll_kind",
    "colleges", "eligible", "costs",
)  # fmt: skip
_OPENING: Final = ("graph", "seed_commitment", "roll_sha256", "opening_sha256", "voters", "opened_at")


def _forward() -> str:
    cases = " ".join(
        f"WHEN '{state}' THEN NEW.state NOT IN {listed({state, *after})}" for state, after in AFTER.items()
    )
    return f"(CASE OLD.state {cases} ELSE true END)"


def _state_of(row: str, *states: str) -> str:
    """A condition: the round of this row is in none of these states."""
    return f"COALESCE((SELECT r.state FROM foundation_round r WHERE r.id = {row}.round_id), '') NOT IN {listed(states)}"


# Whoever closes a round changes its row: a ballot that is being cast waits for that, and sees it.
_SHARED: Final = "PERFORM 1 FROM foundation_round WHERE id = NEW.round_id FOR SHARE;\n"
_ALONE: Final = "PERFORM 1 FROM foundation_round WHERE id = NEW.round_id FOR NO KEY UPDATE;\n"
_CASTING: Final = (
    ("voting", _state_of("NEW", "opened")),
    (
        "voting",
        "NOT EXISTS (SELECT 1 FROM foundation_rollvoter v WHERE v.id = NEW.voter_id AND v.round_id = NEW.round_id)",
    ),
)
_APPROVALS: Final = "(SELECT COUNT(*) FROM foundation_roundapproval a WHERE a.round_id = NEW.{})"
_CHECKS: Final = (
    Check("round_begins", "BEFORE INSERT", "round", [
        ("round-forward", "NEW.state <> 'draft' OR NEW.opening_sha256 <> '' OR NEW.voters <> 0"),
        ("office", f"NOT {holds('NEW.proposed_by_id', 'treasurer')}"),
    ]),
    Check("round_forward", "BEFORE UPDATE", "round", [
        ("round-forward", _forward()),
        ("round-frozen", f"OLD.state <> 'draft' AND {changed(*_ASKED)}"),
        ("round-frozen", f"NOT (OLD.state = 'proposed' AND NEW.state = 'opened') AND {changed(*_OPENING)}"),
        ("round-frozen", f"NOT (OLD.state = 'opened' AND NEW.state = 'closed') AND {changed('closed_at')}"),
        ("round-two-people", f"NEW.state = 'opened' AND {_APPROVALS.format('id')} < 2"),
        ("round-frozen", "NEW.state = 'opened' AND (NEW.opening_sha256 = '' OR NEW.voters <> (SELECT COUNT(*) FROM foundation_rollvoter v WHERE v.round_id = NEW.id))"),
        ("round-posted", "NEW.state = 'posted' AND OLD.state <> 'posted' AND NOT EXISTS (SELECT 1 FROM foundation_roundresult f WHERE f.round_id = NEW.id)"),
    ]),
    Check("roundapproval_follows", "BEFORE INSERT", "roundapproval", [
        ("round-forward", _state_of("NEW", "proposed")),
        ("office", f"NOT {holds('NEW.person_id', 'board')}"),
        ("round-two-people", f"{_APPROVALS.format('round_id')} >= 2 OR NEW.person_id = (SELECT r.proposed_by_id FROM foundation_round r WHERE r.id = NEW.round_id)"),
    ], _ALONE),
    Check("roundinvitation_begins", "BEFORE INSERT", "roundinvitation", [
        ("round-frozen", _state_of("NEW", "draft")),
    ], _SHARED),
    Check("roundinvitation_ends", "BEFORE DELETE", "roundinvitation", [
        ("round-frozen", _state_of("OLD", "draft", "opened", "withdrawn")),
    ]),
    *(
        Check(f"{table}_begins", "BEFORE INSERT", table, [("round-frozen", _state_of("NEW", "proposed"))], _SHARED)
        for table in ("roundoption", "rollvoter", "roundsecret")
    ),
    Check("roundsecret_ends", "BEFORE DELETE", "roundsecret", [
        ("round-frozen", _state_of("OLD", "published")),
    ]),
    Check("ballot_cast", "BEFORE INSERT", "ballot", _CASTING, _SHARED),
    Check("ballot_changed", "BEFORE UPDATE", "ballot", _CASTING, _SHARED),
    *(
        Check(f"{table}_made", "BEFORE INSERT", table, [("round-posted", _state_of("NEW", "closed"))], _SHARED)
        for table in ("roundresult", "roundfile")
    ),
)  # fmt: skip
ROUNDS: Final = Part(
    _CHECKS,
    stays=("round", "ballot"),
    added_only=("roundapproval", "roundoption", "rollvoter", "roundresult", "roundfile"),
    frozen={
        "round": ("public_id", "token", "proposed_by_id", "created_at"),
        "roundinvitation": ("round_id", "email", "college"),
        "roundsecret": ("round_id", "seed", "secret"),
        "ballot": ("round_id", "voter_id"),
    },
)
BUNDLES: Final = Part(
    (
        Check("sharingrule_ends", "BEFORE UPDATE", "sharingrule", [
            ("bundle-kept", "OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR NEW.ended_by_id IS NULL"),
        ]),
        Check("bundle_ends", "BEFORE UPDATE", "bundle", [
            ("bundle-kept", "OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL"),
        ]),
        Check("bundleacceptance_fits", "BEFORE INSERT", "bundleacceptance", [
            ("bundle-kept", "NOT EXISTS (SELECT 1 FROM foundation_bundle b JOIN foundation_bundleshare s ON s.bundle_id = b.id WHERE b.id = NEW.bundle_id AND b.terms = NEW.terms AND s.party = NEW.party AND b.withdrawn_at IS NULL)"),
        ]),
        Check("bundleshare_begins", "BEFORE INSERT", "bundleshare", [
            ("bundle-kept", "EXISTS (SELECT 1 FROM foundation_bundleacceptance a WHERE a.bundle_id = NEW.bundle_id)"),
        ]),
    ),
    stays=("sharingrule", "bundle"),
    added_only=("bundleshare", "bundleacceptance"),
    frozen={
        "sharingrule": ("commons", "person_id", "accepted_at"),
        "bundle": ("public_id", "token", "commons", "starts_on", "terms", "proposed_by_id", "proposed_at"),
    },
)  # fmt: skip
ROUNDS_SQLITE, ROUNDS_POSTGRESQL = build(ROUNDS)
BUNDLES_SQLITE, BUNDLES_POSTGRESQL = build(BUNDLES)
