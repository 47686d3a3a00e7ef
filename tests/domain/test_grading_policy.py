"""What the product's policy says of rounds."""

from domain.kernel.policy import built_in

POLICY = built_in()["2021"].policy


def test_every_type_is_scored_in_every_stage_but_the_last_out_of_one_hundred() -> None:
    scored = [stage.code for stage in POLICY.stages[:-1]]
    assert [rubric.stage for rubric in POLICY.rounds.rubrics] == scored
    assert sum(rubric.weight for rubric in POLICY.rounds.rubrics) == 100
    for rubric in POLICY.rounds.rubrics[1:]:
        assert sum(item.points_max for item in rubric.items) == 100
