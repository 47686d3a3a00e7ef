"""The record as a whole over HTTP. It is founded at the command line: nobody may come in before."""

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from api.http.kernel.problem_kinds import problems
from api.http.kernel.routing import SubjectRouter
from domain.founding.state import Founded
from domain.kernel.ids import JurisdictionId
from domain.kernel.refusal import NotOnRecord
from record.store.record import Record

router = SubjectRouter("/api/v1/record", "编年 Record")


class RecordView(BaseModel):
    """The city of the record, and its last position."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    city: JurisdictionId
    city_name: str
    origin: str
    simulation: bool
    head: int


@router.get(
    "",
    operation_id="record.get",
    summary="编年概况 · The record as a whole",
    responses=problems("not-on-record", "database-away"),
)
def get(request: Request, response: Response) -> RecordView:
    """The city of the record, whether it is a simulation, and its last position."""
    record: Record = request.app.state.record
    founded = founded_as(record)
    if not founded.version:
        raise NotOnRecord("record.not-founded")
    head = record.head()
    response.headers["Annals-Position"] = str(head)
    response.headers["ETag"] = f'"{founded.version}"'
    return RecordView(
        city=founded.city,
        city_name=founded.city_name,
        origin=founded.origin,
        simulation=founded.simulation,
        head=head,
    )


def founded_as(record: Record) -> Founded:
    """The founding of the record; version 0 if it has not been founded."""
    founded: Founded = record.state("record")
    return founded
