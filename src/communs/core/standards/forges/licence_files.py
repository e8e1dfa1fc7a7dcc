"""Which licence a LICENSE file holds, where its first lines leave no doubt. Everything else is left to people."""

from __future__ import annotations

import re
from typing import Final

from communs.core.standards.forges.facts import licence

HEAD_CHARACTERS: Final = 4_000
_TAG: Final = re.compile(r"SPDX-License-Identifier:\s*([^\n*/]{1,100})", re.IGNORECASE)

# What the text of the licence itself says near its top, folded to single spaces and lower case. None of these texts
# says whether later versions are allowed, so that the name without "or later" is the one it proves.
_TITLES: Final[tuple[tuple[str, str], ...]] = (
    (r"gnu affero general public license version 3", "AGPL-3.0-only"),
    (r"gnu lesser general public license version 3", "LGPL-3.0-only"),
    (r"gnu lesser general public license version 2\.1", "LGPL-2.1-only"),
    (r"gnu general public license version 3", "GPL-3.0-only"),
    (r"gnu general public license version 2", "GPL-2.0-only"),
    (r"mozilla public license version 2\.0|mozilla public license,? v(?:ersion|\.)? 2\.0", "MPL-2.0"),
    (r"apache license version 2\.0", "Apache-2.0"),
    (r"european union public licen[cs]e v\. ?1\.2", "EUPL-1.2"),
    (r"eclipse public license - v ?2\.0", "EPL-2.0"),
    (r"boost software license - version 1\.0", "BSL-1.0"),
    (r"cc0 1\.0 universal", "CC0-1.0"),
    (r"attribution-sharealike 4\.0 international", "CC-BY-SA-4.0"),
    (r"attribution 4\.0 international", "CC-BY-4.0"),
    (r"open database license \(odbl\) v1\.0|odc open database license", "ODbL-1.0"),
    (r"cecill free software license agreement version 2\.1|cecill .{0,60}version 2\.1", "CECILL-2.1"),
    (r"this is free and unencumbered software released into the public domain", "Unlicense"),
)  # fmt: skip
_MIT: Final = re.compile(
    r"permission is hereby granted, free of charge, to any person obtaining a copy .{0,80}"
    r"to deal in the software without restriction"
)
_BSD: Final = re.compile(r"redistribution and use in source and binary forms, with or without modification")
_NO_ENDORSEMENT: Final = re.compile(r"neither the name .{0,200}may be used to endorse or promote")
# A text that is changed, or joined to another, is not the licence it resembles.
_DOUBTFUL: Final = re.compile(
    r"commons clause|non-?commercial|dual[- ]licen|additional (?:terms|permission|restriction)|business source license"
)
_DOUBTFUL_HEAD: Final = 1_500


def licence_of_text(text: str) -> str:
    """The SPDX name of the licence; empty where it is not one of those known by their first lines.

    >>> licence_of_text("GNU AFFERO GENERAL PUBLIC LICENSE\\n   Version 3, 19 November 2007")
    'AGPL-3.0-only'
    >>> licence_of_text("All rights reserved.")
    ''
    """
    tag = _TAG.search(text[:HEAD_CHARACTERS])
    if tag:
        return licence(tag[1].strip())
    folded = " ".join(re.sub(r"[\"“”#*=_]", " ", text[:HEAD_CHARACTERS]).lower().split())
    if _DOUBTFUL.search(folded[:_DOUBTFUL_HEAD]):
        return ""
    if _MIT.search(folded):
        return "MIT" if "the above copyright notice and this permission notice" in folded else ""
    if _BSD.search(folded):
        return "BSD-3-Clause" if _NO_ENDORSEMENT.search(folded) else "BSD-2-Clause"
    # The title must open the text: further down, one licence may speak of another.
    places = [(found.start(), spdx) for title, spdx in _TITLES if (found := re.search(title, folded[:600]))]
    return min(places)[1] if places else ""
