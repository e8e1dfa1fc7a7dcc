"""Names of codes as people read them: forms, kinds, places, languages. Codes without a name are shown as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from communs.core.texts import N_, Translate

FORM_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "individual": N_("natural persons"),
        "informal_collective": N_("groups without legal form"),
        "hosted_collective": N_("collectives with a fiscal host"),
        "association": N_("associations"),
        "foundation": N_("foundations"),
        "cooperative": N_("cooperatives"),
        "company": N_("companies"),
        "social_enterprise": N_("social enterprises"),
        "public_body": N_("public bodies"),
        "university": N_("universities"),
    }
)
ONE_FORM_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "individual": N_("a natural person"),
        "informal_collective": N_("a group without legal form"),
        "hosted_collective": N_("a collective with a fiscal host"),
        "association": N_("an association"),
        "foundation": N_("a foundation"),
        "cooperative": N_("a cooperative"),
        "company": N_("a company"),
        "social_enterprise": N_("a social enterprise"),
        "public_body": N_("a public body"),
        "university": N_("a university"),
        "dont_know": N_("I do not know"),
    }
)
KIND_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "software": N_("software"),
        "data": N_("data"),
        "content": N_("content"),
        "knowledge": N_("knowledge"),
        "standard": N_("standards"),
        "model": N_("models"),
        "hardware": N_("hardware"),
        "service": N_("services"),
        "suite": N_("software suites"),
    }
)
LICENCE_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "OSI": N_("a licence approved by the OSI"),
        "FSF": N_("a licence the FSF calls free"),
        "open content": N_("an open content licence"),
        "open licence": N_("an open licence"),
        "open access": N_("open access"),
        "open standard": N_("an open standard"),
        "open source": N_("an open source licence"),
    }
)
ANSWER_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "yes": N_("yes"),
        "no": N_("no"),
        "dont_know": N_("I do not know"),
    }
)
NUMBER_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "team_size": N_("people in the team"),
        "amount_asked": N_("amount you ask for"),
    }
)
LANGUAGE_NAMES: Final[Mapping[str, str]] = MappingProxyType({
    "ar": N_("Arabic"), "bg": N_("Bulgarian"), "ca": N_("Catalan"), "cs": N_("Czech"), "da": N_("Danish"),
    "de": N_("German"), "el": N_("Greek"), "en": N_("English"), "es": N_("Spanish"), "et": N_("Estonian"),
    "eu": N_("Basque"), "fi": N_("Finnish"), "fr": N_("French"), "ga": N_("Irish"), "hr": N_("Croatian"),
    "hu": N_("Hungarian"), "it": N_("Italian"), "ja": N_("Japanese"), "lt": N_("Lithuanian"), "lv": N_("Latvian"),
    "mt": N_("Maltese"), "nl": N_("Dutch"), "no": N_("Norwegian"), "pl": N_("Polish"), "pt": N_("Portuguese"),
    "ro": N_("Romanian"), "ru": N_("Russian"), "sk": N_("Slovak"), "sl": N_("Slovenian"), "sv": N_("Swedish"),
    "tr": N_("Turkish"), "uk": N_("Ukrainian"), "zh": N_("Chinese"),
})  # fmt: skip
PLACE_NAMES: Final[Mapping[str, str]] = MappingProxyType({
    "INT": N_("anywhere"), "EU27": N_("the European Union"), "EEA": N_("the European Economic Area"),
    "AT": N_("Austria"), "BE": N_("Belgium"), "BG": N_("Bulgaria"), "CY": N_("Cyprus"), "CZ": N_("Czechia"),
    "DE": N_("Germany"), "DK": N_("Denmark"), "EE": N_("Estonia"), "ES": N_("Spain"), "FI": N_("Finland"),
    "FR": N_("France"), "GR": N_("Greece"), "HR": N_("Croatia"), "HU": N_("Hungary"), "IE": N_("Ireland"),
    "IT": N_("Italy"), "LT": N_("Lithuania"), "LU": N_("Luxembourg"), "LV": N_("Latvia"), "MT": N_("Malta"),
    "NL": N_("the Netherlands"), "PL": N_("Poland"), "PT": N_("Portugal"), "RO": N_("Romania"), "SE": N_("Sweden"),
    "SI": N_("Slovenia"), "SK": N_("Slovakia"), "IS": N_("Iceland"), "LI": N_("Liechtenstein"), "NO": N_("Norway"),
    "CH": N_("Switzerland"), "GB": N_("the United Kingdom"), "US": N_("the United States"), "CA": N_("Canada"),
    "UA": N_("Ukraine"), "FR-NAQ": N_("Nouvelle-Aquitaine"),
})  # fmt: skip

_NONE: Final[Mapping[str, str]] = MappingProxyType({})
# Which names the values of a placeholder are read by; a placeholder that is not here is shown as it stands.
NAMES_OF: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({
    "forms": FORM_NAMES, "form": ONE_FORM_NAMES, "legal_form": ONE_FORM_NAMES, "kinds": KIND_NAMES,
    "places": PLACE_NAMES, "excluded": PLACE_NAMES, "country": PLACE_NAMES, "countries": PLACE_NAMES,
    "languages": LANGUAGE_NAMES, "licences_asked": LICENCE_NAMES, "number_of": NUMBER_NAMES, "answer": ANSWER_NAMES,
})  # fmt: skip


def name(code: str, names: Mapping[str, str], translate: Translate) -> str:
    """The translated name of a code, or the code itself."""
    return translate(names[code]) if code in names else code


def listing(placeholder: str, codes: Sequence[str], translate: Translate) -> str:
    """Several codes as alternatives in words, in the order of their names.

    >>> listing("forms", ("company", "association", "university"), lambda message: message)
    'associations, companies or universities'
    """
    words = _words(placeholder, codes, translate)
    if len(words) < 2:
        return "".join(words)
    return translate(N_("{first} or {last}")).format(first=", ".join(words[:-1]), last=words[-1])


def series(placeholder: str, codes: Sequence[str], translate: Translate) -> str:
    """Several codes side by side, all of them true.

    >>> series("kinds", ("software", "data"), lambda message: message)
    'data, software'
    """
    return ", ".join(_words(placeholder, codes, translate))


def fill(message: str, params: Sequence[tuple[str, Sequence[str]]], translate: Translate) -> str:
    """A translated sentence with its placeholders filled by names."""
    filled = {placeholder: listing(placeholder, codes, translate) for placeholder, codes in params}
    return translate(message).format_map(_Blank(filled))


def _words(placeholder: str, codes: Sequence[str], translate: Translate) -> list[str]:
    return sorted(name(code, NAMES_OF.get(placeholder, _NONE), translate) for code in codes)


class _Blank(dict[str, str]):
    """A placeholder that nothing fills is left empty: a translation may name more than a reason carries."""

    def __missing__(self, key: str) -> str:
        return ""
