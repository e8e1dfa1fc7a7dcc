"""Tax receipts for gifts in France: what they say, whether they may be issued, numbers without gaps. See README.md.

The printer is in `communs.core.receipts.printing.printer`: typst is loaded by those who print.
"""

from communs.core.receipts.checking import RULES, check
from communs.core.receipts.number_words import in_words
from communs.core.receipts.numbering import (
    INVARIANTS,
    RULE,
    InvalidNumber,
    in_order,
    next_number,
    read_number,
    verify,
    write_number,
)
from communs.core.receipts.problems import Problem
from communs.core.receipts.receipts import (
    Address,
    Article,
    Body,
    Cancellation,
    CannotReissue,
    Category,
    Donor,
    Form,
    Nature,
    Payment,
    Receipt,
    Signature,
    cancel,
    reissue,
)

__all__ = [
    "INVARIANTS", "RULE", "RULES", "Address", "Article", "Body", "Cancellation", "CannotReissue", "Category", "Donor",
    "Form", "InvalidNumber", "Nature", "Payment", "Problem", "Receipt", "Signature", "cancel", "check", "in_order",
    "in_words", "next_number", "read_number", "reissue", "verify", "write_number",
]  # fmt: skip
