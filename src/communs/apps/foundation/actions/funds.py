"""Opening funds, and accounts with an agreed overdraft: what is decided by two, and what is done then."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from communs.apps.foundation import naming
from communs.apps.foundation.actions.books import open_account, open_fund
from communs.apps.foundation.models import Account, Decision, Fund
from communs.core.ledger import Account as AccountSaid
from communs.core.ledger import Fund as FundSaid
from communs.core.ledger import InvalidBooks, Nature
from communs.kit.records.actions import Impossible


@dataclass(frozen=True, slots=True)
class FundWanted:
    """A fund to be opened. `titles` and `purposes` by language; days as "2026-12-05", "" for none."""

    slug: str
    nature: str
    titles: dict[str, str]
    purposes: dict[str, str] = field(default_factory=dict)
    funder: str = ""
    convention: str = ""
    return_clause: str = ""
    opens_on: str = ""
    closes_on: str = ""
    floor_minor: int = 0


@dataclass(frozen=True, slots=True)
class OverdraftWanted:
    """An account at a bank that may fall below zero by so many minor units, as a document agrees."""

    name: str
    currency: str
    overdraft_minor: int
    document: str


def check_fund(content: dict[str, Any], kind: str) -> None:
    """Raises `Impossible` where such a fund cannot be opened."""
    check_opening(FundWanted(**content))


def check_opening(wanted: FundWanted) -> None:
    """Raises `Impossible` where this fund cannot be opened."""
    if Fund.objects.filter(slug=wanted.slug).exists():
        raise Impossible(_("There is a fund under this name. Choose another name."))
    if wanted.nature == Nature.RESTRICTED and not (wanted.convention and wanted.funder and wanted.return_clause):
        why = _("A restricted fund names who gives, the agreement, and what becomes of unspent money.")
        raise Impossible(why)
    _fund_of(wanted)


def carry_out_fund(decision: Decision, by: Any, now: datetime) -> None:
    """Open the fund."""
    check_fund(decision.content, decision.kind)
    open_wanted(FundWanted(**decision.content), now)


def open_wanted(wanted: FundWanted, now: datetime) -> None:
    """Open this fund."""
    open_fund(_fund_of(wanted), now=now, titles=wanted.titles, purposes=wanted.purposes)


def fund_made(decision: Decision) -> str:
    """The name of the fund that a decision opens."""
    return str(decision.content["slug"])


def _fund_of(wanted: FundWanted) -> FundSaid:
    try:
        return FundSaid(
            wanted.slug,
            Nature(wanted.nature),
            funder=wanted.funder,
            convention=wanted.convention,
            return_clause=wanted.return_clause,
            opens_on=_day(wanted.opens_on),
            closes_on=_day(wanted.closes_on),
            floor_minor=wanted.floor_minor,
        )
    except InvalidBooks as error:
        raise Impossible(str(error)) from error


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def check_overdraft(content: dict[str, Any], kind: str) -> None:
    """Raises `Impossible` where there is such an account, or nothing is agreed."""
    wanted = OverdraftWanted(**content)
    if wanted.overdraft_minor <= 0 or not wanted.document.strip():
        raise Impossible(_("Give an amount above zero, and the document in which it is agreed."))
    if Account.objects.filter(slug=_account_of(wanted).id).exists():
        raise Impossible(
            _("There is an account under this name, and what it may do never changes. Choose another name.")
        )


def carry_out_overdraft(decision: Decision, by: Any, now: datetime) -> None:
    """Open the account."""
    check_overdraft(decision.content, decision.kind)
    open_account(_account_of(OverdraftWanted(**decision.content)), now=now)


def account_made(decision: Decision) -> str:
    """The name of the account that a decision opens."""
    return _account_of(OverdraftWanted(**decision.content)).id


def _account_of(wanted: OverdraftWanted) -> AccountSaid:
    plain = naming.bank(wanted.currency, wanted.name)
    return AccountSaid(plain.id, plain.kind, plain.currency, title=plain.title, overdraft_minor=wanted.overdraft_minor)
