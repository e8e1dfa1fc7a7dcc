"""Check who was funded with Python's standard library alone, written apart: `python verify.py RESULT.json FILE.pb`.

This file and those beside it whose names begin with `verify` are all there is: they import nothing of the engine and
can be copied and read by themselves. A composition of colleges takes the file of each, in their order. Where something
does not hold, a sentence says what, and the exit code is 1. Results of tables (quadratic, median): `verify_amounts.py`.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from communs.core.allocation import (
        verify_certificates,
        verify_composition,
        verify_maximin,
        verify_pots,
        verify_welfare,
    )
    from communs.core.allocation.verify_election import Election, Found, Read, must
    from communs.core.allocation.verify_told import parameters, told
else:  # run by itself, the files beside each other
    sys.path.insert(0, str(Path(__file__).parent))
    import verify_certificates
    import verify_composition
    import verify_maximin
    import verify_pots
    import verify_welfare
    from verify_election import Election, Found, Read, must
    from verify_told import parameters, told

RULES = {
    **dict.fromkeys(("equal-shares-1", "phragmen-1", "greedy-1"), verify_certificates.replay),
    "maximin-support-1": verify_maximin.replay,
    "proportional-1": verify_pots.proportional,
    "lottery-1": verify_pots.lottery,
    "welfare-1": verify_welfare.replay,
}


def replay(result: Mapping[str, Any], read: Read) -> Found:
    """What follows from the parameters and the certificate of a result."""
    parameters(result["rule"], result["parameters"])
    return RULES[result["rule"]](result, read)


def check(result: Mapping[str, Any], data: bytes, *more: bytes) -> list[str]:
    """Raise `ValueError` unless this result follows from this .pb file. What to know of the check, as sentences.

    Of a composition of colleges the file of each is needed, in their order.
    """
    decimals, ties, files = result["decimals"], result["parameters"].get("ties", "lexicographic"), (data, *more)
    election = Election(data, decimals, "cardinality", ties, 1)
    must(isinstance(result.get("certificate"), dict), "there is no certificate")
    if result["rule"] == "composition-1":
        found = verify_composition.check(result, files, replay)
    else:
        must(not more, "it follows from one file")
        found = replay(result, lambda utility, scale: Election(data, decimals, utility, ties, scale))
    told(result, found)
    must(result["currency"] == election.about["currency"].upper(), "the currency is another one")
    must(result["input_sha256"] == verify_composition.input_sha256(result, files), "the result is of another file")
    return found.notes


def main(names: list[str]) -> None:
    """Exit with a sentence where a result does not hold; where it does, say what is to be known of the check."""
    sys.set_int_max_str_digits(0)
    if len(names) < 2:
        sys.exit("Name a result and the file that it is said to follow from.")
    try:
        result, *files = (Path(name).read_bytes() for name in names)
        notes = check(json.loads(result), *files)
    except (OSError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as wrong:
        sys.exit(f"Does not hold: {wrong}")
    sys.stdout.writelines(f"{note}\n" for note in ("It holds.", *notes))


if __name__ == "__main__":
    main(sys.argv[1:])
