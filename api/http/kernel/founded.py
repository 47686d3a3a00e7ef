"""The founding of the record that the app serves."""

from starlette.requests import Request

from domain.founding.state import Founded
from record.store.record import Record


def founded(request: Request, *, ask: bool = True) -> Founded:
    """The founding of the record, cached because it never changes.

    Without `ask`, only what is already known, without using the database.
    """
    state = request.app.state
    known: Founded | None = getattr(state, "founded", None)
    if known is None and ask:
        record: Record = state.record
        known = record.state("record")
        if known.version:
            state.founded = known
    return known or Founded(id="record")
