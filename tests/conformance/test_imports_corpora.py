"""Everything named in the corpora loads, and a second run of it writes nothing but the rows of the runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communs.cli.import_runs import import_all
from communs.kit.records.importing import ImportReport

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not CORPORA.is_dir(), reason=f"no corpora in {CORPORA}: name their folder in COMMUNS_CORPORA"),
    pytest.mark.django_db,
]
OWN = ("kit_run", "kit_source")


def silent(_count: int) -> None:
    return None


@pytest.mark.parametrize(
    ("what", "folder", "records_min"),
    [
        ("opportunities", "guichet/aides_territoires_import_samples", 291),
        ("commons", "register/publiccode-real", 111),
        ("awards", "guichet/grants_360/a002400000KeYdsAAF-currency.json", 379),
    ],
)
def test_a_folder_loads_whole_and_a_second_run_writes_nothing(what: str, folder: str, records_min: int) -> None:
    first = import_all(what, [str(CORPORA / folder)], progress=silent)
    assert sum(report.written for report in first.values()) >= records_min
    assert not [name for name, report in first.items() if report.refused or report.problem]
    with CaptureQueriesContext(connection) as captured:
        second = import_all(what, [str(CORPORA / folder)], progress=silent)
    assert not [name for name, report in second.items() if report.written or report.refused]
    assert _records(second) == _records(first)
    written = [query["sql"] for query in captured if query["sql"].split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert not [sql for sql in written if not any(f'"{table}' in sql for table in OWN)]


def _records(done: dict[str, ImportReport]) -> int:
    return sum(report.new + report.changed + report.unchanged for report in done.values())
