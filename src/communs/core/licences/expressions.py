"""Licence expressions: read tolerantly, kept as a tree of alternatives and sums.

The operators follow the SPDX specification, annex "SPDX license expressions": `WITH` binds before `AND`, `AND` before
`OR`. Their structure is read by the library `license-expression`; the names are resolved by `names`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import license_expression as library

from communs.core.licences import names
from communs.core.licences.tables import exceptions, licences
from communs.core.texts import N_

MAX_CHARACTERS: Final = 1_000
MAX_DEPTH: Final = 40
NOT_STATED: Final = N_("No licence is stated.")
_MISMATCH: Final = N_("The brackets or operators do not match.")
_TOO_LONG: Final = N_("The licence expression is longer than 1,000 characters.")
_TOO_DEEP: Final = N_("The licence expression has more than 40 brackets.")

_OPERATORS = re.compile(r"(\(|\)|\s+(?:and|or|with)\s+)", re.IGNORECASE)
_DANGLING = re.compile(r"^\s*(?:and|or|with)\s|\s(?:and|or|with)\s*$", re.IGNORECASE)
_LISTED = re.compile(r"\s*[,;]\s*")


@dataclass(frozen=True, slots=True)
class Term:
    """One licence as named in an expression.

    `known` tells whether the tables have it, `local` whether it is a `LicenseRef-…`; `later` includes later versions.
    """

    id: str
    later: bool = False
    exception: str = ""
    known: bool = True
    local: bool = False

    @property
    def spdx(self) -> str:
        """The current SPDX spelling: `GPL-3.0-or-later`, `Apache-2.0 WITH LLVM-exception`, `LicenseRef-DbCL-1.0`."""
        own = licences().get(self.id.lower())
        return f"LicenseRef-{self.label}" if self.known and own and not own.in_spdx else self.label

    @property
    def label(self) -> str:
        """The spelling for people: as `spdx`, but with the bare name of a licence outside the SPDX list."""
        spelled = self.id
        table = licences()
        if self.known and f"{self.id}-only".lower() in table:
            spelled = f"{self.id}-or-later" if self.later else f"{self.id}-only"
        elif self.later:
            spelled = f"{self.id}+"
        return f"{spelled} WITH {self.exception}" if self.exception else spelled


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Alternatives: whoever uses the work chooses one (`OR`)."""

    of: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """All apply at once (`AND`)."""

    of: tuple[Tree, ...]


Tree = Term | AnyOf | AllOf


@dataclass(frozen=True, slots=True)
class Expression:
    """A licence expression as typed (`text`) and as read (`tree`, None when it cannot be).

    `problem` says why it cannot be read (a message id), and is empty when it can.
    """

    text: str
    tree: Tree | None
    problem: str = ""

    @property
    def spdx(self) -> str:
        """The expression in current SPDX spelling; empty when it cannot be read."""
        return _spell(self.tree) if self.tree else ""

    @property
    def is_normalised(self) -> bool:
        """Whether the spelling read differs from the one typed (deprecated id, alias, case)."""
        return self.tree is not None and self.spdx != self.text.strip()

    @property
    def terms(self) -> tuple[Term, ...]:
        """The licences named, in order, each once."""
        return tuple(dict.fromkeys(_terms(self.tree))) if self.tree else ()

    @property
    def unknown(self) -> tuple[str, ...]:
        """The names, and the exceptions, that the tables do not have and that are no `LicenseRef-…`."""
        missing = [term.id for term in self.terms if not term.known and not term.local]
        return tuple(missing + [term.exception for term in self.terms if not _exception_is_known(term)])


@lru_cache(maxsize=8_192)
def parse(text: str) -> Expression:
    """Read a licence expression. Never raises: what cannot be read says so in `problem`.

    >>> parse("agplv3+").spdx, parse("GPL-2.0 or MIT").spdx, parse("(MIT").problem
    ('AGPL-3.0-or-later', 'GPL-2.0-only OR MIT', 'The brackets or operators do not match.')
    """
    problem = _unreadable(text)
    if problem:
        return Expression(text[:MAX_CHARACTERS], None, problem)
    whole = names.find(text)
    if whole is not None:
        return Expression(text, Term(whole.id, whole.later, whole.exception))
    try:
        return Expression(text, _structured(text))
    except (library.ExpressionError, library.ParseError, IndexError):  # IndexError: what the library says to "()"
        return Expression(text, None, _MISMATCH)


def all_of(expressions: tuple[Expression, ...]) -> Expression:
    """The sum of several expressions: every one applies."""
    return _joined(expressions, AllOf, " AND ")


def any_of(expressions: tuple[Expression, ...]) -> Expression:
    """The choice between several expressions."""
    return _joined(expressions, AnyOf, " OR ")


def _unreadable(text: str) -> str:
    if names.says_nothing(text):
        return NOT_STATED
    if len(text) > MAX_CHARACTERS:
        return _TOO_LONG
    if text.count("(") > MAX_DEPTH:
        return _TOO_DEEP
    matching = text.count("(") == text.count(")") and not _DANGLING.search(text)
    return "" if matching else _MISMATCH


def _joined(expressions: tuple[Expression, ...], kind: type[AnyOf] | type[AllOf], operator: str) -> Expression:
    if len(expressions) == 1:
        return expressions[0]
    text = operator.join(f"({one.text})" if " " in one.text.strip() else one.text for one in expressions)
    # A sentence that cannot be read stays in the sum as an unknown name: it must not vanish.
    trees = tuple(one.tree or Term(one.text.strip() or "?", known=False) for one in expressions)
    return Expression(text, kind(trees) if trees else None, "" if trees else NOT_STATED)


def _structured(text: str) -> Tree:
    """Operands become `n0`, `n1` …, so that the library sees nothing but operators and valid names."""
    operands: list[str] = []
    shape: list[str] = []
    for token in _OPERATORS.split(text):
        if not token.strip() or _OPERATORS.fullmatch(token):
            shape.append(token)
        else:
            shape.append(f" n{len(operands)} ")
            operands.append(token.strip())
    return _tree(library.Licensing().parse("".join(shape), simple=True), operands)


def _tree(node: object, operands: list[str]) -> Tree:
    if isinstance(node, library.LicenseWithExceptionSymbol):
        licence = _operand(operands[_index(node.license_symbol)])
        exception = operands[_index(node.exception_symbol)]
        known = exceptions().get(exception.lower(), exception)
        return licence if not isinstance(licence, Term) else Term(
            licence.id, licence.later, known, licence.known, licence.local
        )  # fmt: skip
    if isinstance(node, library.LicenseSymbol):
        return _operand(operands[_index(node)])
    parts = tuple(_tree(argument, operands) for argument in getattr(node, "args", ()))
    return AnyOf(parts) if isinstance(node, library.Licensing().OR) else AllOf(parts)


def _index(symbol: object) -> int:
    return int(str(getattr(symbol, "key", ""))[1:])


def _operand(text: str) -> Tree:
    found = names.find(text)
    if found is not None:
        return Term(found.id, found.later, found.exception)
    if names.is_local(text):
        return Term(text, known=False, local=True)
    for pattern, kind in ((_LISTED, AllOf), (re.compile(r"\s*/\s*"), AnyOf)):
        pieces = [names.find(piece) for piece in pattern.split(text)]
        if len(pieces) > 1 and all(pieces):
            return kind(tuple(Term(name.id, name.later, name.exception) for name in pieces if name))
    return Term(text, known=False)


def _exception_is_known(term: Term) -> bool:
    return not term.exception or term.exception.lower() in exceptions()


def _terms(tree: Tree) -> Iterator[Term]:
    if isinstance(tree, Term):
        yield tree
        return
    for part in tree.of:
        yield from _terms(part)


def _spell(tree: Tree) -> str:
    if isinstance(tree, Term):
        return tree.spdx
    operator = " OR " if isinstance(tree, AnyOf) else " AND "
    return operator.join(
        f"({_spell(part)})" if isinstance(part, AnyOf) and isinstance(tree, AllOf) else _spell(part) for part in tree.of
    )
