"""The rules of the Citation File Format, versions 1.0 to 1.3, as data.

Up to 1.1 `version` and `date-released` had to be given. References to other works are not looked into.
"""

from __future__ import annotations

import re
from typing import Any, Final

from communs.core.standards.rules import Depending, Form, Listing, Rule, Table, Text, unchanged
from communs.core.standards.shapes import doi, iso_day, mended_address, plain, swhid
from communs.core.texts import N_

VERSIONS: Final = ("1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.1.0", "1.2.0", "1.3.0")
MESSAGE: Final = "If you use this software, please cite it using the metadata from this file."

_NOT_VERSION: Final = N_("“{value}” is not a version of this format.")
_NOT_ADDRESS: Final = N_("“{value}” is not an address of the web.")
_NOT_DATE: Final = N_("“{value}” is not a date.")
_NOT_DOI: Final = N_("“{value}” is not a DOI.")
_NOT_ORCID: Final = N_("“{value}” is not an ORCID.")
_NOT_SWH: Final = N_("“{value}” is not an identifier of Software Heritage.")
_NOT_EMAIL: Final = N_("“{path}” is not an e-mail address.")
_WRITE: Final = N_("Write {meant}.")


def _mended_version(text: str) -> str:
    digits = re.match(r"v?(1\.\d)", text.strip())
    return next((known for known in reversed(VERSIONS) if digits and known.startswith(digits[1])), text)


def _mended_orcid(text: str) -> str:
    found = re.search(r"\d{4}-\d{4}-\d{4}-\d{3}[\dXx]", text)
    return f"https://orcid.org/{found[0].upper()}" if found else text


VERSION: Final = Form(
    "not-a-version",
    re.compile("|".join(map(re.escape, VERSIONS))),
    (_NOT_VERSION, _WRITE),
    (_NOT_VERSION, N_("Write 1.2.0.")),
    _mended_version,
)
ADDRESS: Final = Form(
    "not-an-address",
    re.compile(r"(?:https?|s?ftp)://.+"),
    (_NOT_ADDRESS, _WRITE),
    (_NOT_ADDRESS, N_("Write a full address that starts with https://.")),
    mended_address,
)
DATE: Final = Form(
    "not-a-date",
    # A day that there is: months of 31, 30 and 28 days, and 29 February of leap years.
    re.compile(
        r"\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)"
        r"|02-(?:0[1-9]|1\d|2[0-8]))|(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29",
        re.ASCII,
    ),
    (_NOT_DATE, _WRITE),
    (_NOT_DATE, N_("Write year, month and day: 2026-03-31.")),
    iso_day,
)
DOI: Final = Form(
    "not-a-doi",
    re.compile(r"10\.\d{4,9}(?:\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+", re.ASCII),
    (_NOT_DOI, _WRITE),
    (_NOT_DOI, N_("Write it without the address of a resolver, such as 10.5281/zenodo.1003150.")),
    doi,
)
ORCID: Final = Form(
    "not-an-orcid",
    re.compile(r"https://orcid\.org/\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.ASCII),
    (_NOT_ORCID, _WRITE),
    (_NOT_ORCID, N_("Write its full address: https://orcid.org/ and four groups of four characters.")),
    _mended_orcid,
)
SWH: Final = Form(
    "not-a-swhid",
    re.compile(r"swh:1:(?:snp|rel|rev|dir|cnt):[0-9a-fA-F]{40}"),
    (_NOT_SWH, _WRITE),
    (_NOT_SWH, N_("Copy it whole; it starts with swh:1:.")),
    swhid,
)
EMAIL: Final = Form(
    "not-an-email",
    re.compile(r"\S+@\S+\.\S{2,}"),
    (_NOT_EMAIL, _WRITE),
    (_NOT_EMAIL, N_("Write an address, or leave it out.")),
    unchanged,
)

_SOMETHING: Final = Text(may_be_empty=False)
_ADDRESS: Final = Text(form=ADDRESS, may_be_empty=False)
_DATE: Final = Text(form=DATE, may_be_empty=False)
_REACHED: Final[dict[str, Rule]] = {
    **dict.fromkeys(("address", "alias", "city", "region", "tel", "fax"), _SOMETHING),
    "country": _SOMETHING,
    "email": Text(form=EMAIL, may_be_empty=False),
    "orcid": Text(form=ORCID, may_be_empty=False),
    "post-code": Text(may_be_empty=False, number_too=True),
    "website": _ADDRESS,
}
_PERSON: Final = Table(
    {
        **_REACHED,
        **dict.fromkeys(("affiliation", "family-names", "given-names", "name-particle", "name-suffix"), _SOMETHING),
    },
    unknown="error",
)
_ENTITY: Final = Table(
    {**_REACHED, "name": _SOMETHING, "date-start": _DATE, "date-end": _DATE, "location": _SOMETHING},
    ("name",),
    unknown="error",
    lone="name",
)


def is_entity(author: Any) -> bool:
    """Whether an author is an organisation or a group: those have a name, persons have names."""
    return isinstance(author, dict) and "name" in author and not {"family-names", "given-names"} & author.keys()


def _author(value: Any) -> Rule:
    return _ENTITY if is_entity(value) or isinstance(value, str) else _PERSON


_IDENTIFIED: Final = {
    "doi": Text(form=DOI, may_be_empty=False),
    "url": _ADDRESS,
    "swh": Text(form=SWH, may_be_empty=False),
    "other": _SOMETHING,
}


def _identifier(value: Any) -> Rule:
    kind = plain(value.get("type")) if isinstance(value, dict) else ""
    return Table(
        {
            "type": Text(choices=tuple(_IDENTIFIED)),
            "value": _IDENTIFIED.get(kind.lower(), _SOMETHING),
            "description": _SOMETHING,
        },
        ("type", "value"),
        unknown="error",
    )


_AUTHORS: Final = Listing(Depending(_author), least=1)
_REFERENCE: Final = Table({"title": _SOMETHING, "type": _SOMETHING, "authors": _AUTHORS}, ("type", "title", "authors"))
_KEYS: Final[dict[str, Rule]] = {
    "cff-version": Text(form=VERSION, may_be_empty=False),
    "message": _SOMETHING,
    "title": _SOMETHING,
    "authors": _AUTHORS,
    "abstract": _SOMETHING,
    "commit": _SOMETHING,
    "contact": _AUTHORS,
    "date-released": _DATE,
    "doi": Text(form=DOI, may_be_empty=False),
    "identifiers": Listing(Depending(_identifier), least=1),
    "keywords": Listing(_SOMETHING, least=1),
    "license": Listing(_SOMETHING, least=1, single_too=True),
    "license-url": _ADDRESS,
    "preferred-citation": _REFERENCE,
    "references": Listing(_REFERENCE, least=1),
    "repository": _ADDRESS,
    "repository-artifact": _ADDRESS,
    "repository-code": _ADDRESS,
    "type": Text(choices=("software", "dataset")),
    "url": _ADDRESS,
    "version": Text(may_be_empty=False, number_too=True),
}
_REQUIRED: Final = ("cff-version", "message", "title", "authors")
CITATION: Final = Table(_KEYS, _REQUIRED, "error")
CITATION_1_1: Final = Table(_KEYS, (*_REQUIRED, "version", "date-released"), "error")


def version_of(citation: Any) -> str:
    """The version of the format that a file names; empty where it names none that there is."""
    stated = plain(citation.get("cff-version")) if isinstance(citation, dict) else ""
    return stated if stated in VERSIONS else ""


def rules_of(citation: Any) -> Table:
    """The rules that a file has to follow: those of the version it names, else of 1.2."""
    return CITATION_1_1 if version_of(citation) in VERSIONS[:5] else CITATION
