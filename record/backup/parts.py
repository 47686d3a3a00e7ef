"""What a backup consists of, by name."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

FORMAT = 1
MANIFEST, ENTRIES, RECEIPTS = "annals.json", "entries.jsonl", "receipts.jsonl"
ATTACHMENTS, DOCUMENTS, POLICIES = "attachments.jsonl", "attachments/", "policies/"
SUMS = "SHA256SUMS"
FETCHED = 2_000

OnProgress = Callable[[int, int], None]


class BackedUp(NamedTuple):
    """What a backup has. `chain` is the digest of all its entries, one after the other."""

    file: Path
    city: str
    origin: str
    position: int
    chain: str
    receipts: int
    attachments: int
