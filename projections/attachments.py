"""The entries that rest on each stored document: a journal, by digest.

It keeps no copy of an entry or a document: what a page shows is read from the record itself.
"""

from typing import NamedTuple

from domain.catalogue import EVENTS
from projections.engine.projection import Journal
from projections.engine.row import row
from projections.engine.scope import RestsOn
from projections.engine.seen import Seen
from projections.engine.view import View
from record.sql import statements
from record.store.entry import AnyEntry, decode

SQL = statements(__file__)


@row(key=("digest", "position"), scope=RestsOn())
class AttachmentUse(NamedTuple):
    """The entry at a position rests on a document."""

    digest: str
    position: int


class AttachmentUses(Journal):
    """For each attachment, the entries that name it in their basis."""

    name = "attachments"
    kinds = (AttachmentUse,)
    events = tuple(EVENTS.values())
    module_file = __file__

    def lines(self, entry: Seen) -> list[AttachmentUse]:
        """The digests that the entry's documents name."""
        if not entry.basis:
            return []
        digests = dict.fromkeys(digest for each in entry.basis for digest in each.attachments)
        return [AttachmentUse(digest, entry.position) for digest in digests]


def uses(view: View, digest: str, *, after: int = 0, limit: int = 200) -> list[AnyEntry]:
    """The entries that rest on a document, in order, after a position."""
    rows = view.rows(SQL["uses"], digest=digest, after=after, limit=limit)
    return [decode(row["event"], bytes(row["state"]), position=row["position"]) for row in rows]
