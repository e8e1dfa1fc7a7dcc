"""What was proven stays: leaves, checkpoints and verifications are added, never changed or taken away; the log's name."""

from __future__ import annotations

from communs.apps.foundation.sql.building import Part, build

SQLITE, POSTGRESQL = build(
    Part((), stays=("logstate",), added_only=("leaf", "checkpoint", "verification"), frozen={"logstate": ("origin",)})
)
