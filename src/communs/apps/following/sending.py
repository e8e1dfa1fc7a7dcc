"""Handing one letter to the mail server, and knowing what came of it.

SMTP makes one moment that nobody can see through: when the connection is lost after the text was given and before the
server said that it has it. Only there the outcome is unknown; a repeat carries the same Message-ID.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

LETTERS_A_CONNECTION_MAX = 100
PROBLEM_LENGTH_MAX = 200
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
_DOT_FIRST = re.compile(rb"(?m)^\.")


class Outcome(StrEnum):
    """What came of one attempt."""

    SENT = "sent"  # the server has it
    LATER = "later"  # it said: not now, or the connection was lost before the text was given
    NEVER = "never"  # it said: not this one
    UNKNOWN = "unknown"  # the connection was lost after the text was given
    UNREACHABLE = "unreachable"  # no server to talk to: this says nothing of the letter


@dataclass(frozen=True, slots=True)
class Attempt:
    """The outcome, and what the server or the network said."""

    outcome: Outcome
    problem: str = ""


class _Said(Exception):
    """What the server said instead of yes."""

    def __init__(self, code: int, text: bytes | str) -> None:
        words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        super().__init__(f"{code} {' '.join(words.split())}")
        self.code = code


class Postman:
    """Hands letters over, many on one connection. Use as a context: what is open is closed at the end."""

    def __init__(self) -> None:
        self._backend: Any = get_connection()
        self._handed_over = 0

    def __enter__(self) -> Postman:
        return self

    def __exit__(self, *_error: object) -> None:
        self._hang_up()

    def hand_over(self, message: EmailMessage) -> Attempt:
        """One attempt. Raises nothing that a network or a server can cause."""
        if not isinstance(self._backend, EmailBackend):
            return self._keep(message)
        was_open = self._backend.connection is not None
        attempt = self._try(message)
        if attempt.outcome == Outcome.LATER and was_open and self._backend.connection is None:
            # An old connection that the server had ended in the meantime says nothing: once more on a new one.
            attempt = self._try(message)
        return attempt

    def _keep(self, message: EmailMessage) -> Attempt:
        """Where letters are written to files, or kept in memory."""
        try:
            self._backend.send_messages([message])
        except OSError as error:
            return Attempt(Outcome.LATER, _words(error))
        return Attempt(Outcome.SENT)

    def _try(self, message: EmailMessage) -> Attempt:
        try:
            if self._handed_over >= LETTERS_A_CONNECTION_MAX:
                self._hang_up()
            self._backend.open()
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            return Attempt(Outcome.UNREACHABLE, _words(error))
        given = False
        try:
            smtp = self._backend.connection
            text: bytes = message.message().as_bytes()
            self._announce(smtp, message)
            given = True
            self._give(smtp, text)
        except _Said as no:
            self._start_over()
            # 552 is said of a mailbox that is full: RFC 5321, 4.5.3.1.10, takes it for a temporary answer.
            return Attempt(Outcome.LATER if no.code < 500 or no.code == 552 else Outcome.NEVER, _words(no))
        except (OSError, smtplib.SMTPException) as error:
            self._hang_up()
            return Attempt(Outcome.UNKNOWN if given else Outcome.LATER, _words(error))
        except ValueError as error:  # an address or a header that cannot be written at all
            self._hang_up()
            return Attempt(Outcome.NEVER, _words(error))
        self._handed_over += 1
        return Attempt(Outcome.SENT)

    def _announce(self, smtp: smtplib.SMTP, message: EmailMessage) -> None:
        """Everything up to the moment at which the text is given."""
        smtp.ehlo_or_helo_if_needed()
        sender, recipient = (_address(whole, message) for whole in (message.from_email, message.to[0]))
        code, text = smtp.mail(sender, ["BODY=8BITMIME"] if smtp.has_extn("8bitmime") else [])
        if code != 250:
            # The sender, not the letter, is refused: whoever runs the site can mend that.
            raise _Said(code if code < 500 else 450, text)
        code, text = smtp.rcpt(recipient)
        if code not in {250, 251}:
            raise _Said(code, text)
        code, text = smtp.docmd("DATA")
        if code != 354:
            raise _Said(code, text)

    def _give(self, smtp: smtplib.SMTP, text: bytes) -> None:
        body = _DOT_FIRST.sub(b"..", _LINE_ENDS.sub(b"\r\n", text))
        smtp.send(body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        code, answer = smtp.getreply()
        if code != 250:
            raise _Said(code, answer)

    def _start_over(self) -> None:
        """Make the connection ready for the next letter; one that cannot be is ended."""
        try:
            code, _text = self._backend.connection.rset()
        except (OSError, smtplib.SMTPException):
            code = 0
        if code != 250:
            self._hang_up()

    def _hang_up(self) -> None:
        """End the connection. What the server says to that changes nothing for letters that it has."""
        self._handed_over = 0
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self._backend.close()
        if isinstance(self._backend, EmailBackend):
            self._backend.connection = None


def _address(whole: str, message: EmailMessage) -> str:
    """The bare address of "Name <address>", its domain in ASCII. Raises `ValueError` where that cannot be."""
    written = sanitize_address(whole, message.encoding or "utf-8")
    return parseaddr(written)[1]


def _words(error: BaseException) -> str:
    return f"{type(error).__name__.lstrip('_')}: {error}"[:PROBLEM_LENGTH_MAX]
