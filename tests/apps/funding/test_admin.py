"""The administration pages: for administrators, to look."""

from __future__ import annotations

from typing import Any

import pytest

MODELS = (
    "opportunity",
    "opportunitystatement",
    "opportunityrevision",
    "opportunityproposal",
    "opportunitycomment",
    "linkcheck",
    "gapsnapshot",
)


@pytest.mark.parametrize("model", MODELS)
def test_only_administrators_look_and_nobody_writes(
    signed_in: Any, client: Any, adam: Any, eva: Any, bob: Any, open_fund: Any, model: str
) -> None:
    path = f"/en/admin/funding/{model}/"
    assert signed_in(adam).get(path).status_code == 200
    assert signed_in(adam).get(f"{path}add/").status_code == 403
    for reader in (client, signed_in(bob), signed_in(eva)):
        assert reader.get(path).status_code in {302, 403}
