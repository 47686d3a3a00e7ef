"""A record that several use at once."""

from collections.abc import Iterator

import pytest

from record.store.record import Record


@pytest.fixture
def other(record: Record) -> Iterator[Record]:
    """Another process's record, as it were: the same database, nothing shared."""
    with Record(record.url) as other:
        yield other
