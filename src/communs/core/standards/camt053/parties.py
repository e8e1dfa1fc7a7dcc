"""Who the other side of a payment is: banks write payer and payee, and do not say which of them is us."""

from __future__ import annotations

from communs.core.standards.camt053.statements import Counterparty
from communs.core.standards.reading.xml_tree import Node


def counterparty(node: Node, account: str, is_incoming: bool, is_return: bool) -> Counterparty:
    """The side that is not `account`.

    What comes in comes from the payer. In a return, payer and payee are those of the payment that came back, at most
    banks; where an account of ours is named on one side, that decides.
    """
    sides = [_side(node, "Dbtr"), _side(node, "Cdtr")]
    if is_incoming is is_return:
        sides.reverse()
    first, second = sides
    is_ours = bool(account) and first.iban == account
    is_blank = not (first.name or first.iban) and second.iban != account
    return second if is_ours or is_blank else first


def _side(node: Node, name: str) -> Counterparty:
    parties = node.first("RltdPties")
    if parties is None:
        return Counterparty()
    account = parties.say(f"{name}Acct", "Id", "IBAN") or parties.say(f"{name}Acct", "Id", "Othr", "Id")
    return Counterparty(_name(parties, name), account.replace(" ", ""), _name(parties, f"Ultmt{name}"))


def _name(parties: Node, name: str) -> str:
    """The name, as version 02 writes it, or 08, where a party is a person or a bank."""
    return parties.say(name, "Nm") or parties.say(name, "Pty", "Nm") or parties.say(name, "Agt", "FinInstnId", "Nm")
