"""Reads of rounds: which there are, who may see and vote, and the question as `core.rounds` counts it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

from allauth.account.models import EmailAddress
from django.db.models import Count, QuerySet

from communs.apps.accounts.models import Person
from communs.apps.foundation.models import (
    Agreement,
    Ballot,
    BallotDraft,
    RollVoter,
    Round,
    RoundApproval,
    RoundOption,
    RoundSecret,
    RoundTyped,
)
from communs.apps.foundation.queries.gate import Duty, duties_of, require
from communs.apps.register.catalogue import FACETS, Known
from communs.apps.register.models import Relation
from communs.apps.register.queries import names_of, snapshot
from communs.core import rounds as core
from communs.core.bundles import Unclaimed
from communs.core.rounds.questions import Edge
from communs.core.rounds.rules import OF_SHARES
from communs.kit.facets import query_with, read_choice
from communs.kit.gates import NotThere
from communs.kit.search import fold
from communs.kit.texts import pick

State = Round.State
RollKind = Round.RollKind
RoundRow: TypeAlias = Round
VoterRow: TypeAlias = RollVoter
OptionRow: TypeAlias = RoundOption
"""As pages know them, which do not reach models otherwise."""
PUBLIC: Final = (State.OPENED, State.CLOSED, State.POSTED, State.PUBLISHED)
DECIDED: Final = (State.POSTED, State.PUBLISHED)
STAGES: Final = {
    "prepared": (State.DRAFT, State.PROPOSED), "open": (State.OPENED, State.CLOSED), "decided": DECIDED,
    "withdrawn": (State.WITHDRAWN,),
}  # fmt: skip
"""The states of rounds as a list is narrowed by them."""
EVERYBODY: Final = "all"


def public_rounds() -> QuerySet[Round]:
    """Rounds that are open or were, the latest first."""
    return Round.objects.filter(state__in=PUBLIC).select_related("fund").order_by("-opens_at", "-pk")


def rounds_seen_by(person: Any) -> QuerySet[Round]:
    """Rounds in public; for those with an office, also what is being prepared."""
    if Duty.LOOK not in duties_of(person):
        return public_rounds()
    return Round.objects.select_related("fund").order_by("-opens_at", "-pk")


def stages(rounds: QuerySet[Round]) -> dict[str, int]:
    """How many of these rounds there are in each stage."""
    counts = dict(rounds.order_by().values_list("state").annotate(n=Count("pk")))
    return {name: sum(counts.get(state, 0) for state in states) for name, states in STAGES.items()}


def get_round(person: Any, slug: str, duty: Duty | None = None) -> Round:
    """A round. What is not open yet is seen by those with an office. Raises `Refused`, `NotThere`."""
    if duty is not None:
        require(person, duty)
    found = Round.objects.select_related("fund", "proposed_by").filter(slug=slug).first()
    if found is None or (found.state not in PUBLIC and Duty.LOOK not in duties_of(person)):
        raise NotThere
    return found


def is_voting(round_: Round, now: datetime) -> bool:
    """Whether ballots are taken now."""
    return round_.state == State.OPENED and round_.opens_at <= now < round_.closes_at


def due(now: datetime) -> QuerySet[Round]:
    """Rounds whose end has come, or whose closing was interrupted."""
    over = Round.objects.filter(state=State.OPENED, closes_at__lte=now)
    return over | Round.objects.filter(state__in=(State.CLOSED, State.POSTED))


def eligible(round_: Round) -> list[Known]:
    """The public commons that the query of a draft finds, by name: no others than its fund is for."""
    found, bound = found_by(round_.eligible), bound_by(round_.fund_id)
    if not bound:
        return found
    within = {known.pk for known in found_by(bound)}
    return [known for known in found if known.pk in within]


def bound_by(fund: int) -> str:
    """The commons that the agreement of a fund is for, as a query of the register's list; "" where nothing binds it."""
    agreed = Agreement.objects.filter(gift__fund=fund).values_list("eligible_query", flat=True).first()
    return agreed or ""


def found_by(query: str) -> list[Known]:
    """The public commons that a query of the register's list finds, by name."""
    words, chosen = asked_of(query)
    present = snapshot()
    within = present.searching.find(words).rows if words else None
    rows = present.index.select(chosen, within)
    wanted = set(present.index.page(rows, "name", 0, len(present)))
    return [known for known in present.rows if known.pk in wanted]


def asked_of(query: str) -> tuple[str, dict[str, list[str]]]:
    """Words and filters of a query of the register's list."""
    asked = parse_qs(urlsplit(query).query or query.lstrip("?"))
    return " ".join(asked.get("q", []))[:200].strip(), read_choice(asked, FACETS)


def as_kept(query: str) -> str:
    """A query of the register's list as a round keeps it: what the list understands; "" for every public commons."""
    words, chosen = asked_of(query)
    kept = query_with({**chosen, "q": words})
    return f"?{kept}" if kept else ""


def not_public(ids: Collection[str]) -> set[str]:
    """Which of these are no public commons."""
    return set(ids) - {known.public_id for known in snapshot().rows} if ids else set()


def options_found(round_: Round, text: str) -> QuerySet[RoundOption] | list[RoundOption]:
    """What can be chosen and has these words in its name; of a round that is not open yet, as it would be now."""
    wanted = fold(text).split()
    if round_.state not in PUBLIC:
        found = [one for one in options_now(round_) if all(word in one.search_text for word in wanted)]
        return sorted(found, key=lambda one: (one.name, one.commons))
    rows = round_.options.order_by("name", "commons")
    for word in wanted:
        rows = rows.filter(search_text__contains=word)
    return rows


def options_now(round_: Round) -> list[RoundOption]:
    """What could be chosen if the round opened now: of rules that pay what is asked, those of which that is known."""
    found = eligible(round_)
    if round_.rule not in OF_SHARES:
        found = [one for one in found if one.public_id in round_.costs]
    return [
        RoundOption(
            round=round_,
            commons=one.public_id,
            name=one.name[:300],
            cost_minor=round_.costs.get(one.public_id, 0),
            kind=one.kind[:40],
            search_text=one.name_key,
        )
        for one in found
    ]


def edges_now(options: Iterable[str]) -> list[Edge]:
    """Who depends on whom, as the register knows it now: all that money can reach from these commons."""
    kept = Relation.objects.filter(kind=Relation.Kind.DEPENDS_ON, withdrawn_at=None, verified=True)
    public = {"from_commons__visibility": "public", "to_commons__visibility": "public"}
    merged = {"from_commons__merged_into": None, "to_commons__merged_into": None}
    found: dict[str, dict[str, int]] = {}
    rows = kept.filter(**public, **merged).values_list("from_commons__public_id", "to_commons__public_id", "count")
    for source, target, count in rows:
        if source != target:
            weights = found.setdefault(source, {})
            weights[target] = max(weights.get(target, 1), count or 1)
    waiting, seen, edges = list(options), set[str](), list[Edge]()
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            edges += [(here, target, weight) for target, weight in found.get(here, {}).items()]
            waiting += found.get(here, {})
    return sorted(edges)


def question_of(
    round_: Round, options: Iterable[RoundOption] | None = None, commitment: str = "", graph: Iterable[Edge] = ()
) -> core.Question:
    """The question as it is counted. Before the opening: with the options that would be frozen now.

    Raises `ValueError` where the ballot has a form that is none.
    """
    # Sorted here: what the database takes for the order of texts differs from one to the other.
    listed = sorted(round_.options.all() if options is None else options, key=lambda one: one.commons)
    edges = [(source, target, weight) for source, target, weight in (graph or round_.graph)]
    return core.Question(
        id=round_.slug,
        title=pick(round_.title, "en").value,
        fund=round_.fund.slug,
        currency=round_.currency,
        pot=round_.pot_minor,
        rule=round_.rule,
        options=tuple(core.Option(one.commons, one.name, one.cost_minor) for one in listed),
        form=core.Form(core.Format(round_.format), round_.most, round_.points, round_.within_pot),
        opens_at=round_.opens_at,
        closes_at=round_.closes_at,
        seed_commitment=round_.seed_commitment or commitment or "0" * 64,
        unclaimed=Unclaimed(round_.expires_on, destination_told(round_)),
        parameters=round_.parameters,
        colleges=tuple(core.College(name, weight) for name, weight in round_.colleges or [[EVERYBODY, 1]]),
        passing_on=core.PassingOn(round_.ppm, tuple(edges) if round_.ppm else ()),
        secret=round_.is_secret,
    )


def destination_told(round_: Round) -> str:
    """Where unclaimed shares go, as it is published. Part of what is frozen: ids, for names change."""
    kind, _, public_id = round_.destination.partition(":")
    return public_id if kind == "commons" else f"the fund {round_.fund.slug}"


def roll_of(round_: Round) -> core.Roll:
    """The frozen roll."""
    rows = round_.roll.order_by("pseudonym").values_list("pseudonym", "college")
    return core.Roll(round_.slug, tuple(core.Voter(*row) for row in rows.iterator(chunk_size=10_000)))


def ballots_of(round_: Round) -> tuple[core.Ballot, ...]:
    """The ballots as cast, in the order of pseudonyms."""
    rows = Ballot.objects.filter(round=round_).order_by("voter__pseudonym")
    values = rows.values_list("voter__pseudonym", "names", "points").iterator(chunk_size=10_000)
    return tuple(core.Ballot(voter, tuple(names), tuple(points)) for voter, names, points in values)


def people_for(round_: Round) -> list[tuple[str, str]]:
    """Who would be on the roll if the round opened now: the id of a voter, and the college."""
    if round_.roll_kind == Round.RollKind.CITIZENS:
        numbers = Person.objects.filter(is_active=True, emailaddress__verified=True).distinct().values_list("pk")
        return [(_as_person(number), EVERYBODY) for (number,) in numbers]
    rows = list(round_.invitations.order_by("pk").values_list("email", "college"))
    known = _owners([email for email, _college in rows])
    voters: dict[str, str] = {}
    for email, college in rows:  # somebody with two addresses on the list has one vote
        voters.setdefault(_as_person(known[email]) if email in known else _as_address(email), college or EVERYBODY)
    return list(voters.items())


def _owners(emails: list[str]) -> dict[str, int]:
    found = EmailAddress.objects.filter(email__in=emails, verified=True)
    return {email.lower(): person for email, person in found.values_list("email", "user_id")}


def _as_person(number: int) -> str:
    return f"person:{number}"


def _as_address(email: str) -> str:
    return f"email:{email.lower()}"


def voter_of(round_: Round, person: Any) -> RollVoter | None:
    """The place of a person on the roll, found by the secret of the round; None where there is none.

    The person themselves stand before their addresses, so that nobody has two places.
    """
    kept = RoundSecret.objects.filter(round=round_).first()
    if kept is None or not getattr(person, "is_authenticated", False):
        return None
    emails = EmailAddress.objects.filter(user_id=person.pk, verified=True).order_by("-primary", "pk")
    ids = [_as_person(person.pk), *(_as_address(email) for email in emails.values_list("email", flat=True))]
    names = [core.pseudonym(bytes(kept.secret), id_) for id_ in ids]
    found = {one.pseudonym: one for one in round_.roll.filter(pseudonym__in=names)}
    return next((found[name] for name in names if name in found), None)


def has_confirmed_address(person: Any) -> bool:
    """Whether one of a person's addresses is confirmed."""
    return bool(EmailAddress.objects.filter(user_id=person.pk, verified=True).exists())


def draft_of(voter: RollVoter) -> dict[str, int]:
    """What a voter has filled in: the draft, or else the ballot that was cast."""
    draft = BallotDraft.objects.filter(voter=voter).first()
    if draft is not None:
        return {str(name): int(value) for name, value in draft.said.items()}
    cast = ballot_of(voter)
    if cast is None:
        return {}
    ranked = range(1, len(cast.names) + 1) if cast.round.format == core.Format.RANK else [1] * len(cast.names)
    return dict(zip(cast.names, cast.points or ranked, strict=True))


def ballot_of(voter: RollVoter) -> Ballot | None:
    """The ballot that a voter has cast."""
    return Ballot.objects.select_related("round").filter(voter=voter).first()


def place_of(round_: Round, pseudonym: str) -> int:
    """The place of a ballot in the order of pseudonyms, counted from 1. After the end it never changes."""
    return Ballot.objects.filter(round=round_, voter__pseudonym__lte=pseudonym).count()


def ballot_at(round_: Round, place: int) -> Ballot | None:
    """The ballot at this place."""
    found = Ballot.objects.filter(round=round_).select_related("voter").order_by("voter__pseudonym")
    return found[place - 1] if 0 < place <= found.count() else None


def as_ballot(format_: str, voter: str, said: Mapping[str, int]) -> core.Ballot:
    """A draft as a ballot; by rank where people rank, else by name. Options with nothing are left out."""
    names = sorted((name for name, value in said.items() if value), key=lambda name: (said[name], name))
    if format_ == core.Format.RANK:
        return core.Ballot(voter, tuple(names))
    names.sort()
    if format_ == core.Format.APPROVE:
        return core.Ballot(voter, tuple(names))
    return core.Ballot(voter, tuple(names), tuple(said[name] for name in names))


def ranks_twice(format_: str, said: Mapping[str, int]) -> list[int]:
    """Ranks that more than one option has, where people rank."""
    if format_ != core.Format.RANK:
        return []
    ranks = [value for value in said.values() if value]
    return sorted({rank for rank in ranks if ranks.count(rank) > 1})


def turnout(rounds: Iterable[Round]) -> dict[int, int]:
    """How many ballots were cast, by round."""
    numbers = [one.pk for one in rounds]
    found = Ballot.objects.filter(round__in=numbers).values_list("round").annotate(n=Count("pk"))
    return dict(found)


def approved_by(round_: Round) -> list[Any]:
    """Who lets the round open."""
    return list(round_.approvals.select_related("person").order_by("pk"))


def commons_names(ids: Iterable[str]) -> dict[str, str]:
    """Names of commons by id; an id where nobody knows a name."""
    wanted = list(ids)
    known = names_of(wanted)
    return {one: known.get(one, one) for one in wanted}


def rows_of_person(person: Any) -> list[dict[str, Any]]:
    """What is known of a person around rounds, for themselves: ballots that still are theirs, what they let open.

    Of what they typed into a form and have not kept only that it is there: it may name other people.
    """
    let_open = RoundApproval.objects.filter(person=person).select_related("round").order_by("pk")
    rows: list[dict[str, Any]] = [{"round": one.round.slug, "approved_at": one.at} for one in let_open]
    typed = RoundTyped.objects.filter(person=person).order_by("pk").values_list("round__slug", "typed_at")
    rows += [{"round": slug or "", "typed_at": at} for slug, at in typed]
    for round_ in Round.objects.filter(kept_secret__isnull=False).order_by("pk"):
        voter = voter_of(round_, person)
        cast = ballot_of(voter) if voter else None
        if voter is not None:
            said = {"names": cast.names, "points": cast.points} if cast else None
            rows.append({"round": round_.slug, "pseudonym": voter.pseudonym, "ballot": said})
    return rows
