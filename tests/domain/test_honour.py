"""Titles of households, and the red and black boards (三(六)1)."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.honour.board import PostOnBoard, RectifyBoardEntry, RemoveBoardEntry
from domain.honour.events import (
    BoardEntryPosted,
    BoardEntryRectified,
    BoardEntryRemoved,
    HonourWithdrawn,
    HouseholdHonoured,
)
from domain.honour.household import (
    AnnulHonourEntry,
    CorrectHonourEntry,
    HonourHousehold,
    WithdrawHonour,
)
from domain.kernel.command import Command
from domain.kernel.event import Event
from domain.kernel.refusal import NotAuthorised
from tests.domain.given import POLICY, REGISTERED, Given, Outcome, day, given

H = "honour:h"
STARS, FAMILY = (each.code for each in POLICY.honours.titles)
RED, BLACK = (each.code for each in POLICY.honours.boards)
AWARD = HonourHousehold(
    community="a", household="3栋2单元501", honour=STARS, stars=5, awarded_on=day("2023-05-01")
)
POST = PostOnBoard(
    community="a",
    board=BLACK,
    place="3栋楼道",
    conduct="楼道堆物，经三次劝告未清理",
    legal_basis="《消防法》第二十八条",
    posted_on=day("2023-05-01"),
    posted_until=day("2023-05-31"),
)
RECTIFY = RectifyBoardEntry(rectified_on=day("2023-05-10"), result="已清理")
REMOVE = RemoveBoardEntry(removed_on=day("2023-05-11"), reason="已整改")


def on_record(*events: Event) -> Given:
    return given(REGISTERED).at(H).with_(H, *events)


def ask(place: Given, command: Command[Any], **circumstances: Any) -> Outcome:
    return place.when(command, **{"by": "reviewer", **circumstances})


def stated(command: Command[Any], kind: type[Event]) -> Event:
    return kind(**{**vars(command), "community": "a"})


AWARDED, POSTED = HouseholdHonoured(**vars(AWARD)), BoardEntryPosted(**vars(POST))
RECTIFIED = stated(RECTIFY, BoardEntryRectified)


def test_a_household_is_awarded_a_title_of_the_policy() -> None:
    ask(on_record(), AWARD).then(AWARDED)
    ask(on_record(), AWARD, by="auditor").refused("role.lacking", NotAuthorised)
    odd = AWARD.model_copy(update={"honour": "best-dressed"})
    ask(on_record(), odd).refused("policy.unknown-code")


@pytest.mark.parametrize("name", ["张三家", "张 3", "", "王"])
def test_a_household_is_named_by_its_door_and_by_nobodys_name(name: str) -> None:
    with pytest.raises(ValidationError):
        HonourHousehold(**{**vars(AWARD), "household": name})


@pytest.mark.parametrize(
    "number",
    [
        "13800138000",
        "电话13800138000",
        "138-0013-8000",
        "51070319900101123X",
        "1３８００１３８０００",
    ],
)
def test_no_number_of_a_telephone_or_an_identity_card_stands_for_a_door(number: str) -> None:
    words = "door.holds-number"

    ask(on_record(), AWARD.model_copy(update={"household": number})).refused(words)
    ask(
        on_record(AWARDED),
        CorrectHonourEntry(corrects=1, changes={"household": number}, reason="误"),
    ).refused(words)
    posting = POST.model_copy(update={"place": number})
    ask(on_record(), posting).refused(words)
    stands = on_record(AWARDED.model_copy(update={"household": number}))
    assert (
        ask(stands, CorrectHonourEntry(corrects=1, changes={"stars": 4}, reason="误")).refusal
        is None
    )
    assert ask(on_record(), AWARD.model_copy(update={"household": "12-3-1203"})).refusal is None


def test_stars_are_as_many_as_the_title_comes_with() -> None:
    titles = tuple(
        each.model_copy(update={"stars_max": 3}) if each.code == STARS else each
        for each in POLICY.honours.titles
    )
    honours = POLICY.honours.model_copy(update={"titles": titles})
    policy = POLICY.model_copy(update={"honours": honours})
    ask(on_record(), AWARD, policy=policy).refused("award.too-many-stars")
    ask(on_record(), AWARD.model_copy(update={"honour": FAMILY})).refused("award.without-stars")
    plain = AWARD.model_copy(update={"honour": FAMILY, "stars": None})
    ask(on_record(), plain).then(HouseholdHonoured(**vars(plain)))


def test_a_title_ends_after_it_begins_and_can_be_withdrawn() -> None:
    wrong = AWARD.model_copy(update={"held_until": day("2023-05-01")})
    withdraw = WithdrawHonour(withdrawn_on=day("2023-09-01"), reason="不再符合条件")

    ask(on_record(), wrong).refused("period.empty")
    ask(on_record(AWARDED), withdraw).then(stated(withdraw, HonourWithdrawn))
    ask(on_record(POSTED), withdraw).refused("matter.wrong-status")
    early = withdraw.model_copy(update={"withdrawn_on": day("2023-04-30")})
    ask(on_record(AWARDED), early).refused("step.before-previous")


def test_a_black_board_entry_needs_a_legal_basis_and_an_end() -> None:
    ask(on_record(), POST).then(POSTED)
    baseless = POST.model_copy(update={"legal_basis": None})
    ask(on_record(), baseless).refused("posting.without-legal-basis")
    endless = POST.model_copy(update={"posted_until": None})
    ask(on_record(), endless).refused("posting.without-end")
    long = POST.model_copy(update={"posted_until": day("2023-06-01")})
    ask(on_record(), long).irregular("posting.too-long")
    ask(on_record(), POST, by="recorder").refused("role.lacking", NotAuthorised)


def test_a_red_board_entry_needs_neither() -> None:
    praise = PostOnBoard(
        community="a", board=RED, conduct="义务清理楼道", posted_on=day("2023-05-01")
    )

    ask(on_record(), praise, by="recorder").then(BoardEntryPosted(**vars(praise)))
    posted = on_record(BoardEntryPosted(**vars(praise)))
    ask(posted, RECTIFY, by="recorder").refused("posting.not-rectifiable")


def test_an_entry_is_rectified_and_removed() -> None:
    ask(on_record(POSTED), RECTIFY).then(RECTIFIED)
    ask(on_record(POSTED, RECTIFIED), RECTIFY).refused("matter.wrong-status")
    removed = stated(REMOVE, BoardEntryRemoved)
    ask(on_record(POSTED, RECTIFIED), REMOVE).then(removed)
    ask(on_record(POSTED), REMOVE).then(removed)
    ask(on_record(POSTED, removed), REMOVE).refused("matter.wrong-status")
    ask(on_record(AWARDED), REMOVE).refused("matter.wrong-status")


def test_what_has_run_out_is_neither_withdrawn_nor_removed() -> None:
    limited = AWARDED.model_copy(update={"held_until": day("2023-09-01")})

    def withdraw(on: str) -> WithdrawHonour:
        return WithdrawHonour(withdrawn_on=day(on), reason="不再符合条件")

    def remove(on: str) -> RemoveBoardEntry:
        return RemoveBoardEntry(removed_on=day(on), reason="已整改")

    assert ask(on_record(limited), withdraw("2023-08-31")).refusal is None
    ask(on_record(limited), withdraw("2023-09-01")).refused("step.after-own-end")
    assert ask(on_record(POSTED), remove("2023-05-30")).refusal is None
    ask(on_record(POSTED), remove("2023-05-31")).refused("step.after-own-end")


def test_an_early_end_is_not_corrected_past_the_own_end_nor_that_before_it() -> None:
    def correct(version: int, **changes: Any) -> CorrectHonourEntry:
        return CorrectHonourEntry(corrects=version, changes=changes, reason="误")

    removed = on_record(POSTED, stated(REMOVE, BoardEntryRemoved))
    assert ask(removed, correct(2, removed_on="2023-05-30")).refusal is None
    ask(removed, correct(2, removed_on="2023-06-02")).refused("step.after-own-end")
    ask(removed, correct(1, posted_until="2023-05-11")).refused("step.after-own-end")
    assert ask(removed, correct(1, posted_until="2023-05-12")).refusal is None


def test_what_was_put_right_after_the_posting_ended_is_recorded_all_the_same() -> None:
    late = RectifyBoardEntry(rectified_on=day("2023-06-20"), result="已清理")

    ask(on_record(POSTED), late).then(stated(late, BoardEntryRectified))


def test_a_corrected_posting_keeps_to_its_boards_rules() -> None:
    def correct(**changes: Any) -> CorrectHonourEntry:
        return CorrectHonourEntry(corrects=1, changes=changes, reason="误")

    ask(on_record(POSTED), correct(legal_basis=None)).refused("posting.without-legal-basis")
    ask(on_record(POSTED), correct(posted_until="2024-01-01")).irregular("posting.too-long")
    ask(on_record(POSTED), correct(conduct="堆物"), by="recorder").refused(
        "role.lacking", NotAuthorised
    )
    state = ask(on_record(POSTED), correct(conduct="楼道堆物")).state()
    assert state.opening.conduct == "楼道堆物"


def test_a_mistaken_posting_is_annulled() -> None:
    annul = AnnulHonourEntry(annuls=1, reason="误贴")

    assert ask(on_record(POSTED), annul).state().stated == ()
    ask(on_record(POSTED, RECTIFIED), annul).refused("annulment.rested-on")


def test_an_award_or_a_posting_is_corrected_to_a_day_on_which_its_community_stands() -> None:
    def correct(**changes: Any) -> CorrectHonourEntry:
        return CorrectHonourEntry(corrects=1, changes=changes, reason="误")

    moved = correct(posted_on="2017-12-01", posted_until="2017-12-20")
    ask(on_record(POSTED), moved).refused("lifetime.not-begun")
    ask(on_record(AWARDED), correct(awarded_on="2017-12-01")).refused("lifetime.not-begun")
    assert ask(on_record(AWARDED), correct(household="3栋2单元502")).refusal is None
