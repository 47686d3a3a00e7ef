import pytest

from domain.classification.classification import (
    AnnulClassification,
    ClassifyCommunity,
    CorrectClassification,
    RepealClassification,
    SetFeatures,
    SetSubtype,
)
from domain.community.events import (
    ClassificationAnnulled,
    ClassificationCorrected,
    ClassificationRepealed,
    CommunityClassified,
    CommunityReclassified,
    CommunityRenamed,
    FeaturesSet,
    SubtypeSet,
)
from domain.community.state import Community
from domain.kernel.policy import Term
from domain.kernel.refusal import NotAuthorised, NotOnRecord
from domain.kernel.text import Bilingual
from tests.domain.given import POLICY, REGISTERED, day, given

WHY = "认定有误"
D2021, D2022, D2023 = day("2021-03-31"), day("2022-01-01"), day("2023-01-01")
CLASSIFY = ClassifyCommunity(type="old-courtyard", effective_from=D2021)
CLASSIFIED = CommunityClassified(type="old-courtyard", effective_from=D2021)
URBAN_RURAL = CommunityClassified(type="urban-rural", effective_from=D2021)
RESETTLEMENT = SubtypeSet(type="urban-rural", subtype="resettlement", effective_from=D2021)
RECLASSIFIED = CommunityReclassified(
    proposal="p1", type="commercial-housing", effective_from=D2022, reason="旧城改造"
)
WITH_FEATURES = POLICY.model_copy(
    update={
        "features": tuple(
            Term(code=code, title=Bilingual(zh=code, en=code), source="test")
            for code in ("riverside", "market")
        )
    }
)


def types(community: Community) -> list[tuple[int, str | None]]:
    return [(period.effective_from.year, period.value) for period in community.types.periods()]


def subtypes(community: Community) -> list[tuple[int, str | None]]:
    return [(period.effective_from.year, period.value) for period in community.subtypes.periods()]


def test_a_community_is_classified_from_a_day_on() -> None:
    outcome = given(REGISTERED).when(CLASSIFY)

    outcome.then(CLASSIFIED)
    assert types(outcome.state()) == [(2021, "old-courtyard")]


def test_only_whom_the_policy_names_classifies() -> None:
    given(REGISTERED).when(CLASSIFY, by="recorder").refused(
        "role.lacking",
        NotAuthorised,
    )


def test_a_type_is_one_of_the_policy() -> None:
    command = CLASSIFY.model_copy(update={"type": "seaside"})

    given(REGISTERED).when(command).refused("policy.unknown-code", code="seaside")


def test_a_community_is_classified_once() -> None:
    again = ClassifyCommunity(type="urban-rural", effective_from=D2022)

    given(REGISTERED, CLASSIFIED).when(again).refused(
        "classification.present", day=day("2022-01-01"), entry=2
    )


def test_a_first_type_may_be_back_dated() -> None:
    early = ClassifyCommunity(type="urban-rural", effective_from=day("2019-01-01"))

    assert types(given(REGISTERED).when(early).state()) == [(2019, "urban-rural")]


def test_no_type_is_put_before_another_by_classifying_again() -> None:
    early = ClassifyCommunity(type="urban-rural", effective_from=day("2019-01-01"))
    first = {"effective_from": day("2021-03-31"), "entry": 2}

    given(REGISTERED, CLASSIFIED).when(early).refused("classification.later-present", **first)
    repealed = ClassificationRepealed(repeals=2, effective_until=D2022, reason=WHY)
    outcome = given(REGISTERED, CLASSIFIED, repealed).when(early)
    outcome.refused("classification.later-present", **first)
    annulled = ClassificationAnnulled(annuls=2, reason=WHY)
    assert given(REGISTERED, CLASSIFIED, annulled).when(early).refusal is None


def test_no_type_holds_before_the_community_existed() -> None:
    early = CLASSIFY.model_copy(update={"effective_from": day("2017-01-01")})

    given(REGISTERED).when(early).refused("lifetime.not-begun", begins_on=day("2018-01-01"))


def test_a_subtype_belongs_to_the_type_of_that_day() -> None:
    command = SetSubtype(subtype="resettlement", effective_from=D2021)

    given(REGISTERED, URBAN_RURAL).when(command).then(RESETTLEMENT)
    given(REGISTERED, CLASSIFIED).when(command).refused("policy.no-such-list", code="resettlement")
    given(REGISTERED).when(command).refused("classification.missing", day=day("2021-03-31"))


def test_a_subtype_is_taken_back_when_there_is_one() -> None:
    none = SetSubtype(subtype=None, effective_from=D2022)

    given(REGISTERED, URBAN_RURAL, RESETTLEMENT).when(none).then(
        SubtypeSet(type="urban-rural", subtype=None, effective_from=D2022)
    )
    given(REGISTERED, URBAN_RURAL).when(none).refused("attribute.unchanged", day=day("2022-01-01"))
    given(REGISTERED, URBAN_RURAL, RESETTLEMENT).when(
        SetSubtype(subtype="resettlement", effective_from=D2022)
    ).refused("attribute.unchanged")


def test_secondary_features_are_the_policys_and_in_its_order() -> None:
    command = SetFeatures(features=("market", "riverside", "market"), effective_from=D2022)
    features = ("riverside", "market")

    outcome = given(REGISTERED, CLASSIFIED).when(command, policy=WITH_FEATURES)

    outcome.then(FeaturesSet(features=features, effective_from=D2022))
    assert outcome.state().features.on(D2022) == features
    given(REGISTERED, CLASSIFIED).when(command).refused("policy.unknown-code", code="market")
    given(REGISTERED).when(command, policy=WITH_FEATURES).refused("classification.missing")


def test_without_a_list_of_features_they_are_those_of_other_types() -> None:
    command = SetFeatures(features=("urban-rural",), effective_from=D2022)

    given(REGISTERED, CLASSIFIED).when(command).then(
        FeaturesSet(features=("urban-rural",), effective_from=D2022)
    )


def test_features_are_set_only_when_they_change() -> None:
    none = SetFeatures(features=(), effective_from=D2022)

    given(REGISTERED, CLASSIFIED).when(none).refused("attribute.unchanged", day=day("2022-01-01"))
    featured = FeaturesSet(features=("market",), effective_from=D2021)
    given(REGISTERED, CLASSIFIED, featured).when(none).then(
        FeaturesSet(features=(), effective_from=D2022)
    )


@pytest.mark.parametrize(
    "command",
    [
        SetSubtype(subtype="resettlement", effective_from=D2021),
        SetFeatures(features=(), effective_from=D2021),
        CorrectClassification(corrects=2, type="urban-rural", effective_from=D2021, reason=WHY),
        AnnulClassification(annuls=2, reason=WHY),
        RepealClassification(repeals=2, effective_until=D2022, reason=WHY),
    ],
)
def test_only_whom_the_policy_names_changes_a_classification(command: SetSubtype) -> None:
    given(REGISTERED, CLASSIFIED).when(command, by="reviewer").refused(
        "role.lacking", NotAuthorised
    )


def test_a_corrected_type_was_never_the_other_one() -> None:
    correct = CorrectClassification(
        corrects=2, type="urban-rural", effective_from=D2021, reason=WHY
    )

    outcome = given(REGISTERED, CLASSIFIED).when(correct)

    outcome.then(
        ClassificationCorrected(corrects=2, type="urban-rural", effective_from=D2021, reason=WHY)
    )
    assert types(outcome.state()) == [(2021, "urban-rural")]


def test_a_correction_of_a_type_is_checked_like_the_type() -> None:
    correct = CorrectClassification(
        corrects=2, type="old-courtyard", effective_from=D2021, reason=WHY
    )
    before = given(REGISTERED, CLASSIFIED)

    before.when(correct).refused("correction.without-change")
    before.when(correct.model_copy(update={"type": "seaside"})).refused("policy.unknown-code")
    before.when(correct.model_copy(update={"corrects": 1})).refused("entry.without-attribute")
    before.when(correct.model_copy(update={"corrects": 3})).refused(
        "entry.not-on-record", NotOnRecord, entry=3
    )
    before.when(correct.model_copy(update={"effective_from": day("2017-01-01")})).refused(
        "lifetime.not-begun"
    )


def test_a_repeal_is_not_corrected_but_annulled() -> None:
    repealed = ClassificationRepealed(repeals=2, effective_until=D2022, reason=WHY)
    correct = CorrectClassification(
        corrects=3, type="urban-rural", effective_from=D2022, reason=WHY
    )
    before = given(REGISTERED, CLASSIFIED, repealed)

    before.when(correct).refused("classification.repeal-corrected")
    community = before.when(AnnulClassification(annuls=3, reason=WHY)).state()
    assert types(community) == [(2021, "old-courtyard")]


def test_an_annulled_classification_is_void_from_the_start() -> None:
    outcome = given(REGISTERED, CLASSIFIED).when(AnnulClassification(annuls=2, reason=WHY))

    outcome.then(ClassificationAnnulled(annuls=2, reason=WHY))
    assert types(outcome.state()) == []


def test_annulling_a_reclassification_brings_back_the_type_and_its_subtype() -> None:
    history = given(REGISTERED, URBAN_RURAL, RESETTLEMENT, RECLASSIFIED)

    outcome = history.when(AnnulClassification(annuls=4, reason=WHY))

    outcome.then(ClassificationAnnulled(annuls=4, reason=WHY))
    assert types(outcome.state()) == [(2021, "urban-rural")]
    assert outcome.state().subtypes.on(D2022) == "resettlement"


def test_a_classification_is_annulled_once_and_an_annulment_never() -> None:
    annulled = given(REGISTERED, CLASSIFIED, ClassificationAnnulled(annuls=2, reason=WHY))

    annulled.when(AnnulClassification(annuls=2, reason=WHY)).refused(
        "entry.annulled", annulled_by=3
    )
    annulled.when(AnnulClassification(annuls=3, reason=WHY)).refused("entry.is-annulment")
    annulled.when(CLASSIFY).then(CLASSIFIED)


def test_only_a_classification_is_annulled_as_one() -> None:
    renamed = CommunityRenamed(name="乙社区", effective_from=D2021)

    given(REGISTERED, renamed).when(AnnulClassification(annuls=2, reason=WHY)).refused(
        "entry.not-annullable"
    )


def test_a_repealed_classification_was_valid_until_that_day() -> None:
    repeal = RepealClassification(repeals=2, effective_until=D2022, reason="文件废止")

    outcome = given(REGISTERED, CLASSIFIED).when(repeal)

    outcome.then(ClassificationRepealed(repeals=2, effective_until=D2022, reason="文件废止"))
    assert types(outcome.state()) == [(2021, "old-courtyard"), (2022, None)]


def test_a_subtype_ends_when_its_type_is_repealed() -> None:
    repeal = RepealClassification(repeals=2, effective_until=D2022, reason="文件废止")

    community = given(REGISTERED, URBAN_RURAL, RESETTLEMENT).when(repeal).state()

    assert subtypes(community) == [(2021, "resettlement"), (2022, None)]


def test_a_subtype_holds_only_while_its_type_does() -> None:
    history = given(REGISTERED, URBAN_RURAL, RESETTLEMENT)
    never = CorrectClassification(
        corrects=2, type="old-courtyard", effective_from=D2021, reason=WHY
    )
    later = CorrectClassification(corrects=2, type="urban-rural", effective_from=D2022, reason=WHY)
    annul = AnnulClassification(annuls=2, reason=WHY)

    assert subtypes(history.when(never).state()) == [(2021, None)]
    assert subtypes(history.when(annul).state()) == [(2021, None)]
    assert subtypes(history.when(later).state()) == [(2022, "resettlement")]


def test_a_subtype_does_not_come_back_with_a_type_that_comes_back() -> None:
    back = CommunityReclassified(
        proposal="p2", type="urban-rural", effective_from=D2023, reason=WHY
    )
    again = SetSubtype(subtype="resettlement", effective_from=D2023)
    history = given(REGISTERED, URBAN_RURAL, RESETTLEMENT, RECLASSIFIED, back)

    community = history.when(again).state()

    assert subtypes(community) == [(2021, "resettlement"), (2022, None), (2023, "resettlement")]


def test_a_type_that_comes_in_between_later_ends_the_subtype_of_the_one_before() -> None:
    far = SubtypeSet(type="urban-rural", subtype="resettlement", effective_from=D2023)

    community = Community(id="a").fold((REGISTERED, URBAN_RURAL, far, RECLASSIFIED))

    assert subtypes(community) == [(2023, None)]


def test_after_a_repeal_the_community_is_classified_anew() -> None:
    repealed = ClassificationRepealed(repeals=2, effective_until=D2022, reason=WHY)
    classify = ClassifyCommunity(type="urban-rural", effective_from=D2023)

    community = given(REGISTERED, CLASSIFIED, repealed).when(classify).state()

    assert types(community) == [(2021, "old-courtyard"), (2022, None), (2023, "urban-rural")]


def test_only_what_holds_on_that_day_is_repealed() -> None:
    history = given(REGISTERED, CLASSIFIED, RECLASSIFIED)

    history.when(RepealClassification(repeals=2, effective_until=D2023, reason=WHY)).refused(
        "classification.not-in-effect", title="甲社区", entry=2, day=day("2023-01-01")
    )
    history.when(RepealClassification(repeals=3, effective_until=D2022, reason=WHY)).refused(
        "classification.repealed-on-first-day"
    )
    history.when(RepealClassification(repeals=1, effective_until=D2023, reason=WHY)).refused(
        "entry.without-attribute"
    )
