"""Bring the database up to date: create its tables, or change them after an update of communs."""

from __future__ import annotations

import argparse

from communs.cli.house import add_data_argument, bring_up_to_date, say, set_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)


def run(options: argparse.Namespace) -> int:
    set_up()
    say("The database is up to date." if not bring_up_to_date() else "The database has been brought up to date.")
    return 0
