"""Letters: plain text, and the same as HTML that loads nothing; in the reader's language and time zone.

`mailing` and `subscription` are rows of `models.py`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from communs.apps.following import links, wording
from communs.apps.following.due import zone_of
from communs.apps.following.happenings import net_moves
from communs.apps.following.limits import CONFIRM_WITHIN
from communs.apps.following.queries.leaving import Contents, Item
from communs.apps.following.queries.records import title_and_url, windows_of
from communs.apps.following.queries.subscriptions import followed
from communs.apps.following.vocabulary import OPPORTUNITIES, EventKind, MailingKind, Rhythm
from communs.kit.records.feeds import absolute
from communs.kit.records.fields import pair

FULL_MAX = 40  # records told with all that happened; those after them by title and address
TITLES_MAX = 160
SUBJECT_MAX = 150
WIDTH = 76


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as it is kept."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Line:
    """One record as a letter tells it."""

    section: str
    title: str
    url: str
    says: tuple[str, ...]
    deadline: str
    mute_url: str


@dataclass(frozen=True, slots=True)
class Foot:
    """Why one gets this, and how to get less of it."""

    why: str
    links: tuple[tuple[str, str], ...]


def digest(mailing: Any, contents: Contents, now: datetime) -> Written:
    """The news of a subscription. All is told: what does not fit stands as titles, then as a figure and a link."""
    subscription = mailing.subscription
    with override(subscription.language), timezone.override(zone_of(subscription.time_zone)):
        label = followed(subscription).label
        lines = [_line(item, subscription, now) for item in contents.items[: FULL_MAX + TITLES_MAX]]
        full, titles = lines[:FULL_MAX], lines[FULL_MAX:]
        left = len(contents.items) - len(lines)
        context = {
            "language": subscription.language,
            "heading": _heading(len(contents.items), label),
            "sections": [(name, list(group)) for name, group in groupby(full, key=lambda line: line.section)],
            "titles": titles,
            "more": ngettext("{count} more entry:", "{count} more entries:", left).format(count=left) if left else "",
            "more_url": links.page("told", subscription.token),
            "foot": _foot(subscription, label),
        }
        return Written(_subject(lines, len(contents.items), label), _text(context), _html("digest", context))


def asking(mailing: Any) -> Written:
    """Please confirm: without it nothing follows."""
    subscription = mailing.subscription
    days = CONFIRM_WITHIN.days
    with override(subscription.language):
        return _note(
            subscription,
            subject=_("Please confirm: {label}"),
            paragraphs=[
                _("Someone, probably you, asked to be written to about this: {label}"),
                _("To confirm, open this page within {days} days and press the button:").format(days=days),
            ],
            url=links.page("confirm", subscription.token),
            label=_("Confirm"),
            after=_("If this was not you, do nothing: you will not be written to, and the address is forgotten."),
        )


def again(mailing: Any) -> Written:
    """Asked for what one has already."""
    subscription = mailing.subscription
    with override(subscription.language):
        return _note(
            subscription,
            subject=_("You follow this already: {label}"),
            paragraphs=[
                _("Someone, probably you, asked to be written to about this: {label}"),
                _("You are already. Here you can change how often, or stop:"),
            ],
            url=links.page("mine", subscription.token),
            label=_("What you follow"),
            after=_("If this was not you, do nothing: nothing changes."),
        )


def message(mailing: Any) -> EmailMultiAlternatives:
    """The letter as it goes to the mail server."""
    subscription = mailing.subscription
    headers = {
        "Message-ID": mailing.message_id,
        "Date": format_datetime(mailing.created_at),
        "Auto-Submitted": "auto-generated",
        "Content-Language": subscription.language,
    }
    if mailing.kind != MailingKind.CONFIRM:
        with override(subscription.language):
            stop = links.page("stop", subscription.token)
        headers |= {
            "List-Id": f"communs <following.{mailing.message_id.rpartition('@')[2].rstrip('>')}>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    letter = EmailMultiAlternatives(
        mailing.subject, mailing.text, settings.DEFAULT_FROM_EMAIL, [subscription.email], headers=headers
    )
    letter.attach_alternative(mailing.html, "text/html")
    return letter


def _line(item: Item, subscription: Any, now: datetime) -> Line:
    title, path = title_and_url(item.catalogue, item.record)
    says = list(dict.fromkeys(_told(item)))
    label, day = wording.deadline(windows_of(item.record), now) if item.catalogue == OPPORTUNITIES else ("", "")
    is_said = any(day in text for text in says)
    return Line(
        section=wording.section(item.kind),
        title=title,
        url=absolute(path),
        says=tuple(says),
        deadline=pair(label, day) if day and not is_said else "",
        mute_url=links.page("mute", subscription.token, catalogue=item.catalogue, public_id=item.record.public_id),
    )


def _told(item: Item) -> Iterator[str]:
    """What happened to a record in order; of days that moved several times, from where they were to where they are."""
    moves = [event for event in item.events if event.kind == EventKind.MOVED]
    for event in item.events:
        if event.kind != EventKind.MOVED:
            yield from wording.says(event)
        elif event is moves[-1]:
            net = net_moves(one.detail.get("moves", ()) for one in moves)
            # Moved there and back: then the last move says at least where it is.
            yield from wording.moves(net, moves[0].day) if net else wording.says(event)


def _heading(count: int, label: str) -> str:
    return ngettext("{count} entry with news: {label}", "{count} entries with news: {label}", count).format(
        count=count, label=label
    )


def _subject(lines: Sequence[Line], count: int, label: str) -> str:
    if count == 1:
        return _one_line(pair(lines[0].section, lines[0].title))
    return _one_line(_heading(count, label))


def _foot(subscription: Any, label: str) -> Foot:
    often = _("every day") if subscription.rhythm == Rhythm.DAILY else _("once a week")
    why = _("You get this e-mail because you follow this here and confirmed it: {label}. It comes {often} at most.")
    return Foot(
        why.format(label=label, often=often),
        (
            (_("Stop these e-mails"), links.page("stop", subscription.token)),
            (_("Change how often they come"), links.page("mine", subscription.token)),
            (_("Everything you were told"), links.page("told", subscription.token)),
        ),
    )


def _note(subscription: Any, *, subject: str, paragraphs: Sequence[str], url: str, label: str, after: str) -> Written:
    about = followed(subscription).label
    said = [paragraph.format(label=about) for paragraph in paragraphs]
    head = _one_line(subject.format(label=about))
    context = {
        "language": subscription.language,
        "heading": head,
        "paragraphs": said,
        "url": url,
        "label": label,
        "after": after,
    }
    text = "\n\n".join([*map(_wrap, said), url, _wrap(after)]) + "\n"
    return Written(head, text, _html("note", context))


def _text(context: dict[str, Any]) -> str:
    parts = [_wrap(context["heading"])]
    for name, lines in context["sections"]:
        parts.append(f"{name.upper()}\n{'=' * len(name)}")
        parts += ["\n".join(_entry(line)) for line in lines]
    if context["titles"]:
        parts.append("\n".join(f"* {line.title} ({line.section})\n  {line.url}" for line in context["titles"]))
    if context["more"]:
        parts.append(f"{context['more']}\n{context['more_url']}")
    foot = context["foot"]
    parts.append(
        "-- \n" + "\n".join([_wrap(foot.why), *(f"{pair(label, '').rstrip()}\n{url}" for label, url in foot.links)])
    )
    return "\n\n".join(parts) + "\n"


def _entry(line: Line) -> Iterator[str]:
    yield _wrap(line.title)
    for text in (*line.says, line.deadline):
        if text:
            yield _wrap(text, "  ")
    yield f"  {line.url}"
    yield "  " + _("Hear no more of this one: {url}").format(url=line.mute_url)


def _wrap(text: str, before: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=before, subsequent_indent=before, break_long_words=False, break_on_hyphens=False
    )


def _html(name: str, context: dict[str, Any]) -> str:
    return render_to_string(f"following/mail/{name}.html", context)


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SUBJECT_MAX else line[: SUBJECT_MAX - 1] + "…"
