"""A round is tried under a draft only as far as it was scored."""

from types import MappingProxyType

import pytest

from domain.kernel.policy import built_in, read_policy
from domain.kernel.refusal import Refused
from domain.round.ranking import Candidate
from domain.round.trial import Trial, plan_of, ranked_again
from tests.domain.ranked import PLAN

TEXT = built_in()["2021"].text


def refusal_of(text: str, type: str = "old-courtyard", ballots: tuple[str, ...] = ()) -> str:
    draft = read_policy(text)
    cast = {each.code: dict.fromkeys(ballots, 1) for each in draft.rounds.assemblies}
    votes = MappingProxyType({stage.code: cast for stage in draft.stages})
    trial = Trial(Candidate("a", type, "s1", {}, ()), votes if ballots else {})
    with pytest.raises(Refused) as refused:
        ranked_again(plan_of(draft, PLAN), draft, [trial])
    return refused.value.code


def test_a_draft_ranks_only_by_what_was_scored_among_its_own_types_and_ballots() -> None:
    assert refusal_of(TEXT) == "policy.trial-lacks"
    assert refusal_of(TEXT, type="rural") == "policy.trial-without-type"
    assert refusal_of(TEXT, ballots=("x",)) == "policy.trial-without-ballot"
