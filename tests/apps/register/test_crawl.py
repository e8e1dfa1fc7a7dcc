"""The crawl against a real forge on this machine, in the shapes of GitHub, GitLab and Forgejo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from communs.apps.register.crawling import actions, queries
from communs.apps.register.crawling import crawl as crawling
from communs.apps.register.models import Commons, CommonsStatement, CrawledHost, CrawledRepository, Relation
from communs.kit.records.actions import Author, state
from communs.kit.records.models import Method
from communs.testing.crawling import RULES, WAY_IN, WITHIN, Clock, look_at, publiccode, values
from communs.testing.forge import FAMILIES, LocalForge, local_forge

Make = Callable[..., Commons]


@pytest.fixture(scope="module")
def served() -> Iterator[LocalForge]:
    with local_forge() as forge:
        yield forge


@pytest.fixture
def forge(served: LocalForge) -> LocalForge:
    for family in FAMILIES:
        served.repositories[family].clear()
        served.moved[family].clear()
    served.api_left.clear()
    served.robots.clear()
    served.tokens.clear()
    served.asked.clear()
    served.answers.clear()
    served.page_rows = 100
    return served


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def thing(make: Make, forge: LocalForge) -> Callable[..., Commons]:
    """A registered commons whose repository is on the forge, with these files."""

    def create(family: str = "forgejo", files: dict[str, str] | None = None, **facts: Any) -> Commons:
        url = forge.url(family, "us/thing")
        forge.add(family, "us/thing", {"publiccode.yml": publiccode(url)} if files is None else files, **facts)
        return make("thing", kind="software", repository=url)

    return create


@pytest.mark.parametrize("family", FAMILIES)
def test_files_and_facts_of_a_repository_become_claims_with_their_source(
    thing: Callable[..., Commons], forge: LocalForge, family: str, clock: Clock
) -> None:
    url = forge.url(family, "us/thing")
    files = {"publiccode.yml": publiccode(url, "Thing of ours"), ".github/CONTRIBUTING.md": WAY_IN}
    files |= {"docs/GOVERNANCE.md": RULES, "LICENSE": "European Union Public Licence v. 1.2", "README.md": "hello"}
    commons = thing(family, files, pushed_on="2026-11-20")
    row = look_at(commons, clock)
    assert (row.state, row.forge, row.active_on, row.trouble) == ("active", family, "2026-11-20", "")
    told = {s.source.key: s for s in CommonsStatement.objects.filter(subject=commons).exclude(source=None)}
    assert told["repository-publiccode"].values["summaries.en"] == "Does a thing for everyone."
    assert told["repository-publiccode"].values["licences"] == [{"part": "code", "spdx": "EUPL-1.2"}]
    assert told["repository-publiccode"].seen_as_of == "2026-11-25"
    assert told["repository-publiccode"].evidence[0]["ref"].endswith("/publiccode.yml")
    proved = told["repository-documents"].values
    assert (proved["governance.rules_published"], proved["community.way_in_documented"]) == (True, True)
    assert proved["governance.rules_url"].startswith(url)
    assert set(proved) == {
        "governance.rules_published", "governance.rules_url",
        "community.way_in_documented", "community.way_in_url",
    }  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_a_second_look_asks_whether_anything_has_changed_and_writes_nothing(
    thing: Callable[..., Commons], forge: LocalForge, family: str, clock: Clock
) -> None:
    forge.page_rows = 2
    commons = thing(family, {"publiccode.yml": publiccode(forge.url(family, "us/thing")), "CONTRIBUTING.md": WAY_IN,
                             "LICENSE": "x", "a.txt": "a", "b.txt": "b"})  # fmt: skip
    look_at(commons, clock)
    before = (Commons.objects.get(pk=commons.pk).version, CommonsStatement.objects.count())
    forge.answers.clear()
    clock.later(days=2)
    row = look_at(commons, clock)
    assert set(forge.answers) == {304}
    assert (Commons.objects.get(pk=commons.pk).version, CommonsStatement.objects.count()) == before
    assert row.checked_at == clock()


def test_a_changed_file_is_read_again_and_the_others_are_left_alone(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock
) -> None:
    url = forge.url("forgejo", "us/thing")
    commons = thing("forgejo", {"publiccode.yml": publiccode(url), "CONTRIBUTING.md": WAY_IN, "GOVERNANCE.md": RULES})
    look_at(commons, clock)
    forge.find("forgejo", "us/thing").files["publiccode.yml"] = publiccode(url, licence="MIT").encode()  # type: ignore[union-attr]
    forge.asked.clear()
    clock.later(days=2)
    look_at(commons, clock)
    assert [asked for asked in forge.asked if "/raw/" in asked] == [
        "forgejo /api/v1/repos/us/thing/raw/publiccode.yml?ref=main"
    ]
    assert values(commons)["licences"] == [{"part": "code", "spdx": "MIT"}]


def test_invalid_valid_invalid_and_valid_again_each_ends_in_its_state(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock
) -> None:
    """As in publiccode-crawler #596: a file that is mended counts again."""
    url = forge.url("forgejo", "us/thing")
    good, bad, broken = publiccode(url), publiccode(url, licence="Nonsense-9"), "name: [\n"
    commons = thing("forgejo", {"publiccode.yml": bad})
    repository = forge.find("forgejo", "us/thing")
    assert repository is not None
    seen = []
    for text in (bad, good, broken, bad, good):
        repository.files["publiccode.yml"] = text.encode()
        seen.append(look_at(commons, clock).files["publiccode"]["state"])
        assert values(commons)["summaries.en"] == "Does a thing for everyone."
        clock.later(days=1)
    assert seen == ["invalid", "valid", "unreadable", "invalid", "valid"]
    assert values(commons)["licences"] == [{"part": "code", "spdx": "EUPL-1.2"}]


def test_a_repository_is_gone_only_after_two_looks_a_day_apart_and_comes_back(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock
) -> None:
    """As in publiccode-crawler #80: what has vanished does not stay as if nothing had happened."""
    commons = thing()
    assert look_at(commons, clock).state == "active"
    taken = forge.remove("forgejo", "us/thing")
    clock.later(hours=1)
    row = look_at(commons, clock)
    assert (row.state, row.missing_since) == ("missing", clock())
    assert row.next_at - clock() >= crawling.timedelta(hours=23)
    clock.later(hours=20)
    assert look_at(commons, clock).state == "missing"
    clock.later(hours=5)
    assert look_at(commons, clock).state == "gone"
    assert values(commons)["summaries.en"]
    forge.restore("forgejo", taken)
    clock.later(days=9)
    row = look_at(commons, clock)
    assert (row.state, row.missing_since) == ("active", None)


@pytest.mark.parametrize(("status", "trouble"), [(500, "http-500"), (503, "http-503"), (502, "http-502")])
def test_a_forge_in_trouble_changes_no_state_and_is_asked_again_later_and_later(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock, status: int, trouble: str
) -> None:
    commons = thing()
    look_at(commons, clock)
    repository = forge.find("forgejo", "us/thing")
    assert repository is not None
    repository.fault = status
    pauses = []
    for _again in range(3):
        clock.later(days=1)
        row = look_at(commons, clock)
        assert (row.state, row.trouble) == ("active", trouble)
        pauses.append(row.next_at - clock())
    assert pauses[0] < pauses[1] < pauses[2]
    repository.fault = 0
    row = look_at(commons, clock)
    assert (row.state, row.trouble, row.failures) == ("active", "", 0)


def test_too_many_requests_are_heeded_by_the_whole_host_until_it_allows_again(
    thing: Callable[..., Commons], make: Make, forge: LocalForge, clock: Clock
) -> None:
    commons = thing()
    forge.add("forgejo", "us/other", {})
    make("other", kind="software", repository=forge.url("forgejo", "us/other"))
    repository = forge.find("forgejo", "us/thing")
    assert repository is not None
    repository.fault, repository.retry_after = 429, "7200"
    row = look_at(commons, clock)
    assert (row.state, row.trouble) == ("new", "wait")
    assert row.next_at >= clock() + crawling.timedelta(hours=2)
    assert CrawledHost.objects.get(pk=row.host).wait_until == clock() + crawling.timedelta(hours=2)
    forge.asked.clear()
    clock.later(hours=1)
    assert look_at(Commons.objects.get(public_id="other"), clock).trouble == "wait"
    assert forge.asked == []
    clock.later(hours=1, seconds=1)
    repository.fault = 0
    assert look_at(commons, clock).state == "active"


def test_a_pass_can_wait_until_the_host_allows_it(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock
) -> None:
    commons = thing()
    repository = forge.find("forgejo", "us/thing")
    assert repository is not None
    repository.fault, repository.retry_after = 429, "30"

    def sleep(seconds: float) -> None:
        clock.later(seconds=seconds + 1)
        repository.fault = 0

    report = crawling.crawl(5, within=WITHIN, now=clock, waits=True, sleep=sleep)
    assert [one.trouble for one in report.looked] == ["wait", ""]
    assert CrawledRepository.objects.get(commons=commons).state == "active"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_renamed_repository_stays_the_same_commons_under_its_new_address(
    thing: Callable[..., Commons], forge: LocalForge, family: str, clock: Clock
) -> None:
    commons = thing(family)
    look_at(commons, clock)
    forge.rename(family, "us/thing", "others/better-thing")
    clock.later(days=2)
    row = look_at(commons, clock)
    assert row.state == "active"
    assert row.url == forge.url(family, "others/better-thing")
    assert Commons.objects.count() == 1
    assert values(commons)["identifiers.repo_former"].endswith("/us/thing")
    assert Commons.objects.get(pk=commons.pk).repository_key == row.key or values(commons)["repository"]
    # The file still bears the old address: it is about this repository all the same.
    assert row.files["publiccode"]["state"] == "valid"
    forge.answers.clear()
    clock.later(days=2)
    again = look_at(commons, clock)
    assert (again.pk, again.state, again.aliases) == (row.pk, "active", row.aliases)
    assert set(forge.answers) <= {200, 304}
    version = Commons.objects.get(pk=commons.pk).version
    clock.later(days=2)
    look_at(commons, clock)
    assert Commons.objects.get(pk=commons.pk).version == version


def test_another_repository_at_the_old_address_is_not_taken_for_the_commons(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock
) -> None:
    commons = thing()
    look_at(commons, clock)
    mine = forge.remove("forgejo", "us/thing")
    url = forge.url("forgejo", "us/thing")
    forge.add("forgejo", "us/thing", {"publiccode.yml": publiccode(url, "Stolen", licence="MIT")})
    clock.later(days=2)
    row = look_at(commons, clock)
    assert row.state == "replaced"
    assert values(commons)["licences"] == [{"part": "code", "spdx": "EUPL-1.2"}]
    forge.restore("forgejo", mine)
    clock.later(days=8)
    assert look_at(commons, clock).state == "active"
    forge.add("forgejo", "us/thing", {"publiccode.yml": publiccode(url, licence="MIT")})
    clock.later(days=2)
    actions.accept(look_at(commons, clock), clock())
    assert look_at(commons, clock).state == "active"
    assert values(commons)["licences"] == [{"part": "code", "spdx": "MIT"}]


def test_a_fork_does_not_become_what_it_was_forked_from(
    thing: Callable[..., Commons], make: Make, forge: LocalForge, clock: Clock
) -> None:
    parent = thing()
    parent_url = forge.url("forgejo", "us/thing")
    forge.add("forgejo", "them/fork", {"publiccode.yml": publiccode(parent_url, "Thing")}, parent="us/thing")
    fork = make("fork", kind="software", name="Our fork", repository=forge.url("forgejo", "them/fork"))
    row = look_at(fork, clock)
    assert row.files["publiccode"]["state"] == "other"
    assert values(fork)["name"] == "Our fork"
    assert "licences" not in values(fork)
    relation = Relation.objects.get()
    assert (relation.from_commons, relation.to_commons, relation.kind) == (fork, parent, "fork_of")
    assert not relation.verified
    clock.later(days=2)
    look_at(fork, clock)
    assert Relation.objects.count() == 1
    # Once the fork speaks for itself, it is heard; and no longer when it does not.
    repository = forge.find("forgejo", "them/fork")
    assert repository is not None
    repository.files["publiccode.yml"] = publiccode(forge.url("forgejo", "them/fork"), "Fork").encode()
    clock.later(days=2)
    assert look_at(fork, clock).files["publiccode"]["state"] == "valid"
    assert values(fork)["licences"] == [{"part": "code", "spdx": "EUPL-1.2"}]
    repository.files["publiccode.yml"] = publiccode(parent_url, "Thing").encode()
    clock.later(days=2)
    look_at(fork, clock)
    assert "licences" not in values(fork)


def test_an_archived_repository_is_said_to_be_archived_until_it_is_not(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock
) -> None:
    commons = thing()
    repository = forge.find("forgejo", "us/thing")
    assert repository is not None
    for archived in (True, False, True):
        repository.is_archived = archived
        clock.later(days=8)
        assert look_at(commons, clock).is_archived is archived


def test_a_document_that_is_taken_away_proves_nothing_any_more(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock
) -> None:
    commons = thing("forgejo", {"GOVERNANCE.md": RULES, "CONTRIBUTING.md": "see the website\n"})
    look_at(commons, clock)
    assert values(commons)["governance.rules_published"] is True
    assert "community.way_in_documented" not in values(commons)
    repository = forge.find("forgejo", "us/thing")
    assert repository is not None
    kept = repository.files.pop("GOVERNANCE.md")
    clock.later(days=2)
    assert look_at(commons, clock).files["governance"]["state"] == "absent"
    assert "governance.rules_published" not in values(commons)
    repository.files["GOVERNANCE.md"] = kept
    clock.later(days=2)
    assert look_at(commons, clock).files["governance"]["state"] == "there"
    assert values(commons)["governance.rules_published"] is True


def test_what_people_have_said_outweighs_the_files(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock, eva: Any
) -> None:
    commons = thing()
    state(commons, {"summaries.en": "What an editor wrote."}, Author(eva, Method.EDITOR))
    look_at(commons, clock)
    assert values(commons)["summaries.en"] == "What an editor wrote."


def test_the_files_of_a_repository_say_nothing_of_a_commons_that_is_not_its_code(
    make: Make, forge: LocalForge, clock: Clock
) -> None:
    url = forge.url("forgejo", "us/site")
    forge.add("forgejo", "us/site", {"publiccode.yml": publiccode(url, "Site"), "GOVERNANCE.md": RULES}, licence="MIT")
    commons = make("map", name="Map", kind="data", repository=url, licences=[{"part": "data", "spdx": "ODbL-1.0"}])
    row = look_at(commons, clock)
    assert row.files["publiccode"]["state"] == "valid"
    assert values(commons)["licences"] == [{"part": "data", "spdx": "ODbL-1.0"}]
    assert not CommonsStatement.objects.filter(subject=commons, source__key__startswith="repository-").exists()


def test_a_licence_that_agrees_is_not_said_twice_and_one_that_does_not_is_shown_beside(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock
) -> None:
    url = forge.url("forgejo", "us/thing")
    commons = thing("forgejo", {"publiccode.yml": publiccode(url, licence="AGPL-3.0-or-later")}, licence="AGPL-3.0")
    row = look_at(commons, clock)
    said = CommonsStatement.objects.get(subject=commons, source__key__startswith="forge-", superseded_at=None)
    assert "licences" not in said.values
    repository = forge.find("forgejo", "us/thing")
    assert repository is not None
    repository.licence = "MIT"
    clock.later(days=2)
    assert look_at(commons, clock).pk == row.pk
    said = CommonsStatement.objects.get(subject=commons, source__key__startswith="forge-", superseded_at=None)
    assert said.values["licences"] == [{"part": "code", "spdx": "MIT"}]
    assert values(commons)["licences"] == [{"part": "code", "spdx": "AGPL-3.0-or-later"}]


def test_without_its_api_a_github_is_read_through_its_feed_and_raw_files(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock
) -> None:
    commons = thing("github", pushed_on="2026-11-19")
    commons_row = look_at(commons, clock)
    assert commons_row.forge_id
    forge.api_left["github"] = 0
    forge.api_reset_s = int(clock().timestamp()) + 3600
    repository = forge.find("github", "us/thing")
    assert repository is not None
    repository.pushed_on = "2026-11-24"
    repository.files["publiccode.yml"] = publiccode(forge.url("github", "us/thing"), licence="MIT").encode()
    clock.later(days=1)
    forge.api_reset_s = int(clock().timestamp()) + 3600
    row = look_at(commons, clock)
    assert (row.state, row.active_on) == ("active", "2026-11-24")
    assert values(commons)["licences"] == [{"part": "code", "spdx": "MIT"}]
    assert CrawledHost.objects.get(pk=row.host).api_wait_until is not None


def test_a_token_goes_with_requests_to_its_forge_alone(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock
) -> None:
    from communs.apps.register.crawling.asking import Manners

    commons = thing("github")
    forge.tokens.add("s3cret")
    forge.api_left["github"] = 0
    host = forge.url("github").removeprefix("http://")
    row = look_at(commons, clock, manners=Manners(tokens={host: "s3cret"}))
    assert (row.state, row.trouble) == ("active", "")
    assert row.forge_id


def test_robots_txt_is_heeded_for_pages_and_not_for_what_is_made_for_programs(
    make: Make, thing: Callable[..., Commons], forge: LocalForge, clock: Clock
) -> None:
    forge.robots["forgejo"] = "User-agent: *\nDisallow: /\n"
    assert look_at(thing(), clock).state == "active"
    page = make("page", kind="software", repository=forge.url("forgejo", "alone"))
    row = look_at(page, clock)
    assert (row.state, row.trouble) == ("new", "robots")
    assert row.next_at > clock() + crawling.timedelta(days=6)


def test_a_host_that_is_not_known_shows_what_it_is(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock
) -> None:
    row = look_at(thing("gitlab"), clock)
    assert row.forge == "gitlab"
    assert CrawledHost.objects.get(pk=row.host).forge == "gitlab"


def test_private_addresses_are_not_crawled_unless_the_operator_says_so(
    thing: Callable[..., Commons], clock: Clock, settings: Any
) -> None:
    thing()
    settings.ALLOW_PRIVATE_ADDRESSES = False
    crawling.crawl(1, public_ids=["thing"], now=clock)
    row = CrawledRepository.objects.get()
    assert (row.state, row.trouble) == ("new", "private")
    settings.ALLOW_PRIVATE_ADDRESSES = True
    crawling.crawl(1, public_ids=["thing"], now=clock)
    assert CrawledRepository.objects.get().state == "active"


def test_two_processes_do_not_crawl_at_once(thing: Callable[..., Commons], clock: Clock) -> None:
    from django.core.cache import cache

    cache.add(crawling.LEASE, "taken", 60)
    try:
        with pytest.raises(crawling.Busy):
            crawling.crawl(1, within=WITHIN, now=clock)
        assert crawling.crawl_due() is None
    finally:
        cache.delete(crawling.LEASE)


def test_only_what_is_due_is_looked_at_and_the_register_decides_what_there_is(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock, eva: Any
) -> None:
    commons = thing()
    assert len(crawling.crawl(10, within=WITHIN, now=clock).looked) == 1
    assert len(crawling.crawl(10, within=WITHIN, now=clock).looked) == 0
    clock.later(days=8)
    assert len(crawling.crawl(10, within=WITHIN, now=clock).looked) == 1
    forge.add("forgejo", "us/elsewhere", {})
    state(commons, {"repository": forge.url("forgejo", "us/elsewhere")}, Author(eva, Method.EDITOR))
    assert [one.url for one in crawling.crawl(10, within=WITHIN, now=clock).looked] == [
        forge.url("forgejo", "us/elsewhere")
    ]
    state(commons, {"repository": None}, Author(eva, Method.EDITOR))
    crawling.crawl(10, within=WITHIN, now=clock)
    assert queries.figures().count == 0


def test_nothing_is_lost_when_only_part_of_the_files_could_be_had(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from communs.testing import forge as forging

    url = forge.url("forgejo", "us/thing")
    commons = thing("forgejo", {"publiccode.yml": publiccode(url), "GOVERNANCE.md": RULES})
    real = forging._file
    monkeypatch.setattr(
        forging, "_file", lambda found, path: forging._Reply(500) if "GOV" in path else real(found, path)
    )
    row = look_at(commons, clock)
    assert (row.state, row.trouble, set(row.files)) == ("active", "http-500", {"publiccode"})
    monkeypatch.undo()
    clock.later(hours=2)
    row = look_at(commons, clock)
    assert (row.trouble, set(row.files)) == ("", {"publiccode", "governance"})


def test_files_are_read_again_when_the_rules_that_read_them_are_newer(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    commons = thing()
    look_at(commons, clock)
    monkeypatch.setattr(crawling, "READER", 99)
    monkeypatch.setattr(actions, "READER", 99)
    forge.answers.clear()
    look_at(commons, clock)
    assert 304 not in forge.answers


def test_the_page_of_a_commons_tells_how_its_repository_stands(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock, client: Any
) -> None:
    url = forge.url("forgejo", "us/thing")
    commons = thing("forgejo", {"publiccode.yml": publiccode(url)}, pushed_on="2026-11-20", is_archived=True)
    assert "Its repository" not in client.get("/en/commons/thing/").content.decode()
    look_at(commons, clock)
    page = client.get("/en/commons/thing/").content.decode()
    assert "publiccode.yml: valid" in page
    assert "Archived" in page
    assert "Last activity" in page
    repository = forge.find("forgejo", "us/thing")
    assert repository is not None
    repository.files["publiccode.yml"] = publiccode(url, licence="Nonsense-9").encode()
    clock.later(days=2)
    look_at(commons, clock)
    page = client.get("/fr/commons/thing/").content.decode()
    assert "Son dépôt" in page
    assert "non valide" in page
    assert "valide pour la dernière fois le" in page
    forge.remove("forgejo", "us/thing")
    for _again in range(2):
        clock.later(days=2)
        look_at(commons, clock)
    assert "no longer there" in client.get("/en/commons/thing/").content.decode()


def test_the_command_tells_what_it_found(
    thing: Callable[..., Commons], settings: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import json
    from argparse import Namespace

    from communs.cli import crawl as verb
    from communs.cli.house import Failure

    monkeypatch.setattr(verb, "need_database", lambda: None)
    settings.ALLOW_PRIVATE_ADDRESSES = True
    thing()
    asked = {"once": True, "limit": 5, "accept": False, "json": True, "data": None}
    assert verb.run(Namespace(ids=[], **asked)) == 0
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert (document["looked"], document["changed"], document["written"]) == (1, 1, 1)
    told = document["repositories"][0]
    assert (told["id"], told["state"], told["files"]["publiccode"]) == ("thing", "active", "valid")
    assert "thing" in printed.err
    assert verb.run(Namespace(ids=["thing"], **asked)) == 0
    assert json.loads(capsys.readouterr().out)["unchanged"] == 2
    with pytest.raises(Failure, match="nobody"):
        verb.run(Namespace(ids=["nobody"], **asked))


def test_the_doctor_tells_how_repositories_stand(thing: Callable[..., Commons], clock: Clock) -> None:
    from communs.cli.doctor_checks import _crawl

    assert _crawl().found == "0 known, none looked at yet"
    look_at(thing(), clock)
    assert _crawl().found.startswith("1 active; last look 2026-11-25")


def test_an_address_that_is_no_forge_is_only_asked_whether_it_answers(
    make: Make, forge: LocalForge, clock: Clock
) -> None:
    forge.add("github", "us/page", {})
    page = make("page", kind="software", repository=forge.url("github", "us/page/wiki"))
    row = look_at(page, clock)
    assert row.state == "active"
    plain = make("plain", kind="software", repository=forge.url("gitlab", "us/nothing"))
    assert look_at(plain, clock).state == "missing"


def test_where_only_a_page_answers_the_forges_are_not_tried_again(
    make: Make, forge: LocalForge, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from communs.testing import forge as forging

    monkeypatch.setattr(forging, "_of_api", lambda *asked: forging._Reply(404, b"{}"))
    forge.add("forgejo", "us/page", {})
    page = make("page", kind="software", repository=forge.url("forgejo", "us/page"))
    assert look_at(page, clock).state == "active"
    forge.asked.clear()
    clock.later(hours=1)
    assert look_at(page, clock).state == "active"
    assert forge.asked == ["forgejo /us/page"]
    forge.remove("forgejo", "us/page")
    clock.later(days=8)
    assert look_at(page, clock).state == "missing"


def test_hostile_files_are_refused_and_the_others_are_read(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock
) -> None:
    bomb = "a: &a [x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)},' * 9}]\n" for n in range(9))
    files = {"publiccode.yml": bomb, "codemeta.json": "[" * 10_000, "CITATION.cff": "x" * 3_000_000}
    files |= {"funding.json": "\x00\x01\x02", "GOVERNANCE.md": RULES, "LICENSE": "\x00" * 500}
    row = look_at(thing("gitlab", files), clock)
    assert row.state == "active"
    states = {role: entry["state"] for role, entry in row.files.items()}
    assert (states["publiccode"], states["codemeta"], states["funding-json"]) == ("unreadable",) * 3
    assert states["governance"] == "there"


def test_a_page_for_people_in_place_of_a_file_is_not_read_as_one(
    thing: Callable[..., Commons], forge: LocalForge, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from communs.testing import forge as forging

    commons = thing()
    monkeypatch.setattr(forging, "_file", lambda found, path: forging._Reply(200, b"<html>sign in", "text/html"))
    row = look_at(commons, clock)
    assert (row.state, row.trouble, row.files) == ("active", "answer", {})
    monkeypatch.undo()
    clock.later(hours=2)
    assert look_at(commons, clock).files["publiccode"]["state"] == "valid"
