from typing import Any

import pytest

from domain.jurisdiction.corrections import (
    AnnulJurisdictionEntry,
    CorrectEstablishment,
    CorrectJurisdictionCode,
    CorrectJurisdictionName,
    CorrectJurisdictionParent,
)
from domain.jurisdiction.events import (
    JurisdictionCodeCorrected,
    JurisdictionDissolved,
    JurisdictionEntryAnnulled,
    JurisdictionEstablishmentCorrected,
    JurisdictionMoved,
    JurisdictionNameCorrected,
    JurisdictionParentCorrected,
    JurisdictionRecoded,
    JurisdictionReconstituted,
    JurisdictionRenamed,
    JurisdictionRestored,
    SeatTownDesignated,
)
from domain.jurisdiction.state import Jurisdiction
from domain.jurisdiction.tree import (
    DesignateSeatTown,
    DissolveJurisdiction,
    EstablishJurisdiction,
    MoveJurisdiction,
    RecodeJurisdiction,
    ReconstituteJurisdiction,
    RenameJurisdiction,
    RestoreJurisdiction,
)
from domain.kernel.refusal import NotOnRecord
from tests.domain.given import BEGIN, day, established, given

WHY = "录入有误"
D2020 = day("2020-01-01")
NEW = "jurisdiction:new"
ESTABLISH = EstablishJurisdiction(
    level="subdistrict", name="新街道", code="510703009", parent="d1", effective_from=D2020
)
TREE = given()


def test_a_subdistrict_is_established_under_a_district_with_its_code() -> None:
    outcome = TREE.at(NEW).when(ESTABLISH)

    outcome.then(
        established("subdistrict", "新街道", "d1", code="510703009", effective_from=D2020)
    ).claimed(_510703009=["2020-01-01 on jurisdiction:new"])
    assert outcome.state().exists_on(D2020)
    assert outcome.state().level_on(D2020) == "subdistrict"


@pytest.mark.parametrize(
    ("level", "parent"),
    [
        ("district", "c"),
        ("county", "c"),
        ("county-city", "c"),
        ("park", "c"),
        ("subdistrict", "d1"),
        ("subdistrict", "park"),
        ("town", "k"),
        ("township", "k"),
    ],
)
def test_the_tree_has_three_tiers(level: Any, parent: str) -> None:
    command = EstablishJurisdiction(level=level, name="新", parent=parent, effective_from=D2020)

    TREE.at(NEW).when(command).then(established(level, "新", parent, effective_from=D2020))


@pytest.mark.parametrize(
    ("level", "parent"), [("district", "d1"), ("park", "d1"), ("subdistrict", "c"), ("town", "s1")]
)
def test_no_tier_is_skipped_or_doubled(level: Any, parent: str) -> None:
    command = EstablishJurisdiction(level=level, name="新", parent=parent, effective_from=D2020)

    TREE.at(NEW).when(command).refused("jurisdiction.wrong-tier")


@pytest.mark.parametrize(
    ("level", "parent", "code"),
    [("district", "c", "5107"), ("park", "c", "510703001"), ("town", "k", "510722")],
)
def test_a_code_has_the_digits_of_its_level(level: Any, parent: str, code: str) -> None:
    command = EstablishJurisdiction(
        level=level, name="新", code=code, parent=parent, effective_from=D2020
    )

    TREE.at(NEW).when(command).refused("jurisdiction.wrong-code-length")


def test_a_parent_stands_on_that_day() -> None:
    TREE.at(NEW).when(ESTABLISH.model_copy(update={"parent": "nowhere"})).refused(
        "subject.not-on-record", NotOnRecord, stream="jurisdiction:nowhere"
    )
    early = ESTABLISH.model_copy(update={"effective_from": day("1999-01-01")})
    TREE.at(NEW).when(early).refused(
        "lifetime.not-begun", title="涪城区", begins_on=day("2000-01-01")
    )


def test_a_jurisdiction_is_established_once() -> None:
    TREE.at("jurisdiction:s1").when(ESTABLISH).refused("subject.already-on-record")


def test_a_jurisdiction_is_renamed() -> None:
    rename = RenameJurisdiction(name="老城街道", effective_from=D2020)
    s1 = TREE.at("jurisdiction:s1")

    s1.when(rename).then(JurisdictionRenamed(name="老城街道", effective_from=D2020))
    s1.when(rename.model_copy(update={"name": "城厢街道"})).refused("attribute.unchanged")


def test_a_jurisdiction_is_recoded() -> None:
    recode = RecodeJurisdiction(code="510703009", effective_from=D2020)
    s1 = TREE.at(NEW).after(NEW, ESTABLISH)

    s1.when(recode).refused("attribute.unchanged")
    s1.when(recode.model_copy(update={"code": "510703"})).refused(
        "jurisdiction.wrong-code-length", code="510703", digits=6
    )
    s1.when(recode.model_copy(update={"code": None})).then(
        JurisdictionRecoded(code=None, effective_from=D2020)
    ).claimed(_510703009=[])


def test_a_jurisdiction_moves_in_the_tree() -> None:
    move = MoveJurisdiction(parent="park", effective_from=D2020)
    s1 = TREE.at("jurisdiction:s1")

    outcome = s1.when(move)
    outcome.then(JurisdictionMoved(parent="park", effective_from=D2020))
    assert outcome.state().parents.on(D2020) == "park"
    s1.when(move.model_copy(update={"parent": "d1"})).refused("attribute.unchanged")
    s1.when(move.model_copy(update={"parent": "s2"})).refused("jurisdiction.wrong-tier")


def test_the_city_lies_under_nothing() -> None:
    move = MoveJurisdiction(parent="d1", effective_from=D2020)

    TREE.at("jurisdiction:c").when(move).refused("jurisdiction.city-under-another")


def test_a_town_becomes_a_subdistrict_and_a_county_a_district() -> None:
    town = ReconstituteJurisdiction(level="subdistrict", effective_from=D2020, reason="撤镇设街道")
    county = ReconstituteJurisdiction(level="district", effective_from=D2020)

    outcome = TREE.at("jurisdiction:t2").when(town)
    outcome.then(
        JurisdictionReconstituted(level="subdistrict", effective_from=D2020, reason="撤镇设街道")
    )
    assert outcome.state().level_on(day("2019-12-31")) == "town"
    assert outcome.state().level_on(D2020) == "subdistrict"
    TREE.at("jurisdiction:k").when(county).then(
        JurisdictionReconstituted(level="district", effective_from=D2020)
    )


def test_a_jurisdiction_does_not_leave_its_tier() -> None:
    command = ReconstituteJurisdiction(level="district", effective_from=D2020)

    TREE.at("jurisdiction:t2").when(command).refused("jurisdiction.other-tier")
    TREE.at("jurisdiction:c").when(command).refused("jurisdiction.other-tier")
    TREE.at("jurisdiction:d1").when(command).refused("attribute.unchanged")


def test_a_dissolved_jurisdiction_gives_up_its_code() -> None:
    dissolve = DissolveJurisdiction(effective_from=day("2022-01-01"), successor="s2")
    before = TREE.at(NEW).after(NEW, ESTABLISH)

    outcome = before.when(dissolve)

    outcome.then(JurisdictionDissolved(effective_from=day("2022-01-01"), successor="s2")).claimed(
        _510703009=["2020-01-01 2022-01-01 jurisdiction:new"]
    )
    assert not outcome.state().exists_on(day("2022-01-01"))
    before.after(NEW, dissolve).when(dissolve).refused("lifetime.ended", day=day("2022-01-01"))


def test_a_jurisdiction_is_dissolved_into_another_that_stands() -> None:
    dissolve = DissolveJurisdiction(effective_from=D2020, successor="s1")

    TREE.at("jurisdiction:s1").when(dissolve).refused(
        "jurisdiction.own-successor", title="城厢街道"
    )
    TREE.at("jurisdiction:s2").after(
        "jurisdiction:s1", DissolveJurisdiction(effective_from=D2020)
    ).when(dissolve).refused("lifetime.ended", title="城厢街道", day=day("2020-01-01"))


def test_the_city_is_not_dissolved() -> None:
    TREE.at("jurisdiction:c").when(DissolveJurisdiction(effective_from=D2020)).refused(
        "jurisdiction.city-dissolved"
    )


def test_a_dissolved_jurisdiction_is_restored_with_the_code_it_is_given() -> None:
    dissolve = DissolveJurisdiction(effective_from=day("2021-01-01"))
    restore = RestoreJurisdiction(effective_from=day("2022-01-01"), code="510703009")
    dissolved = TREE.at(NEW).after(NEW, ESTABLISH).after(NEW, dissolve)

    dissolved.when(restore).then(JurisdictionRestored(effective_from=day("2022-01-01"))).claimed(
        _510703009=[
            "2020-01-01 2021-01-01 jurisdiction:new",
            "2022-01-01 on jurisdiction:new",
        ]
    )
    dissolved.when(restore.model_copy(update={"code": None})).then(
        JurisdictionRestored(effective_from=day("2022-01-01")),
        JurisdictionRecoded(code=None, effective_from=day("2022-01-01")),
    )
    TREE.at("jurisdiction:s1").when(restore).refused("lifetime.not-ended")
    dissolved.when(restore.model_copy(update={"code": "510703"})).refused(
        "jurisdiction.wrong-code-length"
    )


def test_the_seat_town_makes_its_communities_urban_ones() -> None:
    designate = DesignateSeatTown(town="t1", effective_from=D2020)

    outcome = TREE.at("jurisdiction:k").when(designate)

    outcome.then(SeatTownDesignated(town="t1", effective_from=D2020))
    county: Jurisdiction = outcome.state()
    town: Jurisdiction = outcome.state("jurisdiction:t1")
    assert town.has_urban_communities_on(D2020, county)
    assert not town.has_urban_communities_on(day("2019-12-31"), county)
    TREE.at("jurisdiction:k").after("jurisdiction:k", designate).when(designate).refused(
        "attribute.unchanged"
    )


def test_the_communities_of_a_subdistrict_are_urban_ones() -> None:
    rename = RenameJurisdiction(name="老城街道", effective_from=D2020)
    district = Jurisdiction(id="d1")

    s1: Jurisdiction = TREE.at("jurisdiction:s1").when(rename).state()

    assert s1.has_urban_communities_on(D2020, district)


def test_the_seat_of_a_county_is_one_of_its_towns() -> None:
    designate = DesignateSeatTown(town="t2", effective_from=D2020)

    TREE.at("jurisdiction:k").when(designate).refused(
        "jurisdiction.not-its-town", town="青义镇", county="三台县"
    )
    TREE.at("jurisdiction:d1").when(designate).refused("jurisdiction.without-seat-town")


def test_a_name_is_corrected() -> None:
    correct = CorrectJurisdictionName(corrects=1, name="城乡街道", effective_from=BEGIN, reason=WHY)
    s1 = TREE.at("jurisdiction:s1")

    outcome = s1.when(correct)
    outcome.then(
        JurisdictionNameCorrected(corrects=1, name="城乡街道", effective_from=BEGIN, reason=WHY)
    )
    assert outcome.state().names.on(BEGIN) == "城乡街道"
    s1.when(correct.model_copy(update={"corrects": 2})).refused(
        "entry.not-on-record", NotOnRecord, entry=2
    )
    s1.when(correct.model_copy(update={"effective_from": D2020})).refused(
        "correction.first-value-moved", title="城厢街道"
    )


def test_a_code_is_corrected() -> None:
    correct = CorrectJurisdictionCode(
        corrects=1, code="510703008", effective_from=D2020, reason=WHY
    )
    new = TREE.at(NEW).after(NEW, ESTABLISH)

    new.when(correct).then(
        JurisdictionCodeCorrected(corrects=1, code="510703008", effective_from=D2020, reason=WHY)
    ).claimed(_510703009=[], _510703008=["2020-01-01 on jurisdiction:new"])
    new.when(correct.model_copy(update={"code": "5107"})).refused("jurisdiction.wrong-code-length")
    new.when(correct.model_copy(update={"code": "510703009"})).refused("correction.without-change")


def test_a_parent_is_corrected() -> None:
    correct = CorrectJurisdictionParent(corrects=1, parent="d2", effective_from=BEGIN, reason=WHY)
    s1 = TREE.at("jurisdiction:s1")

    s1.when(correct).then(
        JurisdictionParentCorrected(corrects=1, parent="d2", effective_from=BEGIN, reason=WHY)
    )
    s1.when(correct.model_copy(update={"parent": "c"})).refused("jurisdiction.wrong-tier")


def test_the_day_of_establishment_is_corrected() -> None:
    correct = CorrectEstablishment(corrects=1, effective_from=day("2015-01-01"), reason=WHY)
    new = TREE.at(NEW).after(NEW, ESTABLISH)

    outcome = new.when(correct)
    outcome.then(
        JurisdictionEstablishmentCorrected(corrects=1, effective_from=day("2015-01-01"), reason=WHY)
    ).claimed(_510703009=["2015-01-01 on jurisdiction:new"])
    state = outcome.state()
    assert (state.level_on(day("2015-01-01")), state.parents.on(day("2015-01-01"))) == (
        "subdistrict",
        "d1",
    )
    new.when(correct.model_copy(update={"effective_from": day("1999-01-01")})).refused(
        "lifetime.not-begun", title="涪城区", begins_on=day("2000-01-01")
    )


def test_an_entry_is_annulled() -> None:
    rename = RenameJurisdiction(name="老城街道", effective_from=D2020)
    annul = AnnulJurisdictionEntry(annuls=2, reason=WHY)
    renamed = TREE.at("jurisdiction:s1").after("jurisdiction:s1", rename)

    outcome = renamed.when(annul)
    outcome.then(JurisdictionEntryAnnulled(annuls=2, reason=WHY))
    assert outcome.state().names.on(D2020) == "城厢街道"
    renamed.after("jurisdiction:s1", annul).when(annul).refused("entry.annulled", annulled_by=3)


def test_the_city_s_establishment_is_not_annulled() -> None:
    annul = AnnulJurisdictionEntry(annuls=1, reason=WHY)

    TREE.at("jurisdiction:c").when(annul).refused("jurisdiction.city-establishment-annulled")


def test_an_annulled_dissolution_gives_the_code_back() -> None:
    dissolve = DissolveJurisdiction(effective_from=day("2022-01-01"))
    dissolved = TREE.at(NEW).after(NEW, ESTABLISH).after(NEW, dissolve)

    dissolved.when(AnnulJurisdictionEntry(annuls=2, reason=WHY)).claimed(
        _510703009=["2020-01-01 on jurisdiction:new"]
    )
    dissolved.when(AnnulJurisdictionEntry(annuls=1, reason=WHY)).refused("lifetime.out-of-turn")
