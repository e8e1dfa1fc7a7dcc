"""A commons is added from what it has published: what was understood is shown, mended files are taken home."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from communs.apps.register.adding import intake
from communs.apps.register.adding.drafts import draft_of, read_file
from communs.apps.register.models import Commons, CommonsProposal, Intake
from communs.kit.gates import NotThere

START = "/en/commons/new/from/"
PUBLICCODE = """\
publiccodeYmlVersion: "0.4"
name: Free Map
url: https://github.com/example/free-map.git
platforms: [web]
developmentStatus: stable
softwareType: standalone/web
description:
  en:
    shortDescription: A map of footpaths that walkers draw themselves.
  de:
    shortDescription: Eine Karte der Wanderwege, von Wandernden gezeichnet.
legal:
  license: agpl-3.0-or-later
maintenance:
  type: community
  contacts:
    - name: Erika Muster
      email: erika@example.org
"""
CODEMETA = {
    "@context": "https://w3id.org/codemeta/3.0",
    "@type": "SoftwareSourceCode",
    "name": "The Free Map",
    "license": "https://spdx.org/licenses/AGPL-3.0-or-later",
    "codeRepository": "https://github.com/example/free-map",
}


def project(name: str) -> dict[str, Any]:
    """One project of a funding.json."""
    return {
        "guid": name.lower().replace(" ", "-"),
        "name": name,
        "description": f"What {name} is for, in a sentence.",
        "webpageUrl": {"url": "https://example.org"},
        "repositoryUrl": {"url": f"https://github.com/example/{name.lower().replace(' ', '-')}"},
        "licenses": ["spdx:MIT"],
        "tags": ["maps"],
    }


SEVERAL = {
    "version": "v1.1.0",
    "entity": {
        "type": "group",
        "role": "owner",
        "name": "Example Group",
        "email": "group@example.org",
        "description": "Makes things.",
        "webpageUrl": {"url": "https://example.org"},
    },
    "projects": [project("First Thing"), project("Second Thing")],
    "funding": {"channels": [], "plans": [], "history": []},
}


def upload(client: Client, **files: str) -> Any:
    chosen = [SimpleUploadedFile(name.replace("__", "."), text.encode()) for name, text in files.items()]
    return client.post(START, {"link": "", "chosen": chosen}, follow=True)


def page(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def test_files_become_a_description_with_every_problem_and_its_fix(client: Client, db: None) -> None:
    shown = page(upload(client, publiccode__yml=PUBLICCODE))
    assert "<dd>Free Map" in shown
    assert "Eine Karte der Wanderwege" in shown
    assert "code: AGPL-3.0-or-later" in shown
    assert re.search(r"13:\d+", shown)  # where the licence stands
    assert "Erika" not in shown
    assert Commons.objects.count() == 0


def test_a_member_goes_on_with_the_description_and_proposes_it(client: Client, bob: Any) -> None:
    client.force_login(bob)
    shown = page(upload(client, publiccode__yml=PUBLICCODE))
    (url,) = re.findall(r'href="(/en/commons/new/\?from=[^"]+)"', shown)
    url = url.replace("&amp;", "&")
    form = page(client.get(url))
    assert 'value="Free Map"' in form
    assert "Eine Karte der Wanderwege" in form
    data = {"name": "Free Map", "summaries.de": "Eine Karte.", "repository": "https://github.com/example/free-map"}
    assert client.post(url, data).status_code == 302
    proposed = CommonsProposal.objects.get().values
    assert (proposed["name"], proposed["summaries.de"]) == ("Free Map", "Eine Karte.")


def test_of_two_files_that_disagree_both_are_shown_the_fuller_one_first(client: Client, db: None) -> None:
    shown = page(upload(client, codemeta__json=json.dumps(CODEMETA), publiccode__yml=PUBLICCODE))
    name = re.search(r"<dd>(Free Map.*?)</dd>", shown, re.DOTALL)
    assert name
    assert "another file says otherwise" in name[1]
    assert "The Free Map" in name[1]


def test_the_mended_file_is_taken_home(client: Client, db: None) -> None:
    shown = page(upload(client, publiccode__yml=PUBLICCODE))
    (url,) = re.findall(r'href="(/en/commons/new/from/[^"/]+/0/)"', shown)
    response = client.get(url)
    assert response["Content-Disposition"] == 'attachment; filename="publiccode.yml"'
    assert "license: AGPL-3.0-or-later" in response.content.decode()
    assert client.get(url.replace("/0/", "/7/")).status_code == 404


def test_a_file_under_a_false_name_is_said_to_be_another(client: Client, db: None) -> None:
    shown = page(upload(client, funding__json=json.dumps({"opRetro": {"projectId": "0x1"}})))
    assert "Nothing that describes a commons could be read." in shown
    assert "1:1" in shown


def test_of_a_folder_only_the_files_that_describe_something_are_kept(client: Client, db: None) -> None:
    files = [SimpleUploadedFile("main.py", b"print(1)"), SimpleUploadedFile("publiccode.yml", PUBLICCODE.encode())]
    page(client.post(START, {"link": "", "folder": files}, follow=True))
    assert [file["name"] for file in Intake.objects.get().files] == ["publiccode.yml"]


def test_nothing_at_all_is_asked_for_again(client: Client, db: None) -> None:
    shown = page(client.post(START, {"link": ""}))
    assert "Give a link or choose at least one file." in shown
    shown = page(client.post(START, {"link": "", "folder": [SimpleUploadedFile("main.py", b"print(1)")]}))
    assert "None of these files is of a format that can be read." in shown


def test_what_is_too_large_is_left_out_and_said(client: Client, db: None) -> None:
    large = SimpleUploadedFile("publiccode.yml", b"name: x\n" * 200_000)
    shown = page(client.post(START, {"link": "", "chosen": [large]}, follow=True))
    assert "It is too large" in shown
    assert Intake.objects.get().files == []


def test_a_private_address_is_not_asked(client: Client, db: None) -> None:
    shown = page(client.post(START, {"link": "http://127.0.0.1:8000/publiccode.yml"}, follow=True))
    assert "The address lies in a private network" in shown


def test_after_a_week_it_is_gone_and_the_form_still_opens(client: Client, bob: Any) -> None:
    kept = intake.keep(bob, {"publiccode.yml": PUBLICCODE.encode()})
    Intake.objects.update(created_at=timezone.now() - timedelta(days=8))
    with pytest.raises(NotThere):
        intake.get(kept.token)
    client.force_login(bob)
    assert client.get(f"/en/commons/new/?from={kept.token}").status_code == 200
    intake.drop_old()
    assert not Intake.objects.exists()


def test_visitors_may_try_until_too_many_do(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "ANONYMOUS_MAX_PER_HOUR", 1)
    page(upload(client, publiccode__yml=PUBLICCODE))
    assert "Too many people try this at the moment." in upload(client, publiccode__yml=PUBLICCODE).content.decode()


def test_of_two_commons_in_a_folder_only_one_is_taken_and_it_is_said(client: Client, db: None) -> None:
    """The licence of one never becomes that of the other."""
    other = PUBLICCODE.replace("Free Map", "Other Thing").replace("free-map", "other-thing")
    stranger = {**CODEMETA, "name": "Stranger", "codeRepository": "https://github.com/example/stranger"}
    shown = page(
        upload(client, publiccode__yml=other.replace("agpl-3.0-or-later", ""), codemeta__json=json.dumps(stranger))
    )
    assert "<dd>Other Thing" in shown
    assert "This file describes another commons" in shown
    assert "AGPL-3.0-or-later" not in shown.split("<section>")[0]


def test_the_same_commons_at_two_addresses_stays_one() -> None:
    mirror = json.dumps({**CODEMETA, "name": "free map", "codeRepository": "https://codeberg.org/example/free-map"})
    draft = draft_of([read_file("publiccode.yml", PUBLICCODE.encode()), read_file("codemeta.json", mirror.encode())])
    assert draft.apart == frozenset()
    assert [said for _file, said in draft.values["repository"].others] == ["https://codeberg.org/example/free-map"]


def test_nothing_gives_an_empty_description() -> None:
    assert draft_of([]).values == {}


def test_a_manifest_of_several_projects_offers_each(client: Client, db: None) -> None:
    shown = page(upload(client, funding__json=json.dumps(SEVERAL)))
    assert "The file describes several commons:" in shown
    (url,) = re.findall(r'href="(\?record=1)"', shown)
    address = re.search(r'/en/commons/new/\?from=([^"&]+)', shown)
    assert address is not None
    second = page(client.get(f"{START}{address[1]}/{url}"))
    assert "<dd>Second Thing" in second


def test_what_a_manifest_asks_for_is_kept_and_who_asks_is_not_named_where_it_is_one_person(
    client: Client, bob: Any
) -> None:
    manifest = {
        "version": "v1.1.0",
        "entity": {
            "type": "individual",
            "role": "maintainer",
            "name": "Erika Muster",
            "email": "erika@example.org",
            "description": "I draw maps.",
            "webpageUrl": {"url": "https://example.org/me"},
        },
        "projects": [
            {
                "guid": "free-map",
                "name": "Free Map",
                "description": "A map of footpaths.",
                "webpageUrl": {"url": "https://example.org/map"},
                "repositoryUrl": {"url": "https://github.com/example/free-map"},
                "licenses": ["spdx:AGPL-3.0-or-later"],
                "tags": ["maps"],
            }
        ],
        "funding": {
            "channels": [{"guid": "bank", "type": "bank", "address": "", "description": "Ask me."}],
            "plans": [
                {
                    "guid": "year",
                    "status": "active",
                    "name": "A year of upkeep",
                    "amount": 12000,
                    "currency": "EUR",
                    "frequency": "yearly",
                    "channels": ["bank"],
                }
            ],
        },
    }
    shown = page(upload(client, funding__json=json.dumps(manifest)))
    assert "A year of upkeep, €12,000, every year" in shown
    assert "Erika" not in shown
    assert "erika@example.org" not in shown
