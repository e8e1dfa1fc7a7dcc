"""Collect the interface texts of every folder into its .po files, and say which translations are missing.

Texts are found in Python (`_`, `gettext…`, `ngettext…`, `pgettext…`, `N_`) by its syntax tree and in templates by
Django's own `templatize`; GNU gettext is not needed. A text that several folders share is translated once in each.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

from communs.cli.house import ROOT

SOURCE = ROOT / "src" / "communs"
LANGUAGES = ("fr",)
PLURAL_FORMS = {"fr": "nplurals=2; plural=(n > 1);"}

# Where the arguments of a function stand: (context, singular, plural), -1 for "has none".
_FUNCTIONS: dict[str, tuple[int, int, int]] = {
    **dict.fromkeys(("_", "_now", "N_", "gettext", "gettext_lazy", "gettext_noop"), (-1, 0, -1)),
    **dict.fromkeys(("ngettext", "ngettext_lazy", "NN_"), (-1, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, -1)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sdrf]|%[sdrf]|(?<!\{)\{(\w*)(?:![rs])?(?::[^{}]*)?\}(?!\})")


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """One text as a catalogue knows it. `plural` is empty where there is one form, `context` where there is none."""

    singular: str
    plural: str = ""
    context: str = ""


@dataclass(slots=True)
class Collected:
    """The texts of one folder, each with the files that use it."""

    folder: Path
    places: dict[Text, set[str]] = field(default_factory=dict)

    def catalogue(self, language: str) -> Path:
        """The .po file of a language."""
        return self.folder / "locale" / language / "LC_MESSAGES" / "django.po"


def update() -> list[tuple[str, str]]:
    """Write every .po file anew, keeping its translations; returns (file, text) for each that is missing.

    What is no longer used is kept as obsolete, so that a text that returns finds its translation.
    """
    for collected in collect():
        for language in LANGUAGES:
            _write(collected, language)
    return missing()


def missing() -> list[tuple[str, str]]:
    """(file, what is wrong with which text) for each text without a good translation; writes nothing."""
    found = []
    for collected in collect():
        for language in LANGUAGES:
            path = collected.catalogue(language)
            place = str(path.relative_to(ROOT))
            entries = {_text_of(entry): entry for entry in _read(path) if not entry.obsolete}
            for text in sorted(collected.places):
                problem = fault_of(text, entries.get(text))
                if problem:
                    found.append((place, f"{text.singular} ({problem})"))
    return found


def fault_of(text: Text, entry: polib.POEntry | None) -> str:
    """What is wrong with a translation, "" when it is good: absent, uncertain, or with other placeholders."""
    if entry is None:
        return "not translated"
    if entry.fuzzy:
        return "fuzzy"
    forms = list(entry.msgstr_plural.values()) if text.plural else [entry.msgstr]
    if len(forms) < (2 if text.plural else 1) or not all(form.strip() for form in forms):
        return "not translated"
    wanted = placeholders(text.plural or text.singular)
    for number, form in enumerate(forms):
        got = placeholders(form)
        # The form for one may say "one" in words and leave the figure out.
        if not got <= wanted or (got != wanted and (number or not text.plural)):
            return f"placeholders {sorted(got)} instead of {sorted(wanted)}"
    return ""


def placeholders(message: str) -> set[str]:
    """The placeholders of a message, `%(name)s` and `{name}`.

    >>> sorted(placeholders("%(count)s of {total} at 100%%"))
    ['count', 'total']
    """
    return {match[1] or match[2] or match[0] for match in _PLACEHOLDER.finditer(message.replace("%%", ""))}


def collect() -> list[Collected]:
    """The texts of each folder that keeps a catalogue: every app, the kit, the core, and the web with the rest."""
    folders = {folder: Collected(folder) for folder in _folders()}
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "migrations" in path.parts:
            continue
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        owner = _owner(path, folders)
        place = str(path.relative_to(SOURCE))
        for text in _texts(path):
            folders[owner].places.setdefault(text, set()).add(place)
    return [collected for collected in folders.values() if collected.places]


def _folders() -> list[Path]:
    apps = [path.parent for path in sorted((SOURCE / "apps").glob("*/__init__.py"))]
    return [*apps, SOURCE / "kit", SOURCE / "core", SOURCE / "web"]


def _owner(path: Path, folders: dict[Path, Collected]) -> Path:
    owners = [folder for folder in folders if folder in path.parents]
    return owners[0] if owners else SOURCE / "web"


def _texts(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        source = _without_padding(templatize(source, origin=str(path)))
        yield from _calls(source, str(path))
        return
    yield from _calls(source, str(path))


def _without_padding(templatized: str) -> str:
    """Django blanks out everything but calls; what is left becomes one call a line."""
    calls = re.findall(
        r"(?:gettext|ngettext|pgettext|npgettext|_)\(\s*u?(?:[^()\"']|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')*\)",
        templatized,
        re.DOTALL,
    )
    return "\n".join(calls)


def _calls(source: str, name: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source, name)):
        if isinstance(node, ast.Call) and (places := _FUNCTIONS.get(_called(node.func))):
            context, singular, plural = (_constant(node, position) for position in places)
            if singular:
                yield Text(singular, plural, context)


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _constant(call: ast.Call, position: int) -> str:
    if not 0 <= position < len(call.args):
        return ""
    argument = call.args[position]
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""


def _text_of(entry: polib.POEntry) -> Text:
    return Text(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def _read(path: Path) -> polib.POFile:
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def _write(collected: Collected, language: str) -> None:
    path = collected.catalogue(language)
    before = _read(path)
    known = {_text_of(entry): entry for entry in before}
    after = polib.POFile(wrapwidth=110)
    after.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS[language],
    }
    for text in sorted(collected.places, key=lambda text: (min(collected.places[text]), text)):
        entry = known.pop(text, None) or _new(text)
        entry.obsolete = False
        entry.occurrences = [(place, "") for place in sorted(collected.places[text])]
        after.append(entry)
    for entry in known.values():
        if entry.msgstr or entry.msgstr_plural:
            entry.obsolete, entry.occurrences = True, []
            after.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    if str(after) != str(before) or not path.exists():
        after.save(str(path))


def _new(text: Text) -> polib.POEntry:
    plural = {"msgid_plural": text.plural, "msgstr_plural": {0: "", 1: ""}} if text.plural else {}
    context = {"msgctxt": text.context} if text.context else {}
    return polib.POEntry(msgid=text.singular, **plural, **context)
