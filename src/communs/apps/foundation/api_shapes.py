"""Shapes of the public accounts in the open API."""

from __future__ import annotations

from ninja import Field, Schema


class StandingShape(Schema):
    """Whole numbers of the smallest units of the currency."""

    currency: str
    has_minor: int
    promised_minor: int = Field(description="to open rounds")
    floor_minor: int = Field(description="what must stay")
    available_minor: int = Field(description="what can still be granted")


class FundShape(Schema):
    id: str
    title: dict[str, str] = Field(description="by language")
    purpose: dict[str, str] = Field(description="by language")
    nature: str = Field(description="restricted, designated or unrestricted")
    funder: str
    convention: str = Field(description="the agreement that restricts it")
    return_clause: str
    opens_on: str
    closes_on: str
    standing: list[StandingShape]
    url: str = Field(description="the page here")


class FundListShape(Schema):
    items: list[FundShape]
    next: str | None = Field(description="give back as `cursor`; null at the end")


class PostingShape(Schema):
    account: str
    fund: str
    minor: int = Field(description="smallest units: a debit above zero, a credit below")
    currency: str


class EntryShape(Schema):
    """One entry without what is personal. Empty means "not stated"."""

    id: str
    kind: str
    effective_on: str
    happened_on: str = Field(description="the day it belongs to, where that day's period was closed")
    recorded_at: str
    memo: str
    document: str
    reverses: str = Field(description="id of the entry that it takes back")
    postings: list[PostingShape] = Field(description="at most 200; `number_of_postings` says how many there are")
    number_of_postings: int
    body_sha256: str = Field(description="hash of what is public of it")
    log_number: int | None = Field(description="its place in the log; null: not put there yet")
    proof: str = Field(description="address of the evidence that it stands in the log")
    url: str = Field(description="the page here")


class EntryListShape(Schema):
    items: list[EntryShape]
    next: str | None = Field(description="give back as `cursor`; null at the end")


class CheckpointShape(Schema):
    """The state of the log as it was signed last."""

    origin: str
    size: int = Field(description="entries in the log")
    root: str = Field(description="hexadecimal")
    made_at: str
    key: str = Field(description="public key of the log")
    cosigned_by: list[str]
    note: str = Field(description="the signed checkpoint itself (C2SP signed note)")
    log: str = Field(description="where the files of the log are")


class ConsistencyShape(Schema):
    """Shows that the log of `new` entries begins with all entries of the log of `old` (RFC 6962)."""

    old: int
    new: int
    proof: list[str] = Field(description="hashes, hexadecimal")
