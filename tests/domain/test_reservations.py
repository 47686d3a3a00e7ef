"""What two officials could record twice is refused to the second: one of a key at a time."""

from typing import Any, NamedTuple

import pytest

from domain.checkin.events import CheckInReserved
from domain.checkin.presence import (
    AnnulCheckInEntry,
    CorrectCheckInEntry,
    RecordCheckIn,
    RecordCheckOut,
)
from domain.council.annulment import AnnulCouncilEntry
from domain.council.events import CouncilReserved
from domain.council.membership import DissolveCouncil, FoundCouncil
from domain.exemplar.events import NominationReserved
from domain.exemplar.nomination import (
    AnnulExemplarEntry,
    CorrectExemplarEntry,
    DeclineExemplar,
    NominateExemplar,
)
from domain.honour.board import PostOnBoard, RemoveBoardEntry
from domain.honour.events import HonourReserved, PostingReserved
from domain.honour.household import (
    AnnulHonourEntry,
    CorrectHonourEntry,
    HonourHousehold,
    WithdrawHonour,
)
from domain.kernel.command import Command
from domain.kernel.event import Event, StreamEvent
from tests.domain.given import CODE_2, POLICY, REGISTERED, Given, Outcome, day, given, registered
from tests.domain.test_exemplar import CLASSIFIED, MERITS, TYPE

STARS, FAMILY = (each.code for each in POLICY.honours.titles)
RED, BLACK = (each.code for each in POLICY.honours.boards)
OWNERS, UNITS = (each.code for each in POLICY.councils)
PARTS = ("checkins", "exemplars", "honours", "work")
# Who may do what is tested elsewhere.
ANYBODY = POLICY.model_copy(
    update={
        name: part.model_copy(
            update={each: ("decider",) for each in vars(part) if each.startswith("may_")}
        )
        for name in PARTS
        if (part := getattr(POLICY, name))
    }
)
BOARDS = tuple(
    board.model_copy(update={"may_post": ("decider",)}) for board in POLICY.honours.boards
)
HONOURS = ANYBODY.honours.model_copy(update={"boards": BOARDS})
BY: dict[str, Any] = {"policy": ANYBODY.model_copy(update={"honours": HONOURS})}

AWARD = HonourHousehold(
    community="a", household="3栋2单元501", honour=STARS, awarded_on=day("2023-05-01")
)
POST = PostOnBoard(
    community="a",
    board=RED,
    place="3栋楼道",
    conduct="义务清理楼道",
    legal_basis="《居民公约》第三条",
    posted_on=day("2023-05-01"),
    posted_until=day("2023-05-31"),
)
ORGANISATION = RecordCheckIn(
    community="a",
    participant="organisation",
    unit="bureau",
    checked_in_on=day("2023-02-10"),
)
MEMBER = RecordCheckIn(
    community="a",
    participant="member",
    unit="bureau",
    person="zhao",
    checked_in_on=day("2023-02-10"),
)
NOMINATE = NominateExemplar(
    community="a", title="红色物业", merits=MERITS, nominated_on=day("2022-05-01")
)
FOUND = FoundCouncil(
    community="a",
    title="多方联席会议",
    council_kind=OWNERS,
    founded_on=day("2023-01-10"),
    members=("school", "bank"),
)


class Case(NamedTuple):
    """What is recorded first, how it is annulled, and how it ends: on its day, no more."""

    stream: str
    first: Command[Any]
    noted: tuple[Event, ...]
    annul: Command[Any]
    end: Command[Any]
    ended: str
    says: str

    @property
    def another(self) -> str:
        """The stream of whoever records it a second time."""
        return f"{self.stream}2"

    def begun(self) -> Given:
        """The first is on record."""
        return place().after(self.stream, self.first, **BY)

    def again(self, at: Given, **changes: Any) -> Outcome:
        """What comes of recording it a second time, by somebody else."""
        second = self.first.model_copy(update=changes)
        return at.at(self.another).when(second, **BY, person="qian")


def place() -> Given:
    """Two communities, one of them classified."""
    return given(REGISTERED, CLASSIFIED).with_("community:b", registered("乙社区", code=CODE_2))


HONOUR = Case(
    "honour:h",
    AWARD,
    (HonourReserved(award="h", community="a", household="3栋2单元501", honour=STARS),),
    AnnulHonourEntry(annuls=1, reason="误录"),
    WithdrawHonour(withdrawn_on=day("2023-09-01"), reason="不再符合条件"),
    "2023-09-01",
    "award.already-held",
)
POSTING = Case(
    "honour:b",
    POST,
    (PostingReserved(posting="b", community="a", board=RED, place="3栋楼道"),),
    AnnulHonourEntry(annuls=1, reason="误录"),
    RemoveBoardEntry(removed_on=day("2023-05-20"), reason="另行张榜"),
    "2023-05-20",
    "posting.already-posted",
)
CHECKIN = Case(
    "checkin:m",
    MEMBER,
    (
        CheckInReserved(
            checkin="m", community="a", participant="member", unit="bureau", person="zhao"
        ),
    ),
    AnnulCheckInEntry(annuls=1, reason="误录"),
    RecordCheckOut(checked_out_on=day("2023-09-01"), reason="调离"),
    "2023-09-01",
    "check-in.already-present",
)
UNIT_CHECKIN = CHECKIN._replace(
    first=ORGANISATION,
    noted=(
        CheckInReserved(
            checkin="m",
            community="a",
            participant="organisation",
            unit="bureau",
        ),
    ),
)
EXEMPLAR = Case(
    "exemplar:e",
    NOMINATE,
    (NominationReserved(exemplar="e", community="a", type=TYPE),),
    AnnulExemplarEntry(annuls=1, reason="误录"),
    DeclineExemplar(declined_on=day("2022-06-01"), reason="材料不足"),
    "2022-06-01",
    "exemplar.already-nominated",
)
COUNCIL = Case(
    "council:j",
    FOUND,
    (CouncilReserved(council="j", community="a", council_kind=OWNERS, title="多方联席会议"),),
    AnnulCouncilEntry(annuls=1, reason="误录"),
    DissolveCouncil(dissolved_on=day("2023-09-01"), reason="合并"),
    "2023-09-01",
    "council.name-taken",
)
CASES = pytest.mark.parametrize(
    "case",
    [HONOUR, POSTING, CHECKIN, UNIT_CHECKIN, EXEMPLAR, COUNCIL],
    ids=["honour", "posting", "member", "organisation", "exemplar", "council"],
)


def day_field(case: Case) -> str:
    """The field of the day on which it begins."""
    names = ("awarded_on", "posted_on", "checked_in_on", "nominated_on", "founded_on")
    return next(name for name in names if name in vars(case.first))


@CASES
def test_what_is_recorded_is_noted_by_what_tells_it_from_others(case: Case) -> None:
    outcome = place().at(case.stream).when(case.first, **BY)

    noted = [e for e in outcome.events if isinstance(e, StreamEvent)]
    assert [e.event for e in noted] == [*case.noted]
    assert len({e.stream for e in noted}) == len(noted)


@CASES
def test_the_same_is_refused_a_second_time_while_the_first_holds(case: Case) -> None:
    case.again(case.begun()).refused(case.says)


@CASES
def test_what_ended_or_was_annulled_makes_room(case: Case) -> None:
    later = {day_field(case): day(case.ended)}
    case.again(case.begun(), **later).refused(case.says)
    over = case.begun().after(case.stream, case.end, **BY, person="qian")
    assert case.again(over, **later).refusal is None
    case.again(over).refused(case.says)
    void = case.begun().after(case.stream, case.annul, **BY)
    assert case.again(void).refusal is None


@CASES
def test_an_end_is_not_annulled_while_the_next_holds(case: Case) -> None:
    over = case.begun().after(case.stream, case.end, **BY, person="qian")
    second = case.first.model_copy(update={day_field(case): day(case.ended)})
    two = over.after(case.another, second, **BY)
    annul = case.annul.model_copy(update={"annuls": 2})
    two.at(case.stream).when(annul, **BY).refused(case.says)
    assert over.at(case.stream).when(annul, **BY).refusal is None


@pytest.mark.parametrize(
    ("case", "changes"),
    [
        (HONOUR, {"household": "3栋2单元502"}),
        (HONOUR, {"honour": FAMILY}),
        (HONOUR, {"community": "b"}),
        (POSTING, {"board": BLACK}),
        (POSTING, {"place": "3栋天台"}),
        (POSTING, {"place": None}),
        (POSTING, {"conduct": "义务清理天台"}),
        (POSTING, {"community": "b"}),
        (CHECKIN, {"person": "qian"}),
        (CHECKIN, {"community": "b"}),
        (CHECKIN, {"participant": "organisation", "person": None}),
        (UNIT_CHECKIN, {"unit": "hospital"}),
        (COUNCIL, {"title": "花园小区联席会议"}),
        (COUNCIL, {"council_kind": UNITS}),
        (COUNCIL, {"community": "b"}),
    ],
    ids=lambda each: each.stream if isinstance(each, Case) else ",".join(each),
)
def test_another_one_has_its_own(case: Case, changes: dict[str, Any]) -> None:
    assert case.again(case.begun(), **changes).refusal is None


@pytest.mark.parametrize(
    ("case", "changes"),
    [
        (HONOUR, {"household": "３栋2单元501"}),
        (POSTING, {"conduct": "义务 清理楼道"}),
        (POSTING, {"posted_on": day("2023-05-30")}),
        (CHECKIN, {"unit": "hospital"}),
        (EXEMPLAR, {"title": "另一题目"}),
        (COUNCIL, {"title": "多方 联席会议"}),
    ],
    ids=lambda each: each.stream if isinstance(each, Case) else ",".join(each),
)
def test_the_same_by_another_writing_is_the_same(case: Case, changes: dict[str, Any]) -> None:
    case.again(case.begun(), **changes).refused(case.says)


def test_a_correction_into_what_another_bears_is_refused() -> None:
    other = AWARD.model_copy(update={"household": "3栋2单元502"})
    two = HONOUR.begun().after("honour:k", other, **BY)
    right = CorrectHonourEntry(corrects=1, changes={"household": "3栋2单元501"}, reason="门牌录错")
    two.at("honour:k").when(right, **BY).refused(HONOUR.says)
    who = MEMBER.model_copy(update={"person": "qian"})
    mended = CorrectCheckInEntry(corrects=1, changes={"person": "zhao"}, reason="编号录错")
    both = CHECKIN.begun().after("checkin:k", who, **BY)
    both.at("checkin:k").when(mended, **BY).refused(CHECKIN.says)


def test_a_nomination_is_not_corrected_to_last_into_the_next() -> None:
    over = EXEMPLAR.begun().after("exemplar:e", EXEMPLAR.end, **BY, person="qian")
    next_one = NOMINATE.model_copy(update={"nominated_on": day("2022-06-01")})
    two = over.after("exemplar:e2", next_one, **BY)
    longer = CorrectExemplarEntry(
        corrects=2, changes={"declined_on": "2022-06-15"}, reason="日期录错"
    )
    two.at("exemplar:e").when(longer, **BY).refused("exemplar.already-nominated")
    assert over.at("exemplar:e").when(longer, **BY).refusal is None


def test_a_correction_of_who_it_is_makes_room_and_its_annulment_takes_it_again() -> None:
    wrong = CorrectHonourEntry(corrects=1, changes={"household": "9栋1单元101"}, reason="录错")
    moved = HONOUR.begun().after("honour:h", wrong, **BY)
    taken = moved.after("honour:k", AWARD, **BY)
    back = AnnulHonourEntry(annuls=2, reason="更正有误")
    taken.at("honour:h").when(back, **BY).refused("award.already-held")


def test_a_posting_that_ran_out_is_posted_anew() -> None:
    again = {"posted_on": day("2023-05-31"), "posted_until": day("2023-06-20")}
    assert POSTING.again(POSTING.begun(), **again).refusal is None


def test_a_correction_into_what_is_posted_already_is_refused() -> None:
    other = POST.model_copy(update={"place": "3栋天台"})
    two = POSTING.begun().after("honour:k", other, **BY)
    for value, part in (("3栋楼道", POSTING.says), (7, "correction.value-malformed")):
        change = CorrectHonourEntry(corrects=1, changes={"place": value}, reason="位置录错")
        two.at("honour:k").when(change, **BY).refused(part)


def test_a_household_bears_a_title_anew_when_its_time_is_over() -> None:
    limited = AWARD.model_copy(update={"held_until": day("2024-01-01")})
    once = place().after("honour:h", limited, **BY)
    HONOUR.again(once, awarded_on=day("2023-12-31")).refused("award.already-held")
    assert HONOUR.again(once, awarded_on=day("2024-01-01")).refusal is None
