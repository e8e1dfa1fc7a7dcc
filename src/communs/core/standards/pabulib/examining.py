"""All that may be asked of a Pabulib file beyond what its election needs."""

from __future__ import annotations

from communs.core.standards.pabulib.counts import examine_counts
from communs.core.standards.pabulib.labels import examine_labels
from communs.core.standards.pabulib.metadata import examine_meta
from communs.core.standards.pabulib.outcome import examine_outcome
from communs.core.standards.pabulib.parsing import Parsed
from communs.core.standards.pabulib.tables import examine_tables
from communs.core.standards.pabulib.voters import examine_votes
from communs.core.standards.problems import Problem


def examine(parsed: Parsed) -> tuple[Problem, ...]:
    """Every problem of the file, those of reading it included."""
    examine_meta(parsed)
    examine_tables(parsed)
    examine_counts(parsed)
    of_voters = examine_votes(parsed)
    examine_labels(parsed, of_voters)
    examine_outcome(parsed)
    return parsed.problems.all()
