"""Triggers for both databases from conditions that both read alike; only the frame around them differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

from communs.apps.foundation.sql.words import SAYS, listed
from communs.core.ledger.states import Life

Conditions = Sequence[tuple[str, str]]
"""Name of the rule, and the condition under which it is broken."""


@dataclass(frozen=True, slots=True)
class Check:
    """Conditions of one moment of one table: `when` is "BEFORE INSERT" and the like. `locks`: PostgreSQL, before them."""

    name: str
    when: str
    table: str
    conditions: Conditions
    locks: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of the app wants kept. `stays`: never deleted; `frozen`: columns that never change, by table."""

    checks: Sequence[Check]
    stays: Sequence[str] = ()
    added_only: Sequence[str] = ()
    frozen: Mapping[str, Sequence[str]] = field(default_factory=dict)


def forward(life: Life) -> str:
    """A condition: the new state is neither the old one nor later than it."""
    cases = " ".join(
        f"WHEN '{state}' THEN NEW.state NOT IN {listed({state, *_later(life, state)})}" for state in life.steps
    )
    return f"(CASE OLD.state {cases} ELSE true END)"


def _later(life: Life, state: str) -> set[str]:
    found, todo = set[str](), list(life.steps[state])
    while todo:
        if (one := todo.pop()) not in found:
            found.add(one)
            todo += life.steps[one]
    return found


def changed(*columns: str) -> str:
    """A condition: one of these columns has another value. As texts, so that nothing is a value too."""
    text = "COALESCE(CAST({row}.{name} AS text), '')"
    pairs = (f"{text.format(row='NEW', name=name)} <> {text.format(row='OLD', name=name)}" for name in columns)
    return "(" + " OR ".join(pairs) + ")"


def in_force(row: str) -> str:
    """A condition: the appointment in this row is confirmed, not ended, and its last day not over (UTC)."""
    has_time = f"({row}.last_day IS NULL OR {row}.last_day >= CURRENT_DATE)"
    return f"{row}.confirmed_at IS NOT NULL AND {row}.ended_at IS NULL AND {has_time}"


def holds(person: str, *offices: str) -> str:
    """A condition: this person holds one of these offices now."""
    return (
        f"EXISTS (SELECT 1 FROM foundation_appointment h WHERE h.person_id = {person} "
        f"AND h.office IN {listed(offices)} AND {in_force('h')})"
    )


def build(part: Part) -> tuple[SimpleNamespace, SimpleNamespace]:
    """What the part says to SQLite, and to PostgreSQL."""
    checks = [*part.checks, *_frozen(part)]
    functions = [_function(one) for one in checks]
    return (
        _said(_sqlite(part, checks), (), names_table=False),
        _said(_postgresql(part, checks), functions, names_table=True),
    )


def _frozen(part: Part) -> list[Check]:
    return [
        Check(f"{table}_keeps", "BEFORE UPDATE", table, [("append-only", changed("id", *columns))])
        for table, columns in part.frozen.items()
    ]


def _sqlite(part: Part, checks: Sequence[Check]) -> dict[str, str]:
    made = {}
    for one in checks:
        body = " ".join(
            f"SELECT RAISE(ABORT, '{_words(rule)}') WHERE {condition};" for rule, condition in one.conditions
        )
        made[one.name] = f"{one.when} ON foundation_{one.table} BEGIN {body} END"
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_words('append-only')}'); END"
    for table in (*part.stays, *part.added_only):
        made[f"{table}_not_deleted"] = f"BEFORE DELETE ON foundation_{table} {refuse}"
    for table in part.added_only:
        made[f"{table}_added_only"] = f"BEFORE UPDATE ON foundation_{table} {refuse}"
    return made


def _postgresql(part: Part, checks: Sequence[Check]) -> dict[str, str]:
    made = {
        one.name: f"{one.when} ON foundation_{one.table} FOR EACH ROW EXECUTE FUNCTION foundation_{one.name}()"
        for one in checks
    }
    stays = "EXECUTE FUNCTION foundation_stays()"
    for table in (*part.stays, *part.added_only):
        made[f"{table}_not_deleted"] = f"BEFORE DELETE ON foundation_{table} FOR EACH ROW {stays}"
        made[f"{table}_not_emptied"] = f"BEFORE TRUNCATE ON foundation_{table} FOR EACH STATEMENT {stays}"
    for table in (one.table for one in checks if "DELETE" in one.when):  # TRUNCATE asks no row
        made[f"{table}_not_emptied"] = f"BEFORE TRUNCATE ON foundation_{table} FOR EACH STATEMENT {stays}"
    for table in part.added_only:
        made[f"{table}_added_only"] = f"BEFORE UPDATE ON foundation_{table} FOR EACH ROW {stays}"
    return made


def _function(check: Check) -> str:
    body = "\n".join(
        f"IF {condition} THEN RAISE EXCEPTION '{_words(rule)}' USING ERRCODE = 'check_violation'; END IF;"
        for rule, condition in check.conditions
    )
    answer = "OLD" if "DELETE" in check.when else "NEW"
    return (
        f"CREATE OR REPLACE FUNCTION foundation_{check.name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN\n"
        f"{check.locks}{body}\nRETURN {answer};\nEND $body$"
    )


def _words(rule: str) -> str:
    return f"{rule}: {SAYS[rule]}".replace("'", "''")


def _said(triggers: Mapping[str, str], functions: Sequence[str], *, names_table: bool) -> SimpleNamespace:
    tables = {name: text.split(" ON ", 1)[1].split()[0] for name, text in triggers.items()}
    return SimpleNamespace(
        STATEMENTS=(*functions, *(f"CREATE TRIGGER foundation_{name} {text}" for name, text in triggers.items())),
        TRIGGERS=tuple(f"foundation_{name}" for name in triggers),
        REMOVALS=tuple(
            f"DROP TRIGGER IF EXISTS foundation_{name}" + (f" ON {table}" if names_table else "")
            for name, table in tables.items()
        ),
    )
