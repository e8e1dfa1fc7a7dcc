"""Money out in the story: one payout is paid, one the bank has not answered, one is ready, one waits for approval."""

from __future__ import annotations

from typing import Any

from communs.apps.foundation import naming
from communs.apps.foundation.actions import deciding, gifts, payees, payouts
from communs.apps.foundation.actions.moving import MoveWanted
from communs.apps.foundation.demo.giving import CITY, OPEN, take_in
from communs.apps.foundation.demo.people import Calendar, key, someone
from communs.apps.foundation.demo.statement import Line
from communs.apps.foundation.queries.books import account_balance

IBANS = {
    "openstreetmap": "DE89370400440532013000",
    "open-food-facts": "NL91ABNA0417164300",
    "leaflet": "AT611904300234573201",
    "postgis": "BE71096123456769",
}
"""Examples of their countries' registers, which no bank gives to anybody."""
MAIN = naming.bank("EUR").id


def give_details(calendar: Calendar) -> None:
    """Where these commons are paid, confirmed by a second person."""
    for public_id, iban in IBANS.items():
        if _owed(public_id):
            said = payees.Given(f"Friends of {public_id} (demonstration)", iban, "Lyon", "FR")
            given = payees.give(someone("Tessa"), _account(public_id), said, calendar.at(20))
            payees.confirm(someone("Carlo"), given.pk, calendar.at(20, 15))


def pay(calendar: Calendar) -> list[Any]:
    """Propose what is owed, approve most of it, send two to the bank: those that were sent."""
    tessa = someone("Tessa")
    owed = [public_id for public_id in IBANS if _owed(public_id)]
    wanted = [
        payouts.Wanted(_account(public_id), CITY, _owed(public_id), "First round of Belleville") for public_id in owed
    ]
    if not wanted:
        return []
    made = {one.payee.slug: one for one in payouts.propose(tessa, "demonstration", wanted, calendar.at(18))}
    for public_id in owed:
        board = ("Stella",) if public_id == "postgis" else ("Stella", "Mina")
        for name in board:
            payouts.approve(someone(name), made[_account(public_id)].public_id, calendar.at(17))
    sent = [made[_account(public_id)] for public_id in owed if public_id in {"openstreetmap", "open-food-facts"}]
    if sent:
        ids = tuple(one.public_id for one in sent)
        payouts.submit(tessa, "demonstration", payouts.FileWanted(MAIN, ids, calendar.day(15)), calendar.at(16))
    return sent


def second_statement(calendar: Calendar, opening: int, sent: list[Any]) -> None:
    """The bank pays the first, and says nothing of the other yet; another gift comes; a line waits for a decision."""
    lines = [
        Line(calendar.day(15), -one.minor, one.details.name, end_to_end=one.public_id.hex, text=one.text)
        for one in sent[:1]
    ]
    late = gifts.give(key("gift-late"), gifts.Wanted(OPEN, 8_000), calendar.at(12))
    lines.append(Line(calendar.day(9), 8_000, "Noa Exemple", late.reference))
    lines.append(Line(calendar.day(6), 4_200, "Alex Exemple", text="don"))
    lines.append(Line(calendar.day(4), -450, text="Account fee", family="CHRG"))
    take_in(calendar, 2, opening, 3, 44, lines)


def propose_a_release(calendar: Calendar) -> None:
    """The treasurer proposes something that waits for two of the board."""
    wanted = MoveWanted(MAIN, CITY, OPEN, 250_000, "Letter of the city, invented for the demonstration")
    reason = "The city lets a part of its first tranche be used for running costs."
    deciding.propose(someone("Tessa"), key("release"), "release", wanted, reason, calendar.at(2))


def _account(public_id: str) -> str:
    return naming.commons(public_id, "EUR").id


def _owed(public_id: str) -> int:
    return -account_balance(_account(public_id), CITY)
