"""Which licences are open for which works, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communs.core import licences
from communs.core.licences import WorkKind
from communs.core.licences.tables import licences as table

YES = [
    ("MIT", "software", "osi"),
    ("CC0-1.0", "software", "fsf"),
    ("BSD-4-Clause", "software", "fsf"),
    ("Artistic-1.0", "software", "osi"),
    ("GPL-1.0-or-later", "software", "osi"),
    ("EUPL-1.1", "software", "osi"),
    ("SSPL-1.0 OR AGPL-3.0-only", "software", "osi"),
    ("Apache-2.0 WITH LLVM-exception", "software", "osi"),
    ("LicenseRef-x OR MIT", "software", "osi"),
    ("CC-BY-4.0", "content", "fsf"),
    ("CC-BY-3.0", "content", "open_definition"),
    ("CC-BY-SA", "content", "open_definition"),
    ("etalab-2.0", "data", "open_definition"),
    ("PDDL-1.0", "data", "open_definition"),
    ("LicenseRef-DbCL-1.0", "data", "open_definition"),
    ("OGL-UK-3.0", "data", "open_definition"),
    ("MIT", "data", "osi"),
    ("TAPR-OHL-1.0", "hardware", "open_hardware"),
    ("CERN-OHL-1.2", "hardware", "open_hardware"),
    ("CERN-OHL-S-2.0", "hardware", "osi"),
    ("SHL-0.51", "hardware", "open_hardware"),
    ("OpenMDW-1.0", "model", "open_model"),
    ("Apache-2.0", "model", "osi"),
    ("W3C-20150513", "standard", "osi"),
]
NO = [
    ("CC-BY-NC-4.0", "content", {"non_commercial"}), ("CC-BY-ND-4.0", "content", {"no_derivatives"}),
    ("CC-BY-NC-ND-3.0", "data", {"non_commercial", "no_derivatives"}), ("CC BY-NC", "content", {"non_commercial"}),
    ("SSPL-1.0", "software", {"service_restricted"}), ("BUSL-1.1", "software", {"service_restricted"}),
    ("JSON", "software", {"use_restricted"}), ("MIT AND CC-BY-NC-4.0", "software", {"non_commercial"}),
    ("OPL-1.0", "software", {"not_free"}), ("Apache-2.0 WITH Commons-Clause", "software", {"service_restricted"}),
    ("openrail", "model", {"use_restricted"}), ("llama3", "model", {"use_restricted"}),
    ("All rights reserved", "software", {"service_restricted"}),
]  # fmt: skip
UNKNOWN = [
    ("", "software", "not_stated"), ("LicenseRef-anything", "software", "local_text"),
    ("LicenseRef-proprietary", "software", "local_restricted"), ("My terms", "content", "unknown_name"),
    ("MIT AND LicenseRef-x", "software", "local_text"), ("curl", "software", "not_on_lists"),
    ("etalab-2.0", "software", "made_for_other_works"), ("TAPR-OHL-1.0", "software", "made_for_other_works"),
    ("MIT WITH My-exception", "software", "unknown_exception"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "route"), YES)
def test_an_open_licence_is_open_by_a_named_list(text: str, kind: WorkKind, route: str) -> None:
    judgement = licences.judge(licences.parse(text), kind)
    assert (judgement.answer, judgement.route) == ("yes", route)


@pytest.mark.parametrize(("text", "kind", "codes"), NO)
def test_what_takes_a_freedom_away_fails_and_says_which(text: str, kind: WorkKind, codes: set[str]) -> None:
    judgement = licences.judge(licences.parse(text), kind)
    assert judgement.answer == "no"
    assert {reason.code for reason in judgement.reasons} == codes


@pytest.mark.parametrize(("text", "kind", "code"), UNKNOWN)
def test_what_the_lists_do_not_have_is_not_known_and_never_no(text: str, kind: WorkKind, code: str) -> None:
    judgement = licences.judge(licences.parse(text), kind)
    assert judgement.answer == "unknown"
    assert code in {reason.code for reason in judgement.reasons}


def test_the_two_lists_answer_for_themselves() -> None:
    assert licences.is_osi("NPOSL-3.0") == "yes"
    assert licences.is_fsf("NPOSL-3.0") == "no"
    assert licences.is_osi("CECILL-B") == "no"
    assert licences.is_fsf("CECILL-B OR LicenseRef-x") == "yes"
    assert licences.is_osi("LicenseRef-x") == "unknown"
    assert licences.is_osi("MIT AND LicenseRef-x") == "unknown"
    assert licences.is_open_software("AGPLv3+") == licences.is_open_content("CC-BY-SA-4.0") == "yes"


def test_reasons_read_as_sentences() -> None:
    judgement = licences.judge(licences.parse("CC-BY-NC-SA-4.0"), "content")
    said = [licences.explain_reason(reason) for reason in judgement.reasons]
    assert said == ["CC-BY-NC-SA-4.0 forbids commercial use, so not everyone may use the work."]


IDS = st.sampled_from(sorted(licence.id for licence in table().values() if licence.in_spdx))
KINDS = st.sampled_from(licences.WORK_KINDS)


@given(IDS, IDS, KINDS)
def test_a_choice_is_as_open_as_its_best_branch_and_a_sum_as_its_worst(a: str, b: str, kind: WorkKind) -> None:
    order = ["no", "unknown", "yes"]
    single = [order.index(licences.judge(licences.parse(one), kind).answer) for one in (a, b)]
    either = licences.judge(licences.parse(f"{a} OR {b}"), kind).answer
    both = licences.judge(licences.parse(f"{a} AND {b}"), kind).answer
    assert (either, both) == (order[max(single)], order[min(single)])


@given(IDS, KINDS)
def test_a_licence_with_commercial_or_change_forbidden_is_open_for_nothing(licence: str, kind: WorkKind) -> None:
    answer = licences.judge(licences.parse(licence), kind).answer
    if licence.startswith(("CC-BY-NC", "CC-BY-ND")):
        assert answer == "no"
    if licences.is_osi(licence) == "yes":
        assert answer == "yes"


def test_every_deprecated_id_leads_to_a_licence_of_the_list() -> None:
    for licence in table().values():
        if licence.replacement:
            assert licences.parse(licence.id).spdx == licence.replacement
