"""The keys of publiccode.yml 0.7 in the order of the reference parser, and the rules for each value."""

from __future__ import annotations

from typing import Final

from communs.core.standards.publiccode.strict.decoding import (
    ADDRESS,
    OPTIONAL_TEXT,
    OPTIONAL_TRUTH,
    TEXT,
    TEXTS,
    TRUTH,
    Shape,
    list_of,
    map_of,
    one_or_list_of,
    table_of,
)
from communs.core.standards.publiccode.strict.lexical import addresses, languages, licences, lists
from communs.core.standards.publiccode.strict.rules import (
    Rules,
    chosen,
    each,
    filled,
    fits,
    given,
    is_address,
    is_organisation,
    languages_of,
    length,
    needed_for,
    only_for,
    present,
    required,
    some,
    within,
)

VERSIONS: Final = (
    "0", "0.2", "0.2.0", "0.2.1", "0.2.2", "0.3", "0.3.0", "0.4", "0.4.0", "0.5.0", "0.5", "0.7.0", "0.7",
)  # fmt: skip
LATEST: Final = "0.7"
STATUSES: Final = ("concept", "development", "beta", "stable", "obsolete")
SOFTWARE_TYPES: Final = (
    "standalone/mobile", "standalone/iot", "standalone/desktop", "standalone/web", "standalone/backend",
    "standalone/other", "addon", "library", "configurationFiles",
)  # fmt: skip
MAINTENANCE_TYPES: Final = ("internal", "contract", "community", "none")

_WEB: Final = is_address("not-http-url", addresses.is_http_url)
_DATE: Final = fits("not-date", lists.is_date)
_EMAIL: Final = fits("not-email", addresses.is_email)

_organisation: Final[dict[str, Shape]] = {"name": OPTIONAL_TEXT, "uri": TEXT}
_organisation_rules: Final[Rules] = {"uri": (required, is_organisation)}

_description: Final[dict[str, Shape]] = {
    "localisedName": OPTIONAL_TEXT,
    "genericName": TEXT,
    "shortDescription": TEXT,
    "longDescription": TEXT,
    "documentation": ADDRESS,
    "apiDocumentation": ADDRESS,
    "features": TEXTS,
    "screenshots": TEXTS,
    "videos": list_of(ADDRESS),
    "awards": TEXTS,
}
_description_rules: Final[Rules] = {
    "genericName": (length(most=35),),
    "shortDescription": (required, length(most=150)),
    "longDescription": (required, length(least=150, most=10_000)),
    "documentation": (present, _WEB),
    "apiDocumentation": (present, _WEB),
    "features": (some,),
    "videos": (filled, each(present, _WEB)),
}

_contractor: Final[dict[str, Shape]] = {"name": TEXT, "email": OPTIONAL_TEXT, "website": ADDRESS, "until": TEXT}
_contractor_rules: Final[Rules] = {
    "name": (required,),
    "email": (present, _EMAIL),
    "website": (present, _WEB),
    "until": (required, _DATE),
}
_contact: Final[dict[str, Shape]] = {
    "name": TEXT,
    "email": OPTIONAL_TEXT,
    "affiliation": OPTIONAL_TEXT,
    "phone": OPTIONAL_TEXT,
}
_contact_rules: Final[Rules] = {"name": (required,), "email": (present, _EMAIL)}
_dependency: Final[dict[str, Shape]] = {
    "name": TEXT,
    "versionMin": OPTIONAL_TEXT,
    "versionMax": OPTIONAL_TEXT,
    "optional": OPTIONAL_TRUTH,
    "version": OPTIONAL_TEXT,
}
_dependencies: Final = list_of(table_of(_dependency, optional=False))
_dependencies_rules: Final = (filled, each(within({"name": (required,)})))

_italy: Final = table_of(
    {
        "countryExtensionVersion": OPTIONAL_TEXT,
        "conforme": table_of(
            {
                "lineeGuidaDesign": OPTIONAL_TRUTH,
                "modelloInteroperabilita": OPTIONAL_TRUTH,
                "misureMinimeSicurezza": OPTIONAL_TRUTH,
                "gdpr": OPTIONAL_TRUTH,
            }
        ),
        "riuso": table_of({"codiceIPA": TEXT}, optional=False),
        "piattaforme": table_of(
            {"spid": TRUTH, "pagopa": TRUTH, "cie": TRUTH, "anpr": TRUTH, "io": TRUTH}, optional=False
        ),
    }
)
_italy_rules: Final[Rules] = {
    "countryExtensionVersion": (present, chosen("0.2", "1.0")),
    "riuso": (within({"codiceIPA": (filled, fits("not-administration", lists.is_italian_administration))}),),
}
_countries_rules: Final = (filled, each(fits("not-country", lists.is_country)))
_media_rules: Final = (filled, each(fits("not-media-type", lists.is_media_type)))

KEYS: Final[dict[str, Shape]] = {
    "publiccodeYmlVersion": TEXT,
    "name": TEXT,
    "applicationSuite": TEXT,
    "url": ADDRESS,
    "landingURL": ADDRESS,
    "isBasedOn": one_or_list_of(ADDRESS),
    "softwareVersion": TEXT,
    "releaseDate": OPTIONAL_TEXT,
    "logo": OPTIONAL_TEXT,
    "monochromeLogo": OPTIONAL_TEXT,
    "organisation": table_of(_organisation),
    "inputTypes": TEXTS,
    "outputTypes": TEXTS,
    "platforms": TEXTS,
    "categories": TEXTS,
    "usedBy": TEXTS,
    "fundedBy": list_of(table_of(_organisation, optional=False)),
    "roadmap": ADDRESS,
    "developmentStatus": TEXT,
    "softwareType": TEXT,
    "supports": list_of(table_of({"id": TEXT}, optional=False)),
    "intendedAudience": table_of({"scope": TEXTS, "countries": TEXTS, "unsupportedCountries": TEXTS}),
    "description": map_of(table_of(_description, optional=False)),
    "legal": table_of(
        {
            "license": TEXT,
            "mainCopyrightOwner": OPTIONAL_TEXT,
            "repoOwner": OPTIONAL_TEXT,
            "authorsFile": OPTIONAL_TEXT,
        },
        optional=False,
    ),
    "maintenance": table_of(
        {
            "type": TEXT,
            "contractors": list_of(table_of(_contractor, optional=False)),
            "contacts": list_of(table_of(_contact, optional=False)),
        },
        optional=False,
    ),
    "localisation": table_of({"localisationReady": OPTIONAL_TRUTH, "availableLanguages": TEXTS}, optional=False),
    "dependsOn": table_of({"open": _dependencies, "proprietary": _dependencies, "hardware": _dependencies}),
    "IT": _italy,
    "it": _italy,
}

RULES: Final[Rules] = {
    "publiccodeYmlVersion": (required, chosen(*VERSIONS)),
    "name": (required,),
    "url": (given, is_address("not-url", addresses.is_url)),
    "landingURL": (present, _WEB),
    "isBasedOn": (filled, each(is_address("not-url", addresses.is_url))),
    "releaseDate": (present, _DATE),
    "organisation": (present, within(_organisation_rules)),
    "inputTypes": _media_rules,
    "outputTypes": _media_rules,
    "platforms": (some,),
    "categories": (filled, each(fits("not-category", lists.is_category))),
    "fundedBy": (filled, each(within(_organisation_rules))),
    "roadmap": (present, _WEB),
    "developmentStatus": (required, chosen(*STATUSES)),
    "softwareType": (required, chosen(*SOFTWARE_TYPES)),
    "supports": (filled, each(within({"id": (required, fits("not-standard", lists.is_supported_thing))}))),
    "intendedAudience": (
        present,
        within(
            {
                "scope": (filled, each(fits("not-scope", lists.is_scope))),
                "countries": _countries_rules,
                "unsupportedCountries": _countries_rules,
            }
        ),
    ),
    "description": (some, languages_of(languages.is_language), each(within(_description_rules))),
    "legal": (within({"license": (required, fits("not-licence", licences.is_expression))}),),
    "maintenance": (
        within(
            {
                "type": (required, chosen(*MAINTENANCE_TYPES)),
                "contractors": (
                    needed_for("type", "contract"),
                    only_for("type", "contract"),
                    filled,
                    each(within(_contractor_rules)),
                ),
                "contacts": (
                    needed_for("type", "community"),
                    needed_for("type", "internal"),
                    filled,
                    each(within(_contact_rules)),
                ),
            }
        ),
    ),
    "localisation": (
        within(
            {
                "localisationReady": (given,),
                "availableLanguages": (
                    given,
                    some,
                    each(fits("not-language", languages.is_language)),
                ),
            }
        ),
    ),
    "dependsOn": (
        present,
        within({"open": _dependencies_rules, "proprietary": _dependencies_rules, "hardware": _dependencies_rules}),
    ),
    "IT": (present, within(_italy_rules)),
    "it": (present, within(_italy_rules)),
}
