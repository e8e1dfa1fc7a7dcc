"""The pages every record shares, for the urls of its app:

    pages = RecordPages(KIND)
    urlpatterns = [path("", …, name="list"), *pages.urls(), path("<slug:public_id>/", …, name="detail")]

Names: `new`, `history`, `revision`, `revert`, `restore`, `feed`, `sources`, `lock`, `edit`, `proposals`, `proposal`,
`discussion`, `hide`, `watch`, `unwatch`. The app adds `list` and `detail`.
"""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from communs.kit.pages import public_page
from communs.kit.records.editing import Editing
from communs.kit.records.reading import Reading
from communs.kit.records.talking import Talking


class RecordPages(Reading, Editing, Talking):
    """Everything around one kind of record. The constructor takes its `RecordKind`."""

    def urls(self) -> list[URLPattern]:
        """The patterns, relative to the app's root."""
        record = "<slug:public_id>/"
        return [
            path("new/", self.new, name="new"),
            path("proposal/<int:pk>/", self.proposal, name="proposal"),
            path("unwatch/<str:token>/", csrf_exempt(self.unwatch), name="unwatch"),
            path(f"{record}history/", public_page(self.page(self.history)), name="history"),
            path(f"{record}history/<int:version>/", public_page(self.page(self.revision)), name="revision"),
            path(f"{record}history/<int:version>/revert/", self.step(self.revert), name="revert"),
            path(f"{record}history/<int:version>/restore/", self.step(self.restore), name="restore"),
            path(f"{record}feed.atom", public_page(self.page(self.feed)), name="feed"),
            path(f"{record}sources/", public_page(self.page(self.sources)), name="sources"),
            path(f"{record}lock/", self.step(self.lock), name="lock"),
            path(f"{record}edit/", self.page(self.edit), name="edit"),
            path(f"{record}proposals/", public_page(self.page(self.proposals)), name="proposals"),
            path(f"{record}discussion/", public_page(self.page(self.discussion)), name="discussion"),
            path(f"{record}discussion/<int:pk>/hide/", self.step(self.hide), name="hide"),
            path(f"{record}watch/", self.step(self.watch), name="watch"),
        ]
