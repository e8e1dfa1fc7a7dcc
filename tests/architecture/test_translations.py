"""Every text of the interface has its French, with the same placeholders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib
import pytest

from communs.cli import dev_messages
from communs.cli.dev_messages import Text, collect, fault_of, missing, placeholders


def test_no_french_text_is_missing_uncertain_or_filled_otherwise() -> None:
    found = missing()
    assert not found, "\n".join(f"{place}: {text}" for place, text in found)


def test_every_folder_with_a_face_is_looked_at() -> None:
    names = {collected.folder.name for collected in collect()}
    assert {"web", "kit", "core", "accounts", "register", "funding"} <= names


@pytest.mark.parametrize(
    ("text", "entry", "fault"),
    [
        (Text("Hello"), None, "not translated"),
        (Text("Hello"), polib.POEntry(msgid="Hello", msgstr=" "), "not translated"),
        (Text("Hello"), polib.POEntry(msgid="Hello", msgstr="Bonjour", flags=["fuzzy"]), "fuzzy"),
        (Text("Hello"), polib.POEntry(msgid="Hello", msgstr="Bonjour"), ""),
        (Text("{n} maps"), polib.POEntry(msgid="{n} maps", msgstr="{m} cartes"), "placeholders ['m'] instead of ['n']"),
        (Text("%(n)s of 5%%"), polib.POEntry(msgid="…", msgstr="%(n)s sur 5 %%"), ""),
        (
            Text("{n} map", "{n} maps"),
            polib.POEntry(msgid="{n} map", msgid_plural="{n} maps", msgstr_plural={0: "une carte", 1: "{n} cartes"}),
            "",
        ),
        (
            Text("{n} map", "{n} maps"),
            polib.POEntry(msgid="{n} map", msgid_plural="{n} maps", msgstr_plural={0: "une carte", 1: "cartes"}),
            "placeholders [] instead of ['n']",
        ),
        (
            Text("{n} map", "{n} maps"),
            polib.POEntry(msgid="{n} map", msgid_plural="{n} maps", msgstr_plural={0: "une carte"}),
            "not translated",
        ),
    ],
)
def test_a_translation_is_judged(text: Text, entry: polib.POEntry | None, fault: str) -> None:
    assert fault_of(text, entry) == fault


def test_placeholders_of_both_kinds_are_seen() -> None:
    assert placeholders("%(a)s {b} {c!r} {d:>3} {{e}} 100%%") == {"a", "b", "c", "d"}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house of one app and the web, with texts of every form."""
    source = tmp_path / "src" / "communs"
    app, web = source / "apps" / "maps", source / "web"
    for folder in (app / "templates", web / "templates", source / "kit", source / "core"):
        folder.mkdir(parents=True)
    (app / "__init__.py").write_text("")
    (app / "pages.py").write_text(
        'a = _("One")\nb = ngettext("{n} map", "{n} maps", n)\nc = pgettext("month", "May")\n'
        'd = gettext("Joined "\n    "text")\ne = _(variable)\n'
    )
    (app / "templates" / "map.html").write_text(
        '{% load i18n %}{% translate "Map (old)" %}{% blocktranslate trimmed count n=rows|length %}\n  One {{ n }}'
        ' "row"\n'
        "  here{% plural %}{{ n }} row's{% endblocktranslate %}\n"
        '{% translate "may" context "verb" as may %}<p title="{{ _("Title") }}">_("not a text")</p>'
    )
    (web / "templates" / "home.html").write_text(
        "{% load i18n %}{% blocktranslate %}5% of {{ x }}{% endblocktranslate %}"
    )
    (source / "core" / "names.py").write_text('NAMES = {"a": N_("Association")}\n')
    monkeypatch.setattr(dev_messages, "SOURCE", source)
    monkeypatch.setattr(dev_messages, "ROOT", tmp_path)
    return source


def texts_in(folder: Path) -> set[Text]:
    return next(set(collected.places) for collected in collect() if collected.folder == folder)


def test_texts_are_found_in_python_and_in_templates(house: Path) -> None:
    assert texts_in(house / "apps" / "maps") == {
        Text("One"),
        Text("{n} map", "{n} maps"),
        Text("May", context="month"),
        Text("Joined text"),
        Text("Map (old)"),
        Text('One %(n)s "row" here', "%(n)s row's"),
        Text("may", context="verb"),
        Text("Title"),
    }
    assert texts_in(house / "web") == {Text("5%% of %(x)s")}
    assert texts_in(house / "core") == {Text("Association")}


def test_an_update_keeps_translations_and_sets_aside_what_is_not_used_any_more(house: Path) -> None:
    path = house / "core" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    before = polib.POFile()
    before.append(polib.POEntry(msgid="Association", msgstr="Une association"))
    before.append(polib.POEntry(msgid="Gone", msgstr="Parti"))
    before.save(str(path))
    problems = dev_messages.update()
    after: Any = polib.pofile(str(path))
    assert [(e.msgid, e.msgstr, bool(e.obsolete)) for e in after] == [
        ("Association", "Une association", False),
        ("Gone", "Parti", True),
    ]
    assert ("src/communs/web/locale/fr/LC_MESSAGES/django.po", "5%% of %(x)s (not translated)") in problems
    assert not [text for place, text in problems if "/core/" in place]


def test_a_second_update_writes_nothing(house: Path) -> None:
    dev_messages.update()
    stamps = {path: path.stat().st_mtime_ns for path in house.rglob("*.po")}
    dev_messages.update()
    assert stamps
    assert {path: path.stat().st_mtime_ns for path in house.rglob("*.po")} == stamps
