"""Money that goes back by transfer: owed, on its way, paid back, said as it stands; to one person, that and no more."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from communs.apps.foundation.actions import back, bank, payees, payouts, reconciling
from communs.apps.foundation.models import BankDetails, BankLine, Payee, Payout, Refund
from communs.apps.foundation.queries import giving_back
from communs.apps.foundation.queries.giving_back import Standing
from communs.apps.foundation.queries.owed import owed
from communs.apps.foundation.queries.payout_check import money_out_problems
from communs.kit.records.actions import Impossible
from communs.testing import money_in, money_out
from communs.testing.money_out import NOW

pytestmark = pytest.mark.django_db
DONOR, MORE = money_out.IBANS[2], money_out.IBANS[3]


@pytest.fixture
def cast() -> dict[str, Any]:
    people = money_out.people()
    money_out.found(people, {"maps": 5_000})
    return people


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def take_in(cast: dict[str, Any], theirs: money_out.Bank) -> None:
    bank.receive(cast["Tom"], "file.xml", theirs.statement(), NOW)
    for account in {line.bank_account for line in BankLine.objects.all()}:
        reconciling.reconcile(account, NOW)


def refunded(cast: dict[str, Any], theirs: money_out.Bank, minor: int = 700) -> Refund:
    """A gift by transfer of which two people have decided that a part goes back."""
    gift = money_in.gift(1_000, "open", tip_minor=100)
    theirs.ask("deposit", "1100", name="Ada Durand", iban=DONOR, ref=gift.reference)
    take_in(cast, theirs)
    key = uuid4()
    back.propose(cast["Tom"], key, gift.pay_ins.get().pk, minor, "given twice", NOW)
    return back.approve(cast["Bea"], key, NOW)


def standing(refund: Refund) -> Standing:
    row = Refund.objects.select_related("pay_in").get(pk=refund.pk)
    return giving_back.standings_of([row])[row.pk]


def confirmed(cast: dict[str, Any], payee: Payee, iban: str = DONOR) -> BankDetails:
    details = payees.give(cast["Tom"], payee.slug, payees.Given("Ada Durand", iban, "Delft", "NL"), NOW)
    return payees.confirm(cast["Bea"], details.pk, NOW)


def sent(cast: dict[str, Any], payee: Payee, minor: int, key: str, theirs: money_out.Bank) -> Payout:
    """A payout that two have approved and the bank has been asked for."""
    (payout,) = payouts.propose(cast["Tom"], key, [payouts.Wanted(payee.slug, "open", minor)], NOW)
    for name in ("Bea", "Ben"):
        payouts.approve(cast[name], payout.public_id, NOW)
    wanted = payouts.FileWanted("bank-main-eur", (payout.public_id,), NOW.date())
    batch = payouts.submit(cast["Tom"], f"file-{key}", wanted, NOW)
    theirs.take(bytes(batch.data))
    return payout


def test_it_is_said_as_it_stands(cast: dict[str, Any], theirs: money_out.Bank) -> None:
    refund = refunded(cast, theirs)
    assert (refund.state, standing(refund)) == ("succeeded", Standing.OWED)
    payee = payees.add_paid_back(cast["Tom"], "Ada", refund, NOW)
    assert payees.add_paid_back(cast["Tom"], "Ada", refund, NOW) == payee
    confirmed(cast, payee)
    assert list(giving_back.not_paid_back()) == [refund]
    sent(cast, payee, 300, "k1", theirs)
    assert standing(refund) == Standing.ON_ITS_WAY
    take_in(cast, theirs)
    assert standing(refund) == Standing.OWED  # a part of it is
    sent(cast, payee, 400, "k2", theirs)
    take_in(cast, theirs)
    assert standing(refund) == Standing.PAID_BACK
    assert list(giving_back.not_paid_back()) == []
    assert [row for row in owed() if row.payee == payee] == []
    assert list(money_out_problems()) == []
    money_in.sound()


def test_nobody_is_paid_back_more_than_they_gave(cast: dict[str, Any], theirs: money_out.Bank) -> None:
    refund, other = refunded(cast, theirs, 300), None
    payee = payees.add_paid_back(cast["Tom"], "Ada", refund, NOW)
    confirmed(cast, payee)
    theirs.ask("deposit", "5000", day="2026-03-04", name="Bo", iban=MORE, text="wrong account")
    take_in(cast, theirs)
    line = BankLine.objects.get(minor=5_000)
    reconciling.decide(cast["Tom"], line.pk, reconciling.Said("give-back"), NOW)
    other = payees.add_paid_back(cast["Tom"], "Bo", line, NOW)
    assert {row.payee: row.left for row in owed() if row.payee in {payee, other}} == {payee: 300, other: 5_000}
    with pytest.raises(Impossible, match="no more"):
        payouts.propose(cast["Tom"], "k", [payouts.Wanted(payee.slug, "open", 301)], NOW)
    payouts.propose(cast["Tom"], "k", [payouts.Wanted(payee.slug, "open", 200)], NOW)
    with pytest.raises(Impossible, match="no more"):
        payouts.propose(cast["Tom"], "l", [payouts.Wanted(payee.slug, "open", 101)], NOW)
    payouts.withdraw(cast["Tom"], Payout.objects.get().public_id, "wrong", NOW)
    payouts.propose(cast["Tom"], "l", [payouts.Wanted(payee.slug, "open", 300)], NOW)
    assert giving_back.standing_of_line(line) == Standing.OWED


def test_nothing_is_paid_back_that_was_not_decided(cast: dict[str, Any], theirs: money_out.Bank) -> None:
    theirs.ask("deposit", "5000", name="Bo", text="wrong account")
    take_in(cast, theirs)
    with pytest.raises(Impossible, match="decided first"):
        payees.add_paid_back(cast["Tom"], "Bo", BankLine.objects.get(), NOW)
    assert not Payee.objects.filter(title="Bo").exists()


def test_the_pages_lead_from_the_refund_to_the_payout(
    cast: dict[str, Any], theirs: money_out.Bank, tom: Client
) -> None:
    refund = refunded(cast, theirs)
    at = f"/en/foundation/refunds/{refund.public_id}/"
    page = text(tom.get(at))
    assert '<span class="tag ask">owed</span>' in page
    assert "1 gift to be paid back: say to whom" in text(tom.get("/en/foundation/keep/"))
    gift = refund.pay_in.gift
    assert gift is not None
    assert "€7 go back to you" in text(Client().get(f"/en/foundation/gift/{gift.token}/"))
    where = f"/en/foundation/payees/give-back/?refund={refund.public_id}"
    assert f'href="{where}"' in page
    assert 'value="Ada Durand"' in text(tom.get(where))
    payee = tom.post(where, {"title": "Ada Durand"}).headers["Location"]
    page = text(tom.get(payee))
    assert 'value="NL91 ABNA 0417 1643 00"' in page
    row = Payee.objects.get(refund=refund)
    sent(cast, confirmed(cast, row).payee, 700, "k", theirs)
    assert "on its way" in text(tom.get(at))
    data = SimpleUploadedFile("s.xml", theirs.statement())
    tom.post("/en/foundation/bank/import/", {"file": data})
    assert '<span class="tag yes">paid back</span>' in text(tom.get(at))
    assert "€7 were paid back" in text(Client().get(f"/en/foundation/gift/{gift.token}/"))
    assert tom.get("/en/foundation/payees/give-back/?refund=x").status_code == 404
    assert tom.get("/en/foundation/payees/give-back/?line=999").status_code == 404


def test_a_line_says_how_far_it_has_gone_back(cast: dict[str, Any], theirs: money_out.Bank, tom: Client) -> None:
    theirs.ask("deposit", "5000", name="Bo", iban=MORE, text="wrong account")
    take_in(cast, theirs)
    line = BankLine.objects.get()
    at = f"/en/foundation/bank/lines/{line.pk}/"
    tom.post(at, {"what": "give-back"})
    page = text(tom.get(at))
    assert "It goes back: owed" in page
    payee = tom.post(f"/en/foundation/payees/give-back/?line={line.pk}", {"title": "Bo"}).headers["Location"]
    assert payee in text(tom.get(at))
