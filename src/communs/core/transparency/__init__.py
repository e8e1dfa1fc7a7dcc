"""A transparency log: what is written cannot be changed without everyone seeing it. See README.md."""

from communs.core.transparency.canonical import NotCanonical, canonical, read_canonical
from communs.core.transparency.checkpoints import Checkpoint, Opened, Trust, opened
from communs.core.transparency.commitments import BadSalt, commitment, reveals, salt_of, veiled
from communs.core.transparency.evidence import Evidence, NotProven, evidence_for
from communs.core.transparency.hashing import EMPTY_ROOT, Frontier, leaf_hash, node_hash, root_of
from communs.core.transparency.keys import COSIGNER, LOG, InvalidKey, Key, Signer
from communs.core.transparency.notes import InvalidNote, Note, Signature
from communs.core.transparency.proofs import consistency_proof, includes, inclusion_proof, is_consistent
from communs.core.transparency.tiles import InvalidLog, Read, Write
from communs.core.transparency.verifying import Verdict, verify_log
from communs.core.transparency.writing import add_cosignature, append, beginning, check_continues, cosign, publish

__all__ = [
    "COSIGNER",
    "EMPTY_ROOT",
    "LOG",
    "BadSalt",
    "Checkpoint",
    "Evidence",
    "Frontier",
    "InvalidKey",
    "InvalidLog",
    "InvalidNote",
    "Key",
    "NotCanonical",
    "NotProven",
    "Note",
    "Opened",
    "Read",
    "Signature",
    "Signer",
    "Trust",
    "Verdict",
    "Write",
    "add_cosignature",
    "append",
    "beginning",
    "canonical",
    "check_continues",
    "commitment",
    "consistency_proof",
    "cosign",
    "evidence_for",
    "includes",
    "inclusion_proof",
    "is_consistent",
    "leaf_hash",
    "node_hash",
    "opened",
    "publish",
    "read_canonical",
    "reveals",
    "root_of",
    "salt_of",
    "veiled",
    "verify_log",
]
