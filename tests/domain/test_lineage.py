import pytest

from domain.community.corrections import AnnulEntry
from domain.community.events import (
    CommunityAbolished,
    CommunityAbsorbed,
    CommunityMerged,
    CommunityMoved,
    CommunityRecoded,
    CommunityRestored,
    CommunitySplit,
    EntryAnnulled,
    LineageContinued,
    LineageJoined,
)
from domain.community.identity import RegisterCommunity
from domain.community.lineage import (
    AbolishCommunity,
    JoinLineage,
    MergeCommunity,
    Part,
    RestoreCommunity,
    SplitCommunity,
)
from domain.jurisdiction.tree import DissolveJurisdiction
from domain.kernel.event import StreamEvent
from domain.kernel.ids import derive_id
from domain.kernel.refusal import NotOnRecord
from tests.domain.given import CODE, CODE_2, CODE_3, Given, day, given, registered

REGISTER = RegisterCommunity(
    name="甲社区", code=CODE, subdistrict="s1", effective_from=day("2018-01-01")
)
TWO = (
    given()
    .after("community:a", REGISTER)
    .after("community:b", REGISTER.model_copy(update={"name": "乙社区", "code": CODE_2}))
)
MERGE = MergeCommunity(into="b", effective_from=day("2020-01-01"))
ABOLISH = AbolishCommunity(effective_from=day("2020-01-01"))
SPLIT = SplitCommunity(
    parts=(Part(id="x", name="甲一社区", code=CODE), Part(name="甲二社区", subdistrict="s2")),
    effective_from=day("2020-01-01"),
)
MINTED = derive_id("command-1", "a", 1, 1)


def test_a_merger_is_recorded_on_both_communities() -> None:
    outcome = TWO.when(MERGE)

    outcome.then(
        CommunityMerged(into="b", effective_from=day("2020-01-01")),
        StreamEvent(
            "community:b", CommunityAbsorbed(absorbed="a", effective_from=day("2020-01-01"))
        ),
    ).claimed(_510703001001=["2018-01-01 2020-01-01 community:a"])
    assert outcome.state().standing.on(day("2020-01-01")) == "merged"
    assert outcome.state().related_to("b", "successor")
    assert outcome.state("community:b").related_to("a", "predecessor")


def test_a_community_is_not_merged_into_itself() -> None:
    TWO.when(MERGE.model_copy(update={"into": "a"})).refused("lineage.itself")


def test_a_community_is_merged_into_one_that_stands_on_that_day() -> None:
    TWO.when(MERGE.model_copy(update={"into": "z"})).refused("subject.not-on-record", NotOnRecord)
    TWO.after("community:b", ABOLISH).when(MERGE).refused(
        "lifetime.ended", title="乙社区", day=day("2020-01-01")
    )


def test_a_community_is_merged_once() -> None:
    merged = TWO.after("community:a", MERGE)

    merged.when(MERGE.model_copy(update={"effective_from": day("2021-01-01")})).refused(
        "lifetime.ended", ended_on=day("2020-01-01")
    )


def test_an_end_is_not_recorded_before_another_end() -> None:
    merged = TWO.after("community:a", MERGE)

    merged.when(AbolishCommunity(effective_from=day("2019-01-01"))).refused(
        "lifetime.out-of-turn", title="甲社区", entry=2, day=day("2020-01-01")
    )


def test_a_split_registers_every_part() -> None:
    outcome = TWO.when(SPLIT)

    part = {"origin": "split", "predecessors": ("a",), "effective_from": day("2020-01-01")}
    outcome.then(
        CommunitySplit(parts=("x", MINTED), survives=False, effective_from=day("2020-01-01")),
        StreamEvent("community:x", registered("甲一社区", **part)),
        StreamEvent(
            f"community:{MINTED}",
            registered("甲二社区", code=None, **{**part, "subdistrict": "s2"}),
        ),
    ).claimed(_510703001001=["2018-01-01 2020-01-01 community:a", "2020-01-01 on community:x"])
    assert outcome.state().standing.on(day("2020-01-01")) == "split"


def test_a_community_may_survive_a_split_of_one_part() -> None:
    survives = SPLIT.model_copy(
        update={"parts": (Part(name="甲一社区", code=CODE_3),), "survives": True}
    )

    outcome = TWO.when(survives)

    outcome.claimed(_510703001003=[f"2020-01-01 on community:{derive_id('command-1', 'a', 1, 0)}"])
    assert outcome.state().exists_on(day("2020-01-01"))


def test_a_split_makes_at_least_two_communities() -> None:
    TWO.when(SPLIT.model_copy(update={"parts": SPLIT.parts[:1]})).refused("split.one-part")


def test_a_part_does_not_bear_the_code_of_a_community_that_survives() -> None:
    TWO.when(SPLIT.model_copy(update={"survives": True})).refused(
        "code.belongs-to-another", code=CODE, bearer="community:a"
    )


@pytest.mark.parametrize("ids", [("a", "x"), ("x", "x"), ("b", "x")])
def test_every_part_has_an_id_of_its_own(ids: tuple[str, str]) -> None:
    parts = tuple(Part(id=id, name=f"{index}社区") for index, id in enumerate(ids))

    TWO.when(SPLIT.model_copy(update={"parts": parts})).refused("split.id-taken")


def test_a_part_lies_where_a_community_may_lie() -> None:
    parts = (*SPLIT.parts[:1], Part(name="甲二社区", subdistrict="d1"))

    TWO.when(SPLIT.model_copy(update={"parts": parts})).refused(
        "jurisdiction.not-for-communities", title="涪城区"
    )


def test_an_abolished_community_stands_no_longer_and_its_code_is_free() -> None:
    outcome = TWO.when(ABOLISH.model_copy(update={"successors": ("b",)}))

    outcome.then(CommunityAbolished(effective_from=day("2020-01-01"), successors=("b",))).claimed(
        _510703001001=["2018-01-01 2020-01-01 community:a"]
    )
    assert not outcome.state().exists_on(day("2020-01-01"))
    assert outcome.state().related_to("b", "successor")


def test_a_community_does_not_succeed_itself() -> None:
    TWO.when(ABOLISH.model_copy(update={"successors": ("a",)})).refused("lineage.itself")


def test_a_successor_stands_on_that_day() -> None:
    before = TWO.after("community:b", ABOLISH)

    before.when(ABOLISH.model_copy(update={"successors": ("b",)})).refused(
        "lifetime.ended", title="乙社区"
    )


def test_a_community_is_not_abolished_twice() -> None:
    later = ABOLISH.model_copy(update={"effective_from": day("2021-01-01")})

    TWO.after("community:a", ABOLISH).when(later).refused(
        "lifetime.ended", ended_on=day("2020-01-01")
    )


def test_what_has_ended_can_be_restored_with_the_code_it_had() -> None:
    restore = RestoreCommunity(effective_from=day("2022-01-01"), code=CODE)

    outcome = TWO.after("community:a", ABOLISH).when(restore)

    outcome.then(CommunityRestored(effective_from=day("2022-01-01")))
    assert outcome.state().exists_on(day("2022-01-01"))
    assert not outcome.state().exists_on(day("2021-12-31"))


def test_what_is_restored_may_come_back_under_another_code_or_none() -> None:
    restore = RestoreCommunity(effective_from=day("2022-01-01"), code=None)

    TWO.after("community:a", ABOLISH).when(restore).then(
        CommunityRestored(effective_from=day("2022-01-01")),
        CommunityRecoded(code=None, effective_from=day("2022-01-01")),
    ).claimed()


def test_what_is_restored_lies_under_a_place_that_stands() -> None:
    restore = RestoreCommunity(effective_from=day("2022-01-01"), code=CODE)
    dissolve = DissolveJurisdiction(effective_from=day("2021-01-01"))
    ended = TWO.after("community:a", ABOLISH).after("jurisdiction:s1", dissolve)

    ended.when(restore).refused("lifetime.ended", day=day("2022-01-01"))
    ended.when(restore.model_copy(update={"subdistrict": "s2"})).then(
        CommunityRestored(effective_from=day("2022-01-01")),
        CommunityMoved(subdistrict="s2", effective_from=day("2022-01-01")),
    )


def test_only_what_does_not_stand_is_restored() -> None:
    restore = RestoreCommunity(effective_from=day("2019-01-01"), code=CODE)

    TWO.when(restore).refused("lifetime.not-ended", day=day("2019-01-01"))
    TWO.after("community:a", ABOLISH).when(restore).refused(
        "lifetime.not-ended", day=day("2019-01-01")
    )
    TWO.when(restore.model_copy(update={"effective_from": day("2017-01-01")})).refused(
        "lifetime.not-begun", begins_on=day("2018-01-01")
    )


def test_a_restoration_does_not_come_before_another_one() -> None:
    restore = RestoreCommunity(effective_from=day("2022-01-01"), code=CODE)
    restored = TWO.after("community:a", ABOLISH).after("community:a", restore)

    restored.when(restore.model_copy(update={"effective_from": day("2021-01-01")})).refused(
        "lifetime.out-of-turn", title="甲社区", entry=3, day=day("2022-01-01")
    )


def joined(given: Given) -> Given:
    """`n` was registered with its lineage unknown when `a` was abolished."""
    new = REGISTER.model_copy(
        update={
            "name": "新甲社区",
            "code": CODE_3,
            "origin": "unknown",
            "effective_from": day("2020-01-01"),
        }
    )
    return given.after("community:a", ABOLISH).after("community:n", new)


JOIN = JoinLineage(predecessor="a", manner="renamed", reason="街道来函说明")


def test_a_lineage_that_was_unknown_is_joined_on_both_sides() -> None:
    fields = {"manner": "renamed", "reason": "街道来函说明", "effective_from": day("2020-01-01")}

    outcome = joined(TWO).at("community:n").when(JOIN)

    outcome.then(
        LineageJoined.model_validate({"predecessor": "a", **fields}),
        StreamEvent("community:a", LineageContinued.model_validate({"successor": "n", **fields})),
    )
    assert outcome.state("community:a").related_to("n", "successor")


def test_a_lineage_is_joined_once() -> None:
    once = joined(TWO).after("community:n", JOIN)

    once.at("community:n").when(JOIN).refused("lineage.already-joined", title="新甲社区")


def test_a_community_comes_from_one_that_began_earlier() -> None:
    to_itself = JOIN.model_copy(update={"predecessor": "n"})
    from_later = JOIN.model_copy(update={"predecessor": "n"})

    joined(TWO).at("community:n").when(to_itself).refused("lineage.itself")
    joined(TWO).at("community:b").when(from_later).refused(
        "lineage.not-earlier",
        title="新甲社区",
        begun_on=day("2020-01-01"),
        later="乙社区",
        day=day("2018-01-01"),
    )


def test_annulling_a_merger_annuls_it_on_both_communities() -> None:
    outcome = TWO.after("community:a", MERGE).when(AnnulEntry(annuls=2, reason="批复撤回"))

    outcome.then(
        EntryAnnulled(annuls=2, reason="批复撤回"),
        StreamEvent("community:b", EntryAnnulled(annuls=2, reason="批复撤回")),
    ).claimed(_510703001001=["2018-01-01 on community:a"])
    assert outcome.state().exists_on(day("2021-01-01"))
    assert not outcome.state().related_to("b", "successor")
    assert not outcome.state("community:b").related_to("a", "predecessor")


def test_a_merger_is_annulled_on_the_community_that_went() -> None:
    merged = TWO.after("community:a", MERGE)

    merged.at("community:b").when(AnnulEntry(annuls=2, reason="批复撤回")).refused(
        "lineage.stated-elsewhere", title="乙社区", entry=2, other="甲社区"
    )


def test_annulling_a_join_annuls_it_on_both_sides_so_that_it_can_be_stated_anew() -> None:
    annul = AnnulEntry(annuls=2, reason="来源有误")
    once = joined(TWO).after("community:n", JOIN)

    once.at("community:n").when(annul).then(
        EntryAnnulled(annuls=2, reason="来源有误"),
        StreamEvent("community:a", EntryAnnulled(annuls=3, reason="来源有误")),
    )
    assert once.after("community:n", annul).at("community:n").when(JOIN).refusal is None
    once.when(AnnulEntry(annuls=3, reason="来源有误")).refused(
        "lineage.stated-elsewhere", other="新甲社区", other_entry=2
    )


def test_a_split_is_annulled_after_the_registrations_of_its_parts() -> None:
    split = TWO.after("community:a", SPLIT)
    annul_part = AnnulEntry(annuls=1, reason="批复撤回")
    annul = AnnulEntry(annuls=2, reason="批复撤回")

    split.when(annul).refused("split.part-registered")

    without_parts = split.after("community:x", annul_part).after(f"community:{MINTED}", annul_part)
    outcome = without_parts.when(annul)
    outcome.then(EntryAnnulled(annuls=2, reason="批复撤回")).claimed(
        _510703001001=["2018-01-01 on community:a"]
    )
    assert outcome.state().exists_on(day("2021-01-01"))


def test_an_end_is_not_annulled_while_a_restoration_rests_on_it() -> None:
    restore = RestoreCommunity(effective_from=day("2022-01-01"), code=CODE)
    restored = TWO.after("community:a", ABOLISH).after("community:a", restore)

    restored.when(AnnulEntry(annuls=2, reason="撤并有误")).refused(
        "lifetime.out-of-turn", title="甲社区", entry=3, day=day("2022-01-01")
    )
