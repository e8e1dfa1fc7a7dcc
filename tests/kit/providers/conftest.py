"""Simulated providers, and our real clients that call them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from communs.kit.providers import HelloAsso, Stripe
from communs.testing.payments import CONTRACT, KEY, Simulation, simulating


@contextmanager
def anew(simulation: Simulation) -> Iterator[Simulation]:
    """With empty books. Whatever a test does, nobody pays twice and nothing breaks the contract."""
    simulation.admin("reset")
    simulation.waits.clear()
    yield simulation
    judged = simulation.admin("judge")
    assert judged["violations"] == []
    assert all(times == 1 for times in judged["paid_per_intent"].values()), "somebody paid twice"


@pytest.fixture(scope="session")
def running_helloasso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    if not CONTRACT.is_file():
        pytest.skip(f"no contract of HelloAsso in {CONTRACT.parent}: name the corpora's folder in COMMUNS_CORPORA")
    with simulating("helloasso", tmp_path_factory.mktemp("books") / "helloasso.sqlite3", CONTRACT, KEY) as simulation:
        yield simulation


@pytest.fixture(scope="session")
def running_stripe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulation]:
    with simulating("stripe", tmp_path_factory.mktemp("books") / "stripe.sqlite3", KEY) as simulation:
        yield simulation


@pytest.fixture
def helloasso(running_helloasso: Simulation) -> Iterator[Simulation]:
    with anew(running_helloasso) as simulation:
        yield simulation


@pytest.fixture
def stripe(running_stripe: Simulation) -> Iterator[Simulation]:
    with anew(running_stripe) as simulation:
        yield simulation


@pytest.fixture
def client(helloasso: Simulation) -> HelloAsso:
    return helloasso.helloasso()


@pytest.fixture
def striped(stripe: Simulation) -> Stripe:
    return stripe.stripe()
