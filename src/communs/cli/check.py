"""Check files against their formats: every problem with its place and what to do about it.

  communs check publiccode.yml                 the format is recognised from the contents, else from the name
  communs check funding.json --lang fr         in French
  communs check FOLDER                         every file in it that bears the name of a format
  communs check notes.yml --as publiccode      as the format named
  communs check publiccode.yml --fix           write the repaired file beside it, as publiccode.fixed.yml
  cat publiccode.yml | communs check - --as publiccode

Files that a publiccode.yml names are looked for in its folder, where anything else than descriptions lies there.
--json prints one JSON document: [{"file", "format", "valid", "problems": [{"path", "line", "column", "code",
"severity", "message", "fix"}]}]; with --fix each has "fixed": {"file", "valid", "left"} too.
Exit code 0 when all are valid, 1 when some are not, 2 when one cannot be read or is of no known format.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from pathlib import Path
from typing import Any

from communs.cli.check_files import STANDARD_INPUT, NoFile, beside, contents, named_files
from communs.cli.house import Failure, core_messages, terminal_language
from communs.core.standards.checking import CANNOT_READ, NO_FILE, NO_FILE_IN, Checked, check
from communs.core.standards.formats import FORMATS, by_name
from communs.core.standards.problems import Problem
from communs.core.standards.reading import TooMuch
from communs.core.texts import Translate

# What a file says is never a command to the terminal.
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
NOT_SHOWN = "\ufffd"
# What makes a file uncheckable rather than invalid.
UNREADABLE = frozenset({"cannot-read", "format-not-known"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="files or folders; - for standard input")
    names = ", ".join(FORMATS)
    parser.add_argument("--as", dest="format", metavar="FORMAT", choices=list(FORMATS), help=f"one of {names}")
    parser.add_argument("--fix", action="store_true", help="write the repaired file beside the file")
    parser.add_argument("--lang", metavar="xx", help="language of the messages: en or fr (default: the terminal's)")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def run(options: argparse.Namespace) -> int:
    if options.fix and STANDARD_INPUT in options.files:
        raise Failure("--fix writes beside a file: name the file instead of standard input.")
    translate = core_messages(options.lang or terminal_language())
    entries = []
    code = 0
    for name in named_files(options.files):
        checked, data = check_file(name, options.format or "")
        entry = checked.as_json(translate)
        if options.fix and data is not None:
            entry["fixed"] = _fix(name, checked, data)
        entries.append(entry)
        if not options.json:
            _print(checked, entry, translate)
        code = max(code, _code(checked))
    if options.json:
        print(json.dumps(entries, ensure_ascii=False))
    elif len(entries) > 1:
        valid = sum(entry["valid"] for entry in entries)
        print(f"{valid} of {len(entries)} files are valid.")
    return code


def check_file(name: str, format_name: str = "") -> tuple[Checked, bytes | None]:
    """The verdict on one file and its contents; None where it cannot be read at all."""
    shown = _shown(name)
    try:
        data = contents(name)
    except NoFile as nothing:
        problem = Problem("", 1, 1, "cannot-read", "error", *(NO_FILE_IN if nothing.is_folder else NO_FILE))
        return Checked(shown, FORMATS.get(format_name), None, (problem,)), None
    except OSError as error:
        values = {"detail": error.strerror or str(error)}
        problem = Problem("", 1, 1, "cannot-read", "error", *CANNOT_READ, values=values)
        return Checked(shown, FORMATS.get(format_name), None, (problem,)), None
    except TooMuch as much:
        return Checked(shown, FORMATS.get(format_name) or by_name(name), None, (much.problem,)), None
    return check(data, shown, format_name, beside(name)), data


def _shown(name: str) -> str:
    """The name of a file, which may hold bytes that are no text."""
    return os.fsencode(name).decode(errors="replace")


def _fix(name: str, checked: Checked, data: bytes) -> dict[str, Any] | None:
    """Write the repaired file beside `name`; None where there is nothing to repair or no way to."""
    if checked.format is None or not checked.format.repairs or not checked.problems:
        return None
    repaired = checked.format.repair(data)
    if repaired.encode() == data:
        return None
    path = Path(name)
    target = path.with_name(f"{path.stem}.fixed{path.suffix}")
    try:
        target.write_bytes(repaired.encode())
    except OSError as error:
        raise Failure(f"{_shown(str(target))} cannot be written: {error.strerror}.") from error
    again = check(repaired.encode(), name, checked.format.name, beside(name))
    return {"file": _shown(str(target)), "valid": again.is_valid, "left": len(again.problems)}


def _print(checked: Checked, entry: dict[str, Any], translate: Translate) -> None:
    for problem in checked.problems:
        place = f"{checked.file_name}:{problem.line}:{problem.column}"
        said = f"{problem.say(translate)} {problem.say_fix(translate)}"
        print(f"{place}: {problem.severity}: {CONTROLS.sub(NOT_SHOWN, said)}")
    title = translate(checked.format.title) if checked.format else "?"
    print(f"{checked.file_name}: {'valid' if checked.is_valid else 'not valid'} ({title})")
    if fixed := entry.get("fixed"):
        print(f"{fixed['file']}: {'valid' if fixed['valid'] else 'still not valid'}, {fixed['left']} problems left")


def _code(checked: Checked) -> int:
    if any(problem.code in UNREADABLE for problem in checked.problems):
        return 2
    return 0 if checked.is_valid else 1
