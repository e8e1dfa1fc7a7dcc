"""The rules of the books as triggers of SQLite. One connection writes at a time, so nothing has to be locked."""

from __future__ import annotations

import re
from typing import Final

from communs.apps.foundation.sql.moving import undecided
from communs.apps.foundation.sql.words import (
    BLANK,
    FLOORED_SQL,
    FUNDS_SQL,
    GIFTS_SQL,
    HELD_SQL,
    MOVES_OR_BACK_SQL,
    MOVES_SQL,
    in_kind,
    says,
)


def _refuse(name: str, condition: str) -> str:
    return f"SELECT RAISE(ABORT, '{says(name)}') WHERE {condition};"


def _trigger(name: str, when: str, *body: str) -> str:
    return f"CREATE TRIGGER foundation_{name} {when} BEGIN\n" + "\n".join(body) + "\nEND"


_OF_ENTRY: Final = (
    "FROM foundation_posting p JOIN foundation_account a ON a.id = p.account_id WHERE p.entry_id = NEW.id"
)
_MOVES: Final = (
    f"((SELECT COUNT(DISTINCT p.fund_id) {_OF_ENTRY}) > 1 OR EXISTS (SELECT 1 {_OF_ENTRY} AND a.kind = 'transfer'))"
)
_TOO_MUCH_BACK: Final = f"""EXISTS (
  SELECT 1 FROM foundation_posting p JOIN foundation_entry e ON e.id = p.entry_id
  JOIN foundation_account a ON a.id = p.account_id
  WHERE e.reverses_id = NEW.reverses_id AND (e.sealed = 1 OR e.id = NEW.id)
  GROUP BY p.account_id, p.fund_id, p.currency, p.minor > 0
  HAVING SUM(ABS(p.minor)) > COALESCE((
    SELECT SUM(ABS(o.minor)) FROM foundation_posting o WHERE o.entry_id = NEW.reverses_id
    AND o.account_id = p.account_id AND o.fund_id = p.fund_id AND (o.minor > 0) <> (p.minor > 0)), 0)
  AND NOT (p.minor < 0 AND a.kind = 'donor'
    AND EXISTS (SELECT 1 FROM foundation_entry h WHERE h.id = NEW.reverses_id AND h.kind IN {GIFTS_SQL})
    AND NOT EXISTS (SELECT 1 FROM foundation_posting o WHERE o.entry_id = NEW.reverses_id
      AND o.account_id = p.account_id AND o.fund_id = p.fund_id AND o.minor > 0)))"""
_OVERDRAWN: Final = f"""EXISTS (
  SELECT 1 FROM (SELECT p.account_id, p.fund_id, a.kind, a.overdraft_minor AS overdraft, SUM(p.minor) AS move
    {_OF_ENTRY} AND a.kind IN {FLOORED_SQL} GROUP BY p.account_id, p.fund_id) m
  JOIN foundation_balance b ON b.account_id = m.account_id AND b.fund_id = m.fund_id
  GROUP BY m.account_id, m.fund_id
  HAVING (m.kind = 'bank' AND m.move < 0 AND SUM(b.minor) < -m.overdraft)
    OR (m.kind <> 'bank' AND m.move > 0 AND -SUM(b.minor) < -m.overdraft))"""


def _overspent(reserved: str) -> str:
    return f"""EXISTS (
  SELECT 1 FROM (SELECT p.fund_id, p.currency {_OF_ENTRY} AND a.kind IN {FUNDS_SQL}
    GROUP BY p.fund_id, p.currency HAVING SUM(p.minor) > 0) m
  JOIN foundation_fund f ON f.id = m.fund_id AND f.floor_minor IS NOT NULL
  JOIN foundation_owned o ON o.fund_id = m.fund_id AND o.currency = m.currency
  GROUP BY m.fund_id, m.currency HAVING SUM(o.minor) - {reserved} < f.floor_minor)"""


_RESERVED: Final = """COALESCE((SELECT SUM(r.minor) FROM foundation_reservation r
    WHERE r.fund_id = m.fund_id AND r.currency = m.currency AND r.ended_at IS NULL), 0)"""

# A number is kept there as 32 digits, and named with its strokes: no other writing of it is a second key.
_NUMBERS: Final = " || '-' || ".join(
    f"substr(d.public_id, {at}, {much})" for at, much in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
)
_NAMED: Final = f"d.public_id = replace(substr(NEW.key, 10), '-', '') AND NEW.key = 'decision:' || {_NUMBERS}"
_UNDECIDED: Final = undecided(_NAMED, lambda name: f"json_extract(d.content, '$.{name}')")

_SEAL: Final = _trigger(
    "seal",
    "BEFORE UPDATE ON foundation_entry WHEN OLD.sealed = 0 AND NEW.sealed IS NOT 0",
    _refuse("sealing", "NEW.sealed IS NOT 1 OR NEW.sequence IS NOT NEW.id OR NEW.id <> OLD.id"),
    _refuse("sealing", "EXISTS (SELECT 1 FROM foundation_entry WHERE sequence >= NEW.id)"),
    _refuse("balanced", "NOT EXISTS (SELECT 1 FROM foundation_posting WHERE entry_id = NEW.id)"),
    _refuse(
        "balanced",
        "EXISTS (SELECT 1 FROM foundation_posting WHERE entry_id = NEW.id GROUP BY fund_id, currency "
        "HAVING SUM(minor) <> 0)",
    ),
    _refuse(
        "known-places",
        f"EXISTS (SELECT 1 {_OF_ENTRY} AND (a.currency <> p.currency OR a.fund_id <> p.fund_id))",
    ),
    _refuse("in-kind", f"EXISTS (SELECT 1 {_OF_ENTRY} AND NOT {in_kind('NEW.kind', 'a.kind')})"),
    _refuse("in-kind", "(NEW.kind = 'reversal') <> (NEW.reverses_id IS NOT NULL)"),
    _refuse("one-fund", f"NEW.kind NOT IN {MOVES_OR_BACK_SQL} AND {_MOVES}"),
    _refuse(
        "one-fund",
        f"{_MOVES} AND EXISTS (SELECT 1 {_OF_ENTRY} AND a.kind IN {HELD_SQL} GROUP BY p.account_id "
        "HAVING SUM(p.minor) <> 0)",
    ),
    _refuse("documented", f"TRIM(NEW.document, '{BLANK}') = '' AND {_MOVES}"),
    _refuse(
        "documented",
        f"NEW.kind = 'release' AND {_MOVES} AND EXISTS (SELECT 1 {_OF_ENTRY} AND a.kind IN {FUNDS_SQL} AND p.fund_id IN "
        "(SELECT id FROM foundation_fund WHERE nature <> 'restricted') GROUP BY p.fund_id HAVING SUM(p.minor) > 0)",
    ),
    _refuse(
        "open-period",
        "NEW.happened_on >= NEW.effective_on OR date(NEW.effective_on) IS NOT NEW.effective_on OR NOT EXISTS (SELECT 1 FROM foundation_period "
        "WHERE NEW.effective_on BETWEEN starts_on AND ends_on AND closed_at IS NULL)",
    ),
    _refuse("expired", f"NEW.kind = 'expiry' AND EXISTS (SELECT 1 {_OF_ENTRY} AND a.expires_on > NEW.effective_on)"),
    _refuse(
        "mirrors",
        "NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM foundation_entry "
        "WHERE id = NEW.reverses_id AND sealed = 1 AND reverses_id IS NULL)",
    ),
    _refuse("mirrors", f"NEW.reverses_id IS NOT NULL AND {_TOO_MUCH_BACK}"),
    _refuse(
        "decided",
        f"(NEW.kind IN {MOVES_SQL} OR NEW.reverses_id IS NOT NULL AND (SELECT kind FROM foundation_entry "
        f"WHERE id = NEW.reverses_id) IN {MOVES_SQL}) AND {_UNDECIDED}",
    ),
)
_AT: Final = "FROM foundation_posting WHERE entry_id = NEW.id"
_APPLY: Final = _trigger(
    "applies",
    "AFTER UPDATE ON foundation_entry WHEN OLD.sealed = 0 AND NEW.sealed = 1",
    "UPDATE foundation_balance SET minor = foundation_balance.minor + m.minor, last = NEW.id "
    f"FROM (SELECT account_id, fund_id, SUM(minor) AS minor {_AT} GROUP BY account_id, fund_id) m "
    "WHERE foundation_balance.account_id = m.account_id AND foundation_balance.fund_id = m.fund_id AND slot = 0;",
    "INSERT INTO foundation_balance (account_id, fund_id, slot, minor, last) "
    f"SELECT account_id, fund_id, 0, SUM(minor), NEW.id {_AT} AND NOT EXISTS (SELECT 1 FROM foundation_balance b "
    "WHERE b.account_id = foundation_posting.account_id AND b.fund_id = foundation_posting.fund_id) "
    "GROUP BY account_id, fund_id;",
    "UPDATE foundation_owned SET minor = foundation_owned.minor + m.minor, last = NEW.id "
    f"FROM (SELECT p.fund_id, p.currency, -SUM(p.minor) AS minor {_OF_ENTRY} AND a.kind IN {FUNDS_SQL} "
    "GROUP BY p.fund_id, p.currency) m "
    "WHERE foundation_owned.fund_id = m.fund_id AND foundation_owned.currency = m.currency AND slot = 0;",
    "INSERT INTO foundation_owned (fund_id, currency, slot, minor, last) "
    f"SELECT p.fund_id, p.currency, 0, -SUM(p.minor), NEW.id {_OF_ENTRY} AND a.kind IN {FUNDS_SQL} "
    "AND NOT EXISTS (SELECT 1 FROM foundation_owned o WHERE o.fund_id = p.fund_id AND o.currency = p.currency) "
    "GROUP BY p.fund_id, p.currency;",
    _refuse("floor", _OVERDRAWN),
    _refuse("floor", _overspent("0")),
    _refuse("reserved", _overspent(_RESERVED)),
)
_SEALED: Final = "EXISTS (SELECT 1 FROM foundation_entry e WHERE e.id = NEW.last AND e.sealed = 1)"


def _kept(table: str, place: tuple[str, ...], moved: str) -> tuple[str, ...]:
    """A balance begins with the first entry of its place, then takes up each later one once: `last` says which was it.

    Whoever writes one by bare statements has no entry left that it has not taken up.
    """
    name = f"foundation_{table}"
    same = " AND ".join(f"b.{column} = NEW.{column}" for column in place)
    elsewhere = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in ("id", "slot", *place))
    return (
        _trigger(
            f"{table}_begins",
            f"BEFORE INSERT ON {name}",
            _refuse(
                "kept-balances",
                f"NEW.slot <> 0 OR NEW.minor IS NOT {moved} OR NOT {_SEALED} "
                f"OR EXISTS (SELECT 1 FROM {name} b WHERE b.id = NEW.id OR ({same}))",
            ),
        ),
        _trigger(
            f"{table}_keeps",
            f"BEFORE UPDATE ON {name}",
            _refuse(
                "kept-balances",
                f"{elsewhere} OR NEW.last <= OLD.last OR NEW.minor IS NOT OLD.minor + {moved} OR NOT {_SEALED}",
            ),
        ),
        _trigger(f"{table}_stays", f"BEFORE DELETE ON {name}", _refuse("kept-balances", "true")),
    )


_BALANCES: Final = (
    *_kept(
        "balance",
        ("account_id", "fund_id"),
        "(SELECT SUM(p.minor) FROM foundation_posting p "
        "WHERE p.entry_id = NEW.last AND p.account_id = NEW.account_id AND p.fund_id = NEW.fund_id)",
    ),
    *_kept(
        "owned",
        ("fund_id", "currency"),
        "(SELECT -SUM(p.minor) FROM foundation_posting p JOIN foundation_account a ON a.id = p.account_id "
        "WHERE p.entry_id = NEW.last AND p.fund_id = NEW.fund_id AND p.currency = NEW.currency "
        f"AND a.kind IN {FUNDS_SQL})",
    ),
)


def _frozen(table: str, *columns: str) -> tuple[str, str]:
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in ("id", *columns))
    name = f"foundation_{table}"
    return (
        _trigger(f"{table}_stays", f"BEFORE DELETE ON {name}", _refuse("append-only", "true")),
        _trigger(f"{table}_keeps", f"BEFORE UPDATE ON {name} WHEN {changed}", _refuse("append-only", "true")),
    )


STATEMENTS: Final = (
    _trigger(
        "entry_begins",
        "BEFORE INSERT ON foundation_entry WHEN NEW.sealed <> 0 OR NEW.sequence IS NOT NULL",
        _refuse("sealing", "true"),
    ),
    _SEAL,
    _APPLY,
    _trigger(
        "entry_waits",
        "BEFORE UPDATE ON foundation_entry WHEN OLD.sealed = 0 AND NEW.sealed = 0 "
        "AND (NEW.sequence IS NOT NULL OR NEW.id <> OLD.id)",
        _refuse("sealing", "true"),
    ),
    _trigger(
        "entry_keeps", "BEFORE UPDATE ON foundation_entry WHEN OLD.sealed = 1", _refuse("append-only", "true")
    ),
    _trigger(
        "entry_stays", "BEFORE DELETE ON foundation_entry WHEN OLD.sealed = 1", _refuse("append-only", "true")
    ),
    _trigger(
        "posting_begins",
        "BEFORE INSERT ON foundation_posting",
        _refuse("whole-amounts", "typeof(NEW.minor) <> 'integer'"),
        _refuse("append-only", "EXISTS (SELECT 1 FROM foundation_entry WHERE id = NEW.entry_id AND sealed = 1)"),
    ),
    _trigger("posting_keeps", "BEFORE UPDATE ON foundation_posting", _refuse("append-only", "true")),
    _trigger(
        "posting_stays",
        "BEFORE DELETE ON foundation_posting",
        _refuse("append-only", "EXISTS (SELECT 1 FROM foundation_entry WHERE id = OLD.entry_id AND sealed = 1)"),
    ),
    *_frozen("fund", "slug", "nature", "funder", "convention", "return_clause", "floor_minor", "created_at"),
    *_frozen(
        "account", "slug", "kind", "currency", "fund_id", "owner", "overdraft_minor", "expires_on", "destination",
        "created_at",
    ),
    *_frozen("reservation", "key", "fund_id", "currency", "minor", "made_at"),
    _trigger(
        "reservation_ends",
        "BEFORE UPDATE ON foundation_reservation WHEN OLD.ended_at IS NOT NULL",
        _refuse("append-only", "true"),
    ),
    _trigger(
        "reservation_begins",
        "BEFORE INSERT ON foundation_reservation WHEN NEW.ended_at IS NULL",
        _refuse(
            "reserved",
            "(SELECT floor_minor FROM foundation_fund WHERE id = NEW.fund_id) + NEW.minor + COALESCE("
            "(SELECT SUM(minor) FROM foundation_reservation WHERE fund_id = NEW.fund_id AND currency = NEW.currency "
            "AND ended_at IS NULL), 0) > COALESCE((SELECT SUM(minor) FROM foundation_owned "
            "WHERE fund_id = NEW.fund_id AND currency = NEW.currency), 0)",
        ),
    ),
    _trigger(
        "period_begins",
        "BEFORE INSERT ON foundation_period",
        _refuse(
            "period",
            "EXISTS (SELECT 1 FROM foundation_period WHERE starts_on <= NEW.ends_on AND ends_on >= NEW.starts_on)",
        ),
    ),
    *_frozen("period", "starts_on", "ends_on"),
    _trigger(
        "period_closes", "BEFORE UPDATE ON foundation_period WHEN OLD.closed_at IS NOT NULL", _refuse("period", "true")
    ),
    *_BALANCES,
)  # fmt: skip
TRIGGERS: Final = tuple(
    found.group(1) for one in STATEMENTS if (found := re.match(r"CREATE TRIGGER (\w+)", one)) is not None
)
REMOVALS: Final = tuple(f"DROP TRIGGER IF EXISTS {name}" for name in TRIGGERS)
INSTALLED: Final = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'foundation\\_%' ESCAPE '\\'"
