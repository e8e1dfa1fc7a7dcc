"""A commons comes in from its own file: handed in, understood, mended, proposed, looked at by an editor, public."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from communs.core.standards import publiccode

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# As files in the wild are: an old version, a text where a list belongs, a deprecated licence, an empty address.
FILE = """\
publiccodeYmlVersion: "0.2"
name: Free Map
url: https://example.org/free-map.git
platforms: web
developmentStatus: stable
softwareType: standalone/web
description:
  en:
    shortDescription: A map of footpaths that walkers draw themselves
legal:
  license: GPL-3.0
maintenance:
  type: community
  contacts:
  - name: Example Group
    email: ""
"""


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
def test_a_member_hands_in_a_file_and_an_editor_makes_it_public(
    scripts: bool, bob: Any, eva: Any, visitor: Any, signed_in: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "free-map"
    folder.mkdir()
    (folder / "publiccode.yml").write_text(FILE, encoding="utf-8")
    (folder / "main.py").write_text("print('not read')\n", encoding="utf-8")
    member = signed_in(bob, scripts=scripts)

    member.goto("/en/commons/")
    member.get_by_role("link", name="Add a commons").click()
    # Without scripts browsers hand in a folder as well: it is the field that asks for one.
    member.get_by_label("Or a folder").set_input_files(folder)
    member.get_by_role("button", name="Read it").click()
    assert member.locator("h1").inner_text() == "What was understood"
    assert "A map of footpaths" in member.locator("dl").inner_text()
    told = member.locator("main section").inner_text()
    assert "4:1" in told
    assert "main.py" not in member.locator("main").inner_text()

    with member.expect_download() as download:
        member.get_by_role("link", name="Take home the mended file").click()
    mended = tmp_path / "mended.yml"
    download.value.save_as(mended)
    before, after = publiccode.read(FILE.encode()), publiccode.read(mended.read_bytes())
    assert len(after.problems) < len(before.problems)
    assert after.records[0]["name"] == "Free Map"

    member.get_by_role("link", name="Go on with this description").click()
    assert member.get_by_label("Name required").input_value() == "Free Map"
    assert member.get_by_label("Source repository").input_value() == "https://example.org/free-map.git"
    member.get_by_role("button", name="Propose", exact=True).click()
    assert "Thank you" in member.locator(".messages").inner_text()
    stranger = visitor()
    stranger.goto("/en/commons/")
    assert "Free Map" not in stranger.locator("main").inner_text()

    editor = signed_in(eva, scripts=scripts)
    editor.goto("/en/commons/queue/")
    editor.get_by_role("main").get_by_role("link", name="Free Map").click()
    editor.get_by_role("button", name="Accept", exact=False).first.click()
    assert "the entry is public" in editor.locator(".messages").inner_text()
    assert editor.locator("h1").inner_text() == "Free Map"
    stranger.goto("/en/commons/")
    stranger.get_by_role("link", name="Free Map").click()
    shown = stranger.locator("main").inner_text()
    assert "A map of footpaths that walkers draw themselves" in shown
    assert "https://example.org/free-map" in shown
    assert "GPL-3.0" in shown


def test_a_link_into_the_house_is_refused_and_says_why(live_server: Any, visitor: Any) -> None:
    page = visitor()
    page.goto("/en/commons/new/from/")
    page.get_by_label("A link").fill(f"{live_server.url}/en/")
    page.get_by_role("button", name="Read it").click()
    assert "The address lies in a private network: it is not asked." in page.locator("main").inner_text()
    assert "Nothing that describes a commons could be read." in page.locator("main").inner_text()
