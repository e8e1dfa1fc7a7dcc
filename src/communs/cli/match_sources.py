"""Where `communs match` takes a commons and the opportunities from: files, the database, or the bundled data."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from communs.apps.funding.match_document import About
from communs.cli.house import SEED, Failure, say, set_up_to_ask
from communs.core.matching import InvalidRecord, Opportunity
from communs.kit.records.files import BadRecord, Placed, read_records

FILE_BYTES_MAX = 1_048_576
_LOOKS_LIKE_A_FILE = re.compile(r"[/\\]|\.(jsonl?|ya?ml)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """Opportunities to match with, and what to call them."""

    opportunities: list[Opportunity]
    named: Mapping[str, About]

    def about(self, public_id: str) -> About:
        """Title and addresses of one of them."""
        return self.named[public_id]


class Sources:
    """The database of the data folder, or the bundled data where there is none."""

    def __init__(self, *, has_database: bool) -> None:
        self.has_database = has_database

    @classmethod
    def open(cls) -> Sources:
        """Load Django. Nothing is created: to ask is not to set up a site."""
        set_up_to_ask()
        from communs.web.config import read_config

        config = read_config()
        is_file = "sqlite3" in str(config.database["ENGINE"])
        return cls(has_database=not is_file or Path(str(config.database["NAME"])).is_file())

    def today(self) -> date:
        """The day in the site's time zone."""
        from django.utils import timezone

        return timezone.localdate()

    def commons(self, named: str) -> Mapping[str, Any]:
        """The record of a commons, from a file or by its public id. Raises `Failure`."""
        path = Path(named)
        if path.is_dir():
            return _from_folder(path)
        if path.is_file():
            return _described(path) or _first_record(path)
        if _LOOKS_LIKE_A_FILE.search(named):
            raise Failure(f"{named} is not a file.")
        return self._registered(named) if self.has_database else _bundled(named)

    def opportunities(self, file: str | None) -> Found:
        """The opportunities of a file, else of the database, else of the bundled data. Raises `Failure`."""
        if file:
            if not Path(file).is_file():
                raise Failure(f"{file} is not a file.")
            return _from_records(read_records(Path(file)))
        if self.has_database:
            found = _from_database()
            if not found.opportunities:
                say("The site knows no opportunity yet: communs import opportunities FILE reads some.")
            return found
        say(f"There is no database in this data folder: matching with the data that communs brings along ({SEED}).")
        return _from_records(read_records(SEED / "opportunities.jsonl"), bundled=True)

    def _registered(self, public_id: str) -> Mapping[str, Any]:
        from django.contrib.auth.models import AnonymousUser

        from communs.apps.register.queries import get_commons, public_commons
        from communs.cli.house import need_database
        from communs.kit.gates import NotThere

        need_database()
        try:
            commons = get_commons(AnonymousUser(), public_id)
        except NotThere as error:
            known = public_commons().order_by("public_id").values_list("public_id", flat=True)
            raise Failure(_not_known(public_id, known)) from error
        return {**commons.facts, "id": commons.public_id, "name": commons.name}


def _bundled(public_id: str) -> Mapping[str, Any]:
    known = []
    for item in read_records(SEED / "commons.jsonl"):
        if isinstance(item, Placed):
            if item.record.get("id") == public_id:
                return item.record
            known.append(str(item.record.get("id")))
    raise Failure(_not_known(public_id, known))


def _not_known(public_id: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(public_id, list(known), n=3, cutoff=0.6)
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    return f"No commons is called {public_id!r} here, and there is no such file.{hint}"


def _first_record(path: Path) -> Mapping[str, Any]:
    if path.stat().st_size > FILE_BYTES_MAX and path.suffix.lower() == ".json":
        raise Failure(f"{path} is larger than 1 MB: give one commons in one file.")
    item = next(iter(read_records(path)), None)
    if item is None:
        raise Failure(f"{path} is empty: write one commons in it, in the shape of seed/commons.jsonl.")
    if isinstance(item, BadRecord):
        raise Failure(f"{item.place}: {item.problem}. {item.remedy}.")
    return item.record


def _described(path: Path) -> Mapping[str, Any] | None:
    """The commons that a file of a known format describes; None for a record file. Raises `Failure`."""
    from django.utils.translation import gettext

    from communs.core.standards.formats import FORMATS, Sample, by_name, recognise
    from communs.core.standards.funding_json import namesake_problem

    is_yaml = path.suffix.lower() in {".yml", ".yaml", ".cff"}
    if path.stat().st_size > FILE_BYTES_MAX:
        if is_yaml:
            raise Failure(f"{path} is larger than 1 MB: that does not describe one commons.")
        return None
    data = path.read_bytes()
    # A record file of our own is none of the formats; what is called like one is read as that.
    found = (by_name(path.name) if is_yaml else None) or recognise(data, path.name)
    if is_yaml and (found is None or found.kind != "commons"):
        found = FORMATS["publiccode"]
    if found is None and (alien := namesake_problem(Sample(data))):
        raise Failure(f"{path.name}:{alien.render(gettext)}")
    if found is None or found.kind != "commons":
        return None
    document = found.read(data)
    for problem in document.problems:
        say(f"{path.name}:{problem.render(gettext)}")
    # FUNDING.yml never says what it is that one may give to; of all others that is the least.
    if not document.records or not (document.records[0].get("name") or found.name == "funding-yml"):
        raise Failure(f"{path} has no usable name: is it a {found.title}? See the messages above.")
    return document.records[0]


def _from_folder(path: Path) -> Mapping[str, Any]:
    """The commons that a folder describes, by the file that says most. Raises `Failure`."""
    files = {one.name.lower(): one for one in path.iterdir() if one.is_file()}
    for name in ("publiccode.yml", "publiccode.yaml", "codemeta.json", "citation.cff", "funding.json"):
        if name in files and (record := _described(files[name])):
            return record
    for place in (path, path / ".github"):
        if (place / "FUNDING.yml").is_file() and (record := _described(place / "FUNDING.yml")):
            return record
    raise Failure(f"{path} holds no publiccode.yml, codemeta.json, CITATION.cff, funding.json or FUNDING.yml.")


def _from_records(items: Iterable[Placed | BadRecord], *, bundled: bool = False) -> Found:
    opportunities, named = [], {}
    for item in items:
        try:
            if isinstance(item, BadRecord):
                raise item
            # What nobody has checked stays off public pages, and out of answers.
            if bundled and _is_unchecked(item.record):
                continue
            opportunity = Opportunity.from_record(item.record)
        except BadRecord as bad:
            say(f"{bad.place}: {bad.problem}. {bad.remedy}. Left out.")
            continue
        except InvalidRecord as bad:
            say(f"{item.place}: {bad.path}: {bad.problem}. {bad.remedy} Left out.")
            continue
        opportunities.append(opportunity)
        link = str(item.record.get("url") or "")
        named[opportunity.id] = About(_title(item.record), link, link)
    return Found(opportunities, named)


def _is_unchecked(record: Mapping[str, Any]) -> bool:
    from communs.apps.funding.importing import UNVERIFIED

    evidence = record.get("evidence") or []
    return bool(evidence) and all(item.get("source_url_or_repo_path") == UNVERIFIED for item in evidence)


def _from_database() -> Found:
    from communs.apps.funding.queries import opportunity_of, public_opportunities
    from communs.cli.house import need_database

    need_database()
    opportunities, named = [], {}
    for row in public_opportunities().order_by("pk").iterator(chunk_size=2000):
        opportunities.append(opportunity_of(row))
        link = str(row.values.get("url") or "")
        named[row.public_id] = About(_title(row.facts) or row.title, _page(row.public_id) or link, link)
    return Found(opportunities, named)


def _page(public_id: str) -> str:
    """The address of our page, where this site has an address."""
    from django.conf import settings
    from django.urls import reverse

    return settings.PUBLIC_URL + reverse("funding:detail", args=[public_id]) if settings.PUBLIC_URL else ""


def _title(record: Mapping[str, Any]) -> str:
    from django.utils.translation import get_language

    from communs.kit.texts import pick

    titles = record.get("titles") or {}
    stated = {"en": record.get("title"), "fr": record.get("title_fr"), **titles}
    return str(pick(stated, get_language() or "en"))
