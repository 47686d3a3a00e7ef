"""Who of the whole city takes no part in a round, over HTTP. Reads only."""

from fastapi import APIRouter

from api.http.kernel.reading import READ_PROBLEMS, Limit, Listing, TheKey, TheReading, not_there
from api.http.review_shapes import AbsenceShown
from domain.kernel.ids import RoundId
from projections import reviews, rounds

router = APIRouter(prefix="/api/v1", tags=["评定 Reviews"])


@router.get(
    "/rounds/{round}/absent",
    operation_id="rounds.absent",
    summary="未参评社区 · Communities that take no part",
    responses=READ_PROBLEMS,
)
def list_absent(
    round: RoundId, reading: TheReading, key: TheKey, limit: Limit = 50
) -> Listing[AbsenceShown]:
    """The urban communities of the cut-off day that are not in the round, in the order of codes.

    Without a type on that day a community cannot enter: classify it first.
    """
    reading.require_present()
    with reading.view() as view:
        line = rounds.one(view, round)
        if line is None:
            raise not_there(f"round:{round}")
        found = reviews.absent(view, round, on=line.cutoff_on, after=key, limit=limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        return reading.listing(
            view,
            [
                AbsenceShown.model_validate({**each._asdict(), "code": each.code or None})
                for each in found[:limit]
            ],
            next_key=(last.code, last.community) if last else None,
        )
