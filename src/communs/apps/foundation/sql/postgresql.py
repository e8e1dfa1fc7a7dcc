"""The rules of the books as triggers of PostgreSQL.

Who lowers a balance locks slot 0 of it, in the order of accounts and funds, and reads what others have committed; who
raises one uses another slot and waits for nobody. `sequence` is given after that, so that entries read in its order
never show less than there was.
"""

from __future__ import annotations

from json import dumps
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
    says,
)
from communs.core.ledger.kinds import TOUCHES, EntryKind

SLOTS: Final = 16


def _refuse(name: str) -> str:
    return f"RAISE EXCEPTION '{says(name)}' USING ERRCODE = 'check_violation'"


def _function(name: str, body: str, declare: str = "") -> str:
    head = f"#variable_conflict use_column\nDECLARE {declare}" if declare else ""
    return (
        f"CREATE OR REPLACE FUNCTION foundation_{name}() RETURNS trigger LANGUAGE plpgsql AS $body$ {head} BEGIN\n"
        f"{body}\nEND $body$"
    )


_OF_ENTRY: Final = (
    "FROM foundation_posting p JOIN foundation_account a ON a.id = p.account_id WHERE p.entry_id = NEW.id"
)
_SEALING_DECLARE: Final = f"""
  several boolean; mixed boolean; uneven boolean; strange boolean; wrong boolean; transfers boolean; waiting boolean;
  lowers boolean; spends boolean; moves boolean; owned numeric; a_fund bigint; a_currency text; is_open boolean; head record;
  accounts bigint[]; funds bigint[]; slots smallint[]; minors numeric[];
  at_slot smallint := 1 + pg_backend_pid() % {SLOTS - 1};
"""
_SIDE: Final = f"CASE WHEN a.kind IN {HELD_SQL} THEN 1 ELSE -1 END"
# A lock in memory, since all entries share it: a row that many transactions lock at once is written anew by each.
_RECORDING: Final = 1_818_584_935
# Who looks at the books as they were when his transaction began does not see what others have done since.
_OLD_VIEW: Final = "current_setting('transaction_isolation') <> 'read committed'"
# Read once when it is planned; a CASE of every kind is made ready again for every entry.
_IN_KIND: Final = (
    f"coalesce(jsonb '{dumps({kind: sorted(TOUCHES[kind]) for kind in EntryKind})}' -> NEW.kind ? m.kind, false)"
)
# An entry begins sealed where `foundation_recording` makes it: its postings are there already, and its number is new.
_BEGINS: Final = f"""
IF TG_OP = 'INSERT' THEN
  IF pg_trigger_depth() < 2 OR NEW.sequence IS NOT NULL THEN {_refuse("sealing")}; END IF;
ELSIF OLD.sealed THEN {_refuse("append-only")};
ELSIF NEW.id <> OLD.id OR NOT NEW.sealed AND NEW.sequence IS NOT NULL THEN {_refuse("sealing")};
ELSIF NOT NEW.sealed THEN RETURN NEW; END IF;
IF {_OLD_VIEW} THEN {_refuse("sealing")}; END IF;
"""
# Every question that the postings answer is asked at once, after the lock that whoever closes a period waits for. What
# only some entries need is asked only for those: each statement in here costs as much as a posting does.
_MOVES: Final = f"""
IF pg_advisory_xact_lock_shared({_RECORDING}) IS NULL THEN END IF;
SELECT min(fund_id) <> max(fund_id), min(currency) <> max(currency), sum(minor) <> 0, bool_or(strange),
    bool_or(NOT {_IN_KIND}), bool_or(m.kind = 'transfer'), bool_or(expires_on > NEW.effective_on), bool_or(lowers),
    bool_or(owns AND debit > 0), sum(-minor) FILTER (WHERE owns), min(fund_id), min(currency),
    EXISTS (SELECT 1 FROM foundation_period
      WHERE NEW.effective_on BETWEEN starts_on AND ends_on AND closed_at IS NULL),
    array_agg(account_id), array_agg(fund_id), array_agg(CASE WHEN lowers THEN 0 ELSE at_slot END), array_agg(minor)
  INTO several, mixed, uneven, strange, wrong, transfers, waiting, lowers, spends, owned, a_fund, a_currency, is_open,
    accounts, funds, slots, minors
  FROM (SELECT p.account_id, p.fund_id, p.currency, sum(p.minor) AS minor, max(p.minor) AS debit, a.kind, a.expires_on,
      a.currency <> p.currency OR a.fund_id <> p.fund_id AS strange, a.kind IN {FUNDS_SQL} AS owns,
      a.kind IN {FLOORED_SQL} AND {_SIDE} * sum(p.minor) < 0 AS lowers
    {_OF_ENTRY} GROUP BY p.account_id, p.fund_id, p.currency, a.id ORDER BY p.account_id, p.fund_id) m;
IF several IS NULL OR uneven OR (several OR mixed) AND EXISTS (SELECT 1 FROM foundation_posting
  WHERE entry_id = NEW.id GROUP BY fund_id, currency HAVING sum(minor) <> 0) THEN {_refuse("balanced")}; END IF;
IF strange THEN {_refuse("known-places")}; END IF;
IF wrong OR (NEW.kind = 'reversal') <> (NEW.reverses_id IS NOT NULL) THEN {_refuse("in-kind")}; END IF;
IF several OR transfers THEN
  IF NEW.kind NOT IN {MOVES_OR_BACK_SQL} OR EXISTS (SELECT 1 {_OF_ENTRY} AND a.kind IN {HELD_SQL}
    GROUP BY p.account_id HAVING sum(p.minor) <> 0) THEN {_refuse("one-fund")}; END IF;
  IF btrim(NEW.document, '{BLANK}') = '' OR (NEW.kind = 'release' AND EXISTS (SELECT 1 FROM foundation_posting p
    JOIN foundation_account a ON a.id = p.account_id JOIN foundation_fund f ON f.id = p.fund_id
    WHERE p.entry_id = NEW.id AND a.kind IN {FUNDS_SQL} AND f.nature <> 'restricted'
    GROUP BY p.fund_id HAVING sum(p.minor) > 0)) THEN {_refuse("documented")}; END IF;
END IF;
IF NEW.happened_on >= NEW.effective_on OR NOT is_open THEN {_refuse("open-period")}; END IF;
IF NEW.kind = 'expiry' AND waiting THEN {_refuse("expired")}; END IF;
"""
# In a condition of its own, which other entries do not reach: a question to tables is made ready before it is asked.
_UNDECIDED: Final = undecided("NEW.key = 'decision:' || d.public_id", lambda name: f"(d.content ->> '{name}')")
_MIRRORS: Final = f"""
moves := NEW.kind IN {MOVES_SQL};
IF NEW.reverses_id IS NOT NULL THEN
  SELECT id, kind, sealed, reverses_id INTO head FROM foundation_entry WHERE id = NEW.reverses_id FOR UPDATE;
  IF NOT FOUND OR NOT head.sealed OR head.reverses_id IS NOT NULL OR EXISTS (
    SELECT 1 FROM (SELECT p.account_id, p.fund_id, p.currency, p.minor > 0 AS debit, sum(abs(p.minor)) AS taken
        FROM foundation_posting p WHERE p.entry_id IN (SELECT NEW.id UNION ALL
          SELECT e.id FROM foundation_entry e WHERE e.reverses_id = NEW.reverses_id AND e.sealed) GROUP BY 1, 2, 3, 4) back
      JOIN (SELECT id AS place, kind FROM foundation_account) a ON a.place = back.account_id
      LEFT JOIN (SELECT p.account_id, p.fund_id, p.currency, p.minor < 0 AS debit, sum(abs(p.minor)) AS there
        FROM foundation_posting p WHERE p.entry_id = NEW.reverses_id GROUP BY 1, 2, 3, 4) was
        USING (account_id, fund_id, currency, debit)
    WHERE back.taken > coalesce(was.there, 0)
      AND NOT (NOT back.debit AND a.kind = 'donor' AND head.kind IN {GIFTS_SQL} AND was.there IS NULL)
  ) THEN {_refuse("mirrors")}; END IF;
  moves := head.kind IN {MOVES_SQL};
END IF;
IF moves THEN
  IF {_UNDECIDED} THEN {_refuse("decided")}; END IF;
END IF;
"""
# Rows are locked in the order in which they are given: the same for every entry. What goes down is taken from slot 0.
_BALANCES: Final = f"""
INSERT INTO foundation_balance AS b (account_id, fund_id, slot, minor)
  SELECT unnest(accounts), unnest(funds), unnest(slots), unnest(minors)
  ON CONFLICT (account_id, fund_id, slot) DO UPDATE SET minor = b.minor + excluded.minor;
IF lowers AND EXISTS (SELECT 1 FROM (SELECT unnest(accounts) AS place, unnest(funds) AS fund, unnest(slots) AS slot) m
  JOIN foundation_account a ON a.id = m.place WHERE m.slot = 0 AND {_SIDE} * (SELECT sum(b.minor)
    FROM foundation_balance b WHERE b.account_id = m.place AND b.fund_id = m.fund) < -a.overdraft_minor)
  THEN {_refuse("floor")}; END IF;
IF several OR mixed THEN
  INSERT INTO foundation_owned AS o (fund_id, currency, slot, minor)
    SELECT p.fund_id, p.currency, CASE WHEN sum(p.minor) > 0 THEN 0 ELSE at_slot END, -sum(p.minor) {_OF_ENTRY}
      AND a.kind IN {FUNDS_SQL} GROUP BY p.fund_id, p.currency ORDER BY p.fund_id, p.currency
    ON CONFLICT (fund_id, currency, slot) DO UPDATE SET minor = o.minor + excluded.minor;
ELSIF owned IS NOT NULL THEN
  INSERT INTO foundation_owned AS o (fund_id, currency, slot, minor)
    VALUES (a_fund, a_currency, CASE WHEN owned < 0 THEN 0 ELSE at_slot END, owned)
    ON CONFLICT (fund_id, currency, slot) DO UPDATE SET minor = o.minor + excluded.minor;
END IF;
IF spends THEN
  SELECT bool_or(standing < least) AS spent, bool_or(standing - promised < least) AS promised INTO head
    FROM (SELECT f.floor_minor AS least,
      (SELECT sum(o.minor) FROM foundation_owned o WHERE o.fund_id = m.fund_id AND o.currency = m.currency) AS standing,
      (SELECT coalesce(sum(r.minor), 0) FROM foundation_reservation r WHERE r.fund_id = m.fund_id
        AND r.currency = m.currency AND r.ended_at IS NULL) AS promised
      FROM (SELECT a_fund AS fund_id, a_currency AS currency WHERE owned < 0 AND NOT (several OR mixed)
        UNION ALL SELECT p.fund_id, p.currency {_OF_ENTRY} AND a.kind IN {FUNDS_SQL} AND (several OR mixed)
        GROUP BY p.fund_id, p.currency HAVING sum(p.minor) > 0) m
      JOIN foundation_fund f ON f.id = m.fund_id) lowered;
  IF head.spent THEN {_refuse("floor")}; END IF;
  IF head.promised THEN {_refuse("reserved")}; END IF;
END IF;
NEW.sequence := nextval('foundation_sequence');
RETURN NEW;
"""
# One row for an entry, and one answer: its sequence, or nothing where its key is taken. Postings come before their entry,
# which is then written once, sealed. A place that there is not is no value, so refused.
_VIEW: Final = (
    "CREATE OR REPLACE VIEW foundation_recording AS SELECT NULL::text[] AS head, NULL::text[] AS accounts, "
    "NULL::text[] AS funds, NULL::bigint[] AS minors, NULL::text[] AS currencies, NULL::bigint AS sequence WHERE false"
)
_RECORD: Final = """
made := nextval('foundation_entry_id_seq');
INSERT INTO foundation_posting (entry_id, position, account_id, fund_id, minor, currency)
  SELECT made, line.position - 1, (SELECT a.id FROM foundation_account a WHERE a.slug = line.account),
    (SELECT f.id FROM foundation_fund f WHERE f.slug = line.fund), line.minor, line.currency
  FROM (SELECT unnest(NEW.accounts) AS account, unnest(NEW.funds) AS fund, unnest(NEW.minors) AS minor,
    unnest(NEW.currencies) AS currency, generate_subscripts(NEW.accounts, 1) AS position) line
  WHERE NOT EXISTS (SELECT 1 FROM foundation_entry e WHERE e.key = NEW.head[2]);
IF NOT FOUND AND EXISTS (SELECT 1 FROM foundation_entry e WHERE e.key = NEW.head[2]) THEN RETURN NEW; END IF;
INSERT INTO foundation_entry (id, public_id, key, kind, effective_on, happened_on, recorded_at, memo, document, actor,
    provider, provider_object, provider_state, body_sha256, sealed, reverses_id)
  VALUES (made, NEW.head[1]::uuid, NEW.head[2], NEW.head[3], NEW.head[4]::date, NEW.head[5]::date,
    NEW.head[6]::timestamptz, NEW.head[7], NEW.head[8], NEW.head[9], NEW.head[10], NEW.head[11], NEW.head[12],
    NEW.head[13], true, (SELECT e.id FROM foundation_entry e WHERE e.public_id = NEW.head[14]::uuid))
  RETURNING sequence INTO NEW.sequence;
RETURN NEW;
"""
_RECORDED: Final = """
CREATE OR REPLACE FUNCTION foundation_record(head text[], accounts text[], funds text[], minors bigint[],
  currencies text[]) RETURNS bigint LANGUAGE plpgsql AS $body$
#variable_conflict use_column
DECLARE answer bigint; BEGIN
INSERT INTO foundation_recording (head, accounts, funds, minors, currencies) VALUES ($1, $2, $3, $4, $5)
  RETURNING sequence INTO answer;
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
# Whoever adds to an entry by himself waits for whoever seals it. One that he does not see may be sealed already.
_POSTING: Final = f"""
IF TG_OP = 'UPDATE' THEN {_refuse("append-only")}; END IF;
IF TG_OP = 'DELETE' THEN
  SELECT sealed INTO done FROM foundation_entry WHERE id = OLD.entry_id FOR SHARE;
  IF done THEN {_refuse("append-only")}; END IF;
  RETURN OLD;
END IF;
SELECT sealed INTO done FROM foundation_entry WHERE id = NEW.entry_id FOR SHARE;
IF done THEN {_refuse("append-only")}; END IF;
IF NOT FOUND THEN {_refuse("sealing")}; END IF;
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
    ("recording", "INSTEAD OF INSERT ON foundation_recording FOR EACH ROW", "recording"),
    ("entry_begins", f"BEFORE INSERT ON {_ENTRY} WHEN (NEW.sealed OR NEW.sequence IS NOT NULL)", "sealing"),
    ("seal", f"BEFORE UPDATE ON {_ENTRY}", "sealing"),
    ("entry_stays", f"BEFORE DELETE ON {_ENTRY} WHEN (OLD.sealed)", "stays"),
    (
        "posting_keeps",
        "BEFORE INSERT OR UPDATE OR DELETE ON foundation_posting FOR EACH ROW WHEN (pg_trigger_depth() < 1)",
        "posting",
    ),
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
    # Balances change only inside the trigger that seals, or that reserves.
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
    _function("sealing", _BEGINS + _MOVES + _MIRRORS + _BALANCES, _SEALING_DECLARE),
    _VIEW,
    _function("recording", _RECORD, "made bigint;"),
    _RECORDED,
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
