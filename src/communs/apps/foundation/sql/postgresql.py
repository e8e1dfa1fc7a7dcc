"""The rules of the books as triggers of PostgreSQL.

Who lowers a balance locks slot 0 of it, in the order of accounts and funds, and reads what others have committed; who
raises one uses another slot and waits for nobody. `sequence` is given after that, so that entries read in its order
never show less than there was.
"""

from __future__ import annotations

from typing import Final

from communs.apps.foundation.sql.words import (
    BLANK,
    FLOORED_SQL,
    FUNDS_SQL,
    GIFTS_SQL,
    HELD_SQL,
    MOVES_OR_BACK_SQL,
    in_kind,
    says,
)

SLOTS: Final = 16


def _refuse(name: str) -> str:
    return f"RAISE EXCEPTION '{says(name)}' USING ERRCODE = 'check_violation'"


def _function(name: str, body: str, declare: str = "") -> str:
    head = f"DECLARE {declare}" if declare else ""
    return (
        f"CREATE OR REPLACE FUNCTION foundation_{name}() RETURNS trigger LANGUAGE plpgsql AS $body$ {head} BEGIN\n"
        f"{body}\nEND $body$"
    )


_OF_ENTRY: Final = (
    "FROM foundation_posting p JOIN foundation_account a ON a.id = p.account_id WHERE p.entry_id = NEW.id"
)
_MOVE_DECLARE: Final = """
  funds integer; unbalanced boolean; strange boolean; wrong boolean; transfers boolean; waiting boolean; lowers boolean;
  at_slot smallint; head record;
"""
# A lock in memory, since all entries share it: a row that many transactions lock at once is written anew by each.
_RECORDING: Final = 1_818_584_935
# Who looks at the books as they were when his transaction began does not see what others have done since.
_OLD_VIEW: Final = "current_setting('transaction_isolation') <> 'read committed'"
_MOVES: Final = f"""
IF OLD.sealed THEN {_refuse("append-only")}; END IF;
IF NOT NEW.sealed THEN
  IF NEW.sequence IS NOT NULL THEN {_refuse("sealing")}; END IF;
  RETURN NEW;
END IF;
IF NEW.id <> OLD.id OR {_OLD_VIEW} THEN {_refuse("sealing")}; END IF;
SELECT count(DISTINCT p.fund_id), bool_or(a.currency <> p.currency OR a.fund_id <> p.fund_id),
  bool_or(NOT {in_kind("NEW.kind", "a.kind")}), bool_or(a.kind = 'transfer'), bool_or(a.expires_on > NEW.effective_on),
  EXISTS (SELECT 1 FROM foundation_posting WHERE entry_id = NEW.id GROUP BY fund_id, currency HAVING sum(minor) <> 0)
  INTO funds, strange, wrong, transfers, waiting, unbalanced {_OF_ENTRY};
IF funds = 0 OR unbalanced THEN {_refuse("balanced")}; END IF;
IF strange THEN {_refuse("known-places")}; END IF;
IF wrong OR (NEW.kind = 'reversal') <> (NEW.reverses_id IS NOT NULL) THEN {_refuse("in-kind")}; END IF;
IF funds > 1 OR transfers THEN
  IF NEW.kind NOT IN {MOVES_OR_BACK_SQL} OR EXISTS (SELECT 1 {_OF_ENTRY} AND a.kind IN {HELD_SQL}
    GROUP BY p.account_id HAVING sum(p.minor) <> 0) THEN {_refuse("one-fund")}; END IF;
  IF btrim(NEW.document, '{BLANK}') = '' OR (NEW.kind = 'release' AND EXISTS (SELECT 1 FROM foundation_posting p
    JOIN foundation_account a ON a.id = p.account_id JOIN foundation_fund f ON f.id = p.fund_id
    WHERE p.entry_id = NEW.id AND a.kind IN {FUNDS_SQL} AND f.nature <> 'restricted'
    GROUP BY p.fund_id HAVING sum(p.minor) > 0)) THEN {_refuse("documented")}; END IF;
END IF;
PERFORM pg_advisory_xact_lock_shared({_RECORDING});
IF NEW.happened_on >= NEW.effective_on OR NOT EXISTS (SELECT 1 FROM foundation_period
  WHERE NEW.effective_on BETWEEN starts_on AND ends_on AND closed_at IS NULL) THEN {_refuse("open-period")}; END IF;
IF NEW.kind = 'expiry' AND waiting THEN {_refuse("expired")}; END IF;
"""
_MIRRORS: Final = f"""
IF NEW.reverses_id IS NOT NULL THEN
  SELECT id, kind, sealed, reverses_id INTO head FROM foundation_entry WHERE id = NEW.reverses_id FOR UPDATE;
  IF NOT FOUND OR NOT head.sealed OR head.reverses_id IS NOT NULL OR EXISTS (
    SELECT 1 FROM (SELECT p.account_id, p.fund_id, p.currency, p.minor > 0 AS debit, sum(abs(p.minor)) AS taken
        FROM foundation_posting p JOIN foundation_entry e ON e.id = p.entry_id
        WHERE e.reverses_id = NEW.reverses_id AND (e.sealed OR e.id = NEW.id) GROUP BY 1, 2, 3, 4) back
      JOIN (SELECT id AS place, kind FROM foundation_account) a ON a.place = back.account_id
      LEFT JOIN (SELECT p.account_id, p.fund_id, p.currency, p.minor < 0 AS debit, sum(abs(p.minor)) AS there
        FROM foundation_posting p WHERE p.entry_id = NEW.reverses_id GROUP BY 1, 2, 3, 4) was
        USING (account_id, fund_id, currency, debit)
    WHERE back.taken > coalesce(was.there, 0)
      AND NOT (NOT back.debit AND a.kind = 'donor' AND head.kind IN {GIFTS_SQL} AND was.there IS NULL)
  ) THEN {_refuse("mirrors")}; END IF;
END IF;
"""
_SIDE: Final = f"CASE WHEN a.kind IN {HELD_SQL} THEN 1 ELSE -1 END"
# Rows are locked in the order in which they are given: the same for every entry. What comes back in slot 0 went down.
_BALANCES: Final = f"""
at_slot := 1 + pg_backend_pid() % {SLOTS - 1};
WITH kept AS (INSERT INTO foundation_balance AS b (account_id, fund_id, slot, minor)
  SELECT p.account_id, p.fund_id,
    CASE WHEN a.kind IN {FLOORED_SQL} AND {_SIDE} * sum(p.minor) < 0 THEN 0 ELSE at_slot END, sum(p.minor) {_OF_ENTRY}
    GROUP BY p.account_id, p.fund_id, a.kind ORDER BY p.account_id, p.fund_id
  ON CONFLICT (account_id, fund_id, slot) DO UPDATE SET minor = b.minor + excluded.minor RETURNING slot)
SELECT bool_or(slot = 0) INTO lowers FROM kept;
IF lowers AND EXISTS (SELECT 1 FROM (SELECT p.account_id, p.fund_id, a.overdraft_minor, {_SIDE} AS side {_OF_ENTRY}
      AND a.kind IN {FLOORED_SQL} GROUP BY p.account_id, p.fund_id, a.kind, a.overdraft_minor
      HAVING {_SIDE} * sum(p.minor) < 0) m
    JOIN foundation_balance b USING (account_id, fund_id) GROUP BY account_id, fund_id, side, overdraft_minor
    HAVING side * sum(b.minor) < -overdraft_minor) THEN {_refuse("floor")}; END IF;
WITH kept AS (INSERT INTO foundation_owned AS o (fund_id, currency, slot, minor)
  SELECT p.fund_id, p.currency, CASE WHEN sum(p.minor) > 0 THEN 0 ELSE at_slot END, -sum(p.minor) {_OF_ENTRY}
    AND a.kind IN {FUNDS_SQL} GROUP BY p.fund_id, p.currency ORDER BY p.fund_id, p.currency
  ON CONFLICT (fund_id, currency, slot) DO UPDATE SET minor = o.minor + excluded.minor RETURNING slot)
SELECT bool_or(slot = 0) INTO lowers FROM kept;
IF lowers THEN
  SELECT bool_or(standing < least) AS spent, bool_or(standing - promised < least) AS promised INTO head
    FROM (SELECT f.floor_minor AS least,
      (SELECT sum(o.minor) FROM foundation_owned o WHERE o.fund_id = m.fund_id AND o.currency = m.currency) AS standing,
      (SELECT coalesce(sum(r.minor), 0) FROM foundation_reservation r WHERE r.fund_id = m.fund_id
        AND r.currency = m.currency AND r.ended_at IS NULL) AS promised
      FROM (SELECT p.fund_id, p.currency {_OF_ENTRY} AND a.kind IN {FUNDS_SQL}
        GROUP BY p.fund_id, p.currency HAVING sum(p.minor) > 0) m
      JOIN foundation_fund f ON f.id = m.fund_id) lowered;
  IF head.spent THEN {_refuse("floor")}; END IF;
  IF head.promised THEN {_refuse("reserved")}; END IF;
END IF;
NEW.sequence := nextval('foundation_sequence');
RETURN NEW;
"""
# One question and one answer for an entry. Nothing: its key is taken. Two at once under one key have one id too, so that
# any conflict is waited for, not only that of keys. A place that there is not is no value, so refused.
_RECORD: Final = f"""
CREATE OR REPLACE FUNCTION foundation_record(public_id uuid, key text, kind text, effective_on date, happened_on date,
  recorded_at timestamptz, memo text, document text, actor text, provider text, provider_object text, provider_state text,
  body_sha256 text, reverses uuid, accounts text[], funds text[], minors bigint[], currencies text[])
RETURNS bigint LANGUAGE plpgsql AS $body$
#variable_conflict use_column
DECLARE made bigint; answer bigint; BEGIN
INSERT INTO foundation_entry (public_id, key, kind, effective_on, happened_on, recorded_at, memo, document, actor,
    provider, provider_object, provider_state, body_sha256, sealed, reverses_id)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, false,
    CASE WHEN $14 IS NOT NULL THEN (SELECT e.id FROM foundation_entry e WHERE e.public_id = $14) END)
  ON CONFLICT DO NOTHING RETURNING id INTO made;
IF made IS NULL AND EXISTS (SELECT 1 FROM foundation_entry e WHERE e.key = $2) THEN RETURN NULL; END IF;
IF made IS NULL THEN {_refuse("one-transition")}; END IF;
INSERT INTO foundation_posting (entry_id, position, account_id, fund_id, minor, currency)
  SELECT made, line.position - 1, (SELECT a.id FROM foundation_account a WHERE a.slug = line.account),
    (SELECT f.id FROM foundation_fund f WHERE f.slug = line.fund), line.minor, line.currency
  FROM unnest($15, $16, $17, $18) WITH ORDINALITY line (account, fund, minor, currency, position);
UPDATE foundation_entry SET sealed = true WHERE id = made RETURNING sequence INTO answer;
RETURN answer;
END $body$
"""
_RESERVE: Final = f"""
IF NEW.ended_at IS NULL THEN
  INSERT INTO foundation_owned AS o (fund_id, currency, slot, minor) VALUES (NEW.fund_id, NEW.currency, 0, 0)
    ON CONFLICT (fund_id, currency, slot) DO UPDATE SET minor = o.minor;
  SELECT floor_minor INTO least FROM foundation_fund WHERE id = NEW.fund_id;
  SELECT sum(minor) INTO standing FROM foundation_owned WHERE fund_id = NEW.fund_id AND currency = NEW.currency;
  SELECT coalesce(sum(minor), 0) INTO promised FROM foundation_reservation
    WHERE fund_id = NEW.fund_id AND currency = NEW.currency AND ended_at IS NULL;
  IF standing - promised - NEW.minor < least THEN {_refuse("reserved")}; END IF;
END IF;
RETURN NEW;
"""
_POSTING: Final = f"""
IF TG_OP = 'UPDATE' THEN {_refuse("append-only")}; END IF;
IF TG_OP = 'DELETE' THEN
  SELECT sealed INTO done FROM foundation_entry WHERE id = OLD.entry_id FOR SHARE;
  IF done THEN {_refuse("append-only")}; END IF;
  RETURN OLD;
END IF;
SELECT sealed INTO done FROM foundation_entry WHERE id = NEW.entry_id FOR SHARE;
IF done THEN {_refuse("append-only")}; END IF;
RETURN NEW;
"""
_PERIOD: Final = f"""
IF TG_OP = 'INSERT' THEN
  LOCK TABLE foundation_period IN SHARE ROW EXCLUSIVE MODE;
  IF {_OLD_VIEW} OR EXISTS (
    SELECT 1 FROM foundation_period WHERE starts_on <= NEW.ends_on AND ends_on >= NEW.starts_on) THEN {_refuse("period")}; END IF;
ELSIF OLD.closed_at IS NOT NULL THEN {_refuse("period")};
ELSIF NEW.closed_at IS NOT NULL THEN PERFORM pg_advisory_xact_lock({_RECORDING}); END IF;
RETURN NEW;
"""


def _frozen(table: str, *columns: str) -> tuple[tuple[str, str, str], ...]:
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in ("id", *columns))
    name = f"foundation_{table}"
    return (
        (f"{table}_stays", f"BEFORE DELETE ON {name} FOR EACH ROW", "stays"),
        (f"{table}_keeps", f"BEFORE UPDATE ON {name} FOR EACH ROW WHEN ({changed})", "stays"),
    )


_ENTRY: Final = "foundation_entry FOR EACH ROW"
_ALL: Final = (
    ("entry_begins", f"BEFORE INSERT ON {_ENTRY} WHEN (NEW.sealed OR NEW.sequence IS NOT NULL)", "unsealed"),
    ("seal", f"BEFORE UPDATE ON {_ENTRY}", "sealing"),
    ("entry_stays", f"BEFORE DELETE ON {_ENTRY} WHEN (OLD.sealed)", "stays"),
    ("posting_keeps", "BEFORE INSERT OR UPDATE OR DELETE ON foundation_posting FOR EACH ROW", "posting"),
    *_frozen("fund", "slug", "nature", "funder", "convention", "return_clause", "floor_minor", "created_at"),
    *_frozen(
        "account", "slug", "kind", "currency", "fund_id", "owner", "overdraft_minor", "expires_on", "destination",
        "created_at",
    ),
    *_frozen("reservation", "key", "fund_id", "currency", "minor", "made_at"),
    (
        "reservation_ends",
        "BEFORE UPDATE ON foundation_reservation FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL)",
        "stays",
    ),
    ("reservation_begins", "BEFORE INSERT ON foundation_reservation FOR EACH ROW", "reserving"),
    ("period_begins", "BEFORE INSERT OR UPDATE ON foundation_period FOR EACH ROW", "period"),
    *_frozen("period", "starts_on", "ends_on"),
    # Balances change only inside the trigger that seals (depth 2), or that reserves.
    (
        "balance_keeps",
        "BEFORE INSERT OR UPDATE OR DELETE ON foundation_balance FOR EACH ROW WHEN (pg_trigger_depth() < 1)",
        "kept",
    ),
    (
        "owned_keeps",
        "BEFORE INSERT OR UPDATE OR DELETE ON foundation_owned FOR EACH ROW WHEN (pg_trigger_depth() < 1)",
        "kept",
    ),
    *(
        (f"{table}_not_emptied", f"BEFORE TRUNCATE ON foundation_{table} FOR EACH STATEMENT", "stays")
        for table in ("fund", "account", "period", "entry", "posting", "balance", "owned", "reservation")
    ),
)  # fmt: skip
STATEMENTS: Final = (
    "CREATE SEQUENCE IF NOT EXISTS foundation_sequence",
    "SELECT setval('foundation_sequence', coalesce((SELECT max(sequence) FROM foundation_entry), 0) + 1, false)",
    _function("stays", f"{_refuse('append-only')};"),
    _function("kept", f"{_refuse('kept-balances')};"),
    _function("unsealed", f"{_refuse('sealing')};"),
    _function("sealing", _MOVES + _MIRRORS + _BALANCES, _MOVE_DECLARE),
    _RECORD,
    _function("reserving", _RESERVE, "standing bigint; promised bigint; least bigint;"),
    _function("posting", _POSTING, "done boolean;"),
    _function("period", _PERIOD),
    *(
        f"CREATE TRIGGER foundation_{name} {when} EXECUTE FUNCTION foundation_{function}()"
        for name, when, function in _ALL
    ),
)
TRIGGERS: Final = tuple(f"foundation_{name}" for name, _when, _function_name in _ALL)
_TABLE_OF: Final = {f"foundation_{name}": when.split(" ON ")[1].split()[0] for name, when, _function_name in _ALL}
REMOVALS: Final = tuple(f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in _TABLE_OF.items())
INSTALLED: Final = r"SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'foundation\_%'"
