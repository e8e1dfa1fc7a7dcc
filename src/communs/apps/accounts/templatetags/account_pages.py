"""What the account pages need beyond their own context: the cast of the demonstration, a QR code on white."""

from __future__ import annotations

from base64 import b64encode

from django import template
from django.conf import settings

from communs.apps.accounts.demo_cast import CAST, PASSWORD, Character

register = template.Library()


@register.simple_tag
def demo_cast() -> tuple[Character, ...]:
    """The people one can sign in as in a demonstration; nobody anywhere else."""
    return CAST if settings.DEMO else ()


@register.simple_tag
def demo_password() -> str:
    """The password they share; empty anywhere else."""
    return PASSWORD if settings.DEMO else ""


@register.filter
def on_white(svg: str) -> str:
    """An SVG drawing as a data address, on a white ground: a QR code in black on a dark page cannot be read."""
    start, opening, rest = svg.partition("<svg")
    attributes, closing, content = rest.partition(">")
    ground = '<rect width="100%" height="100%" fill="#fff"/>'
    whole = f"{start}{opening}{attributes}{closing}{ground}{content}"
    return f"data:image/svg+xml;base64,{b64encode(whole.encode()).decode()}"
