"""Are two opportunities likely the same one? The rule `likeness-1` of docs/rules/likeness.md: points and refusals.

A refusal decides alone: what tells two editions, two regions or two topics of one call apart outweighs any likeness.
Otherwise points are added; from `THRESHOLD` on the pair is suggested to an editor. Nothing is ever merged by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from rapidfuzz import fuzz

from communs.core.identity.likeness import places
from communs.core.identity.likeness.funders import same_body
from communs.core.identity.likeness.traits import Title, Traits
from communs.core.identity.likeness.words import Rarity

Sense = Literal["for", "against", "refusal"]

THRESHOLD: Final = 70
TITLE: Final = 60
"""Points of titles that agree in every word; otherwise times the third power of the share of what agrees."""
TITLE_SAYS: Final = 20
"""More points for equal titles, by how much their words say: 20 from three rare words on."""
TITLE_SHARE_LEAST: Final = 0.2
RENAMED_SAYS_MOST: Final = 3.0
"""A name may have been changed where the summary stayed; of a whole sentence that is another one, it is not that."""
SUMMARY: Final = 55
SUMMARY_WORDS_LEAST: Final = 5
SUMMARY_LIKE: Final = 0.6
SUMMARY_UNLIKE: Final = 0.15
SPELLED_ALIKE: Final = 85.0
SPELLED_LETTERS_LEAST: Final = 6
LINK_BEARERS_MAX: Final = 2
"""A page or a summary that more records bear tells of a call or a portal, not of one opportunity."""
FAR_APART_DAYS: Final = 300
OTHER_YEAR_DAYS: Final = 120
NEAR_DAYS: Final = 45


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against: its code (`explaining.WORDS`), its points, what the records say."""

    code: str
    points: int
    sense: Sense
    one: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two records compared. `is_suggested` when nothing refuses and the points reach the threshold."""

    score: int
    reasons: tuple[Reason, ...]

    @property
    def is_suggested(self) -> bool:
        """Whether an editor should look at the pair."""
        return self.score >= THRESHOLD and not any(reason.sense == "refusal" for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Shared:
    """What the whole catalogue knows: how rare words are, how many records bear a link or a summary."""

    rarity: Rarity
    bearers: dict[str, int]


ALONE: Final = Shared(Rarity(), {})


def compare(a: Traits, b: Traits, shared: Shared = ALONE) -> Comparison:
    """How alike two opportunities are, with every reason.

    >>> one = Traits.from_record({"title": "Aide au vélo cargo des artisans", "countries": ["FR-BRE"]})
    >>> other = Traits.from_record({"title": "Aide au vélo cargo des artisans", "countries": ["FR-NOR"]})
    >>> compare(one, one).is_suggested, [r.code for r in compare(one, other).reasons if r.sense == "refusal"]
    (True, ['other-places'])
    """
    likeness = _best_title(a, b, shared.rarity)
    summary = list(_summaries(a, b, shared))
    is_retold = any(reason.code == "same-summary" for reason in summary)
    titles = _titles(likeness, is_renamed=is_retold)
    reasons = [*_refusals(a, b), *_other_title(likeness, is_retold), *titles, *summary, *_rest(a, b, shared)]
    return Comparison(sum(reason.points for reason in reasons), tuple(reasons))


@dataclass(frozen=True, slots=True)
class _TitleLikeness:
    one: Title
    other: Title
    share: float  # of what the words of both say, how much agrees
    says: float  # how much the words that agree say, together
    left_says: float  # how much the words say that one has and the other has not; of the title where that is less
    left: tuple[tuple[str, ...], tuple[str, ...]]  # words of each that the other has not

    @property
    def is_equal(self) -> bool:
        return not self.left[0] and not self.left[1]


def _best_title(a: Traits, b: Traits, rarity: Rarity) -> _TitleLikeness | None:
    """The two titles that agree most; those in one language where there are some."""
    pairs = [(one, other) for one in a.titles for other in b.titles]
    in_one = [(one, other) for one, other in pairs if one.lang == other.lang or not one.lang or not other.lang]
    found = [_agree(one, other, rarity) for one, other in in_one or pairs]
    return max(found, key=lambda likeness: likeness.share, default=None)


def _agree(one: Title, other: Title, rarity: Rarity) -> _TitleLikeness:
    mine, theirs = dict.fromkeys(one.words), dict.fromkeys(other.words)
    same = [word for word in mine if word in theirs]
    left = [word for word in mine if word not in theirs]
    right = [word for word in theirs if word not in mine]
    for word in tuple(left):
        spelled = next((other_word for other_word in right if _spelled_alike(word, other_word)), None)
        if spelled is not None:
            left.remove(word)
            right.remove(spelled)
            same.append(word)
    if one.text.replace(" ", "") == other.text.replace(" ", ""):
        left, right = [], []
    says = sum(map(rarity.of, same))
    apart = (sum(map(rarity.of, left)), sum(map(rarity.of, right)))
    whole = 2 * says + sum(apart)
    share = (2 * says / whole if whole else 0.0) if one.words and other.words else 0.0
    return _TitleLikeness(one, other, share, says, min(apart), (tuple(left), tuple(right)))


def _spelled_alike(one: str, other: str) -> bool:
    long_enough = min(len(one), len(other)) >= SPELLED_LETTERS_LEAST
    return long_enough and one[0] == other[0] and not one.isdigit() and fuzz.ratio(one, other) >= SPELLED_ALIKE


def _titles(likeness: _TitleLikeness | None, *, is_renamed: bool) -> Iterator[Reason]:
    if likeness is None:
        return
    if likeness.is_equal:
        says = round(TITLE_SAYS * min(1.0, likeness.says / 3))
        yield Reason("same-title", TITLE + says, "for", likeness.one.text, likeness.other.text)
    elif likeness.share > 0:
        points = round(TITLE * likeness.share**3)
        yield Reason("like-title", points, "for", " ".join(likeness.left[0]), " ".join(likeness.left[1]))
        if likeness.left[0] and likeness.left[1] and not is_renamed:
            yield Reason("other-words", -10, "against", " ".join(likeness.left[0]), " ".join(likeness.left[1]))


def _summaries(a: Traits, b: Traits, shared: Shared) -> Iterator[Reason]:
    """Summaries of one language, as far as they are of one record or two."""
    best: float | None = None
    for lang, mine in a.summaries:
        for other_lang, theirs in b.summaries:
            both = min(len(mine), len(theirs))
            told = (lang == other_lang or not lang or not other_lang) and both >= SUMMARY_WORDS_LEAST
            if told and shared.bearers.get(_key(mine), 0) <= LINK_BEARERS_MAX:
                best = max(best or 0.0, len(set(mine) & set(theirs)) / max(len(mine), len(theirs)))
    if best is None:
        return
    if best >= SUMMARY_LIKE:
        yield Reason("same-summary" if best > 0.95 else "like-summary", round(SUMMARY * best**2), "for")
    elif best < SUMMARY_UNLIKE:
        yield Reason("other-summary", -10, "against")


def _refusals(a: Traits, b: Traits) -> Iterator[Reason]:
    if places.near(a.places, b.places) == "apart":
        yield _refusal("other-places", a.places, b.places)
    elif places.near(a.funder_places, b.funder_places) == "apart" and not _same_funder(a, b):
        yield _refusal("other-places", a.funders, b.funders)
    elif _names_other_places(a, b) or _names_other_places(b, a):
        yield _refusal("other-places-named", a.named_places, b.named_places)
    if (a.years and b.years and a.years != b.years) or _numbers_differ(a, b):
        yield _refusal("other-edition", a.years | _numbered(a), b.years | _numbered(b))
    elif periods_apart(a, b):
        yield _refusal("other-period", {_said(a)}, {_said(b)})
    if a.codes and b.codes and not a.codes & b.codes:
        yield _refusal("other-reference", a.codes, b.codes)


def _other_title(likeness: _TitleLikeness | None, is_retold: bool) -> Iterator[Reason]:
    """Too little of the titles agrees; where the summary is the same, more is allowed: it may have been renamed."""
    if likeness is None:
        return
    too_little = likeness.share < TITLE_SHARE_LEAST
    if (likeness.left_says > RENAMED_SAYS_MOST or not likeness.says) if is_retold else too_little:
        yield _refusal("other-title", {likeness.one.text}, {likeness.other.text})


def _names_other_places(a: Traits, b: Traits) -> bool:
    """The title of `a` names a place that `b` is neither in nor about."""
    told = a.named_places - b.named_places
    if not told or (b.places and b.places <= a.named_places):
        return False
    # "France" in a title tells nothing about a record that is about France.
    regions = {code for code in told if len(code) > 2}
    return bool(regions) and not (b.places and _is_about(b.places, regions))


def _is_about(codes: frozenset[str], regions: set[str]) -> bool:
    """Every place of the record is one of these, or of a kind that cannot be compared with them."""
    return all(any(places.near({code}, {region}) in {"same", "unknown"} for region in regions) for code in codes)


def _numbers_differ(a: Traits, b: Traits) -> bool:
    """The first edition is seldom counted: one that is not counted may be that one."""
    return a.editions - {1} != b.editions - {1} or (not a.editions and a.numbers != b.numbers)


def _numbered(traits: Traits) -> frozenset[str]:
    return frozenset(map(str, traits.editions)) | traits.numbers


def periods_apart(a: Traits, b: Traits) -> bool:
    """The days of both are known and lie far apart: no period of one meets, or nearly meets, one of the other."""
    if not a.periods or not b.periods:
        return False
    return all(_far(one.opens, one.closes, other.opens, other.closes) for one in a.periods for other in b.periods)


def _far(opens: date | None, closes: date | None, other_opens: date | None, other_closes: date | None) -> bool:
    if not closes or not other_closes:
        return False
    days = abs((closes - other_closes).days)
    if days >= FAR_APART_DAYS or (closes.year != other_closes.year and days >= OTHER_YEAR_DAYS):
        return True
    return bool(opens and other_opens and (other_opens > closes or opens > other_closes))


def _rest(a: Traits, b: Traits, shared: Shared) -> Iterator[Reason]:
    """Funder, places, pages, amounts, days."""
    yield from _funders(a, b)
    nearness = places.near(a.places, b.places)
    if nearness in {"same", "overlapping"}:
        yield Reason(f"{nearness}-places", 10 if nearness == "same" else 5, "for")
    yield from _pages(a, b, shared)
    if a.amounts and b.amounts and a.amounts[0] == b.amounts[0]:
        agree = a.amounts == b.amounts
        yield Reason("same-amounts" if agree else "other-amounts", 5 if agree else -5, "for" if agree else "against")
    days = [
        abs((one.closes - other.closes).days) for one in a.periods for other in b.periods if one.closes and other.closes
    ]
    if days and min(days) <= 1:
        yield Reason("same-closing", 5, "for")
    elif days and min(days) > NEAR_DAYS:
        yield Reason("other-closing", -5, "against", _said(a), _said(b))


def _funders(a: Traits, b: Traits) -> Iterator[Reason]:
    if a.funders and b.funders:
        one, other = ", ".join(sorted(a.funders)), ", ".join(sorted(b.funders))
        is_same = _same_funder(a, b)
        yield Reason("same-funder", 15, "for") if is_same else Reason("other-funder", -20, "against", one, other)


def _same_funder(a: Traits, b: Traits) -> bool:
    return any(same_body(one, other) for one in a.funders for other in b.funders)


def _pages(a: Traits, b: Traits, shared: Shared) -> Iterator[Reason]:
    if any(shared.bearers.get(link, 0) <= LINK_BEARERS_MAX for link in a.links & b.links):
        yield Reason("same-page", 30, "for")
    elif a.links and b.links and not a.links & b.links and _hosts(a) & _hosts(b):
        yield Reason("other-page", -5, "against", min(a.links), min(b.links))


def _hosts(traits: Traits) -> set[str]:
    return {link.partition("/")[0] for link in traits.links}


def _refusal(code: str, one: frozenset[str] | set[str], other: frozenset[str] | set[str]) -> Reason:
    return Reason(code, 0, "refusal", ", ".join(sorted(one)[:6]), ", ".join(sorted(other)[:6]))


def _said(traits: Traits) -> str:
    days = [day for period in traits.periods for day in (period.opens, period.closes) if day]
    return " – ".join(day.isoformat() for day in sorted(days)[:: max(1, len(days) - 1)])


def _key(summary: tuple[str, ...]) -> str:
    return "summary:" + " ".join(summary)
