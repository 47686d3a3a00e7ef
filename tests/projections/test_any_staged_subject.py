"""Whatever is asked of a partnership or a check-in, in whatever order: it is refused, or everything
that stands still agrees, and pages loaded from their tables go on as if never out of memory."""

from datetime import date
from typing import Any

from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from domain.catalogue import subject
from domain.checkin.opinion import AskOpinion, GiveOpinion
from domain.checkin.presence import (
    AnnulCheckInEntry,
    CorrectCheckInEntry,
    RecordCheckIn,
    RecordCheckOut,
)
from domain.checkin.service import FulfilPledge, MakePledge, RecordService, SendFeedback
from domain.kernel.command import Command
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import kind_of
from domain.kernel.staged_subject import StagedSubject
from domain.partnership.agreement import (
    AnnulPartnershipEntry,
    CorrectPartnershipEntry,
    EndAgreement,
    RenewAgreement,
    SignAgreement,
)
from domain.partnership.exchange import AppraisePartner, CloseNeed, GiveFeedback, StateNeed
from domain.partnership.project import (
    ClaimProject,
    DeliverProject,
    DropProject,
    EvaluateProject,
    ListProject,
    ReleaseProject,
)
from projections.checkins import Checkins
from projections.engine.fold import Fold
from projections.engine.staged_subjects import StagedSubjects
from projections.partnerships import Partnerships
from tests.domain.given import POLICY, REGISTERED, given
from tests.projections.sequences import entries_of
from tests.projections.test_fold import forget

DAYS = st.sampled_from([date(2022, month, 1) for month in range(1, 13)])
ENDS = st.none() | DAYS
ENTRIES = st.integers(1, 12)
IDS = st.sampled_from(["x", "y"])
SIDES = st.sampled_from(["community", "unit"])
TEXTS = st.sampled_from(["甲", "乙"])
RATINGS = st.sampled_from([each.code for each in POLICY.partnerships.ratings])
CHANGES = st.dictionaries(
    st.sampled_from(
        ["stated_on", "claimed_on", "pledged_on", "effective_until", "unit", "content"]
    ),
    st.sampled_from(["2022-02-01", "2022-08-01", None]),
    min_size=3,
    max_size=6,
)


def stated(command: type[Command[Any]], **fields: Any) -> st.SearchStrategy[Command[Any]]:
    return st.builds(command, **fields)


OF_PARTNERS = st.one_of(
    stated(
        SignAgreement,
        community=st.just("a"),
        unit=st.sampled_from(["university", "hospital"]),
        title=TEXTS,
        signed_on=DAYS,
        effective_from=DAYS,
        effective_until=ENDS,
    ),
    stated(RenewAgreement, signed_on=DAYS, effective_from=DAYS, effective_until=ENDS),
    stated(EndAgreement, effective_until=DAYS, reason=TEXTS),
    stated(StateNeed, need=IDS, by=SIDES, description=TEXTS, stated_on=DAYS),
    stated(CloseNeed, need=IDS, closed_on=DAYS, met=st.booleans(), result=TEXTS),
    stated(ListProject, project=IDS, need=st.none() | IDS, title=TEXTS, listed_on=DAYS),
    stated(ClaimProject, project=IDS, by=SIDES, claimed_on=DAYS, due_on=DAYS),
    stated(ReleaseProject, project=IDS, released_on=DAYS, reason=TEXTS),
    stated(DeliverProject, project=IDS, delivered_on=DAYS, result=TEXTS),
    stated(EvaluateProject, project=IDS, evaluated_on=DAYS, rating=RATINGS),
    stated(DropProject, project=IDS, dropped_on=DAYS, reason=TEXTS),
    stated(GiveFeedback, by=SIDES, given_on=DAYS, content=TEXTS),
    stated(AppraisePartner, by=SIDES, appraised_on=DAYS, rating=RATINGS),
    stated(CorrectPartnershipEntry, corrects=ENTRIES, changes=CHANGES, reason=TEXTS),
    stated(AnnulPartnershipEntry, annuls=ENTRIES, reason=TEXTS),
)
OF_THOSE_WHO_CHECKED_IN = st.one_of(
    stated(
        RecordCheckIn,
        community=st.just("a"),
        participant=st.just("organisation"),
        unit=st.sampled_from(["university", "hospital"]),
        person=st.none(),
        checked_in_on=DAYS,
    ),
    stated(RecordCheckOut, checked_out_on=DAYS, reason=TEXTS),
    stated(MakePledge, pledge=IDS, content=TEXTS, pledged_on=DAYS, due_on=ENDS),
    stated(FulfilPledge, pledge=IDS, fulfilled_on=DAYS, result=TEXTS),
    stated(RecordService, pledge=st.none() | IDS, content=TEXTS, served_on=DAYS),
    stated(SendFeedback, sent_on=DAYS, period_from=DAYS, content=TEXTS),
    stated(
        AskOpinion,
        opinion=IDS,
        about=st.just(POLICY.checkins.opinions[0].code),
        subject=TEXTS,
        asked_on=DAYS,
    ),
    stated(GiveOpinion, opinion=IDS, given_on=DAYS, stance=st.just("supports")),
    stated(CorrectCheckInEntry, corrects=ENTRIES, changes=CHANGES, reason=TEXTS),
    stated(AnnulCheckInEntry, annuls=ENTRIES, reason=TEXTS),
)
ROLES = ("recorder",)
ANYBODY = POLICY.model_copy(
    update={"checkins": POLICY.checkins.model_copy(update={"may_ask": ROLES})}
)


def fitting(command: Command[Any], state: StagedSubject[Any]) -> Command[Any]:
    """The command with the entry that it names brought among those that stand, and its changes
    among the fields of that entry."""
    for name in ("corrects", "annuls"):
        if state.stated and name in vars(command):
            entry = state.stated[vars(command)[name] % len(state.stated)]
            command = command.model_copy(update={name: entry.version})
            if "changes" in vars(command):
                fields = type(entry.event).model_fields
                fits = {k: v for k, v in vars(command)["changes"].items() if k in fields}
                command = command.model_copy(update={"changes": fits or {"reason": "丙"}})
    return command


def held(stream: str, asked: list[Command[Any]]) -> list[Event]:
    """What follows from these commands, each asked by another person; all that stands agrees."""
    place = given(REGISTERED).at(stream)
    happened: list[Event] = []
    for number, command in enumerate(asked):
        state = subject(stream).fold(happened)
        assert isinstance(state, StagedSubject)
        command = fitting(command, state)
        outcome = place.when(command, by="recorder", person=f"p{number}", policy=ANYBODY)
        if outcome.refusal:
            assert outcome.refusal.words.en.endswith("."), outcome.refusal.words.en
            assert outcome.refusal.words.zh.endswith("。")
            continue
        for event in outcome.events:
            if isinstance(event, StreamEvent):  # a reservation
                assert kind_of(event.stream) in ("pairing", "reservation")
                place = place.with_(event.stream, event.event)
                continue
            place = place.with_(stream, event)
            happened.append(event)
        outcome.state().require_sound()
    return happened


def pages_are_the_same(projection: StagedSubjects, stream: str, happened: list[Event]) -> None:
    """A page that forgets what it computed after each entry is the page that never did."""
    key = stream.partition(":")[2]
    kept, loaded = Fold(projection), Fold(projection)
    for entry in entries_of([[(stream, event)] for event in happened]):
        forget(loaded)
        kept.apply(entry)
        loaded.apply(entry)
        for kind in projection.kinds:
            assert set(kept.pages[key].of(kind)) == set(loaded.pages[key].of(kind))
    assert subject(stream).fold(happened).version == len(happened)


@settings(max_examples=150, deadline=None)
@any_of(st.lists(OF_PARTNERS, min_size=5, max_size=30))
def test_any_sequence_about_a_partnership_is_refused_or_agrees(asked: list[Command[Any]]) -> None:
    sign = SignAgreement(
        community="a",
        unit="university",
        title="共建",
        signed_on=date(2022, 1, 1),
        effective_from=date(2022, 1, 1),
    )

    happened = held("partnership:p", [sign, *asked])

    pages_are_the_same(Partnerships(), "partnership:p", happened)


@settings(max_examples=150, deadline=None)
@any_of(st.lists(OF_THOSE_WHO_CHECKED_IN, min_size=5, max_size=30))
def test_any_sequence_about_a_check_in_is_refused_or_agrees(asked: list[Command[Any]]) -> None:
    stay = RecordCheckIn(
        community="a",
        participant="organisation",
        unit="bureau",
        checked_in_on=date(2022, 1, 1),
    )

    happened = held("checkin:m", [stay, *asked])

    pages_are_the_same(Checkins(), "checkin:m", happened)
