"""Addresses of pages, put right where it is plain what was meant."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from communs.core.standards.shapes import mended_address, web_address
from communs.core.texts import N_

Words = tuple[str, str]

BROKEN_ADDRESS: Final = (
    N_("The address “{value}” is broken; it was read as {meant}."),
    N_("Write the whole address, without spaces."),
)
NOT_AN_ADDRESS: Final = (
    N_("“{value}” is no address of a page; it was left out."),
    N_("Write an address that starts with https://."),
)
TEST_HOST: Final = (
    N_("The address “{value}” leads to a test site."),
    N_("Write the address of the public page."),
)

TEST_LABEL: Final = re.compile(r"(?:[\w-]+-)?(?:tests?|staging|preprod|recette|localhost)(?:-[\w-]+)?")
_BARE: Final = re.compile(r"(?:[\w-]+\.)+[a-z]{2,24}(?:[/?#]\S*)?", re.IGNORECASE)


def read_address(text: str) -> tuple[str, Words | None]:
    """The address that a text names (empty where it names none), and what has to be said about it.

    Spaces beside the marks of an address go, others become %20: a page may well have a space in its name.

    >>> read_address("https: //www.example.org/une aide")[0], read_address("https://example.org/a")
    ('https://www.example.org/une%20aide', ('https://example.org/a', None))
    >>> read_address("voir le site")[1] is NOT_AN_ADDRESS
    True
    """
    text = text.strip()
    if web_address(text):
        return text, None
    tried = re.sub(r"^https?:?\s*/*\s*(?=https?\s*:)", "", text, flags=re.IGNORECASE)
    tried = re.sub(r"\s*([:/?#=&])\s*", r"\1", tried)
    tried = re.sub(r"\s+", "%20", re.sub(r"\s*\.\s+", ".", tried))
    if not re.match(r"https?:?/*", tried, re.IGNORECASE) and not _BARE.fullmatch(tried):
        return "", NOT_AN_ADDRESS
    meant = mended_address(tried)
    return (meant, BROKEN_ADDRESS) if web_address(meant) else ("", NOT_AN_ADDRESS)


def is_test_host(address: str) -> bool:
    """Whether an address leads to a site that is not the public one.

    >>> is_test_host("https://test.example.org/a"), is_test_host("https://www.attestation.fr/")
    (True, False)
    """
    return any(TEST_LABEL.fullmatch(label) for label in host_of(address).split("."))


def host_of(address: str) -> str:
    """The host of an address in lower case, without `www.`; empty where there is none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
