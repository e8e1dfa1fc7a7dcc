"""The platforms that the file may name, and where money is given on each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Platform:
    """`page`: where a handle's page lies; `handle`: what a handle looks like; `most`: how many there may be."""

    name: str
    page: str
    handle: re.Pattern[str] = re.compile(r"[\w.-]{1,100}")
    most: int = 1

    def address(self, handle: str) -> str:
        """The page where one gives."""
        return self.page.format(quote(handle, safe="/@"))

    def handle_in(self, text: str) -> str:
        """The handle in a text that gives it with "@", or as the address of its page; else the text.

        >>> PLATFORMS["ko_fi"].handle_in("https://ko-fi.com/atlas/"), PLATFORMS["github"].handle_in("@atlas")
        ('atlas', 'atlas')
        """
        host, _, rest = self.page.removeprefix("https://").removesuffix("{}").partition("/")
        own = re.fullmatch(
            rf"(?:https?://)?(?:www\.)?{re.escape(host.removeprefix('www.'))}/(?:{re.escape(rest)})?([^?#]+?)/?(?:[?#].*)?",
            text.strip(),
            re.IGNORECASE,
        )
        found = (own[1] if own else text.strip()).removeprefix("@")
        return found if self.handle.fullmatch(found) else text


_OF_PACKAGE: Final = re.compile(r"(?:npm|pypi|packagist|rubygems|maven|nuget|[a-z]+)/[\w.@/-]{1,200}")
_PROJECT: Final = re.compile(r"[\w.-]{1,100}")

PLATFORMS: Final[Mapping[str, Platform]] = {
    one.name: one
    for one in (
        Platform("github", "https://github.com/sponsors/{}", re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})"), most=4),
        Platform("patreon", "https://www.patreon.com/{}"),
        Platform("open_collective", "https://opencollective.com/{}"),
        Platform("ko_fi", "https://ko-fi.com/{}"),
        Platform("tidelift", "https://tidelift.com/funding/github/{}", _OF_PACKAGE),
        Platform("community_bridge", "https://crowdfunding.lfx.linuxfoundation.org/projects/{}", _PROJECT),
        Platform("liberapay", "https://liberapay.com/{}"),
        Platform("issuehunt", "https://issuehunt.io/r/{}", re.compile(r"[\w./-]{1,200}")),
        Platform("otechie", "https://otechie.com/{}"),
        Platform("lfx_crowdfunding", "https://crowdfunding.lfx.linuxfoundation.org/projects/{}", _PROJECT),
        Platform("polar", "https://polar.sh/{}"),
        Platform("buy_me_a_coffee", "https://www.buymeacoffee.com/{}"),
        Platform("thanks_dev", "https://thanks.dev/{}", re.compile(r"[\w./-]{1,200}")),
    )
}
CUSTOM: Final = "custom"
CUSTOM_MOST: Final = 4
KEYS: Final = (*PLATFORMS, CUSTOM)
# Names that people write instead; those that differ only in signs are found without.
OTHER_NAMES: Final[Mapping[str, str]] = {
    "github_sponsors": "github", "sponsors": "github", "kofi": "ko_fi", "opencollective": "open_collective",
    "bmc": "buy_me_a_coffee", "buymeacoffee": "buy_me_a_coffee", "coffee": "buy_me_a_coffee", "lfx": "lfx_crowdfunding",
    "communitybridge": "community_bridge", "thanksdev": "thanks_dev", "paypal": CUSTOM, "url": CUSTOM, "link": CUSTOM,
    "website": CUSTOM, "donate": CUSTOM, "other": CUSTOM,
}  # fmt: skip
