"""Pages of payouts, payees and the bank: the whole way in a browser's steps, and who may see what."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from communs.apps.foundation import naming
from communs.apps.foundation.models import BankLine, Payout
from communs.apps.foundation.queries import payouts as queries
from communs.testing import money_out as house

pytestmark = pytest.mark.django_db
MAPS = naming.commons("maps", "EUR").id
PLACES = ("payouts", "propose", "payout-file-new", "payout-files", "payees", "bank", "bank-import", "bank-lines")


@pytest.fixture
def cast() -> dict[str, Any]:
    people = house.people()
    house.found(people, {"maps": 5_000, "music": 3_000})
    return people


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(name: str, *values: Any) -> str:
    return reverse(f"foundation:{name}", args=values)


def token(page: Any) -> str:
    found = re.search(r'name="token" value="([0-9a-f-]{36})"', page.content.decode())
    assert found is not None
    return found.group(1)


def propose(client: Client, *names: str) -> Any:
    page = client.get(at("propose"))
    said = {f"amount-{naming.commons(name, 'EUR').id}:city": "10,00" for name in names}
    picked = [f"{naming.commons(name, 'EUR').id}:city" for name in names]
    return {"token": token(page), "text": "Round 3", "pick": picked, **said}


@pytest.mark.parametrize("name", PLACES)
def test_only_those_with_an_office_see_the_pages(cast: dict[str, Any], name: str) -> None:
    assert Client().get(at(name)).status_code == 302
    assert client_of(cast["Nobody"]).get(at(name)).status_code == 403
    assert client_of(cast["Admin"]).get(at(name)).status_code == 403
    assert client_of(cast["Tom"]).get(at(name)).status_code == 200


def test_the_whole_way_from_what_is_owed_to_paid(cast: dict[str, Any], tmp_path: Path) -> None:
    theirs, tom = house.Bank(tmp_path), client_of(cast["Tom"])
    data = propose(tom, "maps")
    for _twice in range(2):  # sent twice, done once
        assert tom.post(at("propose"), data).status_code == 302
    payout = Payout.objects.get()
    assert (payout.minor, payout.text) == (1_000, "Round 3")
    for name in ("Bea", "Ben"):
        page = client_of(cast[name]).get(at("payout-approve", payout.public_id))
        assert payout.details.iban in page.content.decode()
        client_of(cast[name]).post(at("payout-approve", payout.public_id))
    page = tom.get(at("payout-file-new"))
    sent = {"token": token(page), "bank_account": "bank-main-eur", "payout": str(payout.public_id)}
    answer = tom.post(at("payout-file-new"), {**sent, "execute_on": "2099-03-02"})
    assert answer.status_code == 302
    ident = answer["Location"].rstrip("/").rsplit("/", 1)[1]
    file = tom.get(at("payout-file-xml", ident))
    assert file.content == tom.get(at("payout-file-xml", ident)).content
    assert theirs.take(file.content)["payments"] == [payout.public_id.hex]
    upload = SimpleUploadedFile("day.xml", theirs.statement())
    page = tom.post(at("bank-import"), {"file": upload}, follow=True)
    assert "1 new line." in page.content.decode()
    assert queries.state_of(payout) == "confirmed"
    steps = tom.get(at("payout", payout.public_id)).content.decode()
    assert all(name in steps for name in ("Tom", "Bea", "Ben"))
    upload = SimpleUploadedFile("day.xml", theirs.statement())
    assert "was here before" in tom.post(at("bank-import"), {"file": upload}, follow=True).content.decode()


def test_a_form_sent_again_with_something_else_is_answered_with_409(cast: dict[str, Any]) -> None:
    tom = client_of(cast["Tom"])
    data = propose(tom, "maps")
    tom.post(at("propose"), data)
    assert tom.post(at("propose"), {**data, "text": "other"}).status_code == 409
    assert Payout.objects.count() == 1


def test_what_is_typed_wrongly_is_kept_and_told(cast: dict[str, Any]) -> None:
    tom = client_of(cast["Tom"])
    data = propose(tom, "maps")
    page = tom.post(at("propose"), {**data, f"amount-{MAPS}:city": "ten"}).content.decode()
    assert "is no amount" in page
    assert 'value="ten"' in page
    assert "Nothing is ticked" in tom.post(at("propose"), {**data, "pick": []}).content.decode()


def test_everything_that_is_owed_can_be_proposed_at_once(cast: dict[str, Any]) -> None:
    tom = client_of(cast["Tom"])
    tom.post(at("propose"), {"token": token(tom.get(at("propose"))), "text": "", "everything": "1"})
    assert sorted(Payout.objects.values_list("minor", flat=True)) == [3_000, 5_000]
    assert "Nothing is owed" in tom.get(at("propose")).content.decode()


def test_an_approver_is_not_offered_what_they_may_not_do(cast: dict[str, Any]) -> None:
    (payout,) = house.proposed(cast, "maps")
    here = at("payout", payout.public_id)
    approve = at("payout-approve", payout.public_id)
    assert approve in client_of(cast["Bea"]).get(here).content.decode()
    assert approve not in client_of(cast["Tom"]).get(here).content.decode()
    client_of(cast["Bea"]).post(approve)
    assert approve not in client_of(cast["Bea"]).get(here).content.decode()
    assert client_of(cast["Tom"]).post(approve).status_code == 403


def test_a_payout_is_withdrawn_with_a_reason(cast: dict[str, Any]) -> None:
    (payout,) = house.proposed(cast, "maps")
    bo = client_of(cast["Bo"])
    assert "required" in bo.post(at("payout-withdraw", payout.public_id), {"reason": ""}).content.decode()
    bo.post(at("payout-withdraw", payout.public_id), {"reason": "paid by another"})
    assert "paid by another" in bo.get(at("payout", payout.public_id)).content.decode()


def test_exports_hold_no_names_and_no_accounts(cast: dict[str, Any]) -> None:
    house.proposed(cast, "maps", "music")
    tom = client_of(cast["Tom"])
    for form in ("csv", "json"):
        text = tom.get(at("payouts-export", form)).getvalue().decode()
        assert MAPS in text
        assert "Association" not in text
        assert house.IBANS[0] not in text
    assert len(json.loads(tom.get(at("payouts-export", "json") + "?state=proposed").getvalue())) == 2
    assert json.loads(tom.get(at("payouts-export", "json") + "?state=confirmed").getvalue()) == []


def test_files_for_the_bank_are_listed_and_taken_along(cast: dict[str, Any]) -> None:
    batch, _made = house.submitted(cast, "maps", "music")
    tom = client_of(cast["Tom"])
    assert "1 file for the bank" in tom.get(at("payout-files")).content.decode()
    (row,) = json.loads(tom.get(at("payout-files-export", "json")).getvalue())
    assert (row["file"], row["payouts"], row["total_minor"], row["currency"]) == (batch.ident, 2, 2_000, "EUR")
    assert batch.ident in tom.get(at("payout-files-export", "csv")).getvalue().decode()
    assert tom.get(at("payout-files-export", "xml")).status_code == 404


def test_a_steward_gives_bank_details_and_sees_nothing_else(cast: dict[str, Any]) -> None:
    from communs.apps.register.actions import appoint_steward
    from communs.apps.register.models import Commons

    commons = Commons(public_id="maps", created_at=house.NOW, updated_at=house.NOW, version=0)
    commons.project()
    commons.save()
    appoint_steward(commons, cast["Nobody"], by=None)
    steward = client_of(cast["Nobody"])
    page = steward.get(at("payee", MAPS)).content.decode()
    assert house.IBANS[0] not in page.replace(" ", "")
    given = {"name": "Maps", "iban": "NL91 ABNA 0417 1643 00", "town": "Delft", "country": "NL"}
    wrong = steward.post(at("payee", MAPS), {**given, "iban": "NL92 ABNA 0417 1643 00"}).content.decode()
    assert "check digits do not fit" in wrong
    assert steward.post(at("payee", MAPS), given).status_code == 302
    assert steward.get(at("payees")).status_code == 403
    assert steward.get(at("payee", naming.commons("music", "EUR").id)).status_code == 403
    bea = client_of(cast["Bea"])
    confirm = re.search(r'action="(/en/foundation/payees/[^"]+)"', bea.get(at("payee", MAPS)).content.decode())
    assert confirm is not None
    bea.post(confirm.group(1))
    assert queries.details_in_force()[Payout.payee.field.related_model.objects.get(slug=MAPS).pk].town == "Delft"


def test_a_line_is_decided_with_one_press_on_a_suggestion(cast: dict[str, Any], tmp_path: Path) -> None:
    theirs, tom = house.Bank(tmp_path), client_of(cast["Tom"])
    batch, (payout, second) = house.submitted(cast, "maps", "music")
    theirs.take(bytes(batch.data))
    theirs.ask("deposit", "700", name="Ada", text="bravo")
    tom.post(at("bank-import"), {"file": SimpleUploadedFile("d.xml", theirs.statement(wrong="no-references"))})
    page = tom.get(at("bank-lines")).content.decode()
    assert page.count('href="/en/foundation/bank/lines/') >= 2
    line = BankLine.objects.get(minor=-1_000, name="Association maps")
    page = tom.get(at("bank-line", line.pk)).content.decode()
    assert "the same amount, the same account, the same name" in page
    assert client_of(cast["Bea"]).post(at("bank-line", line.pk), {"what": "fee"}).status_code == 200  # looks only
    assert tom.post(at("bank-line", line.pk), {"what": "payout", "payout": ""}).status_code == 200
    assert queries.state_of(payout) == "submitted"
    tom.post(at("bank-line", line.pk), {"what": "payout", "payout": payout.public_id.hex})
    assert queries.state_of(payout) == "confirmed"
    other = BankLine.objects.get(minor=-1_000, name="Association music")
    assert client_of(cast["Nobody"]).post(at("bank-line", other.pk), {"what": "fee"}).status_code == 403
    tom.post(at("bank-line", other.pk), {"what": "clearing", "note": "asked the bank"})
    gift = BankLine.objects.get(minor=700)
    assert "Nothing of it says who gave it" in tom.get(at("bank-line", gift.pk)).content.decode()
    tom.post(at("bank-line", gift.pk), {"what": "income", "fund": "city", "note": "she wrote"})
    assert "To be cleared up with the bank" in tom.get(at("bank-lines")).content.decode()
    tom.post(at("bank-line", other.pk), {"what": "payout", "payout": second.public_id.hex})
    assert "Nothing waits" in tom.get(at("bank-lines")).content.decode()
    assert "she wrote" in tom.get(at("bank-line", gift.pk)).content.decode()
    assert "Difference" in tom.get(at("bank")).content.decode()


def test_what_the_bank_gave_can_be_taken_again(cast: dict[str, Any], tmp_path: Path) -> None:
    theirs, tom = house.Bank(tmp_path), client_of(cast["Tom"])
    data = theirs.statement()
    tom.post(at("bank-import"), {"file": SimpleUploadedFile("d.xml", data)})
    page = tom.get(at("bank")).content.decode()
    statement = re.search(r'href="(/en/foundation/bank/statements/\d+/)"', page)
    assert statement is not None
    file = re.search(r'href="(/en/foundation/bank/files/\d+/)"', tom.get(statement.group(1)).content.decode())
    assert file is not None
    assert tom.get(file.group(1)).content == data


def test_a_file_that_is_none_is_refused_in_words(cast: dict[str, Any]) -> None:
    answer = client_of(cast["Tom"]).post(at("bank-import"), {"file": SimpleUploadedFile("x.csv", b"a;b\n")})
    page = answer.content.decode()
    assert "neither a statement" in page
    assert 'name="file"' in page  # beside the field: the next file can be chosen at once


def test_an_account_is_written_down_and_money_is_given_back(cast: dict[str, Any]) -> None:
    tom = client_of(cast["Tom"])
    said = {"holder": "Fondation", "iban": house.IBANS[2], "town": "Paris", "country": "FR", "fund": "open"}
    assert tom.post(at("bank-account-new"), {**said, "name": "second"}).status_code == 302
    assert "bank-second-eur" in tom.get(at("bank")).content.decode()
    assert tom.post(at("donor-new"), {"title": "Ada"}).status_code == 302
    assert "Ada" in tom.get(at("payees")).content.decode()


def test_what_waits_is_approved_together_and_each_by_itself(cast: dict[str, Any]) -> None:
    house.proposed(cast, "maps", "music")
    bea, ben = client_of(cast["Bea"]), client_of(cast["Ben"])
    assert "2 payouts, €20 together" in bea.get(at("payouts-approve")).content.decode()
    first = Payout.objects.order_by("pk")[0]
    bea.post(at("payouts-approve"), {"payout": [str(first.public_id)]})
    assert "1 payout, €10." in bea.get(at("payouts-approve")).content.decode()
    bea.post(at("payouts-approve"), {"everything": "1"})
    assert "Nothing waits for you" in bea.get(at("payouts-approve")).content.decode()
    page = ben.post(at("payouts-approve"), {"everything": "1"}, follow=True).content.decode()
    assert "2 payouts are approved." in page
    assert queries.counts() == {"reserved": 2}
    assert client_of(cast["Tom"]).get(at("payouts-approve")).status_code == 403


def test_payees_are_listed_by_whether_they_can_be_paid_and_taken_along_without_names(cast: dict[str, Any]) -> None:
    tom = client_of(cast["Tom"])
    tom.post(at("donor-new"), {"title": "Ada"})
    given = {"name": "Maps", "iban": "NL91 ABNA 0417 1643 00", "town": "Delft", "country": "NL"}
    tom.post(at("payee", MAPS), given)
    page = tom.get(at("payees")).content.decode()
    for said in ("no bank details (1)", "a second person has to confirm (1)", "can be paid ("):
        assert said in page
    page = tom.get(at("payees") + "?standing=nowhere").content.decode()
    assert "1 payee" in page
    assert "Ada" in page
    assert 'href="/en/foundation/payees/export.json?standing=nowhere"' in page
    (row,) = json.loads(b"".join(tom.get(at("payees-export", "json") + "?standing=waiting")))
    assert row == {"payee": MAPS, "commons": "maps", "currency": "EUR", "standing": "waiting"}
    lines = b"".join(tom.get(at("payees-export", "csv"))).decode("utf-8-sig")
    assert lines.startswith("payee,commons,currency,standing\r\n")
    assert "Ada" not in lines
    assert tom.get(at("payees-export", "xml")).status_code == 404
    assert client_of(cast["Nobody"]).get(at("payees-export", "csv")).status_code == 403
