"""How fast a commons is matched, with full reasons. Run: `python benchmarks/matching.py [--smoke]`.

Two promises: one commons against 10,000 opportunities in 50 ms, every outcome with its reason in hand; 2,000 commons
against 2,000 opportunities in 20 s. The control, in the same run, is the plain way: `match` for each pair.

The opportunities are the seed's, varied step by step without chance: countries, forms, licences, languages and every
second statement change from copy to copy, so that sets of criteria seldom repeat.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from communs.core.matching import FORMS, Catalogue, Match, Opportunity, Profile, match  # noqa: E402

PLACES = ("INT", "FR", "EU27", "DE", "ES", "PT", "IT", "BE", "FR-NAQ", "NL", "GB", "EEA")
LICENCES = ("osi_or_fsf", "open_content", "none", "unknown", "osi")
LANGUAGES: tuple[list[str], ...] = (["en"], ["fr"], ["en", "fr"], ["de"], [], ["es", "pt"])
BAR_ONE_MS, BAR_ALL_S = 50.0, 20.0


def records(name: str) -> list[dict[str, Any]]:
    """The seed's records of one file."""
    lines = (ROOT / "seed" / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def opportunities(count: int) -> list[Opportunity]:
    """`count` opportunities: the seed's, then varied copies."""
    seed = records("opportunities.jsonl")
    return [Opportunity.from_record(varied(seed[n % len(seed)], n, n // len(seed))) for n in range(count)]


def varied(record: dict[str, Any], n: int, copy: int) -> dict[str, Any]:
    """The record as it stands for copy 0, otherwise changed by what `n` and `copy` say."""
    if copy == 0:
        return record
    criteria = [dict(criterion) for criterion in record["criteria"]]
    for position, criterion in enumerate(criteria):
        if criterion["accepts"] is None and (position + copy) % 2:
            criterion["statement"] += f" ({copy})"
    first = n % len(FORMS)
    return {
        **record,
        "id": f"{record['id']}-{copy}",
        "countries": [PLACES[(n + copy) % len(PLACES)]],
        "recipients": sorted({*record["recipients"], FORMS[first]}) if copy % 3 else record["recipients"],
        "licence_requirement": LICENCES[(n + copy) % len(LICENCES)],
        "languages_of_application": LANGUAGES[(n * 7 + copy) % len(LANGUAGES)],
        "criteria": criteria,
    }


def profiles(count: int) -> list[Profile]:
    """`count` commons: the seed's, over again with other seats where it has fewer."""
    seed = records("commons.jsonl")
    found = [Profile.from_record(record) for record in seed[:count]]
    for n in range(len(found), count):
        record = seed[n % len(seed)]
        found.append(Profile.from_record({**record, "id": str(n), "countries": [PLACES[n % len(PLACES)]]}))
    return found


def reasons(matches: list[Match]) -> int:
    """Read every outcome of every match; how many reasons there were."""
    return sum(len([outcome.reason.code for outcome in found.outcomes]) for found in matches)


def settle() -> None:
    """Set what was loaded apart from the garbage collector, as a server does once it has loaded its catalogue."""
    gc.collect()
    gc.freeze()


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """The shortest of `times` runs."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def one_against_many(many: list[Opportunity], commons: list[Profile]) -> bool:
    """Print the first promise; whether it is kept."""
    compile_s = seconds(lambda: Catalogue(many))
    catalogue = Catalogue(many)
    settle()
    taken = [seconds(lambda p=profile: reasons(catalogue.match_all(p))) * 1000 for profile in commons]  # type: ignore[misc]
    asked = [question.key for found in catalogue.match_all(commons[0]) for question in found.questions]
    answering = commons[0].with_answers(dict.fromkeys(sorted(set(asked))[:20], "yes"))
    answered = seconds(lambda: reasons(catalogue.match_all(answering))) * 1000
    naive = seconds(lambda: reasons([match(commons[0], one) for one in many])) * 1000
    bare = seconds(lambda: catalogue.results(commons[0]), 3) * 1000
    median, worst = sorted(taken)[len(taken) // 2], max(taken)
    print(f"one commons x {len(many):,} opportunities, full reasons ({len(commons)} commons tried)")
    print(f"  catalogue  median {median:8.1f} ms   worst {worst:8.1f} ms   (bar {BAR_ONE_MS:.0f} ms)")
    print(f"  answers    {answered:8.1f} ms   the first of them after answering 20 questions")
    print(f"  results    {bare:8.1f} ms   without outcomes")
    print(f"  control    {naive:8.1f} ms   match() for each pair")
    print(f"  compiling  {compile_s * 1000:8.1f} ms   once per change of the catalogue")
    return median <= BAR_ONE_MS


def all_pairs(many: list[Opportunity], commons: list[Profile]) -> bool:
    """Print the second promise; whether it is kept."""
    catalogue = Catalogue(many)
    settle()
    taken = seconds(lambda: [catalogue.match_all(profile) for profile in commons])
    with_reasons = seconds(lambda: [reasons(catalogue.match_all(profile)) for profile in commons])
    sample = commons[:: max(1, len(commons) // 20)]
    naive = seconds(lambda: [[match(p, one) for one in many] for p in sample]) / len(sample) * len(commons)
    print(f"all pairs, {len(commons):,} commons x {len(many):,} opportunities")
    print(f"  catalogue  {taken:8.2f} s   matches, results ready   (bar {BAR_ALL_S:.0f} s)")
    print(f"  and every  {with_reasons:8.2f} s   outcome read")
    print(f"  control    {naive:8.2f} s   match() for each pair, from {len(sample)} commons")
    return with_reasons <= BAR_ALL_S


def main() -> int:
    """Run both measurements; 1 when a bar is missed in a full run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="a small run that shows the script works")
    smoke = parser.parse_args().smoke
    first = one_against_many(opportunities(500 if smoke else 10_000), profiles(400)[::20])
    second = all_pairs(opportunities(100 if smoke else 2_000), profiles(100 if smoke else 2_000))
    return 0 if smoke or (first and second) else 1


if __name__ == "__main__":
    raise SystemExit(main())
