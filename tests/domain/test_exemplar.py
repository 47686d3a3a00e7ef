"""Exemplars of each type of community (四(三))."""

from typing import Any

from domain.community.events import CommunityClassified, CommunityReclassified
from domain.exemplar.events import (
    ExemplarDeclined,
    ExemplarDesignated,
    ExemplarNominated,
    ExemplarWithdrawn,
    ExperienceShared,
)
from domain.exemplar.nomination import (
    AnnulExemplarEntry,
    CorrectExemplarEntry,
    DeclineExemplar,
    DesignateExemplar,
    NominateExemplar,
    ShareExperience,
    WithdrawExemplar,
)
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.refusal import NotAuthorised
from tests.domain.given import CODE_2, POLICY, REGISTERED, Given, Outcome, day, given, registered

E = "exemplar:e"
TYPE, OTHER = POLICY.types[0].code, POLICY.types[1].code
CLASSIFIED = CommunityClassified(type=TYPE, effective_from=day("2021-03-31"))
MERITS = {each.code: "见材料" for each in POLICY.exemplars.criteria}
NOMINATE = NominateExemplar(
    community="a", title="红色物业", merits=MERITS, nominated_on=day("2022-05-01")
)
NOMINATED = ExemplarNominated(**vars(NOMINATE), type=TYPE, nominated_by="li")
DESIGNATE = DesignateExemplar(designated_on=day("2022-06-01"))
SHARE = ShareExperience(shared_on=day("2022-09-01"), topic="现场观摩", audience=60, reached=("b",))
WITHDRAW = WithdrawExemplar(withdrawn_on=day("2023-06-01"), reason="成效滑坡")


def nominated(*commands: Command[Any]) -> Given:
    place = given(REGISTERED, CLASSIFIED).with_("community:b", registered("乙社区", code=CODE_2))
    place = place.at(E).with_(E, NOMINATED)
    for command in commands:
        by: Any = "recorder" if isinstance(command, ShareExperience) else "arbiter"
        place = place.after(E, command, by=by, person="qian")
    return place


def ask(place: Given, command: Command[Any], **circumstances: Any) -> Outcome:
    return place.when(command, **{"by": "arbiter", "person": "qian", **circumstances})


def stated(command: Command[Any], kind: type[Event], **more: Any) -> Event:
    return kind(**{**vars(command), "community": "a", **more})


def test_a_community_is_nominated_in_the_type_that_it_is_of() -> None:
    place = given(REGISTERED, CLASSIFIED).at(E)

    ask(place, NOMINATE, by="recorder", person="li").then(NOMINATED)
    ask(given(REGISTERED).at(E), NOMINATE, by="recorder").refused("classification.missing")
    ask(place, NOMINATE).refused("role.lacking", NotAuthorised)


def test_a_nomination_speaks_to_every_criterion_of_the_policy() -> None:
    place = given(REGISTERED, CLASSIFIED).at(E)
    first = next(iter(MERITS))

    few = NOMINATE.model_copy(update={"merits": {first: "见材料"}})
    ask(place, few, by="recorder").refused("nomination.criteria-missing")
    odd = NOMINATE.model_copy(update={"merits": {**MERITS, "luck": "好"}})
    ask(place, odd, by="recorder").refused("nomination.criterion-unknown")


def test_an_exemplar_is_designated_by_somebody_else_than_who_nominated_it() -> None:
    ask(nominated(), DESIGNATE).then(stated(DESIGNATE, ExemplarDesignated, type=TYPE))
    ask(nominated(), DESIGNATE, person="li").refused("exemplar.designator-nominated", NotAuthorised)
    ask(nominated(), DESIGNATE, by="decider").refused("role.lacking", NotAuthorised)
    ask(nominated(DESIGNATE), DESIGNATE).refused("matter.wrong-status")
    early = DESIGNATE.model_copy(update={"designated_on": day("2022-04-30")})
    ask(nominated(), early).refused("step.before-previous")


def test_a_community_of_another_type_by_then_is_nominated_anew() -> None:
    reclassified = CommunityReclassified(
        proposal="x", type=OTHER, effective_from=day("2022-05-15"), reason="改造"
    )

    place = nominated().with_("community:a", reclassified)

    ask(place, DESIGNATE).refused("exemplar.of-another-type")


def test_a_nomination_may_be_declined() -> None:
    decline = DeclineExemplar(declined_on=day("2022-06-01"), reason="特色不足")

    ask(nominated(), decline).then(stated(decline, ExemplarDeclined))
    ask(nominated(decline), DESIGNATE).refused("matter.wrong-status")
    ask(nominated(DESIGNATE), decline).refused("matter.wrong-status")


def test_experience_is_shared_by_whoever_is_an_exemplar() -> None:
    place = nominated(DESIGNATE)

    ask(place, SHARE, by="recorder").then(stated(SHARE, ExperienceShared))
    ask(nominated(), SHARE, by="recorder").refused("matter.wrong-status")
    early = SHARE.model_copy(update={"shared_on": day("2022-05-31")})
    ask(place, early, by="recorder").refused("experience.outside-designation")
    itself = SHARE.model_copy(update={"reached": ("a",)})
    ask(place, itself, by="recorder").refused("experience.reaches-itself")
    twice = SHARE.model_copy(update={"reached": ("b", "b")})
    ask(place, twice, by="recorder").refused("experience.community-repeated")


def test_an_exemplar_is_withdrawn_for_a_reason() -> None:
    ask(nominated(DESIGNATE, SHARE), WITHDRAW).then(stated(WITHDRAW, ExemplarWithdrawn))
    ask(nominated(), WITHDRAW).refused("matter.wrong-status")
    early = WITHDRAW.model_copy(update={"withdrawn_on": day("2022-08-31")})
    ask(nominated(DESIGNATE, SHARE), early).refused("experience.outside-designation")


def test_entries_are_corrected_and_annulled() -> None:
    place = nominated(DESIGNATE)
    correct = CorrectExemplarEntry(corrects=1, changes={"title": "红色物业联盟"}, reason="全称")

    assert ask(place, correct).state().opening.title == "红色物业联盟"
    missing = CorrectExemplarEntry(corrects=1, changes={"merits": {"lead": "强"}}, reason="误")
    ask(place, missing).refused("nomination.criteria-missing")
    of_type = CorrectExemplarEntry(corrects=1, changes={"type": OTHER}, reason="误")
    ask(place, of_type).refused("correction.field-fixed")
    assert ask(place, AnnulExemplarEntry(annuls=2, reason="误录")).state().stage() == "nominated"
    ask(place, AnnulExemplarEntry(annuls=1, reason="误录")).refused("annulment.rested-on")


def corrected(version: int, **changes: Any) -> CorrectExemplarEntry:
    return CorrectExemplarEntry(corrects=version, changes=changes, reason="误")


def test_a_corrected_day_is_one_on_which_the_community_was_of_that_type() -> None:
    reclassified = CommunityReclassified(
        proposal="x", type=OTHER, effective_from=day("2022-06-15"), reason="改造"
    )
    place = nominated(DESIGNATE).with_("community:a", reclassified)

    assert ask(place, corrected(1, nominated_on="2022-05-02")).refusal is None
    ask(place, corrected(1, nominated_on="2021-03-30")).refused("classification.missing")
    ask(place, corrected(1, nominated_on="2001-01-01")).refused("lifetime.not-begun")
    assert ask(place, corrected(2, designated_on="2022-06-14")).refusal is None
    ask(place, corrected(2, designated_on="2022-06-15")).refused("exemplar.of-another-type")


def test_shared_experience_is_corrected_to_a_day_on_which_it_could_reach_them() -> None:
    later = registered("乙社区", code=CODE_2, effective_from=day("2022-08-01"))
    place = nominated(DESIGNATE)
    place = Given({**place.histories, "community:b": (later,)}, E).after(
        E, SHARE, by="recorder", person="qian"
    )

    assert ask(place, corrected(3, shared_on="2022-08-02")).refusal is None
    ask(place, corrected(3, shared_on="2022-07-31")).refused("lifetime.not-begun")


def test_a_nomination_of_an_earlier_policy_is_corrected_under_a_later_one() -> None:
    first, *rest = POLICY.exemplars.criteria
    fewer = POLICY.exemplars.model_copy(update={"criteria": tuple(rest)})
    later = POLICY.model_copy(update={"exemplars": fewer})

    assert ask(nominated(), corrected(1, title="全称"), policy=later).refusal is None
    merits = {**MERITS, first.code: "另有材料"}
    ask(nominated(), corrected(1, merits=merits), policy=later).refused(
        "nomination.criterion-unknown"
    )


def test_experience_is_shared_on_one_occasion_once() -> None:
    place = nominated(DESIGNATE).after(E, SHARE, by="recorder", person="qian")

    ask(place, SHARE, by="recorder", person="qian").refused("statement.repeated")
    later = SHARE.model_copy(update={"shared_on": SHARE.shared_on.replace(year=2023)})
    assert ask(place, later, by="recorder", person="qian").refusal is None
