"""Subscriptions: by the key in a letter, by the token of a feed, of a person; what each follows and has been told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from communs.apps.following import links, wording
from communs.apps.following.interests import Wish
from communs.apps.following.models import Delivery, Interest, Mailing, Subscription
from communs.apps.following.queries.records import find_by_pk, model_of, rows_of, title_and_url
from communs.apps.following.vocabulary import COMMONS, DeliveryState, MailingKind, Standing, What
from communs.kit.gates import NotThere
from communs.kit.runs import catalogues

ROWS_MAX = 100
_SHOWN = (DeliveryState.WAITING, DeliveryState.LETTER, DeliveryState.TOLD, DeliveryState.FEED)


class FeedGone(NotThere):
    """There was such a subscription, and its reader has stopped it."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a subscription follows, in the active language. `url` is a path; empty where it is not public any more."""

    what: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Told:
    """One event for one subscription. `url` is empty where the record is not public any more."""

    event_id: int
    catalogue: str
    public_id: str
    title: str
    url: str
    kind: str
    says: tuple[str, ...]
    at: datetime
    state: str
    state_label: str


def subscription_of(key: str) -> Subscription:
    """The subscription whose letter carried this key. Raises `NotThere`."""
    return _by_token(links.token_in(key))


def by_token(token: str) -> Subscription:
    """The subscription whose feed has this token. Raises `NotThere`, and `FeedGone` when it was stopped."""
    found = _by_token(token)
    if found.state == Standing.STOPPED:
        raise FeedGone
    if found.state != Standing.ACTIVE:
        raise NotThere
    return found


def _by_token(token: str) -> Subscription:
    if not token.isalnum():  # what no token is, PostgreSQL may refuse to look for
        raise NotThere
    found = Subscription.objects.select_related("interest").filter(token=token[:16]).first()
    if found is None:
        raise NotThere
    return found


def subscriptions_of(person: Any) -> QuerySet[Subscription]:
    """What somebody who is signed in follows: with their account, or with an address that is theirs."""
    theirs = EmailAddress.objects.filter(user_id=person.pk, verified=True).values("email")
    mine = Subscription.objects.filter(Q(person=person) | Q(email__in=theirs))
    return mine.exclude(state=Standing.STOPPED).select_related("interest").order_by("asked_at", "pk")


def verified_person(email: str) -> int | None:
    """The id of the person whose confirmed address this is."""
    rows = EmailAddress.objects.filter(email=email, verified=True, user__is_active=True)
    found: int | None = rows.values_list("user_id", flat=True).first()
    return found


def letters_lately(email: str, now: datetime) -> list[datetime]:
    """When letters that nobody had confirmed were written to this address in the last day."""
    rows = Mailing.objects.filter(subscription__email=email, created_at__gt=now - timedelta(days=1))
    return list(rows.exclude(kind=MailingKind.DIGEST).values_list("created_at", flat=True)[:ROWS_MAX])


def followed(subscription: Subscription) -> Followed:
    """What a subscription follows."""
    return followed_by(subscription.interest)


def followed_by(interest: Interest | Wish) -> Followed:
    """What an interest, or a wish that is none yet, is in."""
    if interest.what == What.SEARCH:
        kind = catalogues.get(interest.catalogue).kind
        path = reverse(f"{kind.namespace}:list") if kind is not None else ""
        label = wording.search(interest.catalogue, interest.query)
        return Followed(interest.what, label, path + _query(interest.query))
    about = COMMONS if interest.what == What.MONEY_FOR else interest.catalogue
    record = find_by_pk(about, interest.record_id or 0)
    title, url = title_and_url(about, record) if record is not None else (_("an entry that is no longer public"), "")
    label = _("New money for {commons}").format(commons=title) if interest.what == What.MONEY_FOR else title
    return Followed(interest.what, label, url)


def _query(query: Mapping[str, Any]) -> str:
    asked = {**query.get("facets", {}), **({"q": query["text"]} if query.get("text") else {})}
    return f"?{urlencode(asked, doseq=True)}" if asked else ""


def deliveries_of(subscription: Subscription, offset: int, limit: int) -> list[Told]:
    """What a subscription has been told, or will be, newest first; in the active language and time zone."""
    rows = list(_shown(subscription).select_related("event").order_by("-event_id")[offset : offset + limit])
    return told(rows)


def count_deliveries(subscription: Subscription) -> int:
    """How many those are."""
    return _shown(subscription).count()


def told(rows: list[Delivery]) -> list[Told]:
    """Deliveries, with their events, in words; of records that are not public any more nothing is said."""
    public = rows_of((row.event.catalogue, row.event.record_id) for row in rows)
    found = []
    for row in rows:
        event = row.event
        record = public.get((event.catalogue, event.record_id))
        if record is not None:
            title, url = title_and_url(event.catalogue, record)
            found.append(
                Told(
                    event_id=event.pk,
                    catalogue=event.catalogue,
                    public_id=record.public_id,
                    title=title,
                    url=url,
                    kind=event.kind,
                    says=tuple(wording.says(event)),
                    at=event.at,
                    state=row.state,
                    state_label=str(row.get_state_display()),
                )
            )
    return found


def _shown(subscription: Subscription) -> QuerySet[Delivery]:
    return subscription.deliveries.filter(state__in=_SHOWN)


def mutes_of(subscription: Subscription) -> list[tuple[str, str, str, str]]:
    """What a subscription hears nothing of: (catalogue, public id, title, path)."""
    found = []
    for muted in subscription.mutes.order_by("at", "pk")[:ROWS_MAX]:
        record = find_by_pk(muted.catalogue, muted.record_id)
        if record is not None:
            found.append((muted.catalogue, record.public_id, *title_and_url(muted.catalogue, record)))
            continue
        name = model_of(muted.catalogue).objects.filter(pk=muted.record_id).values_list("public_id", flat=True).first()
        if name:
            found.append((muted.catalogue, name, _("an entry that is no longer public"), ""))
    return found


def mailings_of(subscription: Subscription) -> list[Mailing]:
    """Its last letters, newest first."""
    return list(subscription.mailings.order_by("-created_at", "-pk")[:ROWS_MAX])
