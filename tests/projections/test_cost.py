"""How two processes share a rebuild."""

from collections import Counter

from projections.all import PROJECTIONS
from projections.engine.cost import Cost
from projections.engine.fold import Fold

FOLDS = {
    each.name: Fold(each) for each in PROJECTIONS if each.name in ("register", "tasks", "councils")
}
BEGUN = Counter(CommunityRegistered=1_000)
AHEAD = Counter(CommunityRenamed=1_000, TaskAssigned=300_000, SessionConvened=300_000)


def parted(start_seconds: float) -> list[set[str]]:
    cost = Cost()
    cost.read(BEGUN, 0.01)
    FOLDS["register"].seconds = 0.05
    parts = cost.parted(list(FOLDS.values()), AHEAD, start_seconds)
    return [{fold.projection.name for fold in part} for part in parts]


def test_what_was_shown_nothing_yet_counts_by_the_entries_ahead() -> None:
    ours, theirs = parted(2.0)

    assert ours | theirs == set(FOLDS)
    assert ("tasks" in ours) != ("councils" in ours)


def test_a_second_process_that_is_not_worth_its_start_takes_nothing() -> None:
    assert parted(1_000.0) == [set(FOLDS), set()]
