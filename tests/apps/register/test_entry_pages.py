"""The page of one commons, the test rule by rule, where values come from, the history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communs.apps.register.actions import add_relation
from communs.apps.register.models import Commons, Relation
from communs.kit.models import Source
from communs.kit.records import actions
from communs.kit.records.actions import Author
from communs.kit.records.importing import Incoming, StatementDraft, import_records
from communs.kit.records.models import Method, Visibility

PAGE = "/en/commons/free-map/"
ATOM = "{http://www.w3.org/2005/Atom}"
GOVERNED = {
    "governance.rules_published": True,
    "governance.rules_changed_by": "members",
    "governance.single_owner": False,
    "governance.fork_right": "all",
    "governance.contributor_terms": "none",
    "community.independent_organisations": 3,
    "community.way_in_documented": True,
    "community.answers_outsiders": True,
}


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def import_from(name: str, values: dict[str, Any], public_id: str = "free-map") -> None:
    source, _created = Source.objects.get_or_create(key=name, defaults={"name": name, "licence": "CC0-1.0"})
    draft = StatementDraft(
        source, Method.IMPORT, public_id, values, [{"ref": f"https://{name}.example/page"}], "2026-03"
    )
    import_records(Commons, [Incoming(public_id, Visibility.PUBLIC, [draft])], now=timezone.now())


def test_it_says_what_it_is_in_the_readers_language(client: Client, free_map: Commons) -> None:
    english, french = text(client, PAGE), text(client, "/fr/commons/free-map/")
    assert "A map that anyone may draw." in english
    assert "Une carte que chacun peut dessiner." in french
    assert "Map Friends" in french
    assert "Forme juridique" in french


def test_what_is_unknown_is_said_as_unknown_and_asked_for(client: Client, free_map: Commons) -> None:
    page = text(client, PAGE)
    assert "This is open. Whether it is a commons is not known yet." in page
    assert "Missing to tell" in page
    assert "edit/?field=governance.rules_published" in text(client, f"{PAGE}test/")


def test_it_is_a_commons_once_the_three_answers_are_yes(client: Client, free_map: Commons, alice: Any) -> None:
    actions.state(free_map, GOVERNED, Author(alice, Method.STEWARD))
    assert Commons.objects.get(pk=free_map.pk).verdict == "commons"
    assert "✓ Commons" in text(client, PAGE)
    assert "? not known" not in text(client, f"{PAGE}test/").replace("? not known</span> <span", "")


def test_a_licence_that_keeps_back_rights_is_said_plainly(client: Client, make: Callable[..., Commons]) -> None:
    make("shut", kind="content", licences=[{"part": "text", "spdx": "CC-BY-NC-4.0"}])
    assert "✗ Closed" in text(client, "/en/commons/shut/")


def test_sources_that_disagree_stand_side_by_side(client: Client, db: None) -> None:
    import_from("first", {"name": "Tool", "kind": "software", "licences": [{"part": "code", "spdx": "MIT"}]}, "tool")
    import_from("second", {"name": "Tool", "licences": [{"part": "code", "spdx": "SSPL-1.0"}]}, "tool")
    assert Commons.objects.get(public_id="tool").verdict == "unknown"
    page = text(client, "/en/commons/tool/sources/")
    assert page.count("sources disagree") == 1
    assert "code: MIT" in page
    assert "code: SSPL-1.0" in page
    assert "sources disagree" in text(client, "/en/commons/tool/")


def test_an_editor_settles_what_sources_dispute(eva: Any) -> None:
    import_from("first", {"name": "Tool", "kind": "software", "licences": [{"part": "code", "spdx": "MIT"}]}, "tool")
    import_from("second", {"licences": [{"part": "code", "spdx": "SSPL-1.0"}]}, "tool")
    tool = Commons.objects.get(public_id="tool")
    actions.state(tool, {"licences": [{"part": "code", "spdx": "EUPL-1.2"}]}, Author(eva))
    assert Commons.objects.get(pk=tool.pk).headline == "open_at_least"


def test_the_verdict_of_the_list_is_that_of_the_page(
    client: Client, free_map: Commons, make: Callable[..., Commons]
) -> None:
    make("shut", kind="content", licences=[{"part": "text", "spdx": "CC-BY-ND-4.0"}])
    page = text(client, "/en/commons/")
    assert "? open, the rest not known yet" in page
    assert "✗ not open" in page


def test_links_to_evidence_are_for_editors(
    client: Client, free_map: Commons, eva: Any, sign_in: Callable[[Any], Client]
) -> None:
    import_from("catalogue", {"functions": ["maps"]})
    visitor, editor = text(client, f"{PAGE}sources/"), text(sign_in(eva), f"{PAGE}sources/")
    assert "catalogue" in visitor
    assert "March 2026" in visitor
    assert "https://catalogue.example/page" not in visitor
    assert 'href="https://catalogue.example/page"' in editor


def test_an_address_that_is_not_one_is_never_a_link(client: Client, free_map: Commons, eva: Any) -> None:
    actions.state(free_map, {"homepage": "javascript:alert(1)"}, Author(eva))
    page = text(client, PAGE)
    assert 'href="javascript:' not in page
    assert "javascript:alert(1)" in page


def test_a_claim_of_an_unexpected_shape_breaks_no_page(client: Client, free_map: Commons, eva: Any) -> None:
    odd = {
        "licences": "MIT",
        "replaces": {"a": 1},
        "countries": "FR",
        "functions": 3,
        "names.fr": ["x"],
        "kind": {"k": 1},
    }
    actions.state(free_map, odd, Author(eva))
    for path in ("", "test/", "sources/", "history/", "history/2/", "feed.atom"):
        text(client, PAGE + path)
    text(client, "/en/commons/")


def test_relations_are_shown_at_both_ends_and_unverified_ones_as_such(
    client: Client, free_map: Commons, make: Callable[..., Commons], hidden: Commons, alice: Any
) -> None:
    editor = make("editor", name="Map Editor")
    add_relation(editor, free_map, "depends_on", alice)
    Relation.objects.create(from_commons=free_map, to_commons=make("tiles"), kind="depends_on", verified=False)
    Relation.objects.create(from_commons=free_map, to_commons=hidden, kind="similar")
    page = text(client, PAGE)
    assert "Depended on by" in page
    assert "Map Editor" in page
    assert page.count("not verified") == 1
    assert "rumour" not in page
    assert "Free Map" in text(client, "/en/commons/editor/")


def test_a_merged_entry_leads_to_the_one_it_became(
    client: Client, free_map: Commons, make: Callable[..., Commons], eva: Any
) -> None:
    double = make("double")
    actions.merge(double, free_map, eva)
    response = client.get("/en/commons/double/")
    assert response["Location"] == f"{PAGE}?merged=double"
    assert "“double” was merged" in text(client, response["Location"])
    assert "was merged into this" not in text(client, f"{PAGE}?merged=nonsense")
    assert client.get("/en/commons/double/sources/")["Location"].startswith(f"{PAGE}sources/")
    assert client.get("/en/commons/double/history/").status_code == 200


def test_the_history_tells_each_change_word_by_word(client: Client, free_map: Commons, alice: Any) -> None:
    author = Author(alice, Method.STEWARD)
    actions.state(free_map, {"summaries.en": "A map that everyone may draw."}, author, note="wording")
    page = text(client, f"{PAGE}history/")
    assert "<del>anyone</del><ins>everyone</ins>" in page
    assert "wording" in page
    assert "Alice" in page
    assert "<del>anyone</del>" in text(client, f"{PAGE}history/2/")
    assert client.get(f"{PAGE}history/99/").status_code == 404


def test_a_change_is_undone_with_one_click_and_a_note(
    client: Client, free_map: Commons, eva: Any, sign_in: Callable[[Any], Client]
) -> None:
    actions.state(free_map, {"name": "Wrong"}, Author(eva))
    response = sign_in(eva).post(f"{PAGE}history/2/revert/", {"note": "a joke"})
    assert response["Location"] == f"{PAGE}history/"
    assert Commons.objects.get(pk=free_map.pk).name == "Free Map"
    assert "a joke" in text(client, f"{PAGE}history/3/")
    assert sign_in(eva).post(f"{PAGE}history/2/revert/").status_code == 409


def test_the_feed_is_valid_and_its_ids_stay(client: Client, free_map: Commons, eva: Any) -> None:
    actions.state(free_map, {"summaries.en": "Line\x0bwith a control & <markup>"}, Author(eva))
    response = client.get(f"{PAGE}feed.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    first = ET.fromstring(response.content)  # noqa: S314 - our own answer
    entries = list(first.iter(f"{ATOM}entry"))
    assert len(entries) == 2
    for entry in entries:
        assert all(entry.find(f"{ATOM}{name}") is not None for name in ("id", "title", "updated", "link"))
    actions.state(Commons.objects.get(pk=free_map.pk), {"name": "Atlas"}, Author(eva))
    second = ET.fromstring(client.get("/fr/commons/free-map/feed.atom").content)  # noqa: S314
    ids = [entry.findtext(f"{ATOM}id") for entry in second.iter(f"{ATOM}entry")]
    assert ids[1:] == [entry.findtext(f"{ATOM}id") for entry in entries]


def test_the_queries_of_a_page_are_few_and_do_not_grow(
    free_map: Commons, make: Callable[..., Commons], bob: Any, eva: Any, sign_in: Callable[[Any], Client]
) -> None:
    readers = [Client(), sign_in(bob), sign_in(eva)]

    def counted() -> list[int]:
        numbers = []
        for reader in readers:
            for path in ("", "test/", "sources/", "history/", "proposals/", "discussion/"):
                reader.get(PAGE + path)
                with CaptureQueriesContext(connection) as captured:
                    reader.get(PAGE + path)
                numbers.append(len(captured))
        return numbers

    def grow(number: int) -> None:
        add_relation(free_map, make(f"r{number}"), "depends_on", bob)
        actions.state(Commons.objects.get(pk=free_map.pk), {"name": f"Map {number}"}, Author(eva))
        free_map.comments.create(person=bob, text="hello", at=timezone.now())
        actions.propose(free_map.proposals, {"name": "x"}, bob, subject=free_map)
        import_from(f"source-{number}", {"name": f"M{number}"})

    grow(0)
    before = counted()
    for number in range(1, 8):
        grow(number)
    assert counted() == before
    assert max(before) <= 12
