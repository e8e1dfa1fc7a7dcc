"""The lines of the bank as a treasurer works through them: filters, many confirmed together, one after the other."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from communs.apps.foundation import naming
from communs.apps.foundation.actions import gifts, reconciling
from communs.apps.foundation.models import BankLine, LineDecision, Payout
from communs.apps.foundation.queries import bank as queries
from communs.apps.foundation.queries.payouts import state_of
from communs.kit.records.actions import Impossible
from communs.testing import money_in, money_out
from communs.testing.money_out import NOW

pytestmark = pytest.mark.django_db
LINES, CONFIRM, IMPORT = ("/en/foundation/bank/" + name for name in ("lines/", "lines/confirm/", "import/"))


@pytest.fixture
def cast() -> dict[str, Any]:
    people = money_out.people()
    money_out.found(people, {"maps": 5_000, "music": 3_000, "words": 4_000})
    return people


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def shown(page: str, name: str) -> list[str]:
    """The values of a hidden field or box, as the page sends them."""
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


def take_in(tom: Client, theirs: money_out.Bank, **how: Any) -> None:
    tom.post(IMPORT, {"file": SimpleUploadedFile("d.xml", theirs.statement(**how))})


def three_paid(cast: dict[str, Any], theirs: money_out.Bank, tom: Client) -> list[Payout]:
    """Three payouts that the bank has made, and of which its statement has lost the names."""
    batch, made = money_out.submitted(cast, "maps", "music", "words")
    theirs.take(bytes(batch.data))
    take_in(tom, theirs, wrong="no-references")
    return list(made)


def test_what_is_suggested_is_confirmed_together(cast: dict[str, Any], theirs: money_out.Bank, tom: Client) -> None:
    theirs.ask("deposit", "700", name="Ada", text="bravo")
    made = three_paid(cast, theirs, tom)
    page = text(tom.get(LINES))
    assert "Confirm the 3 suggested" in page
    assert len(shown(page, "pick")) == 3
    done = text(tom.post(CONFIRM, {"all": shown(page, "all"), "everything": "1"}))
    assert "3 of 3 are done." in done
    assert [state_of(one) for one in made] == ["confirmed"] * 3
    assert set(LineDecision.objects.filter(what="payout").values_list("note", flat=True)) == {"Confirmed as suggested."}
    again = text(tom.post(CONFIRM, {"pick": shown(page, "pick")}))
    assert "0 of 3 are done." in again
    assert again.count("has been decided already") == 3
    money_in.sound()


def test_only_what_is_ticked_is_confirmed_and_each_by_itself(
    cast: dict[str, Any], theirs: money_out.Bank, tom: Client
) -> None:
    first, second, third = three_paid(cast, theirs, tom)
    picks = shown(text(tom.get(LINES)), "pick")
    by_payout = {one.split(":")[2]: one for one in picks}
    taken = by_payout[first.public_id.hex]
    line = int(by_payout[second.public_id.hex].split(":")[0])
    reconciling.decide(cast["Tom"], line, reconciling.Said("payout", second.public_id.hex), NOW)
    done = text(tom.post(CONFIRM, {"pick": [taken, by_payout[second.public_id.hex], "x:payout:1", "9:nothing:1"]}))
    assert "1 of 2 is done." in done
    assert [state_of(one) for one in (first, second, third)] == ["confirmed", "confirmed", "submitted"]


def test_nothing_is_confirmed_without_the_office(cast: dict[str, Any], theirs: money_out.Bank, tom: Client) -> None:
    made = three_paid(cast, theirs, tom)
    picks = shown(text(tom.get(LINES)), "pick")
    for name in ("Bea", "Nobody", "Admin"):
        other = Client()
        other.force_login(cast[name])
        assert other.post(CONFIRM, {"pick": picks}).status_code == 403
    assert [state_of(one) for one in made] == ["submitted"] * 3
    assert tom.post(CONFIRM, {}).status_code == 302


def test_two_lines_that_claim_one_payout_are_looked_at(
    cast: dict[str, Any], theirs: money_out.Bank, tom: Client
) -> None:
    batch, (payout, _other) = money_out.submitted(cast, "maps", "music")
    theirs.take(bytes(batch.data))
    theirs.take(bytes(batch.data).replace(batch.ident.encode(), b"OTHER"), day="2026-03-03")
    take_in(tom, theirs, wrong="no-references")
    assert BankLine.objects.count() == 4
    assert "suggested" not in text(tom.get(LINES)).split("</aside>")[1]
    assert state_of(payout) == "submitted"


def test_a_transfer_without_its_reference_is_suggested_as_the_gift_of_its_giver(
    cast: dict[str, Any], theirs: money_out.Bank, tom: Client
) -> None:
    meant = money_in.gift(2_500, "city", giver=gifts.GiverSaid("fr", name="Durand"))
    money_in.gift(2_500)
    theirs.ask("deposit", "2500", name="ADA DURAND", text="pour les cartes")
    half = money_in.gift(1_700)
    theirs.ask("deposit", "1700", name="Somebody", text=f"ref {half.reference[6:18]}")
    take_in(tom, theirs)
    page = text(tom.get(LINES))
    assert "because of: the same amount, the same name" in page
    assert "because of: the same amount, its text names it" in page
    assert "2 of 2 are done." in text(tom.post(CONFIRM, {"pick": shown(page, "pick")}))
    assert (meant.pay_ins.get().minor, half.pay_ins.get().minor) == (2_500, 1_700)
    assert money_in.balance(naming.income("EUR").id, "city") == -(money_out.STARTS_WITH - 10_000) - 2_500
    money_in.sound()


def test_filters_find_a_line_and_go_into_every_link(cast: dict[str, Any], theirs: money_out.Bank, tom: Client) -> None:
    theirs.ask("deposit", "700", day="2026-03-04", name="Ada", text="bravo")
    theirs.ask("deposit", "800", day="2026-03-05", name="Ada", text="bravo")
    theirs.ask("deposit", "900", day="2026-03-06", name="Bo", text="merci")
    take_in(tom, theirs)
    for query, lines in (
        ("amount=8,00", ["€8"]), ("from=2026-03-05", ["€8", "€9"]), ("to=2026-03-04", ["€7"]), ("q=ada", ["€7", "€8"]),
        ("what=income", []), ("what=unidentified", ["€7", "€8", "€9"]), ("what=nonsense&amount=x", ["€7", "€8", "€9"]),
    ):  # fmt: skip
        page = text(tom.get(f"{LINES}?{query}"))
        found = re.findall(r'href="/en/foundation/bank/lines/\d+/\?[^"]*">(€\d+) ·', page)
        assert sorted(found) == lines, query
        exported = b"".join(tom.get(f"{LINES}export.csv?{query}").streaming_content).decode()  # type: ignore[attr-defined]
        assert exported.count("\n") == 1 + len(lines)


def test_one_works_through_the_list_line_after_line(cast: dict[str, Any], theirs: money_out.Bank, tom: Client) -> None:
    for day, minor in (("2026-03-04", "700"), ("2026-03-05", "800"), ("2026-03-05", "900")):
        theirs.ask("deposit", minor, day=day, name="Ada", text="bravo")
    theirs.ask("deposit", "100", day="2026-03-05", name="Bo", text="other")
    take_in(tom, theirs)
    first, second, third = queries.Asked(text="ada").lines()
    page = text(tom.get(f"{LINES}{second.pk}/?q=ada"))
    assert f'rel="prev" href="/en/foundation/bank/lines/{first.pk}/?q=ada"' in page
    assert f'rel="next" href="/en/foundation/bank/lines/{third.pk}/?q=ada"' in page
    told = {"what": "income", "fund": "open"}
    assert tom.post(f"{LINES}{first.pk}/?q=ada", told).headers["Location"] == f"{LINES}{second.pk}/?q=ada"
    assert tom.post(f"{LINES}{second.pk}/?q=ada", told).headers["Location"] == f"{LINES}{third.pk}/?q=ada"
    assert tom.post(f"{LINES}{third.pk}/?q=ada", told).headers["Location"] == f"{LINES}?q=ada"


def test_too_many_at_once_are_refused(cast: dict[str, Any]) -> None:
    with pytest.raises(Impossible, match="50"):
        reconciling.decide_all(cast["Tom"], {number: reconciling.Said("fee") for number in range(51)}, NOW)


def test_the_list_is_taken_along_as_csv_and_json_without_who_paid(
    cast: dict[str, Any], theirs: money_out.Bank, tom: Client
) -> None:
    theirs.ask("deposit", "700", name="Ada", text="bravo")
    take_in(tom, theirs)
    page = text(tom.get(LINES + "?q=bravo&what=all"))
    for form in ("csv", "json"):
        assert f'href="{LINES}export.{form}?q=bravo&amp;what=all"' in page
    lines = b"".join(tom.get(LINES + "export.csv?what=all")).decode("utf-8-sig").splitlines()
    (row,) = json.loads(b"".join(tom.get(LINES + "export.json?q=bravo&what=all")))
    assert list(row) == lines[0].split(",")
    assert lines[1].split(",") == [str(cell).lower() if cell is False else str(cell) for cell in row.values()]
    assert (row["amount_minor"], row["currency"], row["is_return"]) == (700, "EUR", False)
    assert "Ada" not in str(row) + str(lines)
    client = Client()
    client.force_login(cast["Nobody"])
    assert client.get(LINES + "export.json").status_code == 403
