"""The public accounts as a visitor meets them: totals, filters, one entry, what is never shown."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from communs.apps.foundation import logfiles
from communs.apps.foundation import models as rows
from communs.apps.foundation.actions import books as actions
from communs.apps.foundation.actions import proof as prove
from communs.apps.foundation.queries import books, proof, public
from communs.apps.foundation.queries.flow import flow_of
from communs.apps.register.models import Commons
from communs.core.ledger import Account, AccountKind, EntryKind, Fund, Nature
from communs.core.transparency import Evidence

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
pytestmark = pytest.mark.django_db
K = AccountKind
ACCOUNTS = (
    ("main", K.BANK, "", "Bank of Lyon"), ("gifts", K.INCOME, "", ""), ("grants", K.GRANTS, "", ""),
    ("fees", K.FEES, "", ""), ("moved", K.TRANSFER, "", ""), ("maps", K.COMMONS, "commons:maps", ""),
    ("words", K.COMMONS, "commons:words", ""), ("back", K.DONOR, "", ""),
)  # fmt: skip


@pytest.fixture(autouse=True)
def recorded(tmp_path: Path, settings: Any, as_decided: Any) -> None:
    """City gives 1,000 €, Marie 50 €; 600 € go to maps, 200 € to words; a fee, a refund, a release, a payout."""
    settings.DATA, settings.LOG_SEED, settings.LOG_COSIGNERS = tmp_path, "07" * 32, ""
    actions.open_period(date(2026, 1, 1), date(2026, 12, 31))
    bound = Fund("city", Nature.RESTRICTED, "City fund", convention="2026-17", funder="City of Lyon")
    actions.open_fund(bound, now=NOW, titles={"en": "City fund", "fr": "Fonds de la ville"})
    actions.open_fund(Fund("open", Nature.UNRESTRICTED, "Open fund"), now=NOW)
    for name, kind, owner, title in ACCOUNTS:
        actions.open_account(Account(name, kind, "EUR", owner=owner, title=title), now=NOW)
    city = entry("city", EntryKind.PAY_IN, ("main", "city", 100_000), ("gifts", "city", -100_000))
    marie = entry("marie", EntryKind.PAY_IN, ("main", "open", 5_000), ("gifts", "open", -5_000), actor="person:7")
    actions.record_all([
        city, marie,
        entry("round", EntryKind.GRANT, ("grants", "city", 80_000), ("maps", "city", -60_000),
              ("words", "city", -20_000), document="Round 1", memo="Spring round"),
        entry("fee", EntryKind.FEE, ("fees", "open", 120), ("main", "open", -120)),
        entry("refund", EntryKind.REVERSAL, ("gifts", "open", 1_000), ("back", "open", -1_000), reverses=marie.id,
              memo="Marie Durand gave twice"),
        as_decided(entry("release", EntryKind.RELEASE, ("main", "city", -500), ("moved", "city", 500),
                         ("main", "open", 500), ("moved", "open", -500), document="Letter 3")),
        entry("payout", EntryKind.PAYOUT, ("maps", "city", 10_000), ("main", "city", -10_000)),
    ])  # fmt: skip


def entry(key: str, kind: EntryKind, *lines: tuple[str, str, int], **said: Any) -> Any:
    return actions.entry(key, kind, [(*line, "EUR") for line in lines], on=DAY, now=NOW, **said)


def page(client: Client, name: str, *args: Any, query: str = "", lang: str = "en") -> str:
    from django.utils.translation import override

    with override(lang):
        url = reverse(f"foundation:{name}", args=args)
    answer = client.get(url + query)
    assert answer.status_code == 200, answer.status_code
    return str(b"".join(answer) if answer.streaming else answer.content, "utf-8")


def test_the_home_says_what_is_held_and_that_it_is_what_is_owed(client: Client) -> None:
    said = page(client, "home")
    assert "€948.80 held, and owed to the last cent" in said
    assert "Bank of Lyon" in said
    assert "The largest funder, City of Lyon, gave 96.2% of all that came in (€1,000)." in said
    assert "The largest recipient, maps, was granted 75% of all grants (€600)." in said
    assert "have not been checked yet" in said


def test_the_home_says_when_the_books_were_checked_and_what_was_wrong(client: Client) -> None:
    rows.Verification.objects.create(made_at=NOW, entries=7)
    assert "all 7 entries were checked against every rule of the books: nothing was wrong" in page(client, "home")
    rows.Verification.objects.create(made_at=NOW, entries=7, number=1, problems=["balanced: x"])
    assert "one problem was found in the books" in page(client, "home")


def test_what_is_public_adds_up_to_what_is_private() -> None:
    assert books.public_totals() == books.balances()
    for held in public.held():
        assert held.holds


def test_the_flow_of_a_fund_ends_with_what_it_has() -> None:
    for slug, left in (("city", 19_500), ("open", 4_380)):
        flow = flow_of(books.get_fund(slug), "EUR")
        assert sum(one.minor for one in flow.outgoing) == flow.whole
        assert flow.outgoing[-1].what == "left"
        assert flow.outgoing[-1].minor == left == books.owned()[slug, "EUR"]
    assert [(one.owner, one.minor) for one in flow_of(books.get_fund("city"), "EUR").outgoing[:2]] == [
        ("commons:maps", 60_000), ("commons:words", 20_000),
    ]  # fmt: skip


def test_a_fund_shows_its_conditions_its_standing_and_a_drawing_with_its_table(client: Client) -> None:
    said = page(client, "fund", "city", lang="fr")
    assert "Fonds de la ville" in said
    assert "2026-17" in said
    assert "195\xa0€" in said
    assert '<svg viewBox="-22 0 364 250"' in said
    assert said.count('class="band') == 5
    assert client.get("/en/foundation/funds/nothing/").status_code == 404


def test_no_page_and_no_file_names_who_gave_or_who_recorded(client: Client) -> None:
    prove.put_into_log()
    prove.sign(NOW)
    texts = [page(client, name) for name in ("home", "funds", "entries", "unspent", "verifying")]
    texts += [page(client, "entries-export", form) for form in ("csv", "ndjson", "hledger", "beancount")]
    texts += [page(client, "entry", row.public_id) for row in rows.Entry.objects.all()]
    texts += [page(client, "entries", query="?q=Durand"), page(client, "entries", query="?q=Petit")]
    texts += [path.read_text("utf-8", "replace") for path in logfiles.folder().path.rglob("*") if path.is_file()]
    for text in texts:
        for hidden in ("Marie", "person:7", '"key":"marie"'):
            assert hidden not in text
    assert "Spring round" in page(client, "entry", rows.Entry.objects.get(key="round").public_id)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("?fund=city", ["payout", "release", "round", "city"]),
        ("?kind=grant", ["round"]),
        ("?account_kind=commons", ["payout", "round"]),
        ("?account=words", ["round"]),
        ("?q=Letter", ["release"]),
        ("?q=spring", ["round"]),
        ("?q=maps", ["payout", "round"]),
        ("?from=2026-03-02", []),
        ("?to=2026-02-28", []),
        (
            "?kind=nonsense&from=never&before=-1&after=x",
            ["payout", "release", "refund", "fee", "round", "marie", "city"],
        ),
    ],
)
def test_filters_narrow_the_list_and_the_files_alike(client: Client, query: str, keys: list[str]) -> None:
    names = {"release": {"kind": "release"}}  # its key is the number of a decision
    expected = [str(rows.Entry.objects.get(**names.get(key, {"key": key})).public_id) for key in keys]
    said = page(client, "entries", query=query)
    at = [said.find(f"/entries/{one}/") for one in expected]
    assert all(place > 0 for place in at)
    assert at == sorted(at)
    assert said.count("<li><h2>") == len(keys)
    lines = page(client, "entries-export", "ndjson", query=query).splitlines()[1:]
    assert [json.loads(line)["id"] for line in lines] == expected[::-1]


def test_what_passes_between_funds_is_told_once(client: Client) -> None:
    assert "Release of restricted money · €5<" in page(client, "entries", query="?kind=release")


def test_grants_are_written_as_others_publish_theirs(client: Client, settings: Any) -> None:
    package = json.loads(page(client, "grants-export", "360giving"))
    assert [(one["amountAwarded"], one["recipientOrganization"][0]["name"]) for one in package["grants"]] == [
        (600, "maps"), (200, "words"),
    ]  # fmt: skip
    with_scdl = reverse("foundation:grants-export", args=["scdl"])
    assert client.get(with_scdl).status_code == 409
    settings.FOUNDATION_SIRET = "13002526500013"
    assert "maps" not in page(client, "grants-export", "scdl"), "neither commons states a number"
    stated = {"name": "Free maps", "identifiers.org_id": "FR-RNA-W751234567"}
    Commons.objects.create(public_id="maps", name="Free maps", values=stated, created_at=NOW, updated_at=NOW)
    from communs.core.standards import scdl

    written = page(client, "grants-export", "scdl")
    assert scdl.check(written.encode()) == ()
    rows_ = list(csv.DictReader(io.StringIO(written)))
    assert [(row["nomBeneficiaire"], row["montant"]) for row in rows_] == [("Free maps", "600.00")]
    Commons.objects.update(name="=HYPERLINK(1)")
    assert ",'=HYPERLINK(1)," in page(client, "grants-export", "scdl"), "no formula"
    assert "SCDL" in page(client, "entries")
    assert "1 grant is not in SCDL" in page(client, "entries")
    assert "is not in SCDL" not in page(client, "entries", query="?fund=open")
    left = list(csv.DictReader(io.StringIO(page(client, "grants-export", "left-out-of-scdl").lstrip("\ufeff"))))
    assert [(row["commons"], row["amount_minor"], row["because"]) for row in left] == [("words", "20000", "no-number")]
    assert client.get(reverse("foundation:grants-export", args=["nothing"])).status_code == 404


def test_the_list_is_paged_by_where_one_stands_both_ways(client: Client) -> None:
    actions.record_all(entry(f"g{n}", EntryKind.PAY_IN, ("main", "open", 1), ("gifts", "open", -1)) for n in range(40))
    first = public.slice_of(public.Asked())
    second = public.slice_of(public.Asked(), before=first.older)
    third = public.slice_of(public.Asked(), before=second.older)
    assert [len(one.rows) for one in (first, second, third)] == [20, 20, 7]
    assert (first.newer, third.older) == (None, None)
    back = public.slice_of(public.Asked(), after=third.newer)
    assert [row.pk for row in back.rows] == [row.pk for row in second.rows]
    assert 'rel="next"' in page(client, "entries")


def test_an_entry_shows_its_postings_its_links_and_its_proof_that_anyone_can_check(client: Client) -> None:
    refund = rows.Entry.objects.get(key="refund")
    assert "within minutes" in page(client, "entry", refund.public_id)
    assert client.get(reverse("foundation:entry-proof", args=[refund.public_id])).status_code == 404
    prove.put_into_log()
    prove.sign(NOW)
    said = page(client, "entry", refund.public_id)
    assert f"/entries/{refund.reverses.public_id}/" in said  # type: ignore[union-attr]
    assert f"/entries/{refund.public_id}/" in page(client, "entry", refund.reverses.public_id)  # type: ignore[union-attr]
    leaf = page(client, "entry-leaf", refund.public_id).encode()
    evidence = Evidence.parse(page(client, "entry-proof", refund.public_id).encode())
    evidence.check(leaf, logfiles.trust(proof.origin_of_log()))
    assert json.loads(leaf)["body_sha256"] in said


def test_files_of_the_log_are_served_as_they_are_and_cached_as_long_as_they_last(client: Client) -> None:
    assert client.get("/log/checkpoint").status_code == 404
    prove.put_into_log()
    prove.sign(NOW)
    latest, tile = client.get("/log/checkpoint"), client.get("/log/tile/entries/000.p/7")
    assert latest.content == logfiles.folder().read("checkpoint")
    assert "max-age=60" in latest["Cache-Control"]
    assert "immutable" in tile["Cache-Control"]
    for name in ("../log-seed", ".lock", "tile/../../log-seed", "checkpoints/9"):
        assert client.get(f"/log/{name}").status_code == 404
    assert str(proof.public_key()) in page(client, "verifying")


def test_unspent_restricted_money_stands_by_year(client: Client) -> None:
    found = list(csv.DictReader(io.StringIO(page(client, "unspent-export", query="?year=2026").lstrip("\ufeff"))))
    assert [(row["fund"], row["received"], row["spent"], row["moved_out"], row["closing"]) for row in found] == [
        ("city", "100000", "80000", "500", "19500")
    ]
    assert "€195" in page(client, "unspent", query="?year=2026")
    assert "No restricted fund had money" in page(client, "unspent", query="?year=2025")
    assert page(client, "unspent", query="?year=99999")


def test_an_empty_foundation_says_what_will_stand_there(client: Client) -> None:
    from django.db import connection

    from communs.apps.foundation import sql

    with sql.without(connection):
        for model in (rows.Posting, rows.Balance, rows.Owned):
            model.objects.all().delete()
        rows.Entry.objects.update(reverses=None)
        rows.Entry.objects.all().delete()
    for name in ("home", "funds", "entries", "unspent", "verifying"):
        assert 'class="empty"' in page(client, name) or name == "funds"
