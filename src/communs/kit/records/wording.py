"""Revisions and statements in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from communs.kit.records.models import Method, Revision


def what_happened(revision: Any) -> str:
    """What a revision did, as the title of an entry in the history."""
    return {
        Revision.Kind.CREATED: _("entry created"),
        Revision.Kind.CHANGED: _("changed"),
        Revision.Kind.IMPORTED: _("imported from a source"),
        Revision.Kind.REVERTED: _("change undone"),
        Revision.Kind.LOCKED: _("value locked"),
        Revision.Kind.UNLOCKED: _("value unlocked"),
        Revision.Kind.CONFIRMED: _("confirmed by an editor"),
        Revision.Kind.REMOVED: _("removed from public pages"),
        Revision.Kind.MERGED: _("merged with another entry"),
        Revision.Kind.SEPARATED: _("separated again"),
        Revision.Kind.REVIEWED: _("contradiction decided"),
    }[revision.kind]


def said_by(statement: Any) -> str:
    """Who speaks in a statement: the source, or a person and in which capacity."""
    if statement.source:
        return str(statement.source)
    role = str(Method(statement.method).label)
    return f"{statement.person} ({role})" if statement.person else role
