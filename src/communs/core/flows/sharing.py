"""The one rounding of rule flows-1: so many millionths of a total, rounded down."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Longs = npt.NDArray[np.int64]
PPM = 1_000_000


def share(totals: Longs, ppm: npt.NDArray[np.int32] | Longs) -> Longs:
    """Of each total so many millionths, rounded down; nothing passes 64 bits on the way.

    >>> share(np.array([10, 9 * 10**18]), np.array([333_333, 1_000_000])).tolist()
    [3, 9000000000000000000]
    """
    whole = totals // PPM
    rest = totals - whole * PPM
    rest *= ppm
    rest //= PPM
    whole *= ppm
    whole += rest
    return whole
