"""Money out: what the databases refuse. The conditions are the same text for both; only the frame around them differs.

A payout's state is its last step. What its account owes, less what other payouts from it have reserved, covers it: who
reserves locks the balance (slot 0) that an entry which lowers it needs too, so neither misses the other.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Final

from communs.apps.foundation.sql.building import holds
from communs.apps.foundation.sql.words import SAYS, listed
from communs.core.ledger import PAYOUT

PAYOUT_SAYS: Final = {
    "one-way": "a payout goes from step to step, and never back",
    "two-people": "two people who did not propose a payout, and are not paid by it, approve it",
    "office": "only somebody who holds the office for it does this",
    "bank-details": "bank details are confirmed by a second person, and a payout goes to those in force",
    "owed": "an account would owe less than payouts from it have reserved",
    "one-name": "a payout goes to the bank in one file, under its own name",
}
SAYS.update(PAYOUT_SAYS)
HOLDING: Final = ("reserved", "submitted", "unknown")
"""States in which a payout keeps its part of the account for itself."""
PAID_FROM: Final = ("commons", "donor")
ADDED_ONLY: Final = (
    "bankaccount", "bankfile", "bankstatement", "bankline", "linedecision", "payee", "payout", "payoutbatch",
    "payoutstep",
)  # fmt: skip
TABLES: Final = (*ADDED_ONLY, "bankdetails")

_PAYOUT: Final = "(SELECT {what} FROM foundation_payout o WHERE o.id = NEW.payout_id)"
_STEPS: Final = "FROM foundation_payoutstep s WHERE s.payout_id = NEW.payout_id"
_LAST: Final = f"COALESCE((SELECT s.state {_STEPS} ORDER BY s.number DESC LIMIT 1), '')"


def _of_payout(what: str) -> str:
    return _PAYOUT.format(what=what)


def _may_follow() -> str:
    after = {"": ("proposed",), **{state: steps for state, steps in PAYOUT.steps.items() if steps}}
    after["approved"] = (*after["approved"], "approved")
    cases = " ".join(f"WHEN '{state}' THEN NEW.state IN {listed(steps)}" for state, steps in after.items())
    return f"(CASE {_LAST} {cases} ELSE false END)"


def promised(account: str, fund: str) -> str:
    """What payouts from an account have reserved of it, in a fund: an expression."""
    return (
        "COALESCE((SELECT SUM(o.minor) FROM foundation_payout o JOIN foundation_payoutstep s ON s.payout_id = o.id "
        f"WHERE o.account_id = {account} AND o.fund_id = {fund} AND s.state IN {listed(HOLDING)} AND s.number = "
        "(SELECT MAX(l.number) FROM foundation_payoutstep l WHERE l.payout_id = o.id)), 0)"
    )


def _owes(account: str, fund: str) -> str:
    return (
        "-COALESCE((SELECT SUM(b.minor) FROM foundation_balance b "
        f"WHERE b.account_id = {account} AND b.fund_id = {fund}), 0)"
    )


def _approvals(which: str) -> str:
    return f"(SELECT COUNT(DISTINCT s.person_id) {_STEPS} AND s.state = 'approved' AND {which})"


_STEP: Final = (
    ("one-way", f"NEW.number <> 1 + COALESCE((SELECT MAX(s.number) {_STEPS}), 0) OR NOT {_may_follow()}"),
    (
        "office",
        (
            "(NEW.person_id IS NULL AND NEW.state IN ('proposed', 'approved', 'withdrawn')) "
            f"OR (NEW.person_id IS NOT NULL AND NOT {holds('NEW.person_id', 'treasurer', 'board')})"
        ),
    ),
    ("two-people", f"NEW.state = 'proposed' AND NEW.person_id <> {_of_payout('o.proposed_by_id')}"),
    ("office", f"NEW.state = 'approved' AND NOT {holds('NEW.person_id', 'board')}"),
    (
        "two-people",
        (
            f"NEW.state = 'approved' AND (NEW.person_id = {_of_payout('o.proposed_by_id')} "
            f"OR {_approvals('true')} >= 2 OR {_approvals('s.person_id = NEW.person_id')} > 0 "
            "OR EXISTS (SELECT 1 FROM foundation_payout o JOIN foundation_payee e ON e.id = o.payee_id "
            "WHERE o.id = NEW.payout_id AND e.person_id = NEW.person_id))"
        ),
    ),
    ("two-people", f"NEW.state = 'reserved' AND {_approvals('true')} < 2"),
    (
        "owed",
        (
            f"NEW.state = 'reserved' AND {_of_payout('o.minor')} "
            f"+ {promised(_of_payout('o.account_id'), _of_payout('o.fund_id'))} "
            f"> {_owes(_of_payout('o.account_id'), _of_payout('o.fund_id'))}"
        ),
    ),
    ("one-name", "(NEW.state = 'submitted') <> (NEW.batch_id IS NOT NULL)"),
)
_PROPOSED: Final = (
    ("office", f"NOT {holds('NEW.proposed_by_id', 'treasurer')}"),
    (
        "bank-details",
        (
            "NOT EXISTS (SELECT 1 FROM foundation_bankdetails d WHERE d.id = NEW.details_id AND d.payee_id = NEW.payee_id "
            "AND d.confirmed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM foundation_bankdetails n "
            "WHERE n.payee_id = d.payee_id AND n.confirmed_at > d.confirmed_at))"
        ),
    ),
    (
        "known-places",
        (
            "NOT EXISTS (SELECT 1 FROM foundation_payee e JOIN foundation_account a ON a.id = e.account_id "
            f"WHERE e.id = NEW.payee_id AND a.id = NEW.account_id AND a.currency = NEW.currency "
            f"AND a.kind IN {listed(PAID_FROM)})"
        ),
    ),
)
_GIVEN: Final = (("bank-details", "NEW.confirmed_by_id IS NOT NULL OR NEW.confirmed_at IS NOT NULL"),)
_DETAILS: Final = (
    "id", "payee_id", "name", "iban", "bic", "street", "building", "postcode", "town", "country", "given_by_id",
    "given_at",
)  # fmt: skip
_CONFIRMED: Final = (
    ("append-only", "OLD.confirmed_at IS NOT NULL OR " + " OR ".join(f"NEW.{name} <> OLD.{name}" for name in _DETAILS)),
    ("office", f"NEW.confirmed_by_id IS NULL OR NOT {holds('NEW.confirmed_by_id', 'treasurer', 'board')}"),
    (
        "bank-details",
        (
            "NEW.confirmed_by_id = NEW.given_by_id OR EXISTS (SELECT 1 FROM foundation_payee e "
            "WHERE e.id = NEW.payee_id AND e.person_id = NEW.confirmed_by_id)"
        ),
    ),
)
_KEPT_BACK: Final = promised("NEW.account_id", "NEW.fund_id")
_LOWERED: Final = (
    (
        "owed",
        (
            "EXISTS (SELECT 1 FROM foundation_account a "
            f"WHERE a.id = NEW.account_id AND a.kind IN {listed(PAID_FROM)}) "
            f"AND {_KEPT_BACK} > 0 AND {_KEPT_BACK} > {_owes('NEW.account_id', 'NEW.fund_id')}"
        ),
    ),
)
_CHECKS: Final = (
    ("payoutstep_follows", "BEFORE INSERT", "payoutstep", "", _STEP),
    ("payout_begins", "BEFORE INSERT", "payout", "", _PROPOSED),
    ("bankdetails_begin", "BEFORE INSERT", "bankdetails", "", _GIVEN),
    ("bankdetails_confirmed", "BEFORE UPDATE", "bankdetails", "", _CONFIRMED),
    # What is owed goes down in slot 0, by a debit: most entries do not even ask.
    ("balance_leaves_reserved", "AFTER UPDATE", "balance", "NEW.slot = 0 AND NEW.minor > OLD.minor", _LOWERED),
    ("balance_begins_reserved", "AFTER INSERT", "balance", "NEW.slot = 0 AND NEW.minor > 0", _LOWERED),
)


def _said(name: str) -> str:
    return f"{name}: {SAYS[name]}"


def _sqlite() -> dict[str, str]:
    made = {}
    for name, when, table, only, conditions in _CHECKS:
        body = " ".join(f"SELECT RAISE(ABORT, '{_said(rule)}') WHERE {condition};" for rule, condition in conditions)
        made[name] = f"{when} ON foundation_{table} {f'WHEN {only} ' if only else ''}BEGIN {body} END"
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_said('append-only')}'); END"
    for table in TABLES:
        made[f"{table}_not_deleted"] = f"BEFORE DELETE ON foundation_{table} {refuse}"
    for table in ADDED_ONLY:
        made[f"{table}_added_only"] = f"BEFORE UPDATE ON foundation_{table} {refuse}"
    return made


# Steps of one payout come one after the other; who reserves waits for whoever lowers what the account owes.
_LOCKS: Final = """
PERFORM 1 FROM foundation_payout WHERE id = NEW.payout_id FOR NO KEY UPDATE;
IF NEW.state = 'reserved' THEN
  INSERT INTO foundation_balance (account_id, fund_id, slot, minor)
    SELECT account_id, fund_id, 0, 0 FROM foundation_payout WHERE id = NEW.payout_id ON CONFLICT DO NOTHING;
  PERFORM 1 FROM foundation_balance b JOIN foundation_payout o ON o.account_id = b.account_id AND o.fund_id = b.fund_id
    WHERE o.id = NEW.payout_id AND b.slot = 0 FOR UPDATE OF b;
END IF;
"""


_FIRST: Final = {"payoutstep_follows": _LOCKS}


def _function(name: str, locks: str, conditions: tuple[tuple[str, str], ...]) -> str:
    body = "\n".join(
        f"IF {condition} THEN RAISE EXCEPTION '{_said(rule)}' USING ERRCODE = 'check_violation'; END IF;"
        for rule, condition in conditions
    )
    return (
        f"CREATE OR REPLACE FUNCTION foundation_{name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN\n"
        f"{locks}{body}\nRETURN NEW;\nEND $body$"
    )


def _postgresql() -> dict[str, str]:
    made = {}
    for name, when, table, only, _conditions in _CHECKS:
        condition = f" WHEN ({only})" if only else ""
        made[name] = f"{when} ON foundation_{table} FOR EACH ROW{condition} EXECUTE FUNCTION foundation_{name}()"
    stays = "EXECUTE FUNCTION foundation_stays()"
    for table in TABLES:
        made[f"{table}_not_deleted"] = f"BEFORE DELETE ON foundation_{table} FOR EACH ROW {stays}"
        made[f"{table}_not_emptied"] = f"BEFORE TRUNCATE ON foundation_{table} FOR EACH STATEMENT {stays}"
    for table in ADDED_ONLY:
        made[f"{table}_added_only"] = f"BEFORE UPDATE ON foundation_{table} FOR EACH ROW {stays}"
    return made


def _part(triggers: dict[str, str], functions: tuple[str, ...], *, names_table: bool) -> SimpleNamespace:
    tables = {name: text.split(" ON ", 1)[1].split()[0] for name, text in triggers.items()}
    return SimpleNamespace(
        STATEMENTS=(*functions, *(f"CREATE TRIGGER foundation_{name} {text}" for name, text in triggers.items())),
        TRIGGERS=tuple(f"foundation_{name}" for name in triggers),
        REMOVALS=tuple(
            f"DROP TRIGGER IF EXISTS foundation_{name}" + (f" ON {table}" if names_table else "")
            for name, table in tables.items()
        ),
    )


SQLITE: Final = _part(_sqlite(), (), names_table=False)
POSTGRESQL: Final = _part(
    _postgresql(),
    tuple(_function(name, _FIRST.get(name, ""), conditions) for name, _when, _table, _only, conditions in _CHECKS),
    names_table=True,
)
