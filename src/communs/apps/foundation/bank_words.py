"""Why a bank has not paid, in the reader's words."""

from __future__ import annotations

from django.utils.translation import gettext as _


def reason_words(reason: str) -> str:
    """“The account is closed. (AC04)” in the language of the reader; it is kept in English."""
    sentence, opening, said = reason.partition(" (")
    return (_(sentence) if sentence else "") + opening + said
