"""Discussion, watching, and stopping e-mails with one click."""

from __future__ import annotations

from typing import Any

import nh3
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from communs.kit.gates import NotThere, Refused, Right
from communs.kit.paging import read_page
from communs.kit.records import taking_part
from communs.kit.records.forms import CommentForm
from communs.kit.records.shared import Pages

TAGS = {"p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr"}
SALT = "communs.kit.records.unwatch"
_markdown = MarkdownIt("commonmark", {"html": False}).disable(
    ["image", "html_block", "html_inline", "heading", "lheading"]
)


def to_html(text: str) -> SafeString:
    """Markdown as HTML that cannot run, load or imitate anything: links, emphasis, lists, quotes, code."""
    html = nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(html)  # noqa: S308 - cleaned on the line above


def unwatch_token(namespace: str, watch_pk: int) -> str:
    """What an e-mail carries so that one click stops it: valid for this watch alone."""
    return signing.dumps([namespace, watch_pk], salt=SALT)


class Talking(Pages):
    """Pages where people talk and follow."""

    def discussion(self, request: HttpRequest, public_id: str) -> HttpResponse:
        record = self.record(request, public_id)
        rights = self.rights(request, record)
        form = CommentForm(request.POST or None)
        if request.method == "POST":
            if Right.PROPOSE not in rights:
                raise Refused(Right.PROPOSE, signed_in=request.user.is_authenticated)
            if form.is_valid():
                taking_part.comment(record, request.user, form.cleaned_data["text"])
                return self.done(request, _("Published."), "discussion", public_id)
        moderates = Right.MODERATE in rights
        comments = record.comments.select_related("person")
        comments = comments if moderates else comments.filter(hidden_at=None)
        page = read_page(request.GET.get("page"), comments.count())
        shown = comments[page.offset : page.offset + page.rows]
        rows = [{"comment": comment, "html": to_html(comment.text)} for comment in shown]
        return self.render(
            request, "records/discussion.html", record, "discussion", rows=rows, page=page, query="", form=form
        )

    def hide(self, request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
        """Hide a contribution, or show it again (`show` in the form)."""
        record = self.record(request, public_id, Right.MODERATE)
        contribution: Any = record.comments.filter(pk=pk).first()
        if contribution is None:
            raise NotThere
        if request.POST.get("show"):
            taking_part.show_comment(contribution)
            return self.done(request, _("Shown again."), "discussion", public_id)
        taking_part.hide_comment(contribution)
        return self.done(request, _("Hidden. Editors still see it."), "discussion", public_id)

    def watch(self, request: HttpRequest, public_id: str) -> HttpResponse:
        """Follow the record by e-mail, or stop (`stop` in the form)."""
        record = self.record(request, public_id, Right.PROPOSE)
        if request.POST.get("stop"):
            taking_part.unwatch(record, request.user)
            return self.done(request, _("You will hear no more of it."), "detail", public_id)
        taking_part.watch(record, request.user)
        return self.done(request, _("You will get an e-mail when something changes."), "detail", public_id)

    def unwatch(self, request: HttpRequest, token: str) -> HttpResponse:
        """The link at the foot of an e-mail: asks on GET, stops on POST, without signing in (RFC 8058)."""
        watch = self._watch(token)
        if request.method == "POST" and watch is not None:
            taking_part.unwatch(watch.subject, watch.person)
        context = {
            "watch": watch,
            "is_done": request.method == "POST" or watch is None,
            "record_title": self.kind.title_of(watch.subject) if watch else "",
            "crumbs": [(str(self.kind.list_label), self.url("list"))],
        }
        return render(request, "records/unwatch.html", context)

    def _watch(self, token: str) -> Any:
        """The watch that a token names, None when it has been stopped already. Raises `NotThere` for a wrong token."""
        try:
            namespace, pk = signing.loads(token, salt=SALT)
        except signing.BadSignature as error:
            raise NotThere from error
        if namespace != self.kind.namespace:
            raise NotThere
        watches = self.kind.proposals().model._meta.get_field("subject").related_model.watches.rel.related_model
        return watches._default_manager.select_related("subject", "person").filter(pk=pk).first()
