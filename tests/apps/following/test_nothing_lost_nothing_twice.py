"""The outbox against a real mail server with faults of every kind: nothing is lost, nothing is told in two letters.

At least once is all that SMTP allows where a connection is lost after the text: such a letter may arrive again, under
the same Message-ID. Everything else arrives once.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import Message
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import connection

from communs.apps.following import actions, queries
from communs.apps.following.models import Delivery, Event, Mailing, Subscription
from communs.apps.following.queries.leaving import is_anything_due, untold_deliveries
from communs.testing.alert_rivals import FixedWindow, MarkedBeforeSending, NewestPage, month, simulate
from communs.testing.mail_server import FAULTS, REFUSALS, MailServer

from .conftest import NOW, Make, everything

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[datetime], int]
TIMEOUT_S = 1.0
MORNING = timedelta(days=1)
SEND = (
    "from communs.cli.house import set_up; set_up()\n"
    "from datetime import datetime; import sys\n"
    "from communs.apps.following import actions\n"
    "print(actions.send_due(datetime.fromisoformat(sys.argv[1])))\n"
)


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.port, TIMEOUT_S
        yield running


@pytest.fixture
def readers(follow: Make, look: Look) -> list[Subscription]:
    """Twelve who follow everything, in several places and languages."""
    look(NOW)
    zones = ("Europe/Brussels", "America/New_York", "Asia/Tokyo")
    return [
        follow(f"reader-{n}@example.org", everything(), time_zone=zones[n % 3], language=("en", "fr")[n % 2])
        for n in range(12)
    ]


def send_until_empty(now: datetime, workers: int = 2, rounds: int = 80) -> datetime:
    """Let workers send, side by side, until nothing is due; time passes between the rounds. The moment it is then."""
    for _round in range(rounds):
        threads = [threading.Thread(target=work, args=(now,)) for _worker in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        now += timedelta(hours=13)
        if not is_anything_due(now) and not Mailing.objects.filter(state__in=("waiting", "sending")).exists():
            return now
    left = list(Mailing.objects.exclude(state="sent").values_list("state", "problem"))
    raise AssertionError(f"letters are left: {left}")


def work(now: datetime) -> None:
    try:
        actions.send_due(now, seconds=20)
    finally:
        connection.close()


def titles_in(letter: Message) -> list[str]:
    """The records that a letter tells of, from its plain text."""
    text = next(part for part in letter.walk() if part.get_content_type() == "text/plain")
    said = text.get_payload(decode=True)
    assert isinstance(said, bytes)
    return re.findall(r"/funding/([a-z0-9-]+)/\r?\n", said.decode())


def assert_told_once(server: MailServer, readers: list[Subscription], expected: dict[str, int]) -> None:
    """Each reader has each record as often as there were days with news of it, in different letters."""
    letters: dict[str, Message] = {str(letter["Message-ID"]): letter for letter in server.received}
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for letter in letters.values():
        told[str(letter["To"])].update(titles_in(letter))
    for reader in readers:
        assert told[reader.email] == Counter(expected)
    rows = Mailing.objects.in_bulk(field_name="message_id")
    for name, copies in server.copies.items():
        assert copies <= 1 + rows[name].uncertain
    assert untold_deliveries([reader.pk for reader in readers]) == 0
    assert not Delivery.objects.exclude(state__in=("told", "feed")).exists()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_third_of_failures_three_skipped_runs_forty_hits_and_two_workers(
    opportunity: Make, state: Make, look: Look, readers: list[Subscription], server: MailServer, seed: int
) -> None:
    send_until_empty(NOW, workers=1)  # the letters that asked to confirm
    server.fail(0.3, seed=seed)
    expected = {}
    now = NOW
    for day in range(6):
        now += MORNING
        count = 40 if day == 2 else 2
        for number in range(count):
            expected[f"fund-{day}-{number}"] = 1
            opportunity(f"fund-{day}-{number}")
        if day not in {1, 2, 3}:  # the worker sleeps for three days
            look(now)
            actions.post_due(now)
            work(now)
    send_until_empty(now)
    assert_told_once(server, readers, expected)
    assert sum(server.met.values()) > 5


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_by_itself_loses_nothing(
    opportunity: Make, look: Look, readers: list[Subscription], server: MailServer, settings: Any, fault: str
) -> None:
    hangs = fault.endswith("hangs")
    settings.EMAIL_TIMEOUT = TIMEOUT_S if hangs else 60  # a busy machine must not add faults of its own
    send_until_empty(NOW, workers=1)
    server.received.clear()
    opportunity("one")
    look(NOW)
    actions.post_due(NOW + MORNING)
    server.share, server.faults = 0.4, (fault,)
    send_until_empty(NOW + MORNING, workers=1)
    assert server.met[fault]
    assert_told_once(server, readers, {"one": 1})
    again = sum(copies - 1 for copies in server.copies.values())
    if fault == "kept and hangs":
        assert again >= server.met[fault]
    elif not hangs:
        assert again == (server.met[fault] if fault == "lost and kept" else 0)


def database_url() -> str:
    """The database of this test, for another process."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{told['NAME']}"
    query = {name: value for name, value in {"host": told["HOST"]}.items() if value}
    who = quote(told["USER"]) + (f":{quote(told['PASSWORD'])}" if told["PASSWORD"] else "")
    port = f":{told['PORT']}" if told["PORT"] else ""
    return f"postgresql://{who}@{port}/{told['NAME']}?{urlencode(query)}"


def start_worker(server: MailServer, now: datetime) -> subprocess.Popen[str]:
    environ = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "COMMUNS_MAIL_URL": f"smtp://127.0.0.1:{server.port}",
        "PYTHONPATH": "src",
    }
    return subprocess.Popen(
        [sys.executable, "-c", SEND, now.isoformat()], env=environ, stdout=subprocess.PIPE, text=True
    )


def test_a_worker_killed_at_any_moment_loses_nothing(
    opportunity: Make, look: Look, readers: list[Subscription], server: MailServer
) -> None:
    send_until_empty(NOW, workers=1)
    server.received.clear()
    opportunity("one")
    look(NOW)
    now = NOW + MORNING
    actions.post_due(now)
    killed = []
    # One worker after the other is killed, each at another moment of the conversation, after another number of letters.
    for moment, after in (("sender", 0), ("recipient", 2), ("text", 1), ("kept", 0), ("kept", 3), ("sender", 1)):
        seen = Counter[str]()
        worker = start_worker(server, now)

        def kill(now_at: str, moment: str = moment, after: int = after, seen: Any = seen, worker: Any = worker) -> None:
            seen[now_at] += 1
            if now_at == moment and seen[moment] > after:
                worker.kill()
                worker.wait(30)

        server.before = kill
        worker.communicate(timeout=60)
        killed.append(worker.returncode)
        now += timedelta(minutes=16)
    server.before = lambda _moment: None
    assert killed.count(-9) >= 3
    assert Mailing.objects.filter(state="sending").exists()
    send_until_empty(now)
    assert_told_once(server, readers, {"one": 1})


def test_noting_and_handing_out_may_be_killed_anywhere(
    opportunity: Make, look: Look, readers: list[Subscription], server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A statement that fails at a random place is what a kill is to the database: its transaction is rolled back."""
    opportunity("one")
    opportunity("two")
    for allowed in range(60):
        left = [allowed]

        def stop(execute: Any, sql: str, params: Any, many: bool, context: Any, left: Any = left) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return execute(sql, params, many, context)

        queries.forget()
        try:
            with connection.execute_wrapper(stop):
                look(NOW)
        except KeyboardInterrupt:
            continue
        break
    assert Event.objects.filter(kind="new").count() == 2
    rows = Delivery.objects.filter(state="waiting").values_list("subscription_id", "event_id")
    assert len(rows) == len(set(rows)) == 2 * len(readers)


def test_two_workers_looking_and_posting_at_once_do_it_once(
    opportunity: Make, look: Look, readers: list[Subscription]
) -> None:
    for number in range(20):
        opportunity(f"fund-{number}")

    def both() -> None:
        try:
            look(NOW)
            actions.post_due(NOW + MORNING)
        finally:
            connection.close()

    threads = [threading.Thread(target=both) for _worker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Event.objects.count() == 20
    assert Delivery.objects.filter(state="letter").count() == 20 * len(readers)
    assert Mailing.objects.filter(kind="digest").count() == len(readers)


def test_one_letter_is_claimed_by_one_of_many_workers(
    opportunity: Make, look: Look, readers: list[Subscription], server: MailServer
) -> None:
    send_until_empty(NOW, workers=1)
    server.received.clear()
    opportunity("one")
    look(NOW)
    actions.post_due(NOW + MORNING)
    send_until_empty(NOW + MORNING, workers=4)
    assert len(server.received) == len(readers)
    assert set(server.copies.values()) == {1}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_known_ways_lose_or_repeat_where_ours_does_neither(
    opportunity: Make, look: Look, follow: Make, server: MailServer, seed: int
) -> None:
    runs = month(NOW)
    rivals = {
        "marked first": simulate(MarkedBeforeSending(NOW), runs, 0.3, seed),
        "window": simulate(FixedWindow(), runs, 0.3, seed),
        "newest page": simulate(NewestPage(), runs, 0.3, seed),
    }
    assert all(lost > 0 for lost, _twice in rivals.values()), rivals
    # Where the mail server never fails two of them lose all the same, what was skipped and what fits no page, and the
    # window tells what a second run of the same day finds again.
    assert simulate(MarkedBeforeSending(NOW), runs, 0.0, seed) == (0, 0)
    assert simulate(FixedWindow(), runs, 0.0, seed) == (6, 2)
    assert simulate(NewestPage(), runs, 0.0, seed) == (15, 0)

    look(NOW)
    reader = follow("reader@example.org", everything(), time_zone="UTC")
    send_until_empty(NOW, workers=1)
    server.fail(0.3, REFUSALS[:3], seed)
    for run in runs:
        for entry in run.published:
            opportunity(entry.name)
        if not run.is_skipped:
            look(run.now)
            actions.post_due(run.now)
            work(run.now)
    send_until_empty(runs[-1].now + MORNING)
    assert_told_once(server, [reader], {entry.name: 1 for run in runs for entry in run.published})
