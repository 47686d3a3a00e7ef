from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from domain.community.corrections import AnnulEntry
from domain.community.events import ProfileCorrected, ProfileSurveyed
from domain.community.profile import CorrectProfile, SurveyProfile
from tests.domain.given import REGISTERED, TODAY, day, given

SURVEY = SurveyProfile(
    surveyed_on=day("2021-03-01"),
    indicators={"dwellings": 2400, "commercial-dwellings": Decimal("62.5")},
    source="入户普查",
)
SURVEYED = ProfileSurveyed(**vars(SURVEY))


def test_a_survey_states_indicators_of_the_policy() -> None:
    outcome = given(REGISTERED).when(SURVEY)

    outcome.then(SURVEYED)
    assert outcome.state().profile_on(day("2021-03-01")) == SURVEY.indicators
    assert outcome.state().profile_on(day("2021-02-28")) == {}


def test_a_later_survey_replaces_only_what_it_mentions() -> None:
    later = SURVEY.model_copy(
        update={"surveyed_on": day("2022-03-01"), "indicators": {"dwellings": 2600}}
    )

    profile = given(REGISTERED, SURVEYED).when(later).state().profile_on(day("2022-03-01"))

    assert profile == {"dwellings": 2600, "commercial-dwellings": Decimal("62.5")}


@pytest.mark.parametrize(
    ("indicators", "code"),
    [
        ({}, "profile.no-indicator"),
        ({"altitude": 500}, "policy.unknown-code"),
        ({"dwellings": -1}, "profile.value-unfit"),
        ({"commercial-dwellings": 101}, "profile.value-unfit"),
        ({"facilities-lacking": 1}, "profile.value-unfit"),
    ],
)
def test_a_survey_is_checked_by_the_policy(indicators: dict[str, Any], code: str) -> None:
    command = SURVEY.model_copy(update={"indicators": indicators})

    given(REGISTERED).when(command).refused(code)


def test_a_survey_that_lies_ahead_is_not_recorded() -> None:
    given(REGISTERED).when(SURVEY.model_copy(update={"surveyed_on": TODAY})).then(
        SURVEYED.model_copy(update={"surveyed_on": TODAY})
    )
    given(REGISTERED).when(SURVEY.model_copy(update={"surveyed_on": day("2024-07-01")})).refused(
        "day.not-come"
    )


def test_a_survey_was_made_while_the_community_stood() -> None:
    early = SURVEY.model_copy(update={"surveyed_on": day("2017-01-01")})

    given(REGISTERED).when(early).refused("lifetime.not-begun", begins_on=day("2018-01-01"))


def test_the_same_survey_is_recorded_once() -> None:
    given(REGISTERED, SURVEYED).when(SURVEY).refused("statement.repeated", entry=2)


def test_a_corrected_survey_never_found_what_it_said() -> None:
    correct = CorrectProfile(
        corrects=2,
        surveyed_on=day("2021-03-02"),
        indicators={"dwellings": 2500},
        source="入户普查",
        reason="录入有误",
    )

    outcome = given(REGISTERED, SURVEYED).when(correct)

    outcome.then(ProfileCorrected(**vars(correct)))
    assert outcome.state().profile_on(day("2022-01-01")) == {"dwellings": 2500}
    annulled = given(REGISTERED, SURVEYED, ProfileCorrected(**vars(correct))).when(
        AnnulEntry(annuls=3, reason="更正有误")
    )
    assert annulled.state().profile_on(day("2022-01-01")) == SURVEY.indicators


def test_a_correction_of_a_survey_names_a_survey_and_changes_it() -> None:
    correct = CorrectProfile(corrects=1, reason="录入有误", **vars(SURVEY))

    given(REGISTERED, SURVEYED).when(correct).refused(
        "entry.without-attribute", title="甲社区", entry=1
    )
    given(REGISTERED, SURVEYED).when(correct.model_copy(update={"corrects": 2})).refused(
        "correction.without-change"
    )


@pytest.mark.parametrize("value", ["yes", "1e400", float("nan"), None, [1]])
def test_a_value_is_a_number_or_a_yes_or_no(value: object) -> None:
    with pytest.raises(ValidationError):
        SurveyProfile.model_validate({**vars(SURVEY), "indicators": {"dwellings": value}})


def test_values_are_read_back_as_they_were_recorded() -> None:
    event = ProfileSurveyed(
        surveyed_on=day("2021-03-01"),
        indicators={"a": True, "b": 1, "c": Decimal("1"), "d": Decimal("0.10")},
        source="普查",
    )

    again = ProfileSurveyed.model_validate_json(event.model_dump_json())

    assert again == event
    assert [type(value) for value in again.indicators.values()] == [bool, int, Decimal, Decimal]
