"""What people write where the standard has a closed list, and which of its words they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_STATUS: Final = {
    "concept": "idea planned planning concept-only idee idée projet",
    "development": "dev in-development under-development en-développement wip work-in-progress experimental prototype",
    "beta": "alpha test testing pre-release preview release-candidate rc en-test",
    "stable": "production in-production en-production released mature live prod operational",
    "obsolete": "archived archivé archive deprecated unmaintained abandoned discontinued retired eol obsolète",
}
_SOFTWARE_TYPE: Final = {
    "standalone/web": "web website webapp web-app web-application site site-web application-web standalone-web",
    "standalone/desktop": "desktop desktop-app desktop-application standalone-desktop logiciel-de-bureau",
    "standalone/mobile": "mobile mobile-app app application-mobile standalone-mobile",
    "standalone/backend": "backend back-end api server service webservice standalone-backend standalone/server",
    "standalone/iot": "iot standalone-iot",
    "standalone/other": "standalone other standalone-other cli command-line software application logiciel autre",
    "addon": "add-on plugin plug-in extension theme module greffon",
    "library": "lib libraries framework sdk package r-package python-package npm-package bibliothèque bibliotheque",
    "configurationFiles": "configurationfiles configuration-files configuration config dotfiles",
}
_MAINTENANCE: Final = {
    "internal": "interne intern in-house interno",
    "contract": "contrat contracted contractor contratto",
    "community": "communauté communautaire communaute comunità open-source",
    "none": "aucune aucun no unmaintained non keine nessuna",
}
_PLATFORM: Final = {
    "web": "website browser navigateur webapp",
    "windows": "win win32 win64 microsoft-windows",
    "mac": "macos osx os-x mac-os macosx",
    "linux": "gnu/linux gnu-linux",
    "ios": "iphone ipad",
    "android": "",
}
_CATEGORY: Final = {
    "geographic-information-systems": "gis sig map maps mapping cartography cartographie geography",
    "learning-management-system": "lms e-learning elearning learning",
    "content-management": "cms content-management-system gestion-de-contenu",
    "knowledge-management": "wiki knowledge-base documentation",
    "instant-messaging": "chat messaging messagerie",
    "video-conferencing": "videoconference video-conference visioconference visioconférence",
    "web-conferencing": "webinar",
    "data-visualization": "data-visualisation dataviz chart-and-graph charts dashboard",
    "data-analytics": "analytics data-analysis statistics",
    "digital-citizenship": "civic-engagement participation citizen-participation",
    "e-signature": "electronic-signature digital-signature signature-électronique",
    "identity-management": "sso single-sign-on authentication authentification iam",
    "survey": "surveys questionnaire poll forms",
    "online-booking": "booking reservation",
    "appointment-scheduling": "appointment appointments rendez-vous",
    "email-management": "email mail e-mail webmail",
    "hr": "human-resources ressources-humaines",
    "it-development": "development developer-tools software-development devops programming",
    "it-security": "security cybersecurity",
    "document-management": "documents dms ged file-management file-sharing",
    "project-management": "projects gestion-de-projet",
    "collaboration": "collaborative groupware",
    "e-commerce": "ecommerce shop",
    "website-builder": "website-management",
    "translation": "translations localization i18n",
    "educational-content": "education",
    "integrated-library-system": "library-management ils sigb",
    "design-system": "ui ui-kit component-library",
    "procurement": "public-procurement marchés-publics",
    "workflow-management": "workflow workflows",
    "it-management": "infrastructure",
    "other": "misc various divers",
}
_SCOPE: Final = {
    "local-authorities": "local-government municipalities cities collectivités collectivites communes",
    "healthcare": "health santé sante",
    "science-and-technology": "science technology",
    "transportation": "transport mobility",
    "finance-and-economic-development": "finance economy",
    "government": "public-administration administration state",
    "welfare": "social social-welfare",
    "defence": "defense",
    "justice": "law legal",
}
_COUNTRY: Final = {
    "FR": "fra france", "BE": "bel belgium belgique", "DE": "deu ger germany allemagne deutschland",
    "ES": "esp spain espagne españa", "IT": "ita italy italie italia", "PT": "prt portugal",
    "NL": "nld netherlands pays-bas nederland", "LU": "lux luxembourg", "AT": "aut austria autriche österreich",
    "IE": "irl ireland irlande", "DK": "dnk denmark danemark danmark", "SE": "swe sweden suède sverige",
    "FI": "fin finland finlande suomi", "EE": "est estonia estonie", "LV": "lva latvia lettonie",
    "LT": "ltu lithuania lituanie", "PL": "pol poland pologne polska", "CZ": "cze czechia czech-republic tchéquie",
    "SK": "svk slovakia slovaquie", "HU": "hun hungary hongrie", "SI": "svn slovenia slovénie",
    "HR": "hrv croatia croatie", "RO": "rou romania roumanie", "BG": "bgr bulgaria bulgarie",
    "GR": "grc el greece grèce", "CY": "cyp cyprus chypre", "MT": "mlt malta malte", "CH": "che switzerland suisse",
    "NO": "nor norway norvège", "IS": "isl iceland islande", "GB": "gbr uk united-kingdom great-britain royaume-uni",
    "US": "usa united-states états-unis", "CA": "can canada", "BR": "bra brazil brésil", "IN": "ind india inde",
}  # fmt: skip
_LANGUAGE: Final = {
    "en": "eng english anglais", "fr": "fra fre french français francais", "it": "ita italian italiano italien",
    "de": "deu ger german deutsch allemand", "es": "spa spanish español espagnol", "pt": "por portuguese português",
    "nl": "nld dut dutch nederlands", "ca": "cat catalan català", "eu": "eus baq basque euskara",
    "pl": "pol polish polski", "cs": "ces cze czech čeština", "sk": "slk slo slovak", "sl": "slv slovenian",
    "hr": "hrv croatian", "hu": "hun hungarian magyar", "ro": "ron rum romanian română", "bg": "bul bulgarian",
    "el": "ell gre greek", "et": "est estonian", "lv": "lav latvian", "lt": "lit lithuanian", "fi": "fin finnish suomi",
    "sv": "swe swedish svenska", "da": "dan danish dansk", "ga": "gle irish gaeilge", "mt": "mlt maltese",
    "nb": "nob norwegian norsk", "is": "isl icelandic", "uk": "ukr ukrainian", "ru": "rus russian", "tr": "tur turkish",
    "ar": "ara arabic", "zh": "zho chi chinese", "ja": "jpn japanese", "br": "bre breton", "oc": "oci occitan",
}  # fmt: skip


def _turned(words: Mapping[str, str]) -> dict[str, str]:
    return {said: meant for meant, all_said in words.items() for said in (meant.lower(), *all_said.split())}


MEANINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "status": _turned(_STATUS),
    "software_type": _turned(_SOFTWARE_TYPE),
    "maintenance_type": _turned(_MAINTENANCE),
    "platform": _turned(_PLATFORM),
    "category": _turned(_CATEGORY),
    "scope": _turned(_SCOPE),
    "country": _turned(_COUNTRY),
    "language": _turned(_LANGUAGE),
}
"""By kind of value: the word as people write it, in small letters with hyphens, and the one that the list has."""
