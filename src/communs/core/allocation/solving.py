"""The one door to a solver of linear and integer programs: HiGHS, where the package `highspy` is installed.

Nothing that decides about money goes through it. It works in floating point: whoever calls it says how its answer is
checked.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

SECONDS_MAX = 60.0


class SolverMissing(RuntimeError):
    """No solver is installed: the message says how to get it."""


@dataclass
class Rows:
    """A program to maximise: `objective` by column, all columns 0 or more but the first, which is free below."""

    objective: npt.NDArray[np.float64]
    upper: list[float] = field(default_factory=list)  # of the first columns; no bound for the others
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: bool = False  # columns take whole numbers

    def add(self, columns: Sequence[int], values: Sequence[float], low: float, high: float) -> None:
        """One more condition: low ≤ sum of values times columns ≤ high."""
        self.columns += columns
        self.values += values
        self.starts.append(len(self.columns))
        self.low.append(low)
        self.high.append(high)


def solver_here() -> bool:
    """Whether `highspy` is installed."""
    return importlib.util.find_spec("highspy") is not None


def maximum(rows: Rows) -> npt.NDArray[np.float64] | None:
    """The best columns, or None where the solver found none in time. Raises `SolverMissing`."""
    if not solver_here():
        raise SolverMissing("This needs a solver of linear programs. Install one: pip install highspy")
    highspy: Any = importlib.import_module("highspy")
    program = highspy.HighsLp()
    count = len(rows.objective)
    program.num_col_, program.num_row_ = count, len(rows.low)
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = rows.objective
    program.col_lower_ = np.zeros(count) if rows.whole else np.concatenate(([-np.inf], np.zeros(count - 1)))
    program.col_upper_ = np.array([*rows.upper, *[np.inf] * (count - len(rows.upper))])
    program.row_lower_, program.row_upper_ = np.array(rows.low), np.array(rows.high)
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = np.array(rows.starts)
    program.a_matrix_.index_ = np.array(rows.columns)
    program.a_matrix_.value_ = np.array(rows.values)
    if rows.whole:
        program.integrality_ = [highspy.HighsVarType.kInteger] * count
    solver = highspy.Highs.__base__()  # the class above it prints a line on standard output, where results go
    settings = {"output_flag": False, "threads": 1, "random_seed": 0, "time_limit": SECONDS_MAX, "mip_rel_gap": 0.0}
    for name, value in settings.items():
        solver.setOptionValue(name, value)
    solver.passModel(program)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.array(solver.getSolution().col_value)
