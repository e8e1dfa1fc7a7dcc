"""Run the task worker alone: e-mail and other work that pages leave for later, and the chores of each day.

The chores: link checks, and dropping the results of tasks that ended more than thirty days ago. Several workers may
run side by side; each chore is done by one of them. Ctrl-C or SIGTERM stops it.
"""

from __future__ import annotations

import argparse
import logging
import signal
import threading
import time

from communs.cli.house import add_data_argument, need_database, set_up
from communs.web.parent import ENDING, end_with_parent

SCHEDULE_CHECK_S = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)
    parser.add_argument("--parent", type=int, metavar="PID", help="stop when this process, which started it, is gone")


def run(options: argparse.Namespace) -> int:
    if options.parent:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)  # the thread that started it leaves them to others
        end_with_parent(options.parent)
    set_up()
    need_database()
    threading.Thread(target=_keep_schedule, daemon=True).start()
    from django.core.management import call_command

    call_command("db_worker", interval=1, verbosity=0)
    return 0


def _keep_schedule() -> None:
    """Do what is due, beside the tasks: a link check of many minutes must not hold up a letter."""
    from django.db import Error, close_old_connections
    from django.utils import timezone

    from communs.kit import schedule

    while True:
        try:
            close_old_connections()
            schedule.run_due(timezone.now())
        except Error as error:
            # The database is away or busy for a moment: what is due stays due.
            logging.getLogger("communs.schedule").warning("the schedule waits: %s", error)
        time.sleep(SCHEDULE_CHECK_S)
