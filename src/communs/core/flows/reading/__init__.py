"""Graphs out of files: edge lists, bills of materials, package indices. `read_graph` finds out which it is."""

from communs.core.flows.reading.opening import read_graph, read_seeds

__all__ = ["read_graph", "read_seeds"]
