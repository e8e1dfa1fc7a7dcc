"""What is wrong with bundles, by name and with the remedy, before any money comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from communs.core.bundles.terms import DEPTH_MAX, PARTIES_MAX, PPM, Bundle, Kind
from communs.core.texts import N_, Translate, identity

T = TypeVar("T", str, tuple[str, date])
FAULTS: Final = {
    "no-share": N_("{commons}: the bundle has no share. Name who gets what."),
    "many": N_("{commons}: {count} parties are more than {most}. Join some of them in a reserve."),
    "sum": N_("{commons}: the shares are {sum} millionths together. Make them {whole}."),
    "share": N_("{commons}: the share of {party} is {ppm} millionths. Write 1 or more, or leave the party out."),
    "twice": N_("{commons}: {party} stands twice. Put the two shares together."),
    "missing": N_("{commons}: {party} has not accepted. Ask for it; until then nothing is paid by this bundle."),
    "future": N_("{commons}: the acceptance of {party} is dated {day}, which has not come. Correct the day."),
    "other-terms": N_("{commons}: what {party} accepted are not these shares. Ask again; they were changed since."),
    "stranger": N_("{commons}: {party} accepted and gets no share. Give it one, or take the acceptance out."),
    "nobody": N_("{commons}: the acceptance of {party} does not say by whom. Name who signed."),
    "cycle": N_("{commons}: money would come back to it, by {path}. Take one of these shares out."),
    "depth": N_("{commons}: shares lead over more than {most} bundles, by {path}. Make the way shorter."),
    "same-day": N_("{commons}: two bundles begin on {day}. Keep one of the two."),
}

OF_ACCEPTANCES: Final = frozenset({"missing", "future", "other-terms", "stranger", "nobody"})


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault by its name, with what fills its sentence."""

    code: str
    values: Mapping[str, str | int]

    def say(self, translate: Translate = identity) -> str:
        """The sentence with place and remedy."""
        return translate(FAULTS[self.code]).format(**self.values)


def problems(bundles: Sequence[Bundle], on: date) -> tuple[Problem, ...]:
    """Every fault of these bundles on a day: each by itself, then those that only several of them make together."""
    alone = [problem for bundle in bundles for problem in _alone(bundle, on)]
    return (*alone, *_same_day(bundles), *_ways(in_force(bundles, on)))


def in_force(bundles: Iterable[Bundle], on: date) -> dict[str, Bundle]:
    """By commons: of the bundles whose day has come and that all parties accepted, the one that began last."""
    found: dict[str, Bundle] = {}
    for bundle in sorted(bundles, key=lambda one: (one.starts_on, one.terms)):
        if bundle.is_accepted(on):
            found[bundle.commons] = bundle
    return found


def blocking(bundles: Sequence[Bundle], on: date) -> tuple[Problem, ...]:
    """The faults of bundles in force with which nothing can be shared: what is still to be accepted is none of them."""
    held = tuple(in_force(bundles, on).values())
    return tuple(problem for problem in problems(held, on) if problem.code not in OF_ACCEPTANCES)


def _alone(bundle: Bundle, on: date) -> Iterator[Problem]:
    """The faults of one bundle."""
    if not bundle.shares:
        yield Problem("no-share", {"commons": bundle.commons})
        return
    yield from _of_shares(bundle)
    yield from _of_acceptances(bundle, on)
    heard = {one.party for one in bundle.acceptances}
    for party in bundle.lacking(on):
        if party not in heard:
            yield Problem("missing", {"commons": bundle.commons, "party": party})


def _of_shares(bundle: Bundle) -> Iterator[Problem]:
    commons, parties = bundle.commons, [share.party for share in bundle.shares]
    if len(parties) > PARTIES_MAX:
        yield Problem("many", {"commons": commons, "count": len(parties), "most": PARTIES_MAX})
    for share in bundle.shares:
        if share.ppm < 1:
            yield Problem("share", {"commons": commons, "party": share.party, "ppm": share.ppm})
    whole = sum(share.ppm for share in bundle.shares)
    if whole != PPM:
        yield Problem("sum", {"commons": commons, "sum": whole, "whole": PPM})
    for party in _repeated(parties):
        yield Problem("twice", {"commons": commons, "party": party})


def _of_acceptances(bundle: Bundle, on: date) -> Iterator[Problem]:
    parties = {share.party for share in bundle.shares}
    for one in bundle.acceptances:
        said = {"commons": bundle.commons, "party": one.party}
        if one.party not in parties:
            yield Problem("stranger", said)
        elif one.terms != bundle.terms:
            yield Problem("other-terms", said)
        elif one.on > on:
            yield Problem("future", {**said, "day": one.on.isoformat()})
        if not one.who.strip():
            yield Problem("nobody", said)


def _same_day(bundles: Sequence[Bundle]) -> Iterator[Problem]:
    for commons, day in _repeated((bundle.commons, bundle.starts_on) for bundle in bundles):
        yield Problem("same-day", {"commons": commons, "day": day.isoformat()})


def _repeated(names: Iterable[T]) -> list[T]:
    """What stands more than once, in order."""
    return sorted(name for name, times in Counter(names).items() if times > 1)


def _ways(held: Mapping[str, Bundle]) -> Iterator[Problem]:
    """Cycles and ways that are too long, each told once: at the first commons, by name, of those on it."""
    told: set[frozenset[str]] = set()
    depths: dict[str, int] = {}
    for commons in sorted(held):
        way = _cycle(commons, held)
        if way and frozenset(way) not in told:
            told.add(frozenset(way))
            yield Problem("cycle", {"commons": commons, "path": " → ".join(way)})
    if told:
        return  # a way that goes round has no length
    for commons in sorted(held):
        way = _longest(commons, held, depths)
        if len(way) > DEPTH_MAX:
            yield Problem("depth", {"commons": commons, "most": DEPTH_MAX, "path": " → ".join(way)})


def upstream(bundle: Bundle, held: Mapping[str, Bundle]) -> list[str]:
    """The parties of a bundle that have a bundle of their own."""
    return [share.party for share in bundle.shares if share.kind is Kind.COMMONS and share.party in held]


def _cycle(start: str, held: Mapping[str, Bundle]) -> list[str]:
    """A way from a commons back to itself; nothing where there is none."""
    before: dict[str, str] = {}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for party in upstream(held[here], held):
            if party == start:
                way = [start, here]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return list(reversed(way)) if here != start else [start, start]
            if party not in before:
                before[party] = here
                waiting.append(party)
    return []


def _longest(start: str, held: Mapping[str, Bundle], depths: dict[str, int]) -> list[str]:
    """The longest way over bundles from a commons, where no way goes round. `depths` keeps what is known."""
    order: list[str] = []
    seen: set[str] = set()
    waiting: list[tuple[str, bool]] = [(start, False)]
    while waiting:
        here, is_done = waiting.pop()
        if is_done:
            order.append(here)
        elif here not in seen and here not in depths:
            seen.add(here)
            waiting.append((here, True))
            waiting += [(party, False) for party in upstream(held[here], held)]
    for here in order:
        depths[here] = 1 + max((depths[party] for party in upstream(held[here], held)), default=0)
    way = [start]
    while further := upstream(held[way[-1]], held):
        way.append(max(sorted(further), key=depths.__getitem__))
    return way
