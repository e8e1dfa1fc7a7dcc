"""What may be wrong with a round, a ballot or its files: a code, and a sentence that names place and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from communs.core.texts import N_, Translate, identity

OF_QUESTIONS: Final = {
    "version": N_("The round follows {version}, which this program does not know. It knows {known}."),
    "text": N_("{what} is empty or longer than {most} characters. Write a text of 1 to {most} characters."),
    "currency": N_("{currency} is no currency. Write a code of ISO 4217, such as EUR."),
    "pot": N_("The pot is {pot}. Give an amount above 0, and of at most {most} smallest units."),
    "no-option": N_("Nothing can be chosen. Name 1 to {most} commons."),
    "option-id": N_("“{option}” cannot be the id of a commons. Write one without comma, semicolon and quotes."),
    "option-twice": N_("{option} stands twice among the commons. Keep one of the two."),
    "cost": N_("{option} asks for {cost}. Give an amount of 0 or more, and of at most {most} smallest units."),
    "no-cost": N_(
        "{option} asks for nothing, and {rule} pays what is asked. Say how much, or choose a rule of shares."
    ),
    "too-dear": N_("Every commons asks for more than the pot holds: nothing can be paid. Raise the pot, or ask again."),
    "rule": N_("{rule} is no rule for rounds. There are {known}."),
    "parameter": N_("The rule does not take these parameters: {why}"),
    "floors": N_("A floor of {floor} for every commons is more than the pot holds. Let it be at most {most}."),
    "set-here": N_("{name} is set by the round itself. Leave the parameter out."),
    "thresholds": N_("{name} counts voters, and colleges weigh them. Leave it out, or let there be one college."),
    "steps": N_("With several colleges, add1 adds parts of what a voter has: set step_of to endowment, step to 1/100."),
    "start": N_("Where few units fall to a ballot, a start rounded down is nothing. Set start to exact."),
    "format": N_("{rule} cannot count ballots of the form {format}. Choose one of {known}."),
    "most": N_("A ballot may name {most} commons. Let it be 1 to {options}."),
    "points": N_("Points on a ballot: {points}. Let it be 1 to {most}."),
    "no-points": N_("Ballots of the form {format} have no points. Write 0."),
    "median-points": N_("For a median, people divide money: the points of a ballot must be the pot, {pot}."),
    "within-pot": N_("Only ballots that approve can be bound to the pot. Leave that out."),
    "no-college": N_("Nobody may decide. Name 1 to {most} colleges, one for everybody if there are no others."),
    "college-twice": N_("The college {college} stands twice. Keep one of the two."),
    "weight": N_("The weight of {college} is {weight}. Write 1 to {most}."),
    "zone": N_("{what} has no time zone. Add one, such as +01:00."),
    "dates": N_("The round closes before it opens. Let it close later."),
    "commitment": N_(
        "The commitment to the seed is no SHA-256. Write 64 hexadecimal digits, of a seed drawn by chance."
    ),
    "expiry": N_("Unclaimed shares would expire on {day}, when the round closes or before. Give people more time."),
    "ppm": N_("{ppm} millionths cannot be passed on. Write 0 to {most}."),
    "graph": N_("Money cannot be passed on along this graph: {why}"),
}
OF_BALLOTS: Final = {
    "unknown": N_("“{option}” cannot be chosen in this round. Choose from its list."),
    "named-twice": N_("You named {option} twice. Name it once."),
    "too-many": N_("You chose {count}, and may choose {most}. Take out {over}."),
    "points-asked": N_("Say how many points each choice gets."),
    "points-given": N_("This ballot has no points. Only choose."),
    "below-zero": N_("{option} has {points} points. Give 0 or more."),
    "too-high": N_("{option} has {points} points, and {most} is the most. Take off {over}."),
    "too-much": N_("You gave {points} points, and have {most}. Take back {over}."),
    "too-much-money": N_("You divided {points}, and there is {most}. Take back {over}."),
    "too-dear-together": N_("What you chose costs {points}, and there is {most}. Take something out: {over} too much."),
}
OF_CLOSING: Final = {
    "roll": N_("The roll names {voter} twice, or with a college that the round does not have. Correct the roll."),
    "other-roll": N_("The roll is that of the round {round}. Use the roll that was frozen at the opening."),
    "pseudonym": N_("The roll names {voter}, which is no pseudonym. Use HMAC-SHA256, 64 hexadecimal digits."),
    "alone": N_(
        "One person alone would vote for {college}, and all could see how. Let ballots be public, or join colleges."
    ),
    "rows": N_("So many people with so many choices cannot be counted by this rule. Let a ballot name {most} commons."),
    "sums": N_("The amounts of so many people cannot be summed. Let one ballot divide {most} smallest units."),
    "seed": N_("The seed does not fit the commitment. Take the seed whose SHA-256 was published at the opening."),
    "stranger": N_("{voter} voted and is not on the roll. Whoever joins after the opening cannot vote."),
    "voted-twice": N_("{voter} has two ballots. Only the last one counts: keep that."),
    "ballot": N_("The ballot of {voter} does not count: {why}"),
    "bundle": N_("A bundle cannot share: {why}"),
    "recipient": N_("Recipients: {why}"),
}
OF_FILES: Final = {
    "unreadable": N_("{file} cannot be read: {why}"),
    "rewritten": N_("{file} is not what this round is written as: {place} is {said}, and {follows} follows."),
    "opening": N_("The round is not the one that was opened: its hash is {follows}, and {said} was published."),
    "differs": N_("{place}: {said} is written, and {follows} follows from the ballots."),
}
TEXTS: Final[Mapping[str, str]] = {**OF_QUESTIONS, **OF_BALLOTS, **OF_CLOSING, **OF_FILES}


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault by its code, with what fills its sentence."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def say(self, translate: Translate = identity) -> str:
        """The sentence."""
        return translate(TEXTS[self.code]).format(**self.values)


class InvalidRound(ValueError):
    """The round cannot be closed: `problems` say why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(one.say() for one in self.problems[:5]))
