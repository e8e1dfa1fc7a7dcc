"""A grant shared by bundles down to its leaves, to the last unit: rule bundle-1 (docs/rules/bundle.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256

from communs.core.bundles.checking import in_force
from communs.core.bundles.terms import DEPTH_MAX, PPM, Bundle, InvalidBundle, Kind, Recipient, Share

RULE = "bundle-1"


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """What becomes of shares that nobody has accepted: they wait until a day, then go to a published destination."""

    expires_on: date
    destination: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where money stops: `minor` units for `to`, by way of the commons in `path` (the grantee first).

    `unclaimed`: it is not paid but waits, for `to` has not accepted (its stewards, a sharing rule, or a bundle).
    """

    to: str
    minor: int
    path: tuple[str, ...]
    unclaimed: Unclaimed | None = None


@dataclass(frozen=True)
class Sharing:
    """All that sharing needs: who accepted, the bundles, the round whose id breaks ties, what is done with the rest."""

    round_id: str
    recipients: Mapping[str, Recipient]
    bundles: tuple[Bundle, ...]
    unclaimed: Unclaimed

    @classmethod
    def of(
        cls, round_id: str, recipients: Iterable[Recipient], bundles: Sequence[Bundle], unclaimed: Unclaimed
    ) -> Sharing:
        """Raises `InvalidBundle` where a recipient stands twice."""
        known: dict[str, Recipient] = {}
        for one in recipients:
            if one.id in known:
                raise InvalidBundle(f"The recipient {one.id[:100]} stands twice. Keep one of the two.")
            known[one.id] = one
        return cls(round_id, known, tuple(bundles), unclaimed)

    def has_accepted(self, party: str) -> bool:
        """Whether a party may be paid; somebody unknown has accepted nothing."""
        found = self.recipients.get(party)
        return found is not None and found.accepted

    def bundle_of(self, commons: str, on: date) -> Bundle | None:
        """The bundle in force on that day; None where none is."""
        return self._in_force(on).get(commons)

    def has_bundle(self, commons: str) -> bool:
        """Whether a bundle was ever proposed: then nothing is paid until one is accepted."""
        return commons in self._proposed

    def _in_force(self, on: date) -> dict[str, Bundle]:
        if on not in self._held:
            self._held[on] = in_force(self.bundles, on)
        return self._held[on]

    @cached_property
    def _held(self) -> dict[date, dict[str, Bundle]]:
        return {}

    @cached_property
    def _proposed(self) -> frozenset[str]:
        return frozenset(bundle.commons for bundle in self.bundles)


def expand(sharing: Sharing, recipient: str, minor: int, on: date) -> tuple[Leaf, ...]:
    """The leaves of what a recipient is granted; they add up to `minor` exactly. Raises `InvalidBundle`.

    A recipient without bundle, who has accepted, is paid all of it.

    >>> day = date(2026, 11, 30)
    >>> shares = (Share("people", Kind.COMMUNITY, 700_000), Share("engine", Kind.COMMONS, 300_000))
    >>> bundle = Bundle("atlas", day, shares).accepted_by(["people", "engine"], "their stewards", day)
    >>> said = [Recipient("atlas", accepted=True), Recipient("people", accepted=True)]
    >>> sharing = Sharing.of("autumn", said, [bundle], Unclaimed(date(2027, 11, 30), "the reserve"))
    >>> [(leaf.to, leaf.minor, leaf.unclaimed is None) for leaf in expand(sharing, "atlas", 1001, day)]
    [('people', 701, True), ('engine', 300, False)]
    """
    if minor < 0:
        raise InvalidBundle(f"{minor} cannot be shared. Give an amount of 0 or more.")
    return tuple(_leaves(sharing, recipient, minor, on, (recipient,))) if minor else ()


def divided(round_id: str, shares: Sequence[Share], minor: int) -> dict[str, int]:
    """The whole units of each share: largest remainder, of equal ones the lowest SHA-256 of round and party.

    >>> thirds = [Share(name, Kind.COMMUNITY, ppm) for name, ppm in (("a", 333_333), ("b", 333_333), ("c", 333_334))]
    >>> divided("autumn", thirds, 100)
    {'a': 33, 'b': 33, 'c': 34}
    """
    parts = {share.party: minor * share.ppm // PPM for share in shares}
    rests = {share.party: minor * share.ppm % PPM for share in shares}
    order = sorted(parts, key=lambda party: (-rests[party], place_in_ties(round_id, party), party))
    for party in order[: minor - sum(parts.values())]:
        parts[party] += 1
    return parts


def place_in_ties(round_id: str, party: str) -> str:
    """By what equal remainders are ordered: the SHA-256 of the id of the round, a line feed, and that of the party."""
    return sha256(f"{round_id}\n{party}".encode()).hexdigest()


def _leaves(sharing: Sharing, recipient: str, minor: int, on: date, path: tuple[str, ...]) -> list[Leaf]:
    bundle = sharing.bundle_of(recipient, on)
    if not sharing.has_accepted(recipient) or (bundle is None and sharing.has_bundle(recipient)):
        return [Leaf(recipient, minor, path, sharing.unclaimed)]
    if bundle is None:
        return [Leaf(recipient, minor, path)]
    if len(path) > DEPTH_MAX:
        raise InvalidBundle(f"{' → '.join(path)}: more than {DEPTH_MAX} bundles, or a circle. Shorten the way.")
    if sum(share.ppm for share in bundle.shares) != PPM or any(share.ppm < 1 for share in bundle.shares):
        raise InvalidBundle(f"The shares of {recipient[:100]} are not {PPM} millionths. Correct the bundle.")
    found: list[Leaf] = []
    parts = divided(sharing.round_id, bundle.shares, minor)
    for share in bundle.shares:
        part = parts[share.party]
        if not part:
            continue
        if share.kind is Kind.COMMONS:
            found += _leaves(sharing, share.party, part, on, (*path, share.party))
        else:
            waits = None if sharing.has_accepted(share.party) else sharing.unclaimed
            found.append(Leaf(share.party, part, path, waits))
    return found
