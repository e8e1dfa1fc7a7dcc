"""Receipts as tagged PDF files: how fast. Run: `python benchmarks/receipts.py [--smoke] [--count N] [--python PYTHON]`.

All receipts differ in number, donor, amount and day. They are printed in one process, then by two, and a sample of them
twice, which has to give the same bytes. Memory is that of the process that prints all of them.

The control is fpdf2, where `--python` names a Python that has it: the same words of the same receipts without tags,
without PDF/A, with the fonts that every reader has built in. It does less than the bar asks for.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from communs.core.receipts import (  # noqa: E402
    Address,
    Article,
    Body,
    Category,
    Donor,
    Receipt,
    Signature,
    check,
    write_number,
)
from communs.core.receipts.printing.contents import contents  # noqa: E402
from communs.core.receipts.printing.printer import Printer  # noqa: E402
from communs.testing.bench import Line, report  # noqa: E402

BAR_S = 300.0
PROCESSES = 2
SAMPLE = 500
NAMES = ("Lefèvre", "Nguyen", "García", "Öztürk", "Kowalska", "Παπαδόπουλος", "Иванова", "Dupont")
PEER = Path(__file__).parent / "peers" / "receipts_fpdf2.py"
BODY = Body(
    "Fonds des communs numériques", Address("1 rue des Lilas", "75011", "Paris"),
    "Financer des communs numériques ouverts à tous et leur documentation", Category.GENERAL_INTEREST,
    frozenset({Article.INCOME, Article.COMPANIES}), siren="552100554",
)  # fmt: skip


def made(count: int) -> list[Receipt]:
    """As many receipts, no two alike, made by a generator with a fixed seed."""
    chance = Random(2026)  # noqa: S311 - repeatable on purpose
    found = []
    for order in range(1, count + 1):
        address = Address(
            f"{chance.randrange(1, 200)} rue du Port", f"{chance.randrange(1000, 95999):05}", "Villeneuve"
        )
        donor = Donor(f"{chance.choice(NAMES)}-{order}", address, "Camille")
        given = date(2026, 1, 1) + timedelta(order * 300 // count)
        found.append(
            Receipt(
                write_number(2026, order), BODY, donor, frozenset({Article.INCOME}), chance.randrange(100, 1_000_000),
                given, given, Signature("Ada Martin", "Présidente"),
            )
        )  # fmt: skip
    assert not any(check(receipt) for receipt in found[:100])
    return found


def printed(receipts: list[Receipt]) -> int:
    """Print all with one printer; the sum of their bytes."""
    printer = Printer()
    return sum(len(printer.pdf(receipt)) for receipt in receipts)


def timed(receipts: list[Receipt], processes: int) -> tuple[float, float, int]:
    """Seconds, seconds of this process's processor time, and bytes."""
    start, worked = time.perf_counter(), time.process_time()
    if processes == 1:
        size = printed(receipts)
    else:
        parts = [receipts[number::processes] for number in range(processes)]
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            size = sum(pool.map(printed, parts))
    return time.perf_counter() - start, time.process_time() - worked, size


def differing(receipts: list[Receipt]) -> int:
    """How many receipts differ when printed again by another printer, in another order."""
    first, second = Printer(), Printer()
    before = [first.pdf(receipt) for receipt in receipts]
    after = [second.pdf(receipt) for receipt in reversed(receipts)][::-1]
    return sum(one != other for one, other in zip(before, after, strict=True))


def peer(python: str, receipts: list[Receipt]) -> Line:
    """fpdf2 over the same words."""
    said = "\n".join(json.dumps(contents(receipt, "fr")) for receipt in receipts)
    done = subprocess.run([python, PEER], input=said, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    each = found["seconds"] / len(receipts) * 1000
    return Line(f"fpdf2 {found['version']}, untagged, {len(receipts):,} receipts (control)",
                f"{found['seconds']:.1f} s ({each:.1f} ms each)", "", None)  # fmt: skip


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Receipts as tagged PDF files: how fast.")
    parser.add_argument("--smoke", action="store_true", help="a small run that shows the script works")
    parser.add_argument("--count", type=int, default=10_000, help="how many receipts")
    parser.add_argument("--python", default="", help="a Python with fpdf2")
    asked = parser.parse_args()
    receipts = made(40 if asked.smoke else asked.count)
    sample = receipts[:: max(1, len(receipts) // SAMPLE)][:SAMPLE]
    alone_s, worked_s, size = timed(receipts, 1)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    both_s, _waited_s, again = timed(receipts, PROCESSES)
    assert again == size, "other bytes in other processes"
    different, count = differing(sample), f"{len(receipts):,}"
    each = f"{worked_s / len(receipts) * 1000:.1f} ms of processor time and {size // len(receipts):,} bytes each"
    lines = [
        Line(f"{count} receipts, one process", f"{alone_s:.1f} s ({each}; {memory} MB in all)",
             f"≤ {BAR_S:.0f} s", alone_s <= BAR_S),
        Line(f"{count} receipts, {PROCESSES} processes of {os.cpu_count()} processors", f"{both_s:.1f} s",
             f"≤ {BAR_S:.0f} s", both_s <= BAR_S),
        Line(f"{len(sample):,} printed again: other bytes", str(different), "0", different == 0),
    ]  # fmt: skip
    if asked.python:
        lines.append(peer(asked.python, sample))
    report("Receipts", lines, smoke=asked.smoke)


if __name__ == "__main__":
    main()
