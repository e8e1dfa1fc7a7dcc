"""The rules of the manifest, versions 1.0 and 1.1 of its schema, as data.

Version 1.1 differs in one point: `version`, now that of the contents, may be left out.
"""

from __future__ import annotations

import re
from typing import Any, Final

from communs.core.standards.rules import Form, Listing, Number, Rule, Table, Text
from communs.core.standards.shapes import mended_address, slug
from communs.core.texts import N_

ENTITY_TYPES: Final = ("individual", "group", "organisation", "other")
ROLES: Final = ("owner", "steward", "maintainer", "contributor", "other")
CHANNEL_TYPES: Final = ("bank", "payment-provider", "cheque", "cash", "other")
FREQUENCIES: Final = ("one-time", "weekly", "fortnightly", "monthly", "yearly", "other")
WELL_KNOWN: Final = "/.well-known/funding-manifest-urls"

_SMALL_NAME: Final = re.compile(r"[a-z0-9-]+")


def small_name(text: str) -> str:
    """A tag or guid as the manifest wants it, from what people write.

    >>> small_name("Machine Learning"), small_name("C++"), small_name("Vidéo")
    ('machine-learning', 'cpp', 'video')
    """
    return slug(text.replace("++", "pp").replace("#", "-sharp"), 32)


TAG: Final = Form(
    "not-a-tag",
    _SMALL_NAME,
    (N_("“{value}” is no tag: tags are of small letters, digits and hyphens."), N_("Write “{meant}”.")),
    (
        N_("“{value}” is no tag: tags are of small letters, digits and hyphens."),
        N_("Write it in small letters without accents, with hyphens for spaces."),
    ),
    small_name,
)
GUID: Final = Form(
    "not-a-guid",
    _SMALL_NAME,
    (N_("“{value}” is no identifier: those are of small letters, digits and hyphens."), N_("Write “{meant}”.")),
    (
        N_("“{value}” is no identifier: those are of small letters, digits and hyphens."),
        N_("Write it in small letters without accents, with hyphens for spaces."),
    ),
    small_name,
)
ADDRESS: Final = Form(
    "not-an-address",
    re.compile(r"https?://.*", re.DOTALL),
    (N_("“{value}” is not an address of the web."), N_("Write {meant}.")),
    (N_("“{value}” is not an address of the web."), N_("Write a full address that starts with https://.")),
    mended_address,
)
CURRENCY: Final = Form(
    "not-a-currency",
    re.compile(r"[A-Z]{3}"),
    (N_("“{value}” is not the code of a currency."), N_("Write {meant}.")),
    (N_("“{value}” is not the code of a currency."), N_("Write its three capital letters, such as EUR.")),
    lambda text: {"€": "EUR", "$": "USD", "£": "GBP", "₹": "INR"}.get(text.strip(), text.strip().upper()),
)


def _well_known(text: str) -> str:
    base = mended_address(text).rstrip("/")
    return base if base.endswith(WELL_KNOWN) else f"{base}{WELL_KNOWN}" if base.count("/") == 2 else text


PROOF: Final = Form(
    "not-a-proof",
    re.compile(rf"https?://.*{re.escape(WELL_KNOWN)}", re.DOTALL),
    (
        N_("“{value}” does not end in /.well-known/funding-manifest-urls, where the proof is looked for."),
        N_("Write {meant}."),
    ),
    (
        N_("“{value}” does not end in /.well-known/funding-manifest-urls, where the proof is looked for."),
        N_("Write the address of that file, or leave “{path}” out."),
    ),
    _well_known,
)


def _link(may_be_empty: bool) -> Table:
    address = Text(250, form=ADDRESS, may_be_empty=may_be_empty)
    return Table({"url": address, "wellKnown": Text(250, form=PROOF)}, ("url",), "warning", lone="url")


_ENTITY: Final = Table(
    {
        "type": Text(choices=ENTITY_TYPES),
        "role": Text(choices=ROLES),
        "name": Text(250),
        "email": Text(250),
        "phone": Text(32),
        "description": Text(2000),
        "webpageUrl": _link(may_be_empty=True),
    },
    ("type", "role", "name", "email", "description", "webpageUrl"),
    "warning",
)
_PROJECT: Final = Table(
    {
        "guid": Text(32, form=GUID),
        "name": Text(250),
        "description": Text(2000),
        "webpageUrl": _link(may_be_empty=False),
        "repositoryUrl": _link(may_be_empty=False),
        "licenses": Listing(Text(), most=5),
        "tags": Listing(Text(32, form=TAG, may_be_empty=False), most=10),
    },
    ("guid", "name", "description", "webpageUrl", "repositoryUrl", "licenses", "tags"),
    "warning",
)
_CHANNEL: Final = Table(
    {
        "guid": Text(32, form=GUID, may_be_empty=False),
        "type": Text(choices=CHANNEL_TYPES),
        "address": Text(250),
        "description": Text(500),
    },
    ("guid", "type"),
    "warning",
)
_PLAN: Final = Table(
    {
        "guid": Text(32, form=GUID, may_be_empty=False),
        "status": Text(choices=("active", "inactive")),
        "name": Text(250),
        "description": Text(),
        "amount": Number(),
        "currency": Text(form=CURRENCY, may_be_empty=False),
        "frequency": Text(choices=FREQUENCIES),
        "channels": Listing(Text(32, form=GUID, may_be_empty=False)),
    },
    ("guid", "status", "name", "amount", "currency", "frequency", "channels"),
    "warning",
)
_YEAR: Final = Table(
    {
        "year": Number(whole=True),
        "income": Number(),
        "expenses": Number(),
        "taxes": Number(),
        "currency": Text(form=CURRENCY, may_be_empty=False),
        "description": Text(500),
    },
    ("year", "currency"),
    "warning",
)
_KEYS: Final[dict[str, Rule]] = {
    "version": Text(),
    "entity": _ENTITY,
    "projects": Listing(_PROJECT),
    "funding": Table(
        {"channels": Listing(_CHANNEL), "plans": Listing(_PLAN), "history": Listing(_YEAR)},
        ("channels", "plans"),
        "warning",
    ),
}
# What other programmes keep in a file of the same name.
_BESIDE: Final = ("$schema", "opRetro", "drips")
MANIFEST: Final = Table(_KEYS, ("entity", "funding"), "warning", also=_BESIDE)
MANIFEST_1_0: Final = Table(_KEYS, ("version", "entity", "funding"), "warning", also=_BESIDE)


def version_of(manifest: Any) -> str:
    """The version of the schema that a manifest names: "1.0", "1.1", or empty where it names none."""
    named = manifest.get("$schema") if isinstance(manifest, dict) else None
    found = re.search(r"v(1\.\d+)(?:\.\d+)?", named) if isinstance(named, str) else None
    return found[1] if found else ""


def rules_of(manifest: Any) -> Table:
    """The rules that a manifest has to follow: those of 1.0 where it names that version, else of 1.1."""
    return MANIFEST_1_0 if version_of(manifest) == "1.0" else MANIFEST
