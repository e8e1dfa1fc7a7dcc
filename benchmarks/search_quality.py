"""How well search answers judged needs, by language pair, beside FTS5 over the same texts.

The needs were written and judged without sight of the engine or its vocabulary (`tests/conformance/judged`), but
weights, rules and words were changed after looking at those that failed: `benchmarks/README.md` has the figures before.
Two sides are measured: needs that have answers (found among the first five, not played down as only near), and needs
that nothing answers (nothing shown, or marked as near).
All sets go through the whole path: imported as records, searched as the page does, the language told by the words.
Of the held-out set only sums are printed: keep it so, and leave its needs unread while you change the engine.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from communs.testing.bench import Line, read_options, report, set_up
from communs.testing.judging import Need, Search, full_text, needs, public_records, score, seed_texts, text_of
from communs.testing.scale import SEED, write_records

OPTIONS = read_options(__doc__)
CORPORA = Path(os.environ.get("COMMUNS_CORPORA", "../shared/corpora"))
NEEDS_MAX = 40 if OPTIONS.smoke else None
PAIR_MIN = 5  # needs
SAME_BAR, CROSS_BAR = 0.92, 0.70
FOLDER = set_up(OPTIONS.db)

from communs.apps.funding import queries as funding  # noqa: E402 - after the settings are named
from communs.apps.register import queries as register  # noqa: E402
from communs.apps.register.models import Commons  # noqa: E402
from communs.cli.import_ import import_file  # noqa: E402


def ours(find: object, ids: Mapping[str, str], limit: int = 10) -> Search:
    """The search of a catalogue; `ids`: from a public id to that of the judged set."""

    def search(query: str) -> Sequence[str]:
        rows, _results = find(query, limit, ())  # type: ignore[operator]
        return [ids[row.public_id] for row in rows if row.public_id in ids]

    return search


def lines(title: str, search: Search, control: Search, judged: Sequence[Need], bar: float | None) -> list[Line]:
    """A line for all of these needs, and one for each pair of languages that has enough of them; none for no needs."""
    if not judged:
        return []
    by_pair = {pair: [need for need in judged if need.pair == pair] for pair in sorted({need.pair for need in judged})}
    rest = [_line(f"· {pair}", search, control, some, None) for pair, some in by_pair.items() if len(some) >= PAIR_MIN]
    return [_line(title, search, control, judged, bar), *rest]


def _line(title: str, search: Search, control: Search, judged: Sequence[Need], bar: float | None) -> Line:
    here, there = score(search, judged), score(control, judged)
    figure = f"{here} (FTS5 {there}), {here.needs} needs"
    return Line(title, figure, f"S@5 ≥ {bar}" if bar else "", here.success_5 >= bar if bar else None)


def _marks(find: object, answered: Sequence[Need], unanswered: Sequence[Need]) -> list[Line]:
    """Both sides of the mark "near": on needs that have answers, and missing on those that have none."""
    told, near = (
        f"{sum(is_told_as_answer(find, need.query) == is_told for need in some)} of {len(some)}"
        for some, is_told in ((unanswered, True), (answered, False))
    )
    return [
        Line("needs that nothing answers: shown, not marked near", told, "", None),
        Line("needs that have answers: marked near, or nothing found", near, "", None),
    ]


def measure(name: str, catalogue: str, find: object, search: Search, texts: Mapping[str, str]) -> None:
    """Report one catalogue of one judged set. `texts`: of the records that may be shown."""
    judged = [need for need in needs(name, ALL_TEXTS[name], texts) if need.catalogue == catalogue][:NEEDS_MAX]
    control = full_text(texts)
    answered = [need for need in judged if need.is_answered]
    plain = [need for need in answered if need.is_same and score(control, [need]).success_5]
    report(
        f"{name}, {catalogue}: success@5 / nDCG@10 of {len(judged)} judged needs on {OPTIONS.db}",
        [
            *lines("same language", search, control, [n for n in answered if n.is_same], SAME_BAR),
            *lines("across languages", search, control, [n for n in answered if not n.is_same], CROSS_BAR),
            _line("same language, those that FTS5 answers", search, control, plain, None),
            *_marks(find, answered, [need for need in judged if not need.is_answered]),
        ],
        smoke=OPTIONS.smoke,
    )


def is_told_as_answer(find: object, query: str) -> bool:
    """Whether records are shown for a query without the word that they only come near."""
    rows, results = find(query, 10, ())  # type: ignore[operator]
    return bool(rows) and not results.is_near


def measure_held_out(find: object, search: Search, texts: Mapping[str, str]) -> None:
    """Report the held-out set, in sums only: no pair of languages, no need, no record."""
    judged = needs("heldout", texts, texts)[:NEEDS_MAX]
    control = full_text(texts)
    same = [need for need in judged if need.is_answered and need.is_same]
    across = [need for need in judged if need.is_answered and not need.is_same]
    report(
        f"held out, commons: success@5 / nDCG@10 of {len(judged)} judged needs on {OPTIONS.db}",
        [
            _line("same language", search, control, same, SAME_BAR),
            _line("across languages", search, control, across, CROSS_BAR),
            *_marks(find, [*same, *across], [need for need in judged if not need.is_answered]),
        ],
        smoke=OPTIONS.smoke,
    )


SEED_TEXTS = {**seed_texts("commons"), **seed_texts("funding")}
ALL_TEXTS = {"seed": SEED_TEXTS, "places": SEED_TEXTS}
import_file("commons", SEED / "commons.jsonl")
import_file("opportunities", SEED / "opportunities.jsonl")
PUBLIC = {"commons": register.public_commons, "funding": funding.public_opportunities}
for catalogue, find in (("commons", register.search), ("funding", funding.search)):
    shown = set(PUBLIC[catalogue]().values_list("public_id", flat=True))
    texts = {key: text for key, text in seed_texts(catalogue).items() if key in shown}
    for name in ("seed", "places"):
        measure(name, catalogue, find, ours(find, {key: key for key in texts}), texts)

if (CORPORA / "register" / "gitscan-fr").is_dir():
    records = public_records(CORPORA)
    Commons.objects.update(visibility="unconfirmed", sequence=0)
    import_file("commons", write_records(FOLDER / "public.jsonl", iter(records.values())))
    texts = {key: text_of(record) for key, record in records.items()}
    ALL_TEXTS.update(public=texts, development=texts, goods=texts, fresh=texts, fresh2=texts)
    search = ours(register.search, {record["id"]: key for key, record in records.items()})
    for name in ("public", "development", "goods", "fresh", "fresh2"):
        measure(name, "commons", register.search, search, texts)
    measure_held_out(register.search, search, texts)
else:
    print(f"public and held out: left out, there is no {CORPORA}/register")
