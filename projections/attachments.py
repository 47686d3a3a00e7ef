"""Which entries rest on which stored documents: a journal, by digest.

It keeps no copy of an entry or a document: what a page shows is read from the record itself.
"""

from collections.abc import Iterable
from typing import NamedTuple

from domain.catalogue import EVENTS
from projections.engine.projection import EMPTY, Page, Projection
from projections.engine.view import View
from record.sql import statements
from record.store.entry import AnyEntry, decode

SQL = statements(__file__)


class AttachmentUse(NamedTuple):
    """That the entry at a position rests on a document."""

    digest: str
    position: int


class AttachmentUses(Projection):
    """For each attachment the entries that name it in their basis."""

    name = "attachments"
    kinds = (AttachmentUse,)
    events = tuple(EVENTS.values())
    journal = True
    module_file = __file__

    def keys(self, entry: AnyEntry) -> Iterable[str]:
        """The digests that the entry's documents name."""
        if not entry.basis:
            return ()
        return dict.fromkeys(digest for each in entry.basis for digest in each.attachments)

    def evolve(self, key: str, page: Page, entry: AnyEntry) -> Page:
        """One more use."""
        return EMPTY.having(AttachmentUse, (AttachmentUse(key, entry.position),))


def uses(view: View, digest: str, *, after: int = 0, limit: int = 200) -> list[AnyEntry]:
    """The entries that rest on a document, in their order, behind a position."""
    rows = view.rows(SQL["uses"], digest=digest, after=after, limit=limit)
    return [decode(row["event"], bytes(row["state"]), position=row["position"]) for row in rows]
