"""Create a person, or change a role or password: for those who run a site and have no account on it yet.

create EMAIL     a person whose address counts as confirmed
role EMAIL ROLE  member, editor or administrator
password EMAIL   a new password; sessions of the person end
list             everyone, with role
board EMAIL      a seat on the foundation's board, where fewer than two are left there who could decide
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from typing import Any

from communs.cli.house import Failure, add_data_argument, need_database, say, set_up

ROLES = ("member", "editor", "administrator")
COLLEGES = ("states", "commission", "communities")
ENOUGH = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
    create = _deed(deeds, "create", "add a person whose address counts as confirmed")
    create.add_argument("email", metavar="EMAIL")
    create.add_argument("--name", default="", help="name shown to others")
    create.add_argument("--role", choices=ROLES, default="member", help="default: %(default)s")
    create.add_argument(
        "--language", choices=("en", "fr"), default="en", help="of e-mail to them (default: %(default)s)"
    )
    _add_password_argument(create)
    role = _deed(deeds, "role", "make someone a member, an editor or an administrator")
    role.add_argument("email", metavar="EMAIL")
    role.add_argument("role", metavar="ROLE", choices=ROLES, help=", ".join(ROLES))
    password = _deed(deeds, "password", "give someone a new password")
    password.add_argument("email", metavar="EMAIL")
    _add_password_argument(password)
    seat = _deed(deeds, "board", "give a seat on the foundation's board where fewer than two are left who could decide")
    seat.add_argument("email", metavar="EMAIL")
    seat.add_argument("--college", choices=COLLEGES, default="communities", help="default: %(default)s")
    seat.add_argument("--because", required=True, metavar="WORDS", help="why: everybody can read it")
    everyone = _deed(deeds, "list", "name everyone, with role")
    everyone.add_argument("--role", choices=ROLES, help="only these")
    everyone.add_argument("--json", action="store_true", help="one JSON document")


def run(options: argparse.Namespace) -> int:
    set_up()
    need_database()
    from communs.kit.records.actions import Impossible

    deeds = {"create": _create, "role": _role, "password": _password, "list": _list, "board": _board}
    try:
        deeds[options.deed](options)
    except Impossible as problem:
        raise Failure(str(problem)) from problem
    return 0


def _deed(deeds: Any, name: str, line: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = deeds.add_parser(name, help=line, description=line.capitalize() + ".")
    add_data_argument(parser)
    return parser


def _add_password_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input instead of asking for it"
    )


def _create(options: argparse.Namespace) -> None:
    from communs.apps.accounts.actions import create_person

    password = _read_password(options)
    person = create_person(options.email, password, name=options.name, role=options.role, language=options.language)
    say(f"{person.email} has an account ({person.role}).")
    if password is None:
        say("Without a password: the person sets one through “Forgot your password?” on the sign-in page.")


def _role(options: argparse.Namespace) -> None:
    from communs.apps.accounts.actions import set_role

    person = set_role(_find(options.email), options.role)
    say(f"{person.email} is {person.role} now.")


def _password(options: argparse.Namespace) -> None:
    from communs.apps.accounts.actions import set_password

    person = _find(options.email)
    password = _read_password(options)
    if password is None:
        raise Failure("No password was given: type it when asked, or hand it over with --password-stdin.")
    set_password(person, password)
    say(f"{person.email} has a new password.")


def _board(options: argparse.Namespace) -> None:
    from django.utils import timezone

    from communs.apps.foundation.actions.offices import seat
    from communs.apps.foundation.queries.offices import able_to_approve

    person = _find(options.email)
    if not person.is_active:
        raise Failure(f"{person.email} is shut out of the site. Let them in, or seat somebody else.")
    seat(person, options.college, options.because, timezone.now())
    say(f"{person.email} sits on the board; the page of offices says that you gave the seat, and why.")
    if able_to_approve() < ENOUGH:
        say("One more has to sit there before anything can be approved.")


def _list(options: argparse.Namespace) -> None:
    from communs.apps.accounts.queries import people

    found = people().filter(role=options.role) if options.role else people()
    rows = [
        {"email": one.email, "name": one.name, "role": one.role, "joined_on": one.joined_at.date().isoformat()}
        for one in found.iterator()
    ]
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        print(f"{row['email']:<40} {row['role']:<14} {row['joined_on']}  {row['name']}".rstrip())


def _find(email: str) -> Any:
    from communs.apps.accounts.queries import find_person

    person = find_person(email)
    if person is None:
        raise Failure(f"Nobody has the address {email}: `communs person list` names everyone.")
    return person


def _read_password(options: argparse.Namespace) -> str | None:
    """The password from standard input, or typed twice at a terminal; None without a terminal, or when left empty."""
    if options.password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise Failure("Standard input holds no password: one line is read.")
        return password
    if not sys.stdin.isatty():
        return None
    password = getpass.getpass("Password (empty for none): ")
    if password and password != getpass.getpass("Once more: "):
        raise Failure("The two passwords differ: nothing was changed.")
    return password or None
