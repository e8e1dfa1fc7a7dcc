"""A body, a donor and a receipt that may be issued as it stands."""

from __future__ import annotations

from datetime import date

import pytest

from communs.core.receipts import Address, Article, Body, Category, Donor, Receipt, Signature


@pytest.fixture
def receipt() -> Receipt:
    body = Body(
        "Fonds des communs",
        Address("1 rue des Lilas", "75011", "Paris"),
        "Financer des communs numériques ouverts à tous",
        Category.GENERAL_INTEREST,
        frozenset({Article.INCOME, Article.COMPANIES}),
        siren="552100554",
    )
    donor = Donor("Lefèvre", Address("3 place du Marché", "69001", "Lyon"), "Zoé Marie")
    return Receipt(
        "2026-000001", body, donor, frozenset({Article.INCOME}), 12_345, date(2026, 3, 1), date(2026, 3, 4),
        Signature("Ada Martin", "Présidente"), gifts=("g1",),
    )  # fmt: skip
