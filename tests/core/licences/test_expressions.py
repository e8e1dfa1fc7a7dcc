"""Reading licence expressions as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core import licences

SPELLINGS = [
    ("mit", "MIT"),
    ("The MIT License", "MIT"),
    ("spdx:MIT", "MIT"),
    ("https://spdx.org/licenses/MIT.html", "MIT"),
    ("AGPLv3+", "AGPL-3.0-or-later"),
    ("GNU GPL v3 or later", "GPL-3.0-or-later"),
    ("GNU General Public License v3.0 or later", "GPL-3.0-or-later"),
    ("GPL-3.0", "GPL-3.0-only"),
    ("GPL-2.0+", "GPL-2.0-or-later"),
    ("LGPL 3", "LGPL-3.0-only"),
    ("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
    ("BSD-2-Clause-NetBSD", "BSD-2-Clause"),
    ("Apache License, Version 2.0", "Apache-2.0"),
    ("apache-2.0", "Apache-2.0"),
    ("EUPL 1.2", "EUPL-1.2"),
    ("cecill-2.1", "CECILL-2.1"),
    ("Etalab 2.0", "etalab-2.0"),
    ("Licence Ouverte 2.0", "etalab-2.0"),
    ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
    ("https://creativecommons.org/licenses/by-nc-sa/4.0/", "CC-BY-NC-SA-4.0"),
    ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
    ("https://www.gnu.org/licenses/agpl-3.0.html", "AGPL-3.0-only"),
    ("ODbL", "ODbL-1.0"),
    ("LicenseRef-DbCL-1.0", "LicenseRef-DbCL-1.0"),
    ("mit or apache-2.0", "MIT OR Apache-2.0"),
    ("MIT/Apache-2.0", "MIT OR Apache-2.0"),
    ("MIT, Apache-2.0", "MIT AND Apache-2.0"),
    ("MIT AND (GPLv2 OR ISC)", "MIT AND (GPL-2.0-only OR ISC)"),
    ("Apache-2.0 with llvm-exception", "Apache-2.0 WITH LLVM-exception"),
]


@pytest.mark.parametrize(("typed", "read"), SPELLINGS)
def test_a_licence_is_recognised_as_people_write_it(typed: str, read: str) -> None:
    assert licences.parse(typed).spdx == read
    assert licences.parse(typed).unknown == ()


@pytest.mark.parametrize("spelled", sorted({read for _, read in SPELLINGS}))
def test_the_current_spelling_is_read_as_itself(spelled: str) -> None:
    assert licences.parse(spelled).spdx == spelled
    assert not licences.parse(spelled).is_normalised


def test_another_spelling_is_reported_as_normalised() -> None:
    assert licences.parse("agplv3+").is_normalised


@pytest.mark.parametrize("text", ["(MIT", "MIT OR", "OR MIT", "()", "((((", "MIT () ISC", ")MIT(", "a WITH b WITH c"])
def test_a_broken_expression_says_so(text: str) -> None:
    expression = licences.parse(text)
    assert expression.tree is None
    assert "brackets or operators" in expression.problem


@pytest.mark.parametrize("text", ["", "  ", "NOASSERTION", "other", "n/a"])
def test_words_for_nothing_are_no_licence(text: str) -> None:
    assert licences.parse(text).problem == licences.NOT_STATED


def test_an_unknown_name_is_kept_and_named() -> None:
    expression = licences.parse("MIT AND My Own Terms")
    assert expression.spdx == "MIT AND My Own Terms"
    assert expression.unknown == ("My Own Terms",)
    assert licences.is_licence("MIT AND LicenseRef-mine")
    assert not licences.is_licence("My Own Terms")


def test_what_is_too_long_or_too_deep_is_not_read() -> None:
    assert licences.parse("MIT OR " * 500 + "MIT").tree is None
    assert licences.parse("(" * 60 + "MIT" + ")" * 60).tree is None


def test_a_sum_keeps_what_could_not_be_read() -> None:
    joined = licences.all_of((licences.parse("MIT"), licences.parse("(broken")))
    assert licences.judge(joined, "software").answer == "unknown"


def test_sources_agree_over_what_a_licence_file_cannot_tell() -> None:
    parse = licences.parse
    assert licences.agree(parse("AGPL-3.0"), parse("AGPL-3.0-or-later"))
    assert licences.agree(parse("MIT OR Apache-2.0"), parse("Apache-2.0 OR MIT"))
    assert licences.agree(parse("MIT OR Apache-2.0"), parse("MIT"))
    assert not licences.agree(parse("MIT AND Apache-2.0"), parse("MIT"))
    assert not licences.agree(parse("MIT"), parse("AGPL-3.0-only"))


WORDS = ["MIT", "GPL-3.0", "AND", "OR", "WITH", "(", ")", "+", "LicenseRef-x", "Classpath-exception-2.0", ",", "/", "é"]


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text(max_size=60))
def test_reading_never_fails_whatever_is_typed(text: str) -> None:
    expression = licences.parse(text)
    assert bool(expression.problem) == (expression.tree is None)
    for kind in licences.WORK_KINDS:
        assert licences.judge(expression, kind).reasons
    licences.satisfies(text, [text])
