"""The addresses of following: pages under /<language>/follow/, and short ones for feeds under no language."""

from __future__ import annotations

from django.urls import path

from communs.apps.following import pages
from communs.apps.following.links import FEEDS, ROUTES

app_name = "following"

urlpatterns = [
    path("", pages.follow, name="follow"),
    path("feed/", pages.make_feed, name="make-feed"),
    path("sent/", pages.sent, name="sent"),
    path("outbox/", pages.outbox, name="outbox"),
    path("outbox/<int:pk>/again/", pages.send_again, name="send-again"),
    path(ROUTES["confirm"], pages.confirm, name="confirm"),
    path(ROUTES["mine"], pages.mine, name="mine"),
    path(ROUTES["told"], pages.told, name="told"),
    path(f"{ROUTES['mine']}unmute/", pages.unmute, name="unmute"),
    path(ROUTES["stop"], pages.stop, name="stop"),
    path(ROUTES["mute"], pages.mute, name="mute"),
]

feeds = [
    path(FEEDS["atom"], pages.atom_feed, name="atom"),
    path(FEEDS["calendar"], pages.calendar_feed, name="calendar"),
]
