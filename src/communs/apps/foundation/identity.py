"""Who the foundation is: its name, its account at the bank, what its receipts say of it. Read from the environment.

Every process reads it: what checks and prints is imported by a site that has something to check.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from communs.core.receipts import Body, Signature

TEST_IBAN: Final = "FR1420041010050500013M02606"
"""The example of the French registry, which no bank gives to anybody: for a site without an account of its own."""
NAME: Final = "Fondation des communs"


@dataclass(frozen=True, slots=True)
class Identity:
    """`is_real`: an account was named, so that money may be sent to it. `body` None: no receipts are given.

    `membership_gives`: what members get for their fee, "" for nothing: then fees are receipted like gifts.
    """

    name: str = NAME
    iban: str = TEST_IBAN
    bic: str = ""
    is_real: bool = False
    body: Body | None = None
    signature: Signature | None = None
    membership_gives: str = ""

    @property
    def gives_receipts(self) -> bool:
        return self.body is not None and self.signature is not None


def read_identity(get: Callable[[str], str], problems: list[str]) -> Identity:
    """Read and check the settings. `get` gives the text of a name, "" where it is not set; see `core.providers`."""

    def text(name: str) -> str:
        return get(f"COMMUNS_FOUNDATION_{name}").strip()

    iban = _iban(text, problems)
    signer = text("SIGNED_BY")
    if not signer:
        return Identity(
            text("NAME") or NAME, iban or TEST_IBAN, text("BIC"), bool(iban), None, None, text("MEMBERSHIP_GIVES")
        )
    from communs.core.receipts import Signature

    return Identity(
        text("NAME") or NAME,
        iban or TEST_IBAN,
        text("BIC"),
        bool(iban),
        _body(text, problems),
        Signature(signer, text("SIGNED_AS") or "Treasurer"),
        text("MEMBERSHIP_GIVES"),
    )


def _iban(text: Callable[[str], str], problems: list[str]) -> str:
    if not (given := text("IBAN")):
        return ""
    from communs.core.standards.iban import InvalidIban, check_iban

    if not text("NAME"):
        problems.append("COMMUNS_FOUNDATION_NAME is missing: transfers need the name of the account's holder")
    try:
        return check_iban(given)
    except InvalidIban as error:
        problems.append(f"COMMUNS_FOUNDATION_IBAN: {error}")
        return ""


def _body(text: Callable[[str], str], problems: list[str]) -> Body | None:
    """What receipts say of the foundation, once somebody signs them."""
    from communs.core.receipts import Address, Article, Body, Category

    needed = ("NAME", "OBJECT", "TOWN", "POSTCODE")
    problems += [f"COMMUNS_FOUNDATION_{name} is missing: receipts say it" for name in needed if not text(name)]
    if not (text("SIREN") or text("RNA")):
        problems.append("COMMUNS_FOUNDATION_SIREN or COMMUNS_FOUNDATION_RNA is missing: receipts say one of them")
    articles = [part.strip() for part in text("ARTICLES").split(",") if part.strip()]
    unknown = sorted(set(articles) - set(Article))
    if unknown or not articles:
        said = ", ".join(f"“{one}”" for one in Article)
        problems.append(f"COMMUNS_FOUNDATION_ARTICLES names articles of the tax code, separated by commas: {said}")
    category = text("CATEGORY") or Category.GENERAL_INTEREST
    if category not in set(Category):
        problems.append(f"COMMUNS_FOUNDATION_CATEGORY is one of: {', '.join(Category)}")
        return None
    address = Address(text("STREET"), text("POSTCODE"), text("TOWN"))
    return Body(
        text("NAME"), address, text("OBJECT"), Category(category),
        frozenset(Article(one) for one in articles if one not in unknown),
        text("SIREN"), text("RNA"), text("CATEGORY_DETAIL"),
    )  # fmt: skip
