"""What the batches of the tests are of."""

from datetime import date
from typing import Any

from domain.batch.receiving import ReceiveBatch

A, B = "community:a", "community:b"


def received(**fields: Any) -> ReceiveBatch:
    stated = {"file_name": "2020.csv", "rows": 3, "as_of": date(2020, 6, 30), **fields}
    return ReceiveBatch(source="roster", file_digest="0" * 64, **stated)
