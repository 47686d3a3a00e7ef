"""What a request may read: what lies in the jurisdiction of its authority today."""

from starlette.requests import Request

from api.http.kernel.acting import reading_as
from api.http.kernel.founded import founded
from projections.engine.scope import WHOLE_CITY, Scope
from record.store.record import Record


def scope_of(request: Request) -> Scope:
    """The scope of a request. In a simulation the day is that of the last entry."""
    known: Scope | None = getattr(request.state, "scope", None)
    if known is None:
        known = request.state.scope = _scope_of(request)
    return known


def _scope_of(request: Request) -> Scope:
    top, city = reading_as(request).authority.jurisdiction, founded(request)
    if top == city.city or not city.version:
        return WHOLE_CITY
    record: Record = request.app.state.record
    return Scope(top, None if city.simulation else record.today())
