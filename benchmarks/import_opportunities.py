"""Import of 20,000 opportunities: seconds, writes of a second run, and whether memory stays flat."""

import re
import resource
import time
import tracemalloc
from pathlib import Path

from communs.testing.bench import Line, read_options, report, set_up
from communs.testing.scale import opportunity_records, write_records

OPTIONS = read_options(__doc__)
COUNT = 1_000 if OPTIONS.smoke else 20_000
FOLDER = set_up(OPTIONS.db)
OWN = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"kit_(run|runfile|source)"')


def import_file(path: Path) -> tuple[float, int, object]:
    """Seconds, statements that write, and the report of one import."""
    from django.db import connection

    from communs.cli.import_ import import_file as run

    writes = 0

    def watch(execute, sql, params, many, context):
        nonlocal writes
        # The row of the run itself, and when its source was read, are written each time.
        if sql.lstrip().split(" ", 1)[0].upper() in {"INSERT", "UPDATE", "DELETE"} and not OWN.search(sql):
            writes += 1
        return execute(sql, params, many, context)

    start = time.perf_counter()
    with connection.execute_wrapper(watch):
        result = run("opportunities", path)
    return time.perf_counter() - start, writes, result


def peak_of_import(count: int) -> int:
    """The most memory Python held at once during an import of `count` records it knows already, in bytes."""
    path = write_records(FOLDER / f"memory-{count}.jsonl", opportunity_records(count))
    tracemalloc.start()
    import_file(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


path = write_records(FOLDER / "opportunities.jsonl", opportunity_records(COUNT))
import_file(write_records(FOLDER / "warm.jsonl", opportunity_records(50)))
first_s, _, first = import_file(path)
rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
second_s, second_writes, second = import_file(path)
assert first.new + first.unchanged == COUNT, first.refused[:3]
assert second.unchanged == COUNT, (second.new, second.changed)
small, large = peak_of_import(COUNT // 4), peak_of_import(COUNT)

report(
    f"Import on {OPTIONS.db}",
    [
        Line(f"first run, {COUNT} records", f"{first_s:.1f} s", "≤ 60 s", first_s <= 60),
        Line("second run", f"{second_s:.1f} s, {second_writes} writes", "0 writes", second_writes == 0),
        Line(
            f"memory at its peak, {COUNT // 4} against {COUNT} records",
            f"{small / 1e6:.1f} MB, {large / 1e6:.1f} MB (process {rss_mb:.0f} MB)",
            "flat (≤ 1.5×)",
            large <= 1.5 * small,
        ),
    ],
    smoke=OPTIONS.smoke,
)
