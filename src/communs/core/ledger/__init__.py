"""Books that cannot lie: entries, funds, invariants by name, reports, exports. Rule ledger-1. See README.md."""

from communs.core.ledger.accounts import Account, Fund, InvalidBooks, Period
from communs.core.ledger.books import Balances, Books, Owned, balances_of, owned_of, posted
from communs.core.ledger.entries import Entry, Posting, Transition, digest
from communs.core.ledger.exporting.beancount import beancount
from communs.core.ledger.exporting.hledger import hledger
from communs.core.ledger.exporting.json_lines import InvalidLine, json_lines, read_json_lines
from communs.core.ledger.exporting.tables import csv_rows
from communs.core.ledger.kinds import AccountKind, EntryKind, Nature
from communs.core.ledger.reporting.custody import Custody, custody
from communs.core.ledger.reporting.trial import TrialRow, trial_balance, trial_text
from communs.core.ledger.reporting.unspent import Unspent, unspent
from communs.core.ledger.rules.logged import LOG_RULES, verify_logged
from communs.core.ledger.rules.moves import MOVE_RULES, Decided, verify_moves
from communs.core.ledger.rules.payouts import PAYOUT_RULES, Step, verify_payouts
from communs.core.ledger.rules.verifying import INVARIANTS, RULE, check, sorting, verify, verify_more
from communs.core.ledger.rules.watching import Invariant, Order, Problem
from communs.core.ledger.states import DISPUTE, LIVES, PAY_IN, PAYOUT, REFUND, Contradiction, Life

__all__ = [
    "DISPUTE", "INVARIANTS", "LIVES", "LOG_RULES", "MOVE_RULES", "PAYOUT", "PAYOUT_RULES", "PAY_IN", "REFUND", "RULE",
    "Account", "AccountKind", "Balances", "Books", "Contradiction", "Custody", "Decided", "Entry", "EntryKind", "Fund",
    "InvalidBooks", "InvalidLine", "Invariant", "Life", "Nature", "Order", "Owned", "Period", "Posting", "Problem",
    "Step", "Transition", "TrialRow", "Unspent", "balances_of", "beancount", "check", "csv_rows", "custody", "digest",
    "hledger", "json_lines", "owned_of", "posted", "read_json_lines", "sorting", "trial_balance", "trial_text",
    "unspent", "verify", "verify_logged", "verify_more", "verify_moves", "verify_payouts",
]  # fmt: skip
