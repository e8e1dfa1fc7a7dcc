"""Discussion, following by e-mail, and stopping it with one click."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from communs.apps.register import actions as register
from communs.apps.register import tasks
from communs.apps.register.models import Commons
from communs.kit.records import actions, taking_part
from communs.kit.records.actions import Author
from communs.kit.records.talking import to_html, unwatch_token

PAGE = "/en/commons/free-map/"
SignIn = Callable[[Any], Client]


def test_what_is_said_is_public_under_the_name_shown(free_map: Commons, bob: Any, sign_in: SignIn) -> None:
    sign_in(bob).post(f"{PAGE}discussion/", {"text": "Is *this* right?"})
    page = Client().get(f"{PAGE}discussion/").content.decode()
    assert "<p>Is <em>this</em> right?</p>" in page
    assert "Bob" in page
    assert "bob@example.org" not in page


def test_an_empty_contribution_is_refused_beside_the_field(free_map: Commons, bob: Any, sign_in: SignIn) -> None:
    assert 'class="error"' in sign_in(bob).post(f"{PAGE}discussion/", {"text": "  "}).content.decode()
    assert not free_map.comments.exists()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](https://elsewhere.example/track.png)",
        '<img src=x onerror="alert(1)">',
        "<a href='https://x.example' onclick='alert(1)'>x</a>",
        '[x](https://x.example "onmouseover=alert(1)")',
        "<style>*{display:none}</style>",
        "# A heading of its own",
    ],
)
def test_markup_cannot_run_load_or_imitate_anything(text: str) -> None:
    html = str(to_html(text))
    for danger in ("<script", 'href="javascript:', "<img", "<style", "<h1", 'href="data:', "<a href='"):
        assert danger not in html
    assert not re.search(r"<[^>]+\son\w+=", html)


def test_links_are_kept_and_marked(db: None) -> None:
    assert str(to_html("<https://map.example>")) == (
        '<p><a href="https://map.example" rel="nofollow ugc noopener">https://map.example</a></p>\n'
    )


def test_an_editor_hides_a_contribution_and_shows_it_again(
    free_map: Commons, bob: Any, eva: Any, sign_in: SignIn
) -> None:
    said = taking_part.comment(free_map, bob, "Rude words")
    editor = sign_in(eva)
    editor.post(f"{PAGE}discussion/{said.pk}/hide/")
    assert "Rude words" not in Client().get(f"{PAGE}discussion/").content.decode()
    assert "Rude words" in editor.get(f"{PAGE}discussion/").content.decode()
    assert sign_in(bob).post(f"{PAGE}discussion/{said.pk}/hide/", {"show": "1"}).status_code == 403
    editor.post(f"{PAGE}discussion/{said.pk}/hide/", {"show": "1"})
    assert "Rude words" in Client().get(f"{PAGE}discussion/").content.decode()


def test_a_contribution_is_hidden_only_through_its_own_entry(
    free_map: Commons, make: Callable[..., Commons], bob: Any, eva: Any, sign_in: SignIn
) -> None:
    said = taking_part.comment(make("other"), bob, "Hello")
    assert sign_in(eva).post(f"{PAGE}discussion/{said.pk}/hide/").status_code == 404


def test_following_and_stopping(free_map: Commons, bob: Any, sign_in: SignIn) -> None:
    member = sign_in(bob)
    for _time in range(2):
        member.post(f"{PAGE}watch/")
    assert free_map.watches.count() == 1
    assert "No more letter on each change" in member.get(PAGE).content.decode()
    member.post(f"{PAGE}watch/", {"stop": "1"})
    assert free_map.watches.count() == 0


def work() -> None:
    """Let the task worker do all that waits."""
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_each_follower_gets_one_e_mail_a_change_in_their_language(
    free_map: Commons, alice: Any, bob: Any, eva: Any, sign_in: SignIn
) -> None:
    bob.language = "fr"
    bob.save()
    for person in (alice, bob, eva):
        taking_part.watch(free_map, person)
    sign_in(eva).post(f"{PAGE}edit/?field=name", {"name": "Common Map", "version": str(free_map.version)})
    work()
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert sorted(letters) == ["alice@example.org", "bob@example.org"]  # not the one who made the change
    assert "Common Map has changed." in letters["alice@example.org"].body
    assert "Nom\xa0: Free Map → Common Map" in letters["bob@example.org"].body
    assert "Common Map a changé." in letters["bob@example.org"].body
    headers = letters["bob@example.org"].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>")
    path = address[address.index("/fr/") :]
    assert Client().get(path).status_code == 200
    assert free_map.watches.filter(person=bob).exists()
    assert Client(enforce_csrf_checks=True).post(path).status_code == 200
    assert not free_map.watches.filter(person=bob).exists()
    assert free_map.watches.count() == 2
    assert Client().get(path).status_code == 200


def test_a_link_to_stop_that_was_altered_or_is_for_another_kind_leads_nowhere(free_map: Commons, bob: Any) -> None:
    taking_part.watch(free_map, bob)
    watch = free_map.watches.get()
    for token in ("nonsense", unwatch_token("commons", watch.pk) + "x", unwatch_token("funding", watch.pk)):
        assert Client().post(f"/en/commons/unwatch/{token}/").status_code == 404
    assert free_map.watches.exists()


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_fails_never_undoes_the_change(
    free_map: Commons, eva: Any, monkeypatch: pytest.MonkeyPatch, sign_in: SignIn
) -> None:
    class Down:
        @staticmethod
        def enqueue(*_arguments: Any) -> None:
            raise OSError("the queue is down")

    monkeypatch.setattr(tasks, "tell_watchers", Down)
    response = sign_in(eva).post(f"{PAGE}edit/?field=name", {"name": "Common Map", "version": str(free_map.version)})
    assert response.status_code == 302
    assert Commons.objects.get(pk=free_map.pk).name == "Common Map"


def test_a_change_that_is_rolled_back_tells_nobody(
    free_map: Commons, bob: Any, eva: Any, django_capture_on_commit_callbacks: Any
) -> None:
    taking_part.watch(free_map, bob)
    with django_capture_on_commit_callbacks() as waiting:
        revision = actions.state(free_map, {"name": "Common Map"}, Author(eva))
        assert revision is not None
        register.announce(revision)
    assert len(waiting) == 1
    assert mail.outbox == []
