"""Flows: money passed on along what a commons depends on, in whole numbers, the same on every engine. See README.md."""

from communs.core.flows.explaining import Sent, Way, given_by, received_by, strongest_paths
from communs.core.flows.flowing import ENGINES, RULE, SEEDS_MAX, Flow, UnknownEngine, digest, flow, settle
from communs.core.flows.graphs import Graph, InvalidGraph
from communs.core.flows.payouts import Limits, Payouts
from communs.core.flows.shares import KEEP_MIN, Shares, shares_of

__all__ = [
    "ENGINES", "KEEP_MIN", "RULE", "SEEDS_MAX", "Flow", "Graph", "InvalidGraph", "Limits", "Payouts", "Sent",
    "Shares", "UnknownEngine", "Way", "digest", "flow", "given_by", "received_by", "settle", "shares_of",
    "strongest_paths",
]  # fmt: skip
