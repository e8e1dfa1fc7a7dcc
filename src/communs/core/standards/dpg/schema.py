"""The rules of a nominee's record, and of the details of a recognised good, as data."""

from __future__ import annotations

import re
from typing import Final

from communs.core.standards.rules import Anything, Form, Listing, Number, Table, Text
from communs.core.texts import N_

STAGES: Final = ("nominee", "DPG", "archive")
KINDS: Final = {
    "software": "software", "data": "data", "content": "content", "standard": "standard", "aimodel": "model",
}  # fmt: skip
# The registry has written the licences of a good in three ways.
LICENCE_KEYS: Final = ("license", "openlicenses", "openLicenses")
REPOSITORY_KEYS: Final = ("repositories", "repositoryURL", "repository")

_KIND: Final = Form(
    "not-a-choice",
    re.compile("|".join(KINDS)),
    (N_("“{value}” is no type of digital public good."), N_("Write {meant}.")),
    (N_("“{value}” is no type of digital public good."), N_("Write software, data, content, standard or aimodel.")),
    lambda text: {"ai model": "aimodel", "ai-model": "aimodel"}.get(text.strip().lower(), text.strip().lower()),
)
_LICENCE: Final = Table(
    {"spdx": Text(), "openLicense": Text(), "licenseURL": Text(), "openLicenseEvidenceURLs": Anything()}
)
_ORGANISATION: Final = Table(
    {
        "name": Text(),
        "website": Text(),
        "org_type": Text(choices=("owner", "maintainer", "funder", "implementer")),
        "contact_name": Text(),
        "contact_email": Text(),
    }
)
NOMINEE: Final = Table(
    {
        "name": Text(may_be_empty=False),
        "aliases": Listing(Text()),
        "description": Text(),
        "website": Text(),
        "license": Listing(_LICENCE, least=1),
        "openlicenses": Listing(_LICENCE, least=1),
        "SDGs": Listing(
            Table({"SDGNumber": Number(whole=True), "evidenceText": Text(), "evidenceURL": Text()}), least=1
        ),
        "sectors": Listing(Text()),
        "type": Listing(Text(form=_KIND), least=1),
        "repositories": Listing(Table({"name": Text(), "url": Text()}, ("url",))),
        "organizations": Listing(_ORGANISATION),
        "stage": Text(choices=STAGES),
    },
    ("name", "description", "organizations", "SDGs", "type", "stage"),
)
DETAILS: Final = Table(
    {
        "name": Text(may_be_empty=False),
        "locations": Table({"developmentCountries": Listing(Text()), "deploymentCountries": Listing(Text())}),
        "clearOwnership": Anything(),
        "platformIndependence": Anything(),
        "documentation": Anything(),
        "NonPII": Anything(),
        "privacy": Anything(),
        "standards": Anything(),
        "doNoHarm": Anything(),
    },
    ("name",),
)
