"""What a read model holds of a subject's attributes over time is the domain's own state again."""

from datetime import date
from itertools import permutations

from domain.community.state import Community
from domain.kernel.timeline import Timeline
from projections.engine.periods import AttributeChange, state_of

DAY = date(2018, 1, 1)


def test_rows_in_any_order_are_the_timeline_that_the_domain_folded() -> None:
    nothing: Timeline[str] = Timeline()
    folded = (
        nothing.change(DAY, "510703001001", version=1)
        .correct(1, DAY, "510703001002", by=2)
        .correct(2, DAY, "510703001003", by=3)
    )
    rows = [
        AttributeChange(
            "a", "codes", c.effective_from, c.order, f'"{c.value}"', c.version, c.struck_by, 1
        )
        for c in folded.changes
    ]

    for shuffled in permutations(rows):
        assert state_of(Community(id="a"), shuffled).codes == folded
