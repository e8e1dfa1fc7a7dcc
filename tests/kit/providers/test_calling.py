"""Where payments may be sent, how often, and what it means that no answer came."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from communs.core.providers import Refused, Unavailable, Unknown
from communs.core.providers.settings import HelloAssoSettings, ProviderSettings, StripeSettings
from communs.kit.providers import Caller, Patience, Tokens, open_providers
from communs.kit.providers.calling import Call
from communs.testing.payments import HERE, Simulation, pay_in

HOSTS = frozenset({"127.0.0.1", "localhost", "api.stripe.com"})


def test_payments_are_sent_to_named_hosts_and_over_https_only() -> None:
    with pytest.raises(Refused, match="none of the hosts"):
        Caller("https://api.stripe.com.example.org", HOSTS)
    with pytest.raises(Refused, match="not https"):
        Caller("http://api.stripe.com", HOSTS)


def test_a_named_host_that_leads_into_a_private_network_is_refused() -> None:
    caller = Caller("https://localhost:8443", HOSTS, Patience(attempts=1))
    with pytest.raises(Refused, match="private network"):
        caller.send(Call("GET", "/"))


def test_where_nobody_listens_nothing_happened_whatever_was_asked() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    waits: list[float] = []
    caller = Caller(f"http://127.0.0.1:{port}", HOSTS, Patience(sleep=waits.append, chance=lambda: 1.0), HERE)
    with pytest.raises(Unavailable):
        caller.send(Call("POST", "/pay", json={}))
    assert waits == [0.5, 1.0, 2.0]


def test_who_listens_and_never_answers_leaves_a_change_unknown_and_a_reading_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        caller = Caller(url, HOSTS, Patience(attempts=1, timeout_s=0.2), HERE)
        with pytest.raises(Unknown):
            caller.send(Call("POST", "/pay", json={}))
        with pytest.raises(Unavailable):
            caller.send(Call("GET", "/pay"))
        caller.close()


def test_waits_double_up_to_a_limit_and_are_spread_by_chance() -> None:
    least, most = Patience(chance=lambda: 0.0), Patience(chance=lambda: 1.0)
    assert [least.wait_s(attempt, None) for attempt in range(6)] == [0.25, 0.5, 1.0, 2.0, 4.0, 4.0]
    assert [most.wait_s(attempt, None) for attempt in range(6)] == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]
    assert most.wait_s(0, 30.0) == 30.0


@pytest.mark.corpora
def test_many_threads_share_one_token(helloasso: Simulation) -> None:
    tokens = Tokens(helloasso.caller(), "client-of-the-test", "secret-of-the-test")
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(lambda _number: tokens.access(), range(40)))) == 1
    assert helloasso.calls("POST", "/oauth2/token") == [200]


@pytest.mark.corpora
def test_a_token_is_renewed_before_it_runs_out_and_by_the_secret_where_that_fails(helloasso: Simulation) -> None:
    clock = [0.0]
    tokens = Tokens(helloasso.caller(), "client-of-the-test", "secret-of-the-test", now=lambda: clock[0])
    first = tokens.access()
    clock[0] = 1739.0
    assert tokens.access() == first
    clock[0] = 1741.0
    second = tokens.access()
    assert second != first
    helloasso.admin("faults", what="status", status=401, path="/oauth2/token")  # the refreshing is refused
    clock[0] = 4000.0
    assert tokens.access() not in {first, second}
    assert helloasso.calls("POST", "/oauth2/token") == [200, 200, 401, 200]


@pytest.mark.corpora
def test_a_wrong_secret_is_said_to_be_one(helloasso: Simulation) -> None:
    with pytest.raises(Refused, match="does not know this client"):
        Tokens(helloasso.caller(), "client-of-the-test", "guess").access()


@pytest.mark.corpora
def test_settings_become_clients_that_work(helloasso: Simulation, stripe: Simulation) -> None:
    settings = ProviderSettings(
        HelloAssoSettings(
            "association-pour-les-communs", "client-of-the-test", "secret-of-the-test", url=helloasso.url
        ),
        StripeSettings("sk_of_the_test", "whsec", stripe.url),
        HOSTS,
    )
    with pytest.raises(Refused, match="not https"):
        open_providers(settings)
    providers = open_providers(settings, HERE)
    assert {name: bool(provider.begin(pay_in()).redirect_url) for name, provider in providers.items()} == {
        "helloasso": True, "stripe": True,
    }  # fmt: skip
    assert [provider.abilities.signs for provider in providers.values()] == [False, True]
    assert list(providers["helloasso"].changed(datetime.now(UTC))) == []
    for provider in providers.values():
        provider.close()
