"""Money in: what the databases refuse. What was asked for stays, states go forward, receipts have no gap."""

from __future__ import annotations

from typing import Final

from communs.apps.foundation.sql.building import Check, Part, build, changed, forward, holds
from communs.apps.foundation.sql.payouts import PAYOUT_SAYS
from communs.apps.foundation.sql.words import SAYS
from communs.core.ledger.states import DISPUTE, PAY_IN, REFUND

GIFT_SAYS: Final = {
    "office": PAYOUT_SAYS["office"],
    "forward": "a payment, a refund or a dispute goes from state to state, and never back",
    "four-eyes": "somebody who did not propose it, and sits on the board, approves it",
    "no-gap": "receipts are numbered one after the other",
    "one-in-force": "a payment has at most one receipt in force, for no more than it brought",
    "stopped": "what was stopped stays stopped",
    "kept": "a receipt is cancelled once, with a reason, and never changed",
}
SAYS.update(GIFT_SAYS)

_NEXT: Final = "1 + COALESCE((SELECT MAX(r.number) FROM foundation_receipt r WHERE r.series_id = NEW.series_id), 0)"
_LIVING: Final = (
    "(SELECT COALESCE(SUM(c.minor), 0) FROM foundation_receipted c JOIN foundation_receipt r ON r.id = c.receipt_id "
    "WHERE c.pay_in_id = NEW.pay_in_id AND r.cancelled_on IS NULL)"
)
_POSTED: Final = "EXISTS (SELECT 1 FROM foundation_payinentry e WHERE e.pay_in_id = OLD.id)"
_CHECKS: Final = (
    Check("gift_stopped", "BEFORE UPDATE", "gift", [
        ("stopped", f"OLD.stopped_at IS NOT NULL AND {changed('stopped_at')}"),
    ]),
    Check("stop_stays", "BEFORE UPDATE", "stop", [
        ("stopped", f"OLD.state = 'stopped' AND {changed('state', 'told_at')}"),
    ]),
    Check("payin_forward", "BEFORE UPDATE", "payin", [
        ("forward", forward(PAY_IN)),
        ("append-only", f"OLD.gift_id IS NOT NULL AND {changed('gift_id')}"),
        ("append-only", f"OLD.line_id IS NOT NULL AND {changed('line_id')}"),
        ("append-only", f"{_POSTED} AND {changed('minor')}"),
    ]),
    Check("refund_begins", "BEFORE INSERT", "refund", [
        ("four-eyes", "NEW.proposed_by_id IS NOT NULL AND (NEW.state <> 'requested' OR NEW.approved_by_id IS NOT NULL)"),
        ("four-eyes", f"NEW.proposed_by_id IS NOT NULL AND NOT {holds('NEW.proposed_by_id', 'treasurer', 'board')}"),
    ]),
    Check("refund_forward", "BEFORE UPDATE", "refund", [
        ("forward", forward(REFUND)),
        ("append-only", f"OLD.object_id <> '' AND {changed('object_id')}"),
        ("append-only", f"OLD.approved_at IS NOT NULL AND {changed('approved_by_id', 'approved_at')}"),
        (
            "four-eyes",
            "NEW.proposed_by_id IS NOT NULL AND NEW.state IN ('submitted', 'succeeded') AND NEW.approved_by_id IS NULL",
        ),
        (
            "four-eyes",
            (
                "NEW.approved_by_id IS NOT NULL AND OLD.approved_by_id IS NULL AND "
                f"(NEW.approved_by_id = NEW.proposed_by_id OR NOT {holds('NEW.approved_by_id', 'board')})"
            ),
        ),
    ]),
    Check("dispute_forward", "BEFORE UPDATE", "dispute", [("forward", forward(DISPUTE))]),
    Check("receipt_counts", "BEFORE INSERT", "receipt", [
        ("no-gap", f"NEW.number <> {_NEXT}"),
        ("kept", "NEW.cancelled_on IS NOT NULL"),
    ], "PERFORM 1 FROM foundation_receiptseries WHERE id = NEW.series_id FOR UPDATE;\n"),
    Check("receipt_cancelled", "BEFORE UPDATE", "receipt", [
        ("kept", "OLD.cancelled_on IS NOT NULL OR NEW.cancelled_on IS NULL OR NEW.cancelled_because = ''"),
        ("kept", "NEW.cancelled_on < NEW.issued_on"),
    ]),
    Check("receipted_once", "BEFORE INSERT", "receipted", [
        ("one-in-force", f"{_LIVING} > 0 OR NEW.minor > (SELECT p.minor FROM foundation_payin p WHERE p.id = NEW.pay_in_id)"),
    ], "PERFORM 1 FROM foundation_payin WHERE id = NEW.pay_in_id FOR NO KEY UPDATE;\n"),
    Check("notification_kept", "BEFORE DELETE", "notification", [
        ("append-only", "OLD.state IN ('waiting', 'done')"),
    ]),
)  # fmt: skip
_PART: Final = Part(
    _CHECKS,
    stays=("gift", "stop", "payin", "refund", "dispute", "settlement", "receipt", "receiptseries"),
    added_only=("giftpart", "agreement", "tranche", "payinstep", "payinentry", "settledpart", "receipted"),
    frozen={
        "gift": (
            "public_id", "token", "body_sha256", "reference", "kind", "way", "fund_id", "currency", "every", "times",
            "due_on", "counterpart", "made_at",
        ),
        "stop": ("gift_id", "asked_at"),
        "payin": ("provider", "object_id", "currency"),
        "refund": ("public_id", "pay_in_id", "minor", "reason", "proposed_by_id", "proposed_at"),
        "dispute": ("pay_in_id", "object_id"),
        "settlement": ("provider", "object_id", "currency", "heard_at"),
        "receiptseries": ("body", "year"),
        "receipt": (
            "series_id", "number", "minor", "given_on", "given_until", "issued_on", "said", "replaces_id",
        ),
        "notification": ("provider", "event_id", "body", "received_at"),
    },
)  # fmt: skip
SQLITE, POSTGRESQL = build(_PART)
