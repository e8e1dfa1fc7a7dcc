"""How fast publiccode.yml files are checked strictly. Run: `python benchmarks/publiccode.py [--smoke]`.

The promise: 1,500 files a second in one process, on the fixtures and mutants of the reference parser (from the corpora,
where they are; else variations of one file). The control, in the same run, is libyaml composing the same texts alone.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from communs.core.standards.publiccode.strict import check  # noqa: E402
from communs.testing.bench import Line, report  # noqa: E402

CORPORA = Path(os.environ.get("COMMUNS_CORPORA") or ROOT.parent / "shared" / "corpora")
FIXTURES = CORPORA / "register" / "publiccode-fixtures"
BAR_PER_S = 1500
EXAMPLE = """\
publiccodeYmlVersion: "0"
name: Example {number}
url: https://example.org/example-{number}.git
releaseDate: "2026-02-28"
platforms: [web, linux]
categories:
  - document-management
developmentStatus: stable
softwareType: standalone/web
description:
  en:
    shortDescription: A short description of number {number}.
    longDescription: >
      A text of several lines that says what the software does, for whom it was made, and why
      somebody else should want to use it, so that it is long enough for the standard to be
      content with it.
    features:
      - One feature
legal:
  license: EUPL-1.2
maintenance:
  type: {maintenance}
localisation:
  localisationReady: true
  availableLanguages:
    - en
"""


def texts(smoke: bool) -> list[str]:
    """The files to check."""
    if FIXTURES.is_dir():
        found = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(FIXTURES.rglob("*.yml"))]
        with (FIXTURES / "mutants-oracle-sample.jsonl").open(encoding="utf-8") as lines:
            found += [json.loads(line)["yml"] for line in lines]
    else:
        kinds = ("none", "community", "internal", "unknown")
        found = [EXAMPLE.format(number=number, maintenance=kinds[number % 4]) for number in range(500)]
    return found[:50] if smoke else found


def compose(text: str) -> None:
    """The control: libyaml builds the nodes of the text."""
    try:
        yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return


def per_second(action: Callable[[str], object], files: list[str], rounds: int) -> float:
    """Files a second, best of `rounds`: other work on the machine only makes it slower."""
    best = 0.0
    for _ in range(rounds):
        start = time.process_time()
        for text in files:
            action(text)
        best = max(best, len(files) / (time.process_time() - start))
    return best


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="a small run that shows the script works")
    smoke = parser.parse_args().smoke
    files = texts(smoke)
    rounds = 1 if smoke else 5
    checked, composed = per_second(check, files, rounds), per_second(compose, files, rounds)
    characters = sum(map(len, files)) // len(files)
    report(
        f"Strict check of publiccode.yml: {len(files)} files of {characters} characters on average",
        [
            Line("files checked a second", f"{checked:,.0f}", f"≥ {BAR_PER_S:,}", checked >= BAR_PER_S),
            Line("control: libyaml compose alone", f"{composed:,.0f}", "", None),
        ],
        smoke=smoke,
    )


if __name__ == "__main__":
    main()
