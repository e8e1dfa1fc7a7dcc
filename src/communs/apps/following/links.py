"""Tokens and addresses: a short one that only reads, and signed ones that change something.

A feed address may be passed on to colleagues or to a calendar on the web: it gives away no e-mail address and stops
nothing. What a letter carries is signed with the site's key.
"""

from __future__ import annotations

import base64
import secrets

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language

from communs.kit.gates import NotThere
from communs.kit.records.feeds import absolute

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"  # base32: nothing that is lost when it is read out
TOKEN_LENGTH = 12  # 60 bits
MOUNT = "follow/"
ROUTES = {
    "confirm": "confirm/<str:key>/",
    "mine": "mine/<str:key>/",
    "told": "mine/<str:key>/told/",
    "stop": "stop/<str:key>/",
    "mute": "mute/<str:key>/<str:catalogue>/<str:public_id>/",
}
"""Pages under the language and `MOUNT`, by name."""
FEEDS = {"atom": "f/<str:token>.atom", "calendar": "f/<str:token>.ics"}
"""Feeds, under no language: short."""
_SALT = "communs.following.links"
_SIGNATURE_LENGTH = 20  # 100 bits: a letter stays readable with several of them


def new_token() -> str:
    """A token that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _place in range(TOKEN_LENGTH))


def key_of(token: str) -> str:
    """What a letter carries so that its reader, and nobody else, changes this subscription."""
    digest = salted_hmac(_SALT, token, algorithm="sha256").digest()
    return f"{token}.{base64.b32encode(digest).decode().lower()[:_SIGNATURE_LENGTH]}"


def token_in(key: str) -> str:
    """The token of a key. Raises `NotThere` for one that was not signed here."""
    token = key.partition(".")[0]
    if not constant_time_compare(key, key_of(token)):
        raise NotThere
    return token


def page(name: str, token: str, **more: str) -> str:
    """The whole address of a page of `ROUTES`, in the active language, signed for this subscription."""
    path = ROUTES[name].replace("<str:key>", key_of(token))
    for part, value in more.items():
        path = path.replace(f"<str:{part}>", value)
    return absolute(f"/{get_language() or 'en'}/{MOUNT}{path}")


def feed_path(name: str, token: str) -> str:
    """The path of a feed of `FEEDS`."""
    return "/" + FEEDS[name].replace("<str:token>", token)


def feed(name: str, token: str) -> str:
    """The whole address of a feed."""
    return absolute(feed_path(name, token))
