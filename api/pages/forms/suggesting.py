"""What a field of a name suggests while somebody types in it."""

from typing import Annotated

from fastapi import Query
from starlette.responses import JSONResponse

from api.http.kernel.reading import Text, TheReading
from api.pages.forms.naming import CANDIDATES_MAX
from api.pages.page import page_router
from projections.meant import Register, suggested

router = page_router()


@router.get("/choices/{register}")
def suggest(
    register: Register, reading: TheReading, q: Annotated[Text | str, Query(max_length=100)] = ""
) -> JSONResponse:
    """At most 20 lines of a register, each with its id, name, place and the two together."""
    with reading.view() as view:
        found = suggested(view, register, q, day=reading.effective, limit=CANDIDATES_MAX)
    return JSONResponse([{**each._asdict(), "label": each.label} for each in found])
