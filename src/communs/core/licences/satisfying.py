"""Does a licence expression stay within a list of accepted licences?

The meaning of "or later", "only" and exceptions follows the SPDX specification: of a choice one branch must be
accepted, of a sum all; a range is accepted when one of its versions is; an exception must be named in the list too.
"""

from __future__ import annotations

from collections.abc import Iterable

from communs.core.licences.expressions import AnyOf, Expression, Term, Tree, parse
from communs.core.licences.tables import family


def satisfies(expression: str, allow_list: Iterable[str]) -> bool:
    """Whether someone who accepts the licences of `allow_list` can use a work under `expression`.

    False when the expression cannot be read, names a licence that the tables do not have, or nothing is allowed;
    entries of the list that are not one known licence accept nothing. Never raises.

    >>> satisfies("MIT AND (GPL-2.0-only OR ISC)", ["MIT", "ISC"]), satisfies("GPL-1.0-or-later", ["GPL-3.0-only"])
    (True, True)
    """
    wanted = parse(expression)
    if wanted.tree is None or wanted.unknown:
        return False
    allowed = [parse(entry) for entry in allow_list]
    return _within(wanted.tree, [entry.tree for entry in allowed if isinstance(entry.tree, Term) and not entry.unknown])


def agree(a: Expression, b: Expression) -> bool:
    """Whether two sources that name `a` and `b` tell the same, as far as sources can.

    A licence file does not tell "only" from "or later", and a detector that finds one of several alternatives is right.

    >>> agree(parse("GPL-3.0"), parse("GPL-3.0-or-later")), agree(parse("MIT"), parse("MIT OR Apache-2.0"))
    (True, True)
    >>> agree(parse("MIT"), parse("AGPL-3.0-or-later"))
    False
    """
    if a.tree is None or b.tree is None:
        return a.text == b.text
    first, second = _shape(a.tree), _shape(b.tree)
    return first == second or _is_a_branch(first, b.tree) or _is_a_branch(second, a.tree)


def _shape(tree: Tree) -> object:
    """A tree without the order of its parts and without "or later"."""
    if isinstance(tree, Term):
        return (tree.id.lower(), tree.exception.lower())
    return (type(tree).__name__, frozenset(_shape(part) for part in tree.of))


def _is_a_branch(shape: object, tree: Tree) -> bool:
    return isinstance(tree, AnyOf) and any(shape == _shape(part) for part in tree.of)


def _within(tree: Tree, allowed: list[Tree]) -> bool:
    if isinstance(tree, Term):
        return any(_accepts(entry, tree) for entry in allowed if isinstance(entry, Term))
    inner = (_within(part, allowed) for part in tree.of)
    return any(inner) if isinstance(tree, AnyOf) else all(inner)


def _accepts(entry: Term, term: Term) -> bool:
    if entry.exception.lower() != term.exception.lower():
        return False
    if not (entry.known and term.known):
        return entry.id == term.id
    return bool(_versions(entry) & _versions(term))


def _versions(term: Term) -> set[str]:
    return {licence.id for licence in family(term.id)} if term.later else {term.id}
