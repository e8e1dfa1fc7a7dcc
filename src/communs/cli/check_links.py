"""Look whether the addresses of opportunities still answer.

What is found is a flag for editors: nothing about an opportunity changes by itself. Flagged addresses are looked at
first, then those not looked at for the longest time; one that answered within the last six days is left alone.
The task worker does it once a day by itself; this is for looking now, or without a worker.
Exit code 0 also when some do not answer: that is what it is for.
"""

from __future__ import annotations

import argparse
import json

from communs.cli.house import add_data_argument, need_database, say, set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)
    parser.add_argument("--limit", type=int, default=200, metavar="N", help="addresses at most (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(options: argparse.Namespace) -> int:
    set_up()
    need_database()
    from communs.apps.funding.linkcheck import check_links, policy

    report = check_links(max(0, options.limit), policy(), progress=_tell)
    if options.json:
        silent = [{"url": url, "problem": problem} for url, problem in report.silent]
        print(json.dumps({"checked": report.checked, "flagged": report.flagged, "silent": silent}, ensure_ascii=False))
    else:
        print(f"{report.checked} addresses looked at, {report.flagged} did not answer")
    return 0


def _tell(url: str, problem: str) -> None:
    say(f"{problem or 'answers':<12} {url}")
