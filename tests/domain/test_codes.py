"""A statistical code belongs to one bearer at most on any day, and may pass from one to another."""

from domain.code.state import Code
from domain.community.corrections import AnnulEntry, CorrectCode, CorrectRegistration
from domain.community.identity import RecodeCommunity, RegisterCommunity
from domain.community.lineage import AbolishCommunity, RestoreCommunity
from domain.jurisdiction.tree import EstablishJurisdiction
from domain.kernel.timeline import DateSpan
from tests.domain.given import CODE, CODE_2, day, given

FIRST = RegisterCommunity(
    name="金霞社区", code=CODE, subdistrict="s1", effective_from=day("2018-01-01")
)
SECOND = FIRST.model_copy(update={"name": "香江社区"})
BOTH_STAND = (
    given()
    .after("community:a", FIRST)
    .after("community:b", SECOND.model_copy(update={"code": CODE_2}))
)


def test_two_communities_do_not_bear_one_code_on_the_same_day() -> None:
    before = given().after("community:b", FIRST)

    before.when(SECOND).refused(
        "code.belongs-to-another",
        code=CODE,
        bearer="community:b",
        held=DateSpan(day("2018-01-01"), None),
    )


def test_a_code_is_free_again_from_the_day_on_which_its_bearer_ended() -> None:
    before = (
        given()
        .after("community:b", FIRST)
        .after("community:b", AbolishCommunity(effective_from=day("2020-01-01")))
    )

    before.when(SECOND.model_copy(update={"effective_from": day("2019-12-31")})).refused(
        "code.belongs-to-another",
        code=CODE,
        bearer="community:b",
        held=DateSpan(day("2018-01-01"), day("2020-01-01")),
    )
    outcome = before.when(SECOND.model_copy(update={"effective_from": day("2020-01-01")}))
    outcome.claimed(_510703001001=["2020-01-01 on community:a"])
    code: Code = outcome.state(f"code:{CODE}")
    assert code.holder_on(day("2017-12-31")) is None
    assert code.holder_on(day("2019-12-31")) == "community:b"
    assert code.holder_on(day("2020-01-01")) == "community:a"


def test_a_recycled_code_belongs_to_the_right_community_on_each_day() -> None:
    moved_on = (
        given()
        .after("community:b", FIRST)
        .after("community:b", RecodeCommunity(code=CODE_2, effective_from=day("2020-01-01")))
    )

    outcome = moved_on.when(SECOND.model_copy(update={"effective_from": day("2020-01-01")}))

    code: Code = outcome.state(f"code:{CODE}")
    assert code.holder_on(day("2019-01-01")) == "community:b"
    assert code.holder_on(day("2021-01-01")) == "community:a"


def test_a_code_that_another_bears_later_cannot_be_taken_without_end() -> None:
    later = SECOND.model_copy(update={"effective_from": day("2022-01-01")})
    before = given().after("community:b", later)

    before.when(FIRST).refused(
        "code.belongs-to-another",
        code=CODE,
        bearer="community:b",
        held=DateSpan(day("2022-01-01"), None),
    )


def test_codes_are_exchanged_by_giving_one_up_first() -> None:
    take = RecodeCommunity(code=CODE_2, effective_from=day("2020-01-01"))

    BOTH_STAND.when(take).refused("code.belongs-to-another", code=CODE_2, bearer="community:b")

    (
        BOTH_STAND.after("community:a", take.model_copy(update={"code": None}))
        .after("community:b", take.model_copy(update={"code": CODE}))
        .when(take)
        .claimed(_510703001002=["2020-01-01 on community:a"])
    )


def test_a_corrected_code_was_never_borne() -> None:
    correct = CorrectCode(
        corrects=1, code="510703001009", effective_from=day("2018-01-01"), reason="录入有误"
    )

    BOTH_STAND.when(correct).claimed(_510703001001=[], _510703001009=["2018-01-01 on community:a"])


def test_a_correction_does_not_take_the_code_of_another() -> None:
    correct = CorrectCode(
        corrects=1, code=CODE_2, effective_from=day("2018-01-01"), reason="录入有误"
    )

    BOTH_STAND.when(correct).refused("code.belongs-to-another", code=CODE_2, bearer="community:b")


def test_a_code_follows_when_the_day_of_registration_is_corrected() -> None:
    correct = CorrectRegistration(corrects=1, effective_from=day("2016-01-01"), reason="补录")

    BOTH_STAND.when(correct).claimed(_510703001001=["2016-01-01 on community:a"])


def test_an_end_is_not_annulled_once_another_bears_the_code() -> None:
    passed_on = (
        given()
        .after("community:a", FIRST)
        .after("community:a", AbolishCommunity(effective_from=day("2020-01-01")))
        .after("community:b", SECOND.model_copy(update={"effective_from": day("2020-01-01")}))
    )

    passed_on.when(AnnulEntry(annuls=2, reason="撤并有误")).refused(
        "code.belongs-to-another",
        code=CODE,
        bearer="community:b",
        held=DateSpan(day("2020-01-01"), None),
    )
    back = RestoreCommunity(effective_from=day("2021-01-01"), code=CODE)
    passed_on.when(back).refused("code.belongs-to-another", code=CODE, bearer="community:b")
    passed_on.when(back.model_copy(update={"code": CODE_2})).claimed(
        _510703001002=["2021-01-01 on community:a"]
    )


def test_a_community_bears_its_code_only_while_it_stands() -> None:
    restored = (
        given()
        .after("community:a", FIRST)
        .after("community:a", AbolishCommunity(effective_from=day("2020-01-01")))
    )

    outcome = restored.when(RestoreCommunity(effective_from=day("2022-01-01"), code=CODE))

    outcome.claimed(
        _510703001001=["2018-01-01 2020-01-01 community:a", "2022-01-01 on community:a"]
    )
    between = SECOND.model_copy(update={"effective_from": day("2020-06-01")})
    back = RestoreCommunity(effective_from=day("2022-01-01"), code=CODE)
    restored.after("community:a", back).at("community:c").when(between).refused(
        "code.belongs-to-another",
        code=CODE,
        bearer="community:a",
        held=DateSpan(day("2022-01-01"), None),
    )


def test_jurisdictions_and_communities_share_the_rule() -> None:
    district = EstablishJurisdiction(
        level="district", name="安州区", code="510705", parent="c", effective_from=day("2016-01-01")
    )
    before = given().after("jurisdiction:d5", district)

    before.at("jurisdiction:d6").when(district).refused(
        "code.belongs-to-another", code="510705", bearer="jurisdiction:d5"
    )
