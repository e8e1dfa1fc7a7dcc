"""Every address of the site, opened in a browser in both languages.

What a page must hold is written once, here, and asked of all of them. The table of examples is compared with the URL
patterns: an address that stands in no table fails the first test.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urldefrag, urlsplit
from uuid import UUID, uuid5

import pytest
from django.conf import settings
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils.translation import override

from communs.apps.following.links import key_of
from communs.apps.foundation.actions.books import NAMES
from communs.apps.foundation.actions.bundles import named
from communs.kit.records.talking import unwatch_token
from communs.testing.money_in import AGREED, REFUND
from communs.testing.money_in import TOKEN as GIFT
from communs.testing.money_out import file_named, payout_named
from communs.testing.votes import BUNDLE

pytestmark = pytest.mark.browser

COMMONS, OPPORTUNITY = "openstreetmap", "nlnet-ngi0-commons-fund"  # tests/web/conftest.py says something about both
GRANTED = "base-adresse-nationale"  # of the data commons, the first: see communs.testing.votes
HANDED_IN = "what-bob-handed-in"
ENTRY = str(uuid5(NAMES, f"grant-{COMMONS}"))
PAYOUT, PAID_IN = payout_named("new"), file_named("file-k1")  # what tests/web/conftest.py pays out
DECISION = "00000000-0000-4000-8000-000000000001"
FOLLOWED, ASKED = "rosafollowed", "rosaasked222"  # tokens of subscriptions, as there
WEIGHT_MAX = 80_000
LIST_ELEMENTS_MAX = 250
PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 900}
LANGUAGES = ("en", "fr")
LINKS_A_KIND = 2


@dataclass(frozen=True)
class Visit:
    """An example of an address, and who opens it ("" for somebody who is not signed in)."""

    kwargs: Mapping[str, str | int] = field(default_factory=dict)
    query: str = ""
    who: str = ""


ONE_COMMONS = Visit({"public_id": COMMONS})
ONE_OPPORTUNITY = Visit({"public_id": OPPORTUNITY})

# The pages most people meet: the checker looks at them at both widths and in both themes.
MAIN: dict[str, Visit] = {
    "home": Visit(),
    "search": Visit(query="?q=map"),
    "about": Visit(),
    "data": Visit(),
    "commons:list": Visit(),
    "commons:detail": ONE_COMMONS,
    "funding:list": Visit(query=f"?for={COMMONS}"),
    "funding:detail": ONE_OPPORTUNITY,
    "funding:for": Visit({"commons_id": COMMONS}),
    "funding:match": Visit({"public_id": OPPORTUNITY, "commons_id": COMMONS}),
}

# All other pages: each in both languages, the checker in one look for each.
OTHERS: dict[str, Visit] = {
    "accounts:me": Visit(who="Alice"),
    "accounts:delete": Visit(who="Bob"),
    "account_login": Visit(),
    "account_signup": Visit(),
    "account_logout": Visit(who="Bob"),
    "account_inactive": Visit(),
    "account_email": Visit(who="Bob"),
    "account_change_password": Visit(who="Bob"),
    "account_reset_password": Visit(),
    "account_reset_password_done": Visit(),
    "account_reset_password_from_key_done": Visit(),
    "account_reset_password_from_key": Visit({"uidb36": "1", "key": "no-such-key"}),
    "account_email_verification_sent": Visit(),
    "account_confirm_email": Visit({"key": "no-such-key"}),
    "account_reauthenticate": Visit(who="Bob"),
    "mfa_index": Visit(who="Bob"),
    "mfa_activate_totp": Visit(who="Bob"),
    "mfa_deactivate_totp": Visit(who="Adam"),
    "mfa_view_recovery_codes": Visit(who="Adam"),
    "mfa_generate_recovery_codes": Visit(who="Adam"),
    "mfa_reauthenticate": Visit(who="Adam"),
    "mfa_list_webauthn": Visit(who="Alice"),
    "mfa_edit_webauthn": Visit({"pk": 3}, who="Alice"),
    "mfa_remove_webauthn": Visit({"pk": 3}, who="Alice"),
    "mfa_add_webauthn": Visit(who="Bob"),
    "commons:new": Visit(who="Bob"),
    "commons:start": Visit(),
    "commons:started": Visit({"token": HANDED_IN}),
    "commons:file": Visit({"public_id": COMMONS, "form": "publiccode"}),  # says what is missing for it
    "commons:history": ONE_COMMONS,
    "commons:revision": Visit({"public_id": COMMONS, "version": 1}),
    "commons:sources": Visit({"public_id": COMMONS}, who="Eva"),
    "commons:edit": Visit({"public_id": COMMONS}, who="Alice"),
    "commons:proposals": Visit({"public_id": COMMONS}, who="Eva"),
    "commons:unwatch": Visit({"token": unwatch_token("commons", 1)}),
    "commons:proposal": Visit({"pk": 1}, who="Eva"),
    "commons:discussion": Visit({"public_id": COMMONS}, who="Eva"),
    "commons:queue": Visit(who="Eva"),
    "commons:test": ONE_COMMONS,
    "commons:remove": Visit({"public_id": COMMONS}, who="Adam"),
    "commons:merge": Visit({"public_id": COMMONS}, who="Eva"),
    "commons:steward": Visit({"public_id": COMMONS}, who="Bob"),
    "commons:relate": Visit({"public_id": COMMONS}, who="Alice"),
    "funding:new": Visit(who="Bob"),
    "funding:history": ONE_OPPORTUNITY,
    "funding:revision": Visit({"public_id": OPPORTUNITY, "version": 1}),
    "funding:sources": Visit({"public_id": OPPORTUNITY}, who="Eva"),
    "funding:edit": Visit({"public_id": OPPORTUNITY}, who="Eva"),
    "funding:proposals": Visit({"public_id": OPPORTUNITY}, who="Eva"),
    "funding:unwatch": Visit({"token": unwatch_token("funding", 1)}),
    "funding:proposal": Visit({"pk": 1}, who="Eva"),
    "funding:discussion": Visit({"public_id": OPPORTUNITY}, who="Bob"),
    "funding:queue": Visit(who="Eva"),
    "funding:compare": Visit(query=f"?id={OPPORTUNITY}&id=prototype-fund"),
    "funding:choose": Visit(),
    "sources:list": Visit(who="Eva"),
    "sources:detail": Visit({"key": "commons-jsonl"}, who="Eva"),
    "sources:run": Visit({"pk": 1}),
    "sources:new": Visit(who="Eva"),
    "sources:edit": Visit({"key": "commons-jsonl"}, who="Eva"),
    "sources:upload": Visit({"key": "commons-jsonl"}, who="Eva"),
    "sources:reviews": Visit(who="Eva"),
    "sources:review": Visit({"pk": 1}, who="Eva"),
    "funding:merge": Visit({"public_id": OPPORTUNITY}, "?with=nlnet-ngi-fediversity", who="Eva"),
    "funding:awards": Visit(),
    "funding:award": Visit({"public_id": "360g-example-1-9487b1f7"}),
    "funding:award-funder": Visit({"public_id": "gb-chc-1000001-aa3ffd5c"}),
    "funding:received": Visit({"commons_id": COMMONS}),
    "funding:gap": Visit(),
    "funding:calendar": Visit(query="?month=2026-02"),
    "funding:changes": Visit(query=f"?for={COMMONS}", who="Alice"),
    "following:follow": Visit(query="?what=search&in=funding&country=FR"),
    "following:sent": Visit(query=f"?what=money_for&id={COMMONS}"),
    "following:confirm": Visit({"key": key_of(ASKED)}),
    "following:mine": Visit({"key": key_of(FOLLOWED)}),
    "following:told": Visit({"key": key_of(FOLLOWED)}),
    "following:mute": Visit({"key": key_of(FOLLOWED), "catalogue": "opportunities", "public_id": "prototype-fund-de"}),
    "following:stop": Visit({"key": key_of(FOLLOWED)}),
    "following:outbox": Visit(who="Eva"),
    "unanswered:list": Visit(who="Eva"),
    "foundation:home": Visit(),
    "foundation:funds": Visit(),
    "foundation:fund": Visit({"slug": "city"}),
    "foundation:entries": Visit(query="?fund=city"),
    "foundation:entry": Visit({"public_id": ENTRY}),
    "foundation:unspent": Visit(query="?year=2026"),
    "foundation:verifying": Visit(),
    "foundation:offices": Visit(who="Adam"),
    "foundation:office-new": Visit(who="Adam"),
    "foundation:office-end": Visit({"number": 1}, who="Adam"),
    "foundation:keep": Visit(who="Eva"),
    "foundation:fund-new": Visit(who="Eva"),
    "foundation:move": Visit(who="Eva"),
    "foundation:take-back": Visit(who="Eva"),
    "foundation:overdraft-new": Visit(who="Eva"),
    "foundation:periods": Visit(who="Eva"),
    "foundation:period-close": Visit({"first": "2026-01-01"}, who="Eva"),
    "foundation:decisions": Visit(who="Adam"),
    "foundation:decision": Visit({"public_id": DECISION}, who="Adam"),
    "foundation:decision-approve": Visit({"public_id": DECISION}, who="Adam"),
    "foundation:decision-refuse": Visit({"public_id": DECISION}, who="Adam"),
    "foundation:decision-withdraw": Visit({"public_id": DECISION}, who="Eva"),
    "foundation:give": Visit(),
    "foundation:give-to": Visit({"fund": "open"}),
    "foundation:gift": Visit({"token": GIFT}),
    "foundation:gift-forget": Visit({"token": GIFT}),
    "foundation:gifts": Visit(who="Eva"),
    "foundation:gift-kept": Visit({"public_id": str(UUID(int=70))}, who="Eva"),
    "foundation:pay-ins": Visit(who="Eva"),
    "foundation:pay-in": Visit({"number": 2}, who="Eva"),
    "foundation:refund-new": Visit({"number": 1}, who="Eva"),
    "foundation:refund": Visit({"public_id": str(REFUND)}, who="Adam"),
    "foundation:agreements": Visit(who="Eva"),
    "foundation:agreement-new": Visit(who="Eva"),
    "foundation:agreement": Visit({"public_id": str(AGREED)}, who="Adam"),
    "foundation:rounds": Visit(who="Eva"),
    "foundation:round": Visit({"slug": "open-now"}),
    "foundation:round-new": Visit(who="Eva"),
    "foundation:round-step": Visit({"slug": "draft", "what": "withdraw"}, who="Eva"),
    "foundation:round-edit": Visit({"slug": "draft"}, who="Eva"),
    "foundation:round-options": Visit({"slug": "open-now"}),
    "foundation:round-choose": Visit(query="?filters=all", who="Eva"),
    "foundation:round-choose-for": Visit({"slug": "draft"}, query="?kind=data", who="Eva"),
    "foundation:vote": Visit({"slug": "open-now"}, who="Bob"),
    "foundation:vote-look": Visit({"slug": "open-now"}, who="Bob"),
    "foundation:vote-receipt": Visit({"slug": "open-now"}, who="Bob"),
    "foundation:round-results": Visit({"slug": "spring"}),
    "foundation:round-why": Visit({"slug": "spring", "commons": GRANTED}),
    "foundation:round-ballots": Visit({"slug": "spring"}),
    "foundation:round-ballot": Visit({"slug": "spring", "number": 1}),
    "foundation:sharing": Visit(who="Alice"),
    "foundation:sharing-commons": Visit({"commons": GRANTED}, who="Alice"),
    "foundation:bundle-new": Visit({"commons": GRANTED}, who="Alice"),
    "foundation:bundle": Visit({"public_id": str(named(BUNDLE))}, who="Alice"),
    "foundation:payouts": Visit(who="Eva"),
    "foundation:payout": Visit({"public_id": PAYOUT}, who="Adam"),
    "foundation:payouts-approve": Visit(who="Adam"),
    "foundation:payout-approve": Visit({"public_id": PAYOUT}, who="Adam"),
    "foundation:payout-withdraw": Visit({"public_id": PAYOUT}, who="Eva"),
    "foundation:propose": Visit(who="Eva"),
    "foundation:payout-file-new": Visit(who="Eva"),
    "foundation:payout-files": Visit(who="Eva"),
    "foundation:payout-file": Visit({"ident": PAID_IN}, who="Eva"),
    "foundation:payees": Visit(who="Adam"),
    "foundation:payee": Visit({"slug": "commons-open-food-facts-eur"}, who="Eva"),
    "foundation:donor-new": Visit(who="Eva"),
    "foundation:bank": Visit(who="Eva"),
    "foundation:bank-import": Visit(who="Eva"),
    "foundation:bank-account-new": Visit(who="Eva"),
    "foundation:bank-lines": Visit(who="Eva"),
    "foundation:bank-line": Visit({"number": 2}, who="Eva"),
    "foundation:bank-statement": Visit({"number": 1}, who="Eva"),
}

# Pages for the frames of other sites: without our own frame around them.
FRAMED: dict[str, Visit] = {
    "funding:gap-embed": Visit({"figure": "reach"}),
}

# Addresses that answer with something else than a page.
FILES: dict[str, Visit] = {
    "health": Visit(),
    "robots": Visit(),
    "favicon": Visit(),
    "catalogue": Visit(),
    "data-file": Visit({"name": "commons", "kind": "ndjson"}),
    "commons:fixed": Visit({"token": HANDED_IN, "number": 0}),
    "accounts:export": Visit(who="Bob"),
    "mfa_download_recovery_codes": Visit(who="Adam"),
    "commons:feed": ONE_COMMONS,
    "commons:csv": Visit(),
    "commons:json": Visit(),
    "commons:recent": Visit(),
    "funding:feed": ONE_OPPORTUNITY,
    "funding:list-feed": Visit(),
    "funding:export-csv": Visit(),
    "funding:export-json": Visit(),
    "funding:export-awards": Visit(),
    "funding:changes-feed": Visit(),
    "feeds:atom": Visit({"token": FOLLOWED}),
    "feeds:calendar": Visit({"token": FOLLOWED}),
    "funding:gap-svg": Visit({"figure": "age"}),
    "funding:gap-csv": Visit(),
    "funding:gap-json": Visit(),
    "funding:gap-series-csv": Visit(),
    "funding:gap-series-json": Visit(),
    "foundation:funds-export": Visit(),
    "foundation:unspent-export": Visit(query="?year=2026"),
    "foundation:entries-export": Visit({"form": "hledger"}),
    "foundation:grants-export": Visit({"form": "360giving"}),
    "foundation:entry-leaf": Visit({"public_id": ENTRY}),
    "foundation:entry-proof": Visit({"public_id": ENTRY}),
    "log-file": Visit({"name": "checkpoint"}),
    "unanswered:csv": Visit(who="Eva"),
    "foundation:gift-receipt": Visit({"token": GIFT, "number": "2026-000001"}),
    "foundation:gift-kept-receipt": Visit({"public_id": str(UUID(int=70)), "number": "2026-000001"}, who="Eva"),
    "foundation:gifts-export": Visit({"form": "csv"}, who="Eva"),
    "foundation:pay-ins-export": Visit({"form": "csv"}, who="Eva"),
    "foundation:rounds-export": Visit(),
    "foundation:round-options-export": Visit({"slug": "open-now", "form": "csv"}),
    "foundation:round-results-export": Visit({"slug": "spring"}),
    "round-file": Visit({"slug": "spring", "name": "outcome.json"}),
    "foundation:decisions-export": Visit({"form": "csv"}, who="Eva"),
    "foundation:payouts-export": Visit({"form": "csv"}, who="Eva"),
    "foundation:agreements-export": Visit({"form": "csv"}, who="Eva"),
    "foundation:payout-files-export": Visit({"form": "csv"}, who="Eva"),
    "foundation:payees-export": Visit({"form": "csv"}, who="Eva"),
    "foundation:payout-file-xml": Visit({"ident": PAID_IN}, who="Eva"),
    "foundation:bank-lines-export": Visit({"form": "json"}, who="Eva"),
    "foundation:bank-file": Visit({"number": 1}, who="Eva"),
    "funding:for-csv": Visit({"commons_id": COMMONS}),
    "funding:for-json": Visit({"commons_id": COMMONS}),
}

# Addresses that only take what a form sends: reading them changes nothing.
ACTIONS: dict[str, Visit] = {
    "set_language": Visit(),
    **{
        f"{app}:{action}": Visit({"public_id": public_id, **more}, who="Eva")
        for app, public_id in (("commons", COMMONS), ("funding", OPPORTUNITY))
        for action, more in (
            ("revert", {"version": 1}),
            ("restore", {"version": 1}),
            ("lock", {}),
            ("hide", {"pk": 1}),
            ("watch", {}),
            ("confirm", {}),
        )
    },
    "commons:separate": Visit({"public_id": COMMONS}, who="Eva"),
    "commons:decide_steward": Visit({"public_id": COMMONS, "pk": 1}, who="Eva"),
    "commons:unrelate": Visit({"public_id": COMMONS, "pk": 1}, who="Eva"),
    "funding:remove": Visit({"public_id": OPPORTUNITY}, who="Adam"),
    "funding:answer": Visit({"commons_id": COMMONS}, who="Bob"),
    "funding:check-links": Visit(who="Eva"),
    "funding:look-for-duplicates": Visit(who="Eva"),
    "sources:start": Visit({"key": "commons-jsonl"}, who="Eva"),
    "sources:pause": Visit({"key": "commons-jsonl"}, who="Eva"),
    "funding:separate": Visit({"public_id": OPPORTUNITY}, who="Eva"),
    "following:make-feed": Visit(query="?what=search&in=funding"),
    "unanswered:decide": Visit({"pk": 1}, who="Eva"),
    "foundation:gift-pay": Visit({"token": GIFT}),
    "foundation:gift-stop": Visit({"token": GIFT}),
    "foundation:gift-kept-stop": Visit({"public_id": str(UUID(int=70))}, who="Eva"),
    "foundation:bank-lines-confirm": Visit(who="Eva"),
    "foundation:dispute-lost": Visit({"number": 1}, who="Adam"),
    "hooks:hook": Visit({"provider": "helloasso"}),
    "foundation:sharing-rule": Visit({"commons": GRANTED}, who="Alice"),
    "foundation:claim": Visit({"commons": GRANTED}, who="Alice"),
    "foundation:bundle-accept": Visit({"public_id": str(named(BUNDLE))}, who="Alice"),
    "foundation:bundle-withdraw": Visit({"public_id": str(named(BUNDLE))}, who="Alice"),
    "foundation:office-confirm": Visit({"number": 1}, who="Adam"),
    "foundation:payout-reserve": Visit({"public_id": PAYOUT}, who="Eva"),
    "foundation:payee-confirm": Visit({"slug": "commons-open-food-facts-eur", "number": 3}, who="Adam"),
    "following:unmute": Visit({"key": key_of(FOLLOWED)}),
    "following:send-again": Visit({"pk": 1}, who="Eva"),
}

# Pages of the account library that one only reaches in the middle of something: they lead elsewhere, and never break.
ELSEWHERE: dict[str, Visit] = {
    "account_set_password": Visit(who="Bob"),
    "account_confirm_login_code": Visit(),
    "mfa_authenticate": Visit(),
    "mfa_login_webauthn": Visit(),
    "mfa_reauthenticate_webauthn": Visit(who="Bob"),
}

# Scripts of passkeys: what they do no page can do without them, and each of these pages says so.
WITH_SCRIPT = {"account_login", "mfa_add_webauthn"}

# A new secret each time it is shown.
NEVER_TWICE_THE_SAME = {"mfa_activate_totp"}

# The same page for two errands: an outdated link, "look into your mail", "is it you?", "stop the e-mails".
SAME_TITLE = (
    {"account_reset_password", "account_reset_password_from_key"},
    {"account_reset_password_done", "account_email_verification_sent"},
    {"account_reauthenticate", "mfa_reauthenticate"},
    {"commons:unwatch", "funding:unwatch"},
)

NOT_OURS = ("admin:", "api:")  # Django's administration; the API has tests of its own


def _names(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def test_every_address_stands_in_a_table_with_an_example() -> None:
    addresses = {name for name in _names(get_resolver().url_patterns) if not name.startswith(NOT_OURS)}
    known = [*MAIN, *OTHERS, *FRAMED, *FILES, *ACTIONS, *ELSEWHERE]
    assert addresses - set(known) == set(), "new addresses: add an example to one of the tables"
    assert set(known) - addresses == set(), "these addresses are gone"
    assert [name for name, times in Counter(known).items() if times > 1] == []


def _path(name: str, visit: Visit, language: str) -> str:
    with override(language):
        return reverse(name, kwargs=dict(visit.kwargs)) + visit.query


class Walker:
    """A browser with two windows (with scripts and without), and what was seen on the way."""

    def __init__(self, browser: Any, site: Any) -> None:
        self.site = site
        self.with_script = browser.new_context(viewport=DESK, reduced_motion="reduce")
        self.without_script = browser.new_context(viewport=DESK, java_script_enabled=False)
        self.page = self.with_script.new_page()
        self.bare_page = self.without_script.new_page()
        self.troubles: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        self.page.on("request", self._asked)
        self.titles: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
        self.who = ""
        self.links: dict[tuple[str, str, str], list[str]] = defaultdict(list)

    def _heard(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.troubles.append(f"console: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.site.url, "data:")):
            self.troubles.append(f"asks {request.url}")

    def sign_in(self, who: str) -> None:
        """Become one of the cast, or nobody."""
        self.who = who
        for context in (self.with_script, self.without_script):
            context.clear_cookies()
            if who:
                cookie = {"name": settings.SESSION_COOKIE_NAME, "value": self.site.sessions[who], "url": self.site.url}
                context.add_cookies([cookie])

    def open(self, path: str) -> None:
        """Open a page of the site; it must answer with 200, quietly."""
        self.troubles.clear()
        response = self.page.goto(self.site.url + path)
        assert response.status == 200, f"{path} answers {response.status}"
        assert response.headers["content-type"].startswith("text/html")
        assert self.troubles == []

    def text_without_script(self, path: str) -> str:
        self.bare_page.goto(self.site.url + path)
        return str(self.bare_page.locator("main").inner_text())

    def close(self) -> None:
        self.with_script.close()
        self.without_script.close()


@pytest.fixture(scope="module")
def walker(browser: Any, site: Any) -> Iterator[Walker]:
    walker = Walker(browser, site)
    yield walker
    walker.close()


FRAME = """() => ({
  lang: document.documentElement.lang,
  title: document.title,
  headings: document.querySelectorAll('h1').length,
  scripts: [...document.scripts].filter(script => !script.type.endsWith('json')).length,
  weight: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .filter(entry => !entry.name.includes('favicon')).reduce((sum, entry) => sum + entry.decodedBodySize, 0),
  description: document.querySelector('meta[name=description]')?.content ?? '',
  other: document.querySelector('.top a[hreflang]')?.getAttribute('href') ?? '',
  links: [...document.querySelectorAll('a[href]')].map(link => link.getAttribute('href')),
  raw: (document.documentElement.outerHTML.match(/.{30}(\\{'|\\{\\{|\\{%|&lt;(div|span|a|p) ).{30}/) ?? [''])[0],
  styled: document.querySelectorAll('[style], style').length,
  plain: document.querySelector('.drawn, .leads') !== null
    && ![...document.styleSheets].some(sheet => sheet.href?.includes('figures.css')),
})"""


def _check_frame(walker: Walker, name: str, language: str, path: str) -> None:
    seen = walker.page.evaluate(FRAME)
    assert seen["lang"] == language
    assert seen["headings"] == 1, f"{seen['headings']} main headings"
    assert seen["description"]
    assert seen["styled"] == 0
    assert seen["raw"] == "", "shows what only programs should see"
    assert not seen["plain"], "shows charts or figures without their style"
    assert seen["weight"] < WEIGHT_MAX, f"{name} weighs {seen['weight']} bytes"
    assert bool(seen["scripts"]) == (name in WITH_SCRIPT)
    first = walker.titles[language].setdefault(seen["title"], name)
    assert first == name or {first, name} in SAME_TITLE, f"{first} and {name} have the same title: {seen['title']}"
    other = {"en": "fr", "fr": "en"}[language]
    assert seen["other"].startswith(f"/{other}/")
    assert seen["other"].split("/", 2)[2] == path.split("/", 2)[2], "the language link leads to another page"
    _remember_links(walker, seen["links"], path)


def _remember_links(walker: Walker, links: list[str], path: str) -> None:
    """Keep a few links of every kind, to be followed at the end."""
    for link in links:
        target = urldefrag(link).url
        if target.startswith("?"):
            target = path.split("?", maxsplit=1)[0] + target
        if target.startswith("/") and not target.startswith("/static/"):
            found = walker.links[walker.who, *_kind_of(target)]
            if target not in found and len(found) < LINKS_A_KIND:
                found.append(target)


def _kind_of(target: str) -> tuple[str, str]:
    """Links are of one kind when they lead to the same sort of page in the same language with the same parameters."""
    parts = urlsplit(target)
    language = parts.path.split("/")[1]
    parameters = ",".join(sorted(set(re.findall(r"(?:^|&)([^=&]+)=", parts.query))))
    with override(language if language in LANGUAGES else "en"):
        return f"{language} {resolve(parts.path).view_name}", parameters


@cache
def _checker() -> str:
    from axe_playwright_python.sync_playwright import Axe

    return str(Axe().axe_script)


def _check_accessibility(page: Any, scheme: str = "light") -> None:
    """Every rule; in the dark only that of contrast: nothing else that the checker looks at depends on colours."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_checker())
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if scheme == "dark" and page.evaluate("window.seenInTheLight === true"):
        options["runOnly"] = ["color-contrast"]
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    page.evaluate("scheme => { window.seenInTheLight ||= scheme === 'light' }", scheme)
    report = [f"{each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes']][:3]}" for each in found]
    assert report == []


def _look(page: Any, size: dict[str, int], scheme: str) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size["width"], f"scrolls sideways: {width} pixels in {size['width']}"


LOOKS = [(DESK, "light"), (PHONE, "light"), (PHONE, "dark"), (DESK, "dark")]
EVERY_LOOK = {"en": LOOKS, "fr": LOOKS}
ONE_LOOK_EACH = {"en": [(DESK, "light")], "fr": [(PHONE, "dark")]}


def _visit(walker: Walker, name: str, visit: Visit, looks: Mapping[str, list[tuple[dict[str, int], str]]]) -> None:
    walker.sign_in(visit.who)
    for language in LANGUAGES:
        path = _path(name, visit, language)
        walker.open(path)
        _check_frame(walker, name, language, path)
        with_script, without = walker.page.locator("main").inner_text(), walker.text_without_script(path)
        if name in NEVER_TWICE_THE_SAME:
            with_script, without = with_script[:150], without[:150]
        assert with_script == without
        for size, scheme in looks[language]:
            _look(walker.page, size, scheme)
            _check_accessibility(walker.page, scheme)
        _look(walker.page, PHONE, "light")
        _look(walker.page, DESK, "light")


@pytest.mark.parametrize("name", sorted(MAIN))
def test_a_main_page_holds_in_every_look(walker: Walker, name: str) -> None:
    # How a page looks does not hang on where its rows come from: all looks once, with the first database.
    _visit(walker, name, MAIN[name], EVERY_LOOK if connection.vendor == "sqlite" else ONE_LOOK_EACH)


@pytest.mark.parametrize("path", ["/en/commons/", "/en/funding/", f"/en/funding/?for={COMMONS}"])
def test_a_list_is_lean(walker: Walker, path: str) -> None:
    """Twenty rows with their filters: what browsers lay out, not what they load, is what lists cost."""
    walker.sign_in("")
    walker.open(path)
    elements = walker.page.evaluate("document.querySelectorAll('*').length")
    assert walker.page.locator(".rows > li").count() == 20
    assert elements < LIST_ELEMENTS_MAX, f"{path} has {elements} elements"


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_a_page_holds_in_both_languages(walker: Walker, name: str) -> None:
    _visit(walker, name, OTHERS[name], ONE_LOOK_EACH)


@pytest.mark.parametrize("name", sorted(FRAMED))
def test_a_page_for_frames_holds_in_every_look(walker: Walker, name: str) -> None:
    walker.sign_in("")
    for language in LANGUAGES:
        walker.open(_path(name, FRAMED[name], language))
        seen = walker.page.evaluate(FRAME)
        assert (seen["lang"], seen["scripts"], seen["styled"], seen["raw"]) == (language, 0, 0, "")
        assert seen["weight"] < WEIGHT_MAX / 2
        for size, scheme in LOOKS:
            _look(walker.page, size, scheme)
            _check_accessibility(walker.page, scheme)


def test_an_address_that_is_not_there_offers_to_search(walker: Walker) -> None:
    walker.sign_in("")
    for language in LANGUAGES:
        response = walker.page.goto(f"{walker.site.url}/{language}/nothing-here/")
        assert response.status == 404
        assert walker.page.locator("main form[role=search] input").count() == 1
        for size, scheme in LOOKS:
            _look(walker.page, size, scheme)
            _check_accessibility(walker.page, scheme)


def test_what_is_found_in_both_catalogues_is_lean(walker: Walker) -> None:
    walker.sign_in("")
    walker.open("/en/search/?q=software")
    assert walker.page.locator("section .rows").count() == 2
    assert walker.page.evaluate("document.querySelectorAll('*').length") < LIST_ELEMENTS_MAX


def test_links_lead_somewhere(walker: Walker) -> None:
    """A few links of every kind that was seen on the pages before, followed as whoever saw them."""
    assert walker.links, "no page has been visited before this test"
    broken = []
    for (who, *_kind), paths in walker.links.items():
        client = walker.site.client(who)
        for path in paths:
            response = client.get(path, follow=True)
            if response.status_code != 200:
                broken.append(f"{path} as {who or 'nobody'}: {response.status_code}")
            response.close()
    assert broken == []


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_is_there_and_is_not_a_page(site: Any, name: str) -> None:
    visit = FILES[name]
    response = site.client(visit.who).get(_path(name, visit, "en"))
    assert response.status_code == 200
    assert not response["Content-Type"].startswith("text/html")
    assert len(response.getvalue()) > 0


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_an_action_is_not_done_by_reading(site: Any, name: str) -> None:
    visit = ACTIONS[name]
    response = site.client(visit.who).get(_path(name, visit, "en"))
    assert response.status_code in {302, 404, 405}


@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_a_page_in_the_middle_of_something_leads_to_its_beginning(site: Any, name: str) -> None:
    visit = ELSEWHERE[name]
    response = site.client(visit.who).get(_path(name, visit, "en"))
    assert response.status_code == 302
    assert urlsplit(response["Location"]).path.startswith("/en/")
