"""The keys of publiccode.yml 0.7 as repairing needs them: what each holds, whether it must be there, what is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

UNDETERMINED: Final = "und"
"""The language tag for "not determined"."""

Kind = Literal[
    "text", "name", "short", "long", "generic", "url", "web", "date", "truth", "language", "country", "scope",
    "category", "platform", "licence", "status", "software_type", "maintenance_type", "email", "thing", "organisation",
    "version", "path", "media", "video", "table", "languages", "any",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """What stands under a key: a value of `kind`, or a list of them (`many`), or a table of further `keys`.

    `lone`: the key that is meant where a text stands instead of a table. `single_too`: one value alone is as good as a
    list.
    """

    kind: Kind = "text"
    many: bool = False
    required: bool = False
    keys: Mapping[str, Key] = field(default_factory=dict)
    lone: str = ""
    single_too: bool = False


_TEXT: Final = Key()
_TEXTS: Final = Key(many=True)
_WEB: Final = Key("web")
_ORGANISATION: Final = {"name": Key("name"), "uri": Key("organisation", required=True)}
_FUNDER: Final = {"name": Key("name"), "uri": Key("organisation", required=True)}
_DEPENDENCY: Final = Key(
    "table",
    many=True,
    lone="name",
    keys={
        "name": Key("name", required=True),
        "versionMin": _TEXT,
        "versionMax": _TEXT,
        "version": _TEXT,
        "optional": Key("truth"),
    },
)
DESCRIPTION: Final[Mapping[str, Key]] = {
    "localisedName": Key("name"),
    "genericName": Key("generic"),
    "shortDescription": Key("short", required=True),
    "longDescription": Key("long", required=True),
    "documentation": _WEB,
    "apiDocumentation": _WEB,
    "features": Key(many=True, required=True),
    "screenshots": Key("path", many=True),
    "videos": Key("video", many=True),
    "awards": _TEXTS,
}
_COUNTRY: Final = Key("any")
ROOT: Final[Mapping[str, Key]] = {
    "publiccodeYmlVersion": Key("version", required=True),
    "name": Key("name", required=True),
    "applicationSuite": _TEXT,
    "url": Key("url", required=True),
    "landingURL": _WEB,
    "isBasedOn": Key("url", many=True, single_too=True),
    "softwareVersion": _TEXT,
    "releaseDate": Key("date"),
    "logo": Key("path"),
    "monochromeLogo": Key("path"),
    "inputTypes": Key("media", many=True),
    "outputTypes": Key("media", many=True),
    "platforms": Key("platform", many=True, required=True),
    "categories": Key("category", many=True),
    "usedBy": _TEXTS,
    "fundedBy": Key("table", many=True, keys=_FUNDER, lone="name"),
    "roadmap": _WEB,
    "developmentStatus": Key("status", required=True),
    "softwareType": Key("software_type", required=True),
    "supports": Key("table", many=True, keys={"id": Key("thing", required=True)}, lone="id"),
    "organisation": Key("table", keys=_ORGANISATION, lone="name"),
    "intendedAudience": Key(
        "table",
        keys={
            "countries": Key("country", many=True),
            "unsupportedCountries": Key("country", many=True),
            "scope": Key("scope", many=True),
        },
    ),
    "description": Key("languages", required=True),
    "legal": Key(
        "table",
        required=True,
        lone="license",
        keys={
            "license": Key("licence", required=True),
            "mainCopyrightOwner": _TEXT,
            "repoOwner": _TEXT,
            "authorsFile": Key("path"),
        },
    ),
    "maintenance": Key(
        "table",
        required=True,
        lone="type",
        keys={
            "type": Key("maintenance_type", required=True),
            # Needed where the type is "contract"; `filling` takes it out elsewhere.
            "contractors": Key(
                "table",
                many=True,
                required=True,
                lone="name",
                keys={
                    "name": Key("name", required=True),
                    "until": Key("date", required=True),
                    "email": Key("email"),
                    "website": _WEB,
                },
            ),
            "contacts": Key(
                "table",
                many=True,
                required=True,
                lone="name",
                keys={
                    "name": Key("name", required=True),
                    "email": Key("email"),
                    "phone": _TEXT,
                    "affiliation": _TEXT,
                },
            ),
        },
    ),
    "localisation": Key(
        "table",
        required=True,
        keys={
            "localisationReady": Key("truth", required=True),
            "availableLanguages": Key("language", many=True, required=True),
        },
    ),
    "dependsOn": Key("table", keys={"open": _DEPENDENCY, "proprietary": _DEPENDENCY, "hardware": _DEPENDENCY}),
    "it": _COUNTRY,
    "IT": _COUNTRY,
}

# Keys of other versions, of extensions and of other habits, and where in the standard the same is said.
MOVES: Final[Mapping[tuple[str, ...], tuple[str, ...]]] = {
    ("latestRelease", "date"): ("releaseDate",),
    ("latestRelease", "version"): ("softwareVersion",),
    ("latestReleaseDate",): ("releaseDate",),
    ("version",): ("softwareVersion",),
    ("repository",): ("url",),
    ("codeRepository",): ("url",),
    ("repoURL",): ("url",),
    ("homepage",): ("landingURL",),
    ("website",): ("landingURL",),
    ("upstream-url",): ("isBasedOn",),
    ("description", "name"): ("name",),
    ("description", "version"): ("softwareVersion",),
    ("description", "released"): ("releaseDate",),
    ("description", "platforms"): ("platforms",),
    ("description", "logo"): ("logo",),
    ("tags",): ("categories",),
    ("license",): ("legal", "license"),
    ("licence",): ("legal", "license"),
    ("repoOwner",): ("legal", "repoOwner"),
    ("mainCopyrightOwner",): ("legal", "mainCopyrightOwner"),
    ("contacts",): ("maintenance", "contacts"),
    ("contractors",): ("maintenance", "contractors"),
    ("availableLanguages",): ("localisation", "availableLanguages"),
    ("localisationReady",): ("localisation", "localisationReady"),
    ("countries",): ("intendedAudience", "countries"),
    ("scope",): ("intendedAudience", "scope"),
}
RENAMES: Final[Mapping[str, str]] = {
    "licence": "license", "organization": "organisation", "localization": "localisation", "url": "uri",
    "landingUrl": "landingURL", "repoUrl": "url",
}  # fmt: skip

# Keys that the standard gives up, and what they are called now; empty where nothing takes their place.
DEPRECATED: Final[Mapping[tuple[str | int, ...], str]] = {
    ("monochromeLogo",): "logo",
    ("inputTypes",): "",
    ("outputTypes",): "",
    ("legal", "authorsFile"): "",
    ("description", "*", "genericName"): "",
    ("it",): "IT",
}
