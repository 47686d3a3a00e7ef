"""What a policy says of rounds hangs together, or the file is refused with one sentence."""

from pathlib import Path

import pytest

from domain.kernel.policy import Policy, built_in

TEXT = (Path(__file__).parents[2] / "domain" / "policies" / "2021.toml").read_bytes().decode()
POLICY = built_in()["2021"].policy


def test_every_type_is_scored_in_every_stage_but_the_last_out_of_one_hundred() -> None:
    scored = [stage.code for stage in POLICY.stages[:-1]]
    assert [rubric.stage for rubric in POLICY.rounds.rubrics] == scored
    assert sum(rubric.weight for rubric in POLICY.rounds.rubrics) == 100
    for rubric in POLICY.rounds.rubrics[1:]:
        assert sum(item.points_max for item in rubric.items) == 100


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ('acts = "grade"', 'acts = "score"', "only the last stage must act by grade"),
        ('acts = "self-assess"', 'acts = "appraise"', "two stages act by appraise"),
        ('unit = "subdistrict"', 'unit = "district"', "two stages of one unit act by score"),
        ('stages = ["district-review",', 'stages = ["x",', "the ties name the unknown stage x"),
        (
            'stage = "appraisal"\nweight',
            'stage = "city-grading"\nweight',
            "not a scored stage",
        ),
        (
            'stage = "appraisal"\nweight = 20',
            'stage = "self-assessment"\nweight = 20',
            "votes have no items, and points have some",
        ),
        ("weight = 20", 'types = ["x"]\nweight = 20', "names the unknown type x"),
        (
            "weight = 20",
            'types = ["old-courtyard"]\nweight = 20',
            "appraisal has no rubric for business-district",
        ),
        ('grade = "advanced"\nscore_min = 85', 'grade = "lagging"\nscore_min = 85', "thresholds"),
        ("score_min = 60", "score_min = 85", "must decrease from grade to grade"),
        ('below_percent = 60\ngrade = "average"', 'below_percent = 60\ngrade = "x"', "the cap low"),
        ('stage = "appraisal"\nbelow', 'stage = "x"\nbelow', "a stage or an item that some rubric"),
        ('grade = "advanced"\nbound', 'grade = "average"\nbound', "the best and the worst grade"),
        ('grade = "lagging"\nbound', 'grade = "advanced"\nbound', "a grade has two quotas"),
        (
            'bound = "none"\nper = "type"',
            'bound = "floor"\nper = "unit"',
            "all per type or all per unit",
        ),
    ],
)
def test_rules_that_contradict_each_other_are_refused(
    was: str, becomes: str, sentence: str
) -> None:
    assert was in TEXT
    with pytest.raises(ValueError, match=sentence):
        Policy.read(TEXT.replace(was, becomes, 1))


def test_only_one_of_best_and_worst_grade_may_have_a_floor() -> None:
    floors = TEXT.replace('bound = "ceiling"', 'bound = "floor"').replace(
        'bound = "none"', 'bound = "floor"'
    )
    with pytest.raises(ValueError, match="both the best and the worst grade have a floor"):
        Policy.read(floors)
