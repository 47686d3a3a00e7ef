from datetime import date

import pytest

from domain.community.events import (
    BoundaryDescribed,
    CommunityMoved,
    CommunityRecoded,
    CommunityRegistered,
    CommunityRenamed,
    VillageConverted,
)
from domain.community.identity import (
    ConvertVillage,
    DescribeBoundary,
    MoveCommunity,
    RecodeCommunity,
    RegisterCommunity,
    RenameCommunity,
)
from domain.community.lineage import AbolishCommunity
from domain.jurisdiction.tree import DissolveJurisdiction
from domain.kernel.refusal import NotOnRecord
from tests.domain.given import BEGIN, CODE, CODE_2, REGISTERED, day, given, registered

REGISTER = RegisterCommunity(
    name="甲社区", code=CODE, subdistrict="s1", effective_from=day("2018-01-01")
)


def test_a_community_is_registered_with_name_code_and_place_from_one_day() -> None:
    outcome = given().when(REGISTER)

    outcome.then(REGISTERED).claimed(_510703001001=["2018-01-01 on community:a"])
    community = outcome.state()
    assert community.names.on(day("2018-01-01")) == "甲社区"
    assert community.codes.on(day("2018-01-01")) == CODE
    assert community.subdistricts.on(day("2018-01-01")) == "s1"
    assert community.exists_on(day("2018-01-01"))
    assert not community.exists_on(day("2017-12-31"))


def test_a_community_may_exist_before_it_has_a_code() -> None:
    outcome = given().when(REGISTER.model_copy(update={"code": None}))

    outcome.then(registered(code=None)).claimed()


def test_a_community_is_registered_once() -> None:
    given(REGISTERED).when(REGISTER).refused("subject.already-on-record")


def test_everything_but_a_registration_needs_the_community_on_record() -> None:
    rename = RenameCommunity(name="乙社区", effective_from=day("2019-01-01"))

    given().when(rename).refused("subject.not-on-record", NotOnRecord, stream="community:a")


def test_a_community_lies_under_a_subdistrict_that_is_on_record() -> None:
    command = REGISTER.model_copy(update={"subdistrict": "nowhere"})

    given().when(command).refused(
        "subject.not-on-record", NotOnRecord, stream="jurisdiction:nowhere"
    )


def test_a_town_is_a_place_for_a_community() -> None:
    command = REGISTER.model_copy(update={"subdistrict": "t1"})

    given().when(command).then(registered(subdistrict="t1"))


@pytest.mark.parametrize("place", ["c", "d1", "park"])
def test_a_community_does_not_lie_directly_under_a_city_district_or_park(place: str) -> None:
    command = REGISTER.model_copy(update={"subdistrict": place})

    given().when(command).refused("jurisdiction.not-for-communities")


def test_the_subdistrict_stands_on_the_day_of_registration() -> None:
    dissolve = DissolveJurisdiction(effective_from=day("2017-06-01"))

    given().after("jurisdiction:s1", dissolve).when(REGISTER).refused(
        "lifetime.ended", title="城厢街道"
    )


def test_a_registration_names_predecessors_that_are_on_record() -> None:
    command = REGISTER.model_copy(update={"predecessors": ("b",)})

    given().when(command).refused("subject.not-on-record", NotOnRecord, stream="community:b")
    earlier = registered(code=CODE_2, effective_from=BEGIN)
    outcome = given().with_("community:b", earlier).when(command)
    outcome.then(registered(predecessors=("b",)))
    assert outcome.state().related_to("b", "predecessor")


def test_a_predecessor_began_before_the_community_that_comes_from_it() -> None:
    command = REGISTER.model_copy(update={"predecessors": ("b",)})

    given().with_("community:b", registered("乙社区", code=CODE_2)).when(command).refused(
        "lineage.not-earlier", title="乙社区", begun_on=day("2018-01-01"), later="甲社区"
    )


def test_a_community_is_not_its_own_predecessor_nor_named_twice() -> None:
    command = REGISTER.model_copy(update={"predecessors": ("b", "b")})
    before = given().with_("community:b", registered(code=CODE_2))

    before.when(command).refused("lineage.named-twice")
    own = REGISTER.model_copy(update={"predecessors": ("a",)})
    before.when(own).refused("subject.not-on-record", NotOnRecord)


def test_a_village_becomes_a_community_in_one_step() -> None:
    command = ConvertVillage(
        name="甲社区",
        code=CODE,
        subdistrict="s1",
        village_name="甲村",
        village_code="510703001201",
        effective_from=day("2018-01-01"),
    )

    outcome = given().when(command)

    outcome.then(
        registered(origin="village"),
        VillageConverted(
            village_name="甲村",
            village_code="510703001201",
            effective_from=day("2018-01-01"),
        ),
    )
    assert outcome.state().villages.on(day("2018-01-01")) == "甲村"
    given(REGISTERED).when(command).refused("subject.already-on-record")


def test_a_new_name_holds_from_its_day_and_the_old_one_until_then() -> None:
    rename = RenameCommunity(name="乙社区", effective_from=day("2020-01-01"))

    outcome = given(REGISTERED).when(rename)

    outcome.then(CommunityRenamed(name="乙社区", effective_from=day("2020-01-01")))
    names = outcome.state().names
    assert (names.on(day("2019-12-31")), names.on(day("2020-01-01"))) == ("甲社区", "乙社区")


def test_a_back_dated_name_fills_only_the_gap_until_the_next_one() -> None:
    later = CommunityRenamed(name="丙社区", effective_from=day("2022-01-01"))
    rename = RenameCommunity(name="乙社区", effective_from=day("2020-01-01"))

    names = given(REGISTERED, later).when(rename).state().names

    assert [(p.effective_from.year, p.value) for p in names.periods()] == [
        (2018, "甲社区"),
        (2020, "乙社区"),
        (2022, "丙社区"),
    ]


def test_a_future_name_does_not_hold_yet() -> None:
    rename = RenameCommunity(name="乙社区", effective_from=day("2030-01-01"))

    names = given(REGISTERED).when(rename).state().names

    assert names.on(day("2029-12-31")) == "甲社区"


def test_a_community_does_not_take_the_name_that_it_bears() -> None:
    rename = RenameCommunity(name="甲社区", effective_from=day("2020-01-01"))

    given(REGISTERED).when(rename).refused("attribute.unchanged", since=day("2018-01-01"), entry=1)


def test_nothing_changes_before_the_community_existed() -> None:
    rename = RenameCommunity(name="乙社区", effective_from=day("2017-01-01"))

    given(REGISTERED).when(rename).refused("lifetime.not-begun", begins_on=day("2018-01-01"))


@pytest.mark.parametrize(
    "command",
    [
        RenameCommunity(name="乙社区", effective_from=day("2022-01-01")),
        RecodeCommunity(code=CODE_2, effective_from=day("2022-01-01")),
        MoveCommunity(subdistrict="s2", effective_from=day("2022-01-01")),
        DescribeBoundary(description="东至涪江。", effective_from=day("2022-01-01")),
    ],
)
def test_nothing_changes_once_the_community_stands_no_longer(command: RenameCommunity) -> None:
    abolish = AbolishCommunity(effective_from=day("2021-01-01"))

    given(REGISTERED).after("community:a", abolish).when(command).refused(
        "lifetime.ended", day=day("2022-01-01"), ended_on=day("2021-01-01"), entry=2
    )


def test_a_day_more_than_200_years_off_is_a_slip_of_the_pen() -> None:
    rename = RenameCommunity(name="乙社区", effective_from=date(2218, 1, 1))
    near = RenameCommunity(name="乙社区", effective_from=date(2223, 1, 1))

    given(REGISTERED).when(rename).refused("day.too-far-ahead")
    last = RenameCommunity(name="乙社区", effective_from=date(2033, 12, 31))
    assert given(REGISTERED).when(last, today=date(2023, 1, 1)).refusal is None
    given(REGISTERED).when(near, today=date(2022, 12, 1)).refused("day.implausible")


def test_a_code_changes_and_the_old_one_is_free_from_that_day() -> None:
    recode = RecodeCommunity(code=CODE_2, effective_from=day("2020-01-01"))

    outcome = given().after("community:a", REGISTER).when(recode)

    outcome.then(CommunityRecoded(code=CODE_2, effective_from=day("2020-01-01"))).claimed(
        _510703001001=["2018-01-01 2020-01-01 community:a"],
        _510703001002=["2020-01-01 on community:a"],
    )


def test_a_code_may_be_given_up() -> None:
    recode = RecodeCommunity(code=None, effective_from=day("2020-01-01"))

    outcome = given().after("community:a", REGISTER).when(recode)

    outcome.claimed(_510703001001=["2018-01-01 2020-01-01 community:a"])


def test_a_community_does_not_take_the_code_that_it_bears() -> None:
    recode = RecodeCommunity(code=CODE, effective_from=day("2020-01-01"))

    given().after("community:a", REGISTER).when(recode).refused("attribute.unchanged")


def test_a_community_moves_to_another_subdistrict() -> None:
    move = MoveCommunity(subdistrict="s2", effective_from=day("2020-01-01"), reason="区划调整")

    outcome = given(REGISTERED).when(move)

    outcome.then(
        CommunityMoved(subdistrict="s2", effective_from=day("2020-01-01"), reason="区划调整")
    )
    assert outcome.state().subdistricts.on(day("2020-01-01")) == "s2"


def test_a_community_does_not_move_to_where_it_lies() -> None:
    move = MoveCommunity(subdistrict="s1", effective_from=day("2020-01-01"))

    given(REGISTERED).when(move).refused("attribute.unchanged")


def test_a_community_does_not_move_to_a_district() -> None:
    move = MoveCommunity(subdistrict="d2", effective_from=day("2020-01-01"))

    given(REGISTERED).when(move).refused("jurisdiction.not-for-communities", title="游仙区")


def test_a_boundary_is_described_from_a_day_on() -> None:
    describe = DescribeBoundary(description="东至涪江。", effective_from=day("2020-01-01"))
    described = BoundaryDescribed(description="东至涪江。", effective_from=day("2020-01-01"))

    given(REGISTERED).when(describe).then(described)
    given(REGISTERED, described).when(describe).refused("attribute.unchanged")


def test_the_title_of_a_community_is_its_newest_name() -> None:
    renamed = CommunityRenamed(name="乙社区", effective_from=day("2020-01-01"))
    rename = RenameCommunity(name="乙社区", effective_from=day("2021-01-01"))

    given(REGISTERED, renamed).when(rename).refused("attribute.unchanged", title="乙社区")


def test_a_community_that_existed_before_the_record_says_so() -> None:
    existing = REGISTER.model_copy(update={"origin": "existing"})

    outcome = given().when(existing)

    outcome.then(registered(origin="existing"))
    assert isinstance(outcome.events[0], CommunityRegistered)
    assert outcome.state().origin == "existing"
