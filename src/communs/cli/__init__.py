"""The `communs` command: one module a verb, imported only when it is called."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from textwrap import dedent

from communs import __version__
from communs.cli.terminal import harmless, never_fail, write_utf8

# verb → (one line of help, module). The order is the order of `--help`: what one needs first stands first.
VERBS: dict[str, tuple[str, str]] = {
    "demo": ("start a site with real data on this machine", "communs.cli.demo"),
    "search": ("find commons and funding in any language", "communs.cli.search"),
    "match": ("find the funding that fits a commons, with reasons", "communs.cli.match"),
    "import": ("read commons or opportunities from files", "communs.cli.import_"),
    "export": ("write what is public, for another site or in a format of the field", "communs.cli.export"),
    "check": ("check files against their formats, and repair them", "communs.cli.check"),
    "allocate": ("count an election: who is funded by which rule", "communs.cli.allocate"),
    "explain": ("say why a project was funded or not, or where a voter's share went", "communs.cli.explain"),
    "compare": ("count an election by several rules, side by side", "communs.cli.compare"),
    "report": ("write a result as a page with charts and tables", "communs.cli.report"),
    "flow": ("pass money on to what a commons depends on", "communs.cli.flow"),
    "verify": ("check what somebody else worked out", "communs.cli.verify"),
    "cosign": ("see that a log only grew, and sign its state", "communs.cli.cosign"),
    "ledger": ("write the public accounts as files that others read", "communs.cli.ledger"),
    "receipts": ("issue and print the receipts for gifts of a year", "communs.cli.receipts"),
    "round": ("open and close rounds, and take their files", "communs.cli.close_round"),
    "serve": ("run the web server and the task worker", "communs.cli.serve"),
    "worker": ("run the task worker alone", "communs.cli.worker"),
    "migrate": ("bring the database up to date", "communs.cli.migrate"),
    "person": ("create a person, or change a role or password", "communs.cli.person"),
    "doctor": ("explain the set-up and what is wrong with it", "communs.cli.doctor"),
    "backup": ("write everything into one file", "communs.cli.backup"),
    "restore": ("read such a file into an empty site", "communs.cli.restore"),
    "check-links": ("look whether the links of opportunities still answer", "communs.cli.check_links"),
    "crawl": ("look at the repositories of commons for news", "communs.cli.crawl"),
    "test": ("run the whole test suite on SQLite and PostgreSQL", "communs.cli.test"),
    "dev": ("checks and chores for those who change communs", "communs.cli.dev"),
}

ABOUT = dedent(
    """\
    communs: money and public use for what belongs to everyone.

    A commons finds money that fits it, with reasons criterion by criterion.
    An administration finds a commons before it buys. Everything shown has a source and a date.
    """
)

EPILOG = dedent(
    """\
    examples:
      communs demo                                  a site with real data, in seconds
      communs match openstreetmap                   what fits OpenStreetMap, and what would change a no
      communs match publiccode.yml --lang fr        the same for a file, in French
      communs check publiccode.yml --fix            what is wrong in a file, and the file repaired
      communs import opportunities calls.jsonl      read opportunities into the catalogue
      communs serve --host 127.0.0.1 --port 8000    the web server and the task worker

    Every verb has its own page: communs VERB --help.
    The data folder is named by --data or COMMUNS_DATA; settings come from the environment (communs doctor).
    Results go to standard output, progress and messages to standard error; --json prints one JSON document.
    """
)


def build_parser() -> argparse.ArgumentParser:
    """The command line with its verbs named, none of them imported."""
    parser = argparse.ArgumentParser(
        prog="communs",
        usage="communs VERB [options]",
        description=ABOUT,
        epilog="verbs:\n"
        + "".join(f"  {verb:<13} {line}\n" for verb, (line, _module) in VERBS.items())
        + "\n"
        + EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"communs {__version__}")
    parser.add_argument("verb", choices=VERBS, metavar="VERB", help="what to do; see below")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb. Exit codes: 0 done, 1 not done (the message says why), 2 the command line is wrong."""
    never_fail()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments:
        build_parser().print_help()
        return 0
    verb = build_parser().parse_args(arguments[:1]).verb
    line, module_name = VERBS[verb]
    module = import_module(module_name)
    parser = argparse.ArgumentParser(
        prog=f"communs {verb}",
        description=dedent(module.__doc__ or line),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    # A verb may take words that begin with a dash.
    read = getattr(module, "arguments_of", list)
    options = parser.parse_args(read(arguments[1:]))
    if verb in {"export", "ledger"} or getattr(options, "json", False):
        write_utf8()
    if getattr(options, "data", None):
        os.environ["COMMUNS_DATA"] = options.data
    return _run(module.run, options)


def _run(run: object, options: argparse.Namespace) -> int:
    from communs.cli.house import Failure
    from communs.web.config import ConfigError

    try:
        return int(run(options) or 0)  # type: ignore[operator]
    except (Failure, ConfigError) as problem:
        print("\n".join(map(harmless, str(problem).splitlines())), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing is wrong.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - must outlive this function
        return 0
