"""What a bank gives as its reason, in the reader's words: `{{ step.reason|reason_words }}`."""

from __future__ import annotations

from django import template

from communs.apps.foundation.bank_words import reason_words

register = template.Library()
register.filter(reason_words)
