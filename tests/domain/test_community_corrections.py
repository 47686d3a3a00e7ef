import pytest

from domain.community.corrections import (
    AnnulEntry,
    CorrectCode,
    CorrectName,
    CorrectPlace,
    CorrectRegistration,
)
from domain.community.events import (
    BoundaryDescribed,
    CodeCorrected,
    CommunityAbolished,
    CommunityClassified,
    CommunityMoved,
    CommunityRenamed,
    EntryAnnulled,
    NameCorrected,
    PlaceCorrected,
    ProfileSurveyed,
    RegistrationCorrected,
    VillageConverted,
)
from domain.community.identity import RegisterCommunity, RenameCommunity
from domain.community.lineage import AbolishCommunity
from domain.community.state import Community
from domain.kernel.refusal import NotOnRecord
from tests.domain.given import CODE, REGISTERED, day, given, registered

WHY = "录入有误"
RENAMED = CommunityRenamed(name="乙社区", effective_from=day("2020-01-01"))
CORRECT = CorrectName(corrects=2, name="丙社区", effective_from=day("2020-01-01"), reason=WHY)
CORRECTED = NameCorrected(corrects=2, name="丙社区", effective_from=day("2020-01-01"), reason=WHY)


def names(community: Community) -> list[tuple[int, str | None]]:
    return [(period.effective_from.year, period.value) for period in community.names.periods()]


def test_a_corrected_name_was_never_the_other_one() -> None:
    outcome = given(REGISTERED, RENAMED).when(CORRECT)

    outcome.then(CORRECTED)
    assert names(outcome.state()) == [(2018, "甲社区"), (2020, "丙社区")]


def test_a_correction_may_move_the_day() -> None:
    moved = CORRECT.model_copy(update={"name": "乙社区", "effective_from": day("2021-01-01")})

    assert names(given(REGISTERED, RENAMED).when(moved).state()) == [
        (2018, "甲社区"),
        (2021, "乙社区"),
    ]


def test_a_correction_can_be_corrected_again_by_its_own_number() -> None:
    again = CORRECT.model_copy(update={"corrects": 3, "name": "丁社区"})
    corrected = given(REGISTERED, RENAMED, CORRECTED)

    assert names(corrected.when(again).state()) == [(2018, "甲社区"), (2020, "丁社区")]
    corrected.when(CORRECT).refused("entry.already-corrected", entry=2, corrected_by=3)


def test_a_correction_states_something_else() -> None:
    same = CORRECT.model_copy(update={"name": "乙社区"})

    given(REGISTERED, RENAMED).when(same).refused("correction.without-change")


def test_a_correction_names_an_entry_that_states_a_name() -> None:
    described = BoundaryDescribed(description="东至涪江。", effective_from=day("2020-01-01"))

    given(REGISTERED, described).when(CORRECT).refused(
        "entry.without-attribute", title="甲社区", entry=2
    )
    given(REGISTERED).when(CORRECT).refused("entry.not-on-record", NotOnRecord, entry=2, entries=1)


def test_a_corrected_name_holds_on_a_day_on_which_the_community_stands() -> None:
    early = CORRECT.model_copy(update={"effective_from": day("2017-01-01")})

    given(REGISTERED, RENAMED).when(early).refused(
        "lifetime.not-begun", begins_on=day("2018-01-01")
    )


def test_the_first_name_is_corrected_on_its_own_day() -> None:
    first = CORRECT.model_copy(update={"corrects": 1, "effective_from": day("2018-01-01")})

    assert names(given(REGISTERED).when(first).state()) == [(2018, "丙社区")]
    given(REGISTERED).when(CORRECT.model_copy(update={"corrects": 1})).refused(
        "correction.first-value-moved", title="甲社区"
    )


def test_a_code_is_corrected_even_to_none() -> None:
    correct = CorrectCode(corrects=1, code=None, effective_from=day("2018-01-01"), reason=WHY)
    register = RegisterCommunity(
        name="甲社区", code=CODE, subdistrict="s1", effective_from=day("2018-01-01")
    )

    given().after("community:a", register).when(correct).then(
        CodeCorrected(corrects=1, effective_from=day("2018-01-01"), reason=WHY)
    ).claimed(_510703001001=[])


def test_a_code_correction_names_an_entry_that_states_a_code() -> None:
    correct = CorrectCode(corrects=2, code=None, effective_from=day("2020-01-01"), reason=WHY)

    given(REGISTERED, RENAMED).when(correct).refused("entry.without-attribute")


def test_a_place_is_corrected() -> None:
    correct = CorrectPlace(
        corrects=1, subdistrict="s2", effective_from=day("2018-01-01"), reason=WHY
    )

    outcome = given(REGISTERED).when(correct)

    outcome.then(
        PlaceCorrected(corrects=1, subdistrict="s2", effective_from=day("2018-01-01"), reason=WHY)
    )
    assert outcome.state().subdistricts.on(day("2018-01-01")) == "s2"


def test_a_corrected_place_is_one_for_communities() -> None:
    correct = CorrectPlace(
        corrects=1, subdistrict="d2", effective_from=day("2018-01-01"), reason=WHY
    )

    given(REGISTERED).when(correct).refused("jurisdiction.not-for-communities", title="游仙区")


def test_when_the_registrations_day_is_corrected_everything_it_stated_moves() -> None:
    converted = VillageConverted(village_name="甲村", effective_from=day("2018-01-01"))
    correct = CorrectRegistration(corrects=1, effective_from=day("2016-01-01"), reason=WHY)

    outcome = given(registered(code=None, origin="village"), converted).when(correct)

    outcome.then(RegistrationCorrected(corrects=1, effective_from=day("2016-01-01"), reason=WHY))
    community = outcome.state()
    first = day("2016-01-01")
    assert community.exists_on(first)
    assert community.names.on(first) == "甲社区"
    assert community.subdistricts.on(first) == "s1"
    assert community.villages.on(first) == "甲村"
    assert community.begins_on() == first


def test_a_registration_moves_with_the_corrections_of_its_name() -> None:
    first = NameCorrected(corrects=1, name="丙社区", effective_from=day("2018-01-01"), reason=WHY)
    correct = CorrectRegistration(corrects=1, effective_from=day("2016-01-01"), reason=WHY)

    community = given(registered(code=None), first).when(correct).state()

    assert names(community) == [(2016, "丙社区")]


def test_a_registration_may_move_back_and_forth() -> None:
    correct = CorrectRegistration(corrects=1, effective_from=day("2019-01-01"), reason=WHY)
    again = correct.model_copy(update={"corrects": 2, "effective_from": day("2017-01-01")})
    once = given(registered(code=None)).after("community:a", correct)

    assert once.when(again).state().begins_on() == day("2017-01-01")
    once.when(correct).refused("entry.already-corrected", corrected_by=2)
    once.when(again.model_copy(update={"effective_from": day("2019-01-01")})).refused(
        "correction.without-change"
    )


def test_only_the_registration_is_corrected_as_one() -> None:
    correct = CorrectRegistration(corrects=2, effective_from=day("2019-01-01"), reason=WHY)
    ended = CommunityAbolished(effective_from=day("2022-01-01"))

    given(REGISTERED, ended).when(correct).refused(
        "correction.not-the-beginning", title="甲社区", entry=2
    )
    given(REGISTERED, RENAMED).when(correct).refused("entry.without-attribute")


@pytest.mark.parametrize(
    "later", [RENAMED, CommunityClassified(type="old-courtyard", effective_from=day("2020-01-01"))]
)
def test_a_registration_does_not_move_behind_another_entry(later: CommunityRenamed) -> None:
    correct = CorrectRegistration(corrects=1, effective_from=day("2021-01-01"), reason=WHY)

    given(REGISTERED, later).when(correct).refused(
        "correction.begins-after-entry", entry=2, effective_from=day("2020-01-01")
    )


def test_the_subdistrict_stands_on_the_corrected_day() -> None:
    correct = CorrectRegistration(corrects=1, effective_from=day("1999-01-01"), reason=WHY)

    given(registered(code=None)).when(correct).refused(
        "lifetime.not-begun", title="城厢街道", begins_on=day("2000-01-01")
    )


def test_an_annulled_entry_is_void_from_the_start() -> None:
    outcome = given(REGISTERED, RENAMED).when(AnnulEntry(annuls=2, reason=WHY))

    outcome.then(EntryAnnulled(annuls=2, reason=WHY))
    assert names(outcome.state()) == [(2018, "甲社区")]


def test_annulling_a_correction_brings_back_what_it_had_corrected() -> None:
    outcome = given(REGISTERED, RENAMED, CORRECTED).when(AnnulEntry(annuls=3, reason=WHY))

    assert names(outcome.state()) == [(2018, "甲社区"), (2020, "乙社区")]


def test_a_corrected_entry_is_annulled_after_its_correction() -> None:
    given(REGISTERED, RENAMED, CORRECTED).when(AnnulEntry(annuls=2, reason=WHY)).refused(
        "entry.already-corrected", corrected_by=3
    )


def test_an_entry_is_annulled_once_and_an_annulment_never() -> None:
    annulled = given(REGISTERED, RENAMED, EntryAnnulled(annuls=2, reason=WHY))

    annulled.when(AnnulEntry(annuls=2, reason=WHY)).refused("entry.annulled", annulled_by=3)
    annulled.when(AnnulEntry(annuls=3, reason=WHY)).refused("entry.is-annulment")
    annulled.when(CORRECT).refused("entry.annulled", annulled_by=3)


def test_what_was_annulled_can_be_stated_anew() -> None:
    annulled = given(REGISTERED, RENAMED, EntryAnnulled(annuls=2, reason=WHY))
    rename = RenameCommunity(name="乙社区", effective_from=day("2020-01-01"))

    annulled.when(rename).then(RENAMED)


def test_a_survey_is_annulled_as_an_entry_and_a_classification_is_not() -> None:
    surveyed = ProfileSurveyed(surveyed_on=day("2020-01-01"), indicators={"x": 1}, source="普查")
    classified = CommunityClassified(type="old-courtyard", effective_from=day("2020-01-01"))
    annul = AnnulEntry(annuls=2, reason=WHY)

    assert given(REGISTERED, surveyed).when(annul).state().profile_on(day("2021-01-01")) == {}
    given(REGISTERED, classified).when(annul).refused("entry.not-annullable")


def test_an_entry_that_is_not_on_record_is_not_annulled() -> None:
    given(REGISTERED).when(AnnulEntry(annuls=2, reason=WHY)).refused(
        "entry.not-on-record", NotOnRecord, entry=2, entries=1
    )


def test_an_annulled_registration_means_that_the_community_never_was() -> None:
    register = RegisterCommunity(
        name="甲社区", code=CODE, subdistrict="s1", effective_from=day("2018-01-01")
    )
    annul = AnnulEntry(annuls=1, reason=WHY)
    before = given().after("community:a", register)

    outcome = before.when(annul)

    outcome.claimed(_510703001001=[])
    assert not outcome.state().is_registered
    never = before.after("community:a", annul)
    never.when(RenameCommunity(name="乙社区", effective_from=day("2020-01-01"))).refused(
        "subject.first-entry-annulled"
    )
    never.when(AbolishCommunity(effective_from=day("2020-01-01"))).refused(
        "subject.first-entry-annulled"
    )


def test_a_registration_is_not_annulled_while_an_end_rests_on_it() -> None:
    ended = CommunityAbolished(effective_from=day("2022-01-01"))

    given(registered(code=None), ended).when(AnnulEntry(annuls=1, reason=WHY)).refused(
        "lifetime.out-of-turn", title="甲社区", entry=2, day=day("2022-01-01")
    )


def test_an_annulled_move_leaves_the_community_where_it_lay() -> None:
    moved = CommunityMoved(subdistrict="s2", effective_from=day("2020-01-01"))

    community = given(REGISTERED, moved).when(AnnulEntry(annuls=2, reason=WHY)).state()

    assert community.subdistricts.on(day("2021-01-01")) == "s1"
