"""What the reference parser checks beyond single values: keys on their way out, paths, videos, files beside."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from communs.core.standards.publiccode.strict.lexical import lists
from communs.core.standards.publiccode.strict.lexical.addresses import BadAddress, parse
from communs.core.standards.publiccode.strict.rules import Findings

# The contents of a file beside the one that is checked, by its path; None where there is none.
Beside = Callable[[str], bytes | None]

_LOGO_ENDINGS: Final = frozenset({".svg", ".svgz", ".png"})
_PICTURE_ENDINGS: Final = frozenset({".jpg", ".png"})
_LOGO_WIDTH_MIN: Final = 120
_PNG: Final = b"\x89PNG\r\n\x1a\n"


def check_whole(values: Mapping[str, Any], findings: Findings, beside: Beside | None) -> None:
    """Report on `values`, the decoded file. `beside` gives the files it names; without it they are not asked for."""
    if values["logo"]:
        _path("logo", values["logo"], findings, beside, _logo_fault)
    if values["monochromeLogo"]:
        findings.report("monochromeLogo", "deprecated-for", instead="logo")
        _path("monochromeLogo", values["monochromeLogo"], findings, beside, _logo_fault)
    _countries(values["intendedAudience"] or {}, findings)
    _legal(values["legal"], findings, beside)
    for key in ("inputTypes", "outputTypes"):
        if values[key] is not None:
            findings.report(key, "deprecated")
    for language, description in (values["description"] or {}).items():
        _description(f"description.{language}", description, findings, beside)
    _italy(values["IT"], values["it"], findings)


def _countries(audience: Mapping[str, Any], findings: Findings) -> None:
    for key in ("countries", "unsupportedCountries"):
        for number, code in enumerate(audience.get(key) or ()):
            if code == code.lower() and lists.is_country(code):
                place = f"intendedAudience.{key}[{number}]"
                findings.report(place, "country-in-small-letters", value=code, instead=code.upper())


def _legal(legal: Mapping[str, Any], findings: Findings, beside: Beside | None) -> None:
    if legal["authorsFile"] is not None:
        findings.report("legal.authorsFile", "deprecated")
        _path("legal.authorsFile", legal["authorsFile"], findings, beside, _file_fault)
    if legal["repoOwner"] is not None:
        findings.report("legal.repoOwner", "deprecated-for", instead="organisation.name")


def _description(key: str, description: Mapping[str, Any], findings: Findings, beside: Beside | None) -> None:
    if description["genericName"]:
        findings.report(f"{key}.genericName", "deprecated")
    for number, path in enumerate(description["screenshots"] or ()):
        _path(f"{key}.screenshots[{number}]", path, findings, beside, _picture_fault)
    for number, address in enumerate(description["videos"] or ()):
        if address is None or not lists.is_video_address(address.text):
            findings.report(f"{key}.videos[{number}]", "not-video", value=address.text if address else "")


def _italy(upper: Mapping[str, Any] | None, lower: Mapping[str, Any] | None, findings: Findings) -> None:
    if lower is not None:
        findings.report("it", "section-in-small-letters")
        if upper is not None:
            findings.report("it", "section-twice")
    section = lower if upper is None else upper
    if section is None:
        return
    if section["conforme"] is not None:
        findings.report("IT.conforme", "deprecated")
    code = section["riuso"]["codiceIPA"]
    if code and lists.is_italian_administration(code):
        instead = f"organisation.uri: {lists.ITALIAN_SPACE}{code}"
        findings.report("IT.riuso.codiceIPA", "deprecated-for", instead=instead)


def _path(
    key: str, path: str, findings: Findings, beside: Beside | None, fault: Callable[[str, bytes | None], str]
) -> None:
    """A path must be relative; where the files are at hand, it must lead to one of the kind that `fault` asks for."""
    if path.startswith("/"):
        findings.report(key, "absolute-path", value=path)
    elif path.startswith("file:"):
        findings.report(key, "file-address", value=path)
    elif beside is not None and not _is_absolute(path):
        code = fault(path, beside(path))
        if code:
            findings.report(key, code, value=path)


def _is_absolute(path: str) -> bool:
    try:
        parse(path, request=True)
    except BadAddress:
        return False
    return True


def _file_fault(_path: str, contents: bytes | None) -> str:
    return "file-missing" if contents is None else ""


def _picture_fault(path: str, contents: bytes | None) -> str:
    return _ending_fault(path, _PICTURE_ENDINGS, "not-picture") or _file_fault(path, contents)


def _logo_fault(path: str, contents: bytes | None) -> str:
    fault = _ending_fault(path, _LOGO_ENDINGS, "not-logo") or _file_fault(path, contents)
    if fault or contents is None or PurePosixPath(path).suffix.lower() != ".png":
        return fault
    if len(contents) < 24 or not contents.startswith(_PNG):
        return "not-logo"
    (width,) = struct.unpack(">I", contents[16:20])
    return "not-logo" if width < _LOGO_WIDTH_MIN else ""


def _ending_fault(path: str, endings: Iterable[str], code: str) -> str:
    return "" if PurePosixPath(path).suffix.lower() in endings else code
