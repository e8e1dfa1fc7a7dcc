"""Import of the corpora of the field, twice: seconds and records by file, and the writes of the second run.

The corpora lie in COMMUNS_CORPORA (default: ../shared/corpora); what is absent is left out and said so.
"""

import os
import re
import time
from pathlib import Path

from communs.testing.bench import Line, read_options, report, set_up

OPTIONS = read_options(__doc__)
ROOT = Path(__file__).resolve().parents[1]
CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
OWN = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"kit_(run|runfile|source)"')
SOURCES = [
    ("commons", "guichet/funding_json"),
    ("commons", "register/publiccode-real"),
    ("commons", "register/dpg/nominees"),
    ("commons", "register/dpg/digitalpublicgoods"),
    ("opportunities", "guichet/fr_transition_ecologique"),
    ("opportunities", "guichet/aides_territoires_import_samples"),
    ("opportunities", "guichet/eu"),
    ("opportunities", "guichet/us_grants_gov"),
    ("opportunities", "guichet/lists"),
    ("awards", "guichet/grants_360"),
]
if OPTIONS.smoke:
    SOURCES = [SOURCES[0], *SOURCES[6:8]]
set_up(OPTIONS.db)


def import_folder(what: str, folder: Path) -> tuple[float, int, dict[str, object]]:
    """Seconds, statements that write records, and the report of each file."""
    from django.db import connection

    from communs.cli.import_runs import import_all

    writes = 0

    def watch(execute, sql, params, many, context):
        nonlocal writes
        # The row of the run itself, and when its source was read, are written each time.
        if sql.lstrip().split(" ", 1)[0].upper() in {"INSERT", "UPDATE", "DELETE"} and not OWN.search(sql):
            writes += 1
        return execute(sql, params, many, context)

    start = time.perf_counter()
    with connection.execute_wrapper(watch):
        done = import_all(what, [str(folder)], progress=lambda _count: None)
    return time.perf_counter() - start, writes, done


lines = []
for what, name in SOURCES:
    folder = CORPORA / name
    if not folder.is_dir():
        lines.append(Line(f"{what} of {name}", "absent", "left out", True))
        continue
    first_s, _, first = import_folder(what, folder)
    second_s, writes, second = import_folder(what, folder)
    records = sum(one.new + one.changed + one.unchanged for one in first.values())
    refused = sum(one.refused.total for one in first.values())
    each_ms = first_s * 1000 / max(len(first), 1)
    lines.append(
        Line(
            f"{what} of {name}",
            f"{records} records of {len(first)} files, {refused} refused; {first_s:.1f} s, {each_ms:.0f} ms a file; "
            f"again {second_s:.1f} s, {writes} writes",
            "0 refused; again 0 writes",
            refused == 0 and writes == 0 and sum(one.unchanged for one in second.values()) == records,
        )
    )
report(f"Import of the corpora on {OPTIONS.db}", lines, smoke=OPTIONS.smoke)
