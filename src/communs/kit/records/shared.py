"""What the shared pages have in common: the record behind the gate, the row of tabs, addresses."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from communs.kit.gates import Right
from communs.kit.records.actions import Author, Impossible
from communs.kit.records.kinds import RecordKind

View = Callable[..., HttpResponse]


class Moved(Exception):
    """The record has been merged into another: its pages are that one's pages."""

    def __init__(self, target: Any) -> None:
        super().__init__(str(target))
        self.target = target


class Pages:
    """Base of the shared pages of one kind of record."""

    def __init__(self, kind: RecordKind) -> None:
        self.kind = kind

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"{self.kind.namespace}:{name}", args=args)

    def record(self, request: HttpRequest, public_id: str, right: Right = Right.SEE) -> Any:
        """The record, if the person has the right to do this. Raises `Moved` when it was merged."""
        record = self.kind.get(request.user, public_id, right)
        if record.merged_into_id:
            raise Moved(record.merged_into)
        return record

    def rights(self, request: HttpRequest, record: Any) -> frozenset[Right]:
        """What the person may do with a record that came through the gate."""
        return self.kind.rights_on(request.user, record) if record.rights is None else record.rights

    def author(self, request: HttpRequest, record: Any) -> Author:
        return self.kind.author_of(request.user, record)

    def render(self, request: HttpRequest, template: str, record: Any, here: str, **context: Any) -> HttpResponse:
        """A page about one record: `here` is the name of its tab, `context` what the template adds."""
        rights = self.rights(request, record)
        title = self.kind.title_of(record)
        tabs = self.tabs(record)
        shared = {
            "record": record,
            "record_title": title,
            "record_url": self.url("detail", record.public_id),
            "namespace": self.kind.namespace,
            "tabs": [(label, url, name == here) for name, label, url in tabs],
            "here": next((label for name, label, _url in tabs if name == here), ""),
            "crumbs": self._crumbs(record, title, here, tabs),
            "can": {right.value: right in rights for right in Right},
            "feed_url": self.url("feed", record.public_id),
        }
        return render(request, template, {**shared, **context})

    def _crumbs(self, record: Any, title: str, here: str, tabs: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
        """The way here: the page itself stands last and leads nowhere."""
        to_list = (str(self.kind.list_label), self.url("list"))
        if here == "detail":
            return [to_list, (title, "")]
        label = next((label for name, label, _url in tabs if name == here), "")
        return [to_list, (title, self.url("detail", record.public_id)), *([(label, "")] if label else [])]

    def tabs(self, record: Any) -> list[tuple[str, str, str]]:
        """`(name, label, address)` of the pages every record has."""
        named = [
            ("detail", _("Overview")),
            ("sources", _("Sources")),
            ("history", _("History")),
            ("discussion", _("Discussion")),
            ("proposals", _("Proposals")),
        ]
        return [(name, label, self.url(name, record.public_id)) for name, label in named]

    def page(self, view: View) -> View:
        """A view that sends readers of a merged record to where it went."""

        @wraps(view)
        def wrapped(request: HttpRequest, public_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, public_id, *args, **kwargs)
            except Moved as moved:
                if request.method not in {"GET", "HEAD"}:
                    raise Impossible(_("This entry has been merged with another one: change that one.")) from moved
                match = request.resolver_match
                name = match.url_name if match and match.url_name and not args and len(kwargs) == 0 else "detail"
                return redirect(self.url(name or "detail", moved.target.public_id) + f"?merged={public_id}")

        return wrapped

    def step(self, view: View) -> View:
        """A view that changes something: POST only."""
        return require_POST(self.page(view))

    def done(self, request: HttpRequest, words: str, name: str, *args: Any) -> HttpResponse:
        """Say what was done and go to a page."""
        messages.success(request, words)
        return redirect(self.url(name, *args))
