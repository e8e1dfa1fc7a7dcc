"""Look at the repositories of registered commons, and take over what their files say.

Read are publiccode.yml, funding.json, codemeta.json, CITATION.cff, FUNDING.yml, the licence, GOVERNANCE, CONTRIBUTING
and CODE_OF_CONDUCT, and what the forge tells: renames, archiving, forks, the last activity. Only what has changed is
fetched. Each file becomes a source with its date; what people have said outweighs it, and nothing is ever deleted.

  communs crawl                look at what is due, and wait for hosts that ask for patience (two hours at most)
  communs crawl --once         look at what is due, and leave for another time what would have to wait
  communs crawl ID…            look at the repositories of these commons now, due or not
  communs crawl --accept ID    another repository stands at the address: it is the right one

The task worker does it once a day by itself. Private addresses are left out unless COMMUNS_ALLOW_PRIVATE=1.
Exit code 0 also when repositories do not answer: that is told, and tried again. 1 where another process is crawling.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from communs.cli.house import Failure, add_data_argument, need_database, say, set_up

if TYPE_CHECKING:
    from communs.apps.register.crawling.crawl import Looked, Report

LIMIT = 1_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)
    parser.add_argument("ids", nargs="*", metavar="ID", help="ids of commons; none: all that are due")
    parser.add_argument("--once", action="store_true", help="do not wait for hosts that ask for patience")
    parser.add_argument(
        "--limit", type=int, default=LIMIT, metavar="N", help="at most N repositories (default: %(default)s)"
    )
    parser.add_argument("--accept", action="store_true", help="take what stands at the address for the right one")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(options: argparse.Namespace) -> int:
    set_up()
    need_database()
    from communs.apps.register.crawling.crawl import Busy, crawl

    ids = list(dict.fromkeys(options.ids))
    _need(ids, accepts=options.accept)
    try:
        report = crawl(
            max(0, options.limit), public_ids=ids or None, waits=not options.once and not ids, progress=_tell
        )
    except Busy:
        raise Failure("Another process is crawling: wait until it is done.") from None
    if options.json:
        print(json.dumps(_document(report), ensure_ascii=False))
    else:
        print(
            f"{len(report.looked)} repositories looked at, {report.changed} changed, {report.written} with news; "
            f"{report.answers} answers, {report.unchanged} of them unchanged; {report.seconds:.1f} s"
        )
    return 0


def _need(ids: Sequence[str], *, accepts: bool) -> None:
    """Refuse ids that name no commons with a repository; accept what stands at the addresses of the others."""
    from django.utils import timezone

    from communs.apps.register.crawling.actions import accept, register_repositories
    from communs.apps.register.crawling.queries import due

    if accepts and not ids:
        raise Failure("Name the commons whose repository is to be accepted.")
    if not ids:
        return
    register_repositories(timezone.now())
    rows = due(timezone.now(), len(ids), list(ids))
    unknown = sorted(set(ids) - {row.commons.public_id for row in rows})
    if unknown:
        raise Failure(f"No commons with a repository has the id {', '.join(unknown)}.")
    for row in rows if accepts else ():
        accept(row, timezone.now())


def _tell(looked: Looked) -> None:
    found = looked.trouble or looked.outcome.state
    files = ", ".join(f"{role} {state}" for role, state in looked.files.items())
    say(f"{found:<12} {looked.public_id}  {looked.url}{f'  ({files})' if files else ''}")


def _document(report: Report) -> dict[str, Any]:
    return {
        "looked": len(report.looked),
        "changed": report.changed,
        "written": report.written,
        "answers": report.answers,
        "unchanged": report.unchanged,
        "seconds": round(report.seconds, 3),
        "repositories": [
            {
                "id": one.public_id,
                "url": one.url,
                "state": one.outcome.state,
                "changed": one.outcome.is_changed,
                "written": one.outcome.is_written,
                "trouble": one.trouble,
                "files": one.files,
            }
            for one in report.looked
        ],
    }
