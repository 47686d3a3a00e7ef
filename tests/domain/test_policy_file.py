"""A policy file is read as it is, or every fault of it is named by its path."""

import tomllib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kernel.policy import Policy, PolicyFileWrong, built_in, faults_of, read_policy
from domain.kernel.policy.bounds import ENTRIES_MAX, FILE_BYTES_MAX
from domain.kernel.policy.reading import FAULTS_MAX

TEXT = built_in()["2021"].text
SECOND_APPRAISAL = 'stage = "appraisal"\nweight = 20'


def faults(text: str) -> list[tuple[str, str]]:
    found = faults_of(text)
    for fault in found:
        assert "\n" not in fault.what.words.en
        assert fault.what.words.zh.endswith("。")
    return [(fault.what.code, fault.path) for fault in found]


def test_the_products_own_file_has_no_fault() -> None:
    assert faults(TEXT) == []
    assert isinstance(read_policy(TEXT), Policy)


@pytest.mark.parametrize(
    ("was", "becomes", "code", "path"),
    [
        ("[rounds]", "[rounds", "policy-file.not-toml", ""),
        ("every_years = 2", "", "policy-file.missing", "rounds.every_years"),
        (
            "every_years = 2",
            "every_years = 2\nlength = 1",
            "policy-file.not-known",
            "rounds.length",
        ),
        ("every_years = 2", 'every_years = "2年"', "policy-file.wrong-kind", "rounds.every_years"),
        ("every_years = 2", "every_years = 0", "policy-file.out-of-bounds", "rounds.every_years"),
        (
            "every_years = 2",
            "every_years = 1e99",
            "policy-file.number-too-long",
            "rounds.every_years",
        ),
        ("score_min = 60", "score_min = 60.12345", "policy-file.too-many-digits", None),
        ("threshold = 80", "threshold = []", "policy-file.wrong-kind", None),
        ("number = 6", "number = 7", "policy-file.types-not-numbered", "types"),
        (
            'code = "estate-branches"',
            'code = "organic-renewal"',
            "policy-file.code-twice",
            "types.measures.organic-renewal",
        ),
        (
            'code = "three-disclosures"',
            'code = "parking-spaces"',
            "policy-file.code-twice",
            "types.measures.actions.parking-spaces",
        ),
        ('code = "three-disclosures"', 'code = "三公开"', "policy-file.not-a-code", None),
        (
            'types = ["institution-cluster"]',
            'types = ["x"]',
            "policy-file.unknown-code",
            "councils.resident-units.types.1",
        ),
        (
            'by_grade = "advanced"',
            'by_grade = "best"',
            "policy-file.unknown-code",
            "supports.mentoring.by_grade",
        ),
        (
            'given_by = "community"',
            'given_by = "unit"',
            "policy-file.grade-of-no-community",
            "supports.mentoring",
        ),
        ("items_min = 3", "items_min = 8", "policy-file.bounds-reversed", "programme"),
        ("years_min = 3", "years_min = 6", "policy-file.bounds-reversed", "programme"),
        ('indicator = "markets"', 'indicator = "shops"', "policy-file.unknown-code", None),
        ("threshold = 300", "threshold = 3.5", "policy-file.threshold-unfit", None),
        ("threshold = 80", "threshold = 180", "policy-file.threshold-unfit", None),
        ("threshold = 80", "threshold = true", "policy-file.threshold-unfit", None),
        (
            "threshold = 80",
            "threshold = 60",
            "policy-file.condition-twice",
            "types.commercial-housing.rules.2",
        ),
        (
            'operator = "=="\nthreshold = true',
            'operator = ">"\nthreshold = true',
            "policy-file.yes-no-compared",
            None,
        ),
        ("points = 35", "points = 0", "policy-file.no-points", None),
        (
            'shown_by = ["rounds"]',
            "shown_by = []",
            "policy-file.too-short",
            "milestones.first-round-begins.shown_by",
        ),
        (
            'code = "first-round-begins"\nsection = "四(一)"',
            'code = "x"',
            "policy-file.no-source",
            "milestones.x",
        ),
        (
            'title.en = "Lagging"',
            'title.en = ""',
            "policy-file.too-short",
            "grades.lagging.title.en",
        ),
        (
            'title.en = "Lagging"',
            'title.en = "Lag\u200bging"',
            "policy-file.unsound-text",
            "grades.lagging.title.en",
        ),
        ('section = "二"', f'section = "{"二" * 50}"', "policy-file.too-long", None),
        (
            "number = 1\n",
            'number = 1\ncode = "other"\n',
            "policy-file.code-of-table",
            "types.commercial-housing.code",
        ),
        ("rest_days = []", "rest_days = [2030-01-01]", None, None),
        (
            "rest_days = []\nwork_days = []",
            "rest_days = [2030-01-01]\nwork_days = [2030-01-01]",
            "policy-file.day-of-both-kinds",
            "calendar",
        ),
        (
            'may_classify = ["decider"]',
            'may_classify = ["decider", "decidr"]',
            "policy-file.unknown-code",
            "classification.may_classify.2",
        ),
        (
            'unit = "city"\nmay_act = ["arbiter"]',
            'unit = "city"\nmay_act = ["mayor"]',
            "policy-file.unknown-code",
            "stages.city-grading.may_act.1",
        ),
        ('bound = "ceiling"', 'bound = "most"', "policy-file.not-one-of", "rounds.quotas.1.bound"),
        ('acts = "grade"', 'acts = "self-assess"', "policy-file.grading-not-last", "stages"),
        ('acts = "self-assess"', 'acts = "appraise"', "policy-file.act-twice", "stages"),
        ('unit = "subdistrict"', 'unit = "district"', "policy-file.unit-scores-twice", "stages"),
        (
            'stages = ["district-review",',
            'stages = ["x",',
            "policy-file.unknown-code",
            "rounds.ties.stages.1",
        ),
        (
            'stage = "appraisal"\nweight',
            'stage = "city-grading"\nweight',
            "policy-file.unknown-code",
            "rounds.rubrics.1.stage",
        ),
        (
            SECOND_APPRAISAL,
            'stage = "self-assessment"\nweight = 20',
            "policy-file.no-items",
            "rounds.rubrics.1.items",
        ),
        (
            'stage = "self-assessment"\nweight',
            'stage = "appraisal"\nweight',
            "policy-file.votes-have-items",
            "rounds.rubrics.2.items",
        ),
        (
            'stage = "self-assessment"\nweight',
            'stage = "appraisal"\nweight',
            "policy-file.rubric-twice",
            "rounds.rubrics.2",
        ),
        (
            "weight = 20",
            'types = ["x"]\nweight = 20',
            "policy-file.unknown-code",
            "rounds.rubrics.1.types.1",
        ),
        (
            "weight = 20",
            'types = ["old-courtyard"]\nweight = 20',
            "policy-file.rubric-lacking",
            "rounds.rubrics",
        ),
        (
            'grade = "advanced"\nscore_min = 85',
            'grade = "lagging"\nscore_min = 85',
            "policy-file.thresholds-not-all",
            "rounds.thresholds",
        ),
        (
            "score_min = 60",
            "score_min = 85",
            "policy-file.thresholds-not-falling",
            "rounds.thresholds.average",
        ),
        (
            'below_percent = 60\ngrade = "average"',
            'below_percent = 60\ngrade = "x"',
            "policy-file.unknown-code",
            "rounds.caps.low-satisfaction.grade",
        ),
        (
            'stage = "appraisal"\nbelow',
            'stage = "x"\nbelow',
            "policy-file.cap-of-nothing",
            "rounds.caps.low-satisfaction",
        ),
        (
            'grade = "advanced"\nbound',
            'grade = "average"\nbound',
            "policy-file.quota-of-middle",
            "rounds.quotas.1.grade",
        ),
        (
            'grade = "lagging"\nbound',
            'grade = "advanced"\nbound',
            "policy-file.quota-twice",
            "rounds.quotas",
        ),
        (
            'bound = "none"\nper = "type"',
            'bound = "floor"\nper = "unit"',
            "policy-file.quotas-of-two-kinds",
            "rounds.quotas",
        ),
    ],
)
def test_a_fault_is_named_by_its_path(
    was: str, becomes: str, code: str | None, path: str | None
) -> None:
    assert was in TEXT
    found = faults(TEXT.replace(was, becomes, 1))

    if code is None:
        assert found == []
    else:
        places = [where for each, where in found if each == code]
        assert places, found
        assert path is None or path in places


def test_only_one_of_best_and_worst_grade_may_have_a_floor() -> None:
    floors = TEXT.replace('bound = "ceiling"', 'bound = "floor"').replace(
        'bound = "none"', 'bound = "floor"'
    )
    assert faults(floors) == [("policy-file.two-floors", "rounds.quotas")]


def test_quotas_need_a_grade_between_the_best_and_the_worst() -> None:
    middle = TEXT[TEXT.index('[[grades]]\ncode = "average"') :].split("\n\n", 1)[0]
    threshold = '[[rounds.thresholds]]\nsource = "default, not in the document"\ngrade = "average"'

    found = faults(TEXT.replace(middle, "").replace(f"{threshold}\nscore_min = 60", ""))

    assert ("policy-file.quotas-need-middle", "rounds.quotas") in found


def test_rubrics_that_weigh_nothing_are_a_fault_of_each_type() -> None:
    weightless = TEXT
    for weight in (20, 10, 30, 40):
        weightless = weightless.replace(f"weight = {weight}\n", "weight = 0\n")

    expected = [("policy-file.rubrics-weigh-nothing", "rounds.rubrics")]
    assert faults(weightless) == expected * len(built_in()["2021"].policy.types)


def test_all_faults_are_named_at_once() -> None:
    wrong = TEXT.replace("every_years = 2", "every_years = 200", 1)
    wrong = wrong.replace("items_min = 3", "items_min = 8").replace("points_min", "points_least")

    assert faults(wrong) == [
        ("policy-file.missing", "assessment.points_min"),
        ("policy-file.not-known", "assessment.points_least"),
        ("policy-file.out-of-bounds", "rounds.every_years"),
        ("policy-file.bounds-reversed", "programme"),
    ]
    with pytest.raises(PolicyFileWrong) as refused:
        read_policy(wrong)
    assert refused.value.code == "policy-file.wrong"
    assert len(refused.value.faults) == 4
    assert "policy check" in refused.value.words.en


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = " + "[" * 100_000, "policy-file.too-many-entries"),
        ("x = " + "[" * 1_000, "policy-file.too-deep"),
        ("a." * 100_000 + "b = 1", "policy-file.too-deep"),
        ('"a b".' * 80_000 + "b = 1", "policy-file.too-deep"),
        ("x = {" + "a." * 1_000 + "a = 1}", "policy-file.too-deep"),
        ("x = " + "9" * 10_000, "policy-file.not-toml"),
        ("x = inf", "policy-file.number-too-long"),
        ("x = 0x" + "f" * 100_000, "policy-file.number-too-long"),
        ("x = [" + "1," * (ENTRIES_MAX + 1) + "]", "policy-file.too-many-entries"),
        ("[[a]]\n" * ENTRIES_MAX, "policy-file.too-many-entries"),
        ("x" * (FILE_BYTES_MAX + 1), "policy-file.too-large"),
        ("\ud800", "policy-file.not-utf8"),
        ("\ufeff" + TEXT, "policy-file.not-toml"),
    ],
)
def test_a_file_that_would_strain_its_reader_is_refused_before_it_is_read(
    text: str, code: str
) -> None:
    assert [code for code, _ in faults(text)] == [code]


def test_no_more_faults_are_told_than_anybody_reads() -> None:
    many = "\n".join(f"x{number} = 1" for number in range(2 * FAULTS_MAX))

    assert len(faults(many)) == FAULTS_MAX


WRONG: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(),
    st.text(max_size=20),
    st.dates(),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_check_of_any_mutated_text_names_faults_and_never_fails(data: st.DataObject) -> None:
    text = TEXT
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(text)))
        end = min(len(text), begin + data.draw(st.integers(0, 200)))
        text = text[:begin] + data.draw(st.text(max_size=30)) + text[end:]

    assert bool(faults(text)) == (not _reads(lambda: read_policy(text)))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_check_of_any_mutated_value_names_faults_and_never_fails(data: st.DataObject) -> None:
    lines = TEXT.splitlines()
    stated = [n for n, line in enumerate(lines) if " = " in line]
    for number in data.draw(st.lists(st.sampled_from(stated), min_size=1, max_size=3)):
        lines[number] = f"{lines[number].split(' = ')[0]} = {_toml(data.draw(WRONG))}"

    faults("\n".join(lines))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_check_of_a_file_without_some_of_its_lines_never_fails(data: st.DataObject) -> None:
    lines = TEXT.splitlines()
    gone = data.draw(st.sets(st.integers(0, len(lines) - 1), min_size=1, max_size=20))

    faults("\n".join(line for number, line in enumerate(lines) if number not in gone))


def _reads(read: Callable[[], Policy]) -> bool:
    try:
        read()
    except PolicyFileWrong:
        return False
    return True


def _toml(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case None:
            return '""'
        case Decimal():
            return f"{value:e}".lower() if value.is_finite() else "nan"
        case str():
            return "'" + value.replace("'", "") + "'"
        case dict():
            return "{" + ", ".join(f"{_toml(k)} = {_toml(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case _:
            return str(value)


def test_comments_and_writing_change_the_digest_and_not_the_policy() -> None:
    again = f"# a comment\r\n{TEXT}"

    assert read_policy(again) == read_policy(TEXT)
    assert tomllib.loads(again) == tomllib.loads(TEXT)
