"""Whether the record is still what it was, each time that it is read on.

Only its owner could change it, behind the back of everything here: then nothing is made of it, and
somebody has to look. A record that was restored from a backup is another matter: it is sound, and
ends before, or goes on otherwise than, what was made of the one before it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

from psycopg import Connection

from domain.kernel.refusal import Stopped
from domain.kernel.text import Bilingual
from record.sql import statements

STATEMENTS = statements(__file__)
NONE: Mapping[int, bytes] = MappingProxyType({})


class RecordAltered(Stopped):
    """A row of the record is missing, or not what was recorded."""

    def __init__(self, position: int, what: Bilingual) -> None:
        super().__init__("record.altered", position=position, what=what)
        self.position = position

    @property
    def error(self) -> str:
        """By which a read model that is parked for it is known."""
        return f"{type(self).__name__}: {self}"


class RecordRestored(Stopped):
    """The record is not the one that the read models were made from."""

    def __init__(self) -> None:
        super().__init__("record.restored")


class Place(NamedTuple):
    """A place in the record: a position, and digests of its entry and of all up to it."""

    position: int
    entry: bytes
    chain: bytes


START = Place(0, b"", b"")

MISSING = Bilingual(zh="缺少条目", en="an entry is missing")
COLUMNS_DISAGREE = Bilingual(
    zh="该行各列与条目不符", en="the columns of its row disagree with the entry"
)
NOT_AS_SHOWN = Bilingual(
    zh="该条目或更早的条目与此前显示的不同",
    en="an entry at or before it is not what was shown before",
)


# Position, event, entry, stream, version, and when it was recorded, in UTC without saying so.
Row = tuple[int, str, bytes, str, int, datetime]


class Stretch(NamedTuple):
    """The entries that follow a place, the place that they end at, and why it ends there if
    something is wrong with the next one."""

    rows: Sequence[Row]
    end: Place
    altered: RecordAltered | None


def follow(
    connection: Connection, after: Place, limit: int, *, chains: Mapping[int, bytes] = NONE
) -> Stretch:
    """Read on from a place. `chains` are digests of the whole record up to some positions, as they
    were once. Raises RecordRestored."""
    asked = {"since": after.position, "limit": limit + (after.position > 0)}
    # In binary: half as long as in text, and quicker than COPY.
    rows = connection.cursor(binary=True).execute(STATEMENTS["entries"], asked).fetchall()
    if after.position:
        if not rows or rows[0][0] != after.position or digest_of(rows[0][2]) != after.entry:
            raise RecordRestored
        del rows[0]
    chain, altered, position = after.chain, None, after.position
    for row in rows:
        linked = sha256(chain + row[2]).digest()
        if what := _wrong(row, position + 1, linked, chains):
            altered = RecordAltered(position + 1, what)
            del rows[position - after.position :]
            break
        position, chain = position + 1, linked
    end = Place(position, digest_of(rows[-1][2]), chain) if rows else after
    return Stretch(rows, end, altered)


def is_altered(error: str) -> bool:
    """Whether this is the error of a read model that is parked because the record was altered."""
    return error.startswith(RecordAltered.__name__)


def is_in_record(connection: Connection, place: Place) -> bool:
    """Whether the record has this place."""
    row = connection.execute(STATEMENTS["state"], {"position": place.position}).fetchone()
    return not place.position or (row is not None and digest_of(row[0]) == place.entry)


def digest_of(state: bytes) -> bytes:
    """The digest of an entry."""
    return sha256(state).digest()


def _wrong(row: Row, position: int, chain: bytes, chains: Mapping[int, bytes]) -> Bilingual | None:
    """What is wrong with a row, if anything is: its columns say what the end of its JSON says."""
    found, event, state, stream, version, at = row
    if found != position:
        return MISSING
    end = (
        f'"position":{position},"recorded_at":"{at.isoformat(timespec="microseconds")}Z"'
        f',"stream":"{stream}","version":{version}}}'
    ).encode()
    if not state.endswith(end) or state.rfind(b',"event":"%b"' % event.encode()) < 0:
        return COLUMNS_DISAGREE
    if chains and chains.get(position, chain) != chain:
        return NOT_AS_SHOWN
    return None
