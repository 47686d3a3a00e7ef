"""Partnerships, check-ins, exemplars and honours on a day, as known at a moment."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from domain.checkin.opinion import AskOpinion, GiveOpinion
from domain.checkin.presence import RecordCheckIn, RecordCheckOut
from domain.checkin.service import MakePledge, RecordService, SendFeedback
from domain.exemplar.nomination import (
    DesignateExemplar,
    NominateExemplar,
    ShareExperience,
    WithdrawExemplar,
)
from domain.honour.board import PostOnBoard, RectifyBoardEntry, RemoveBoardEntry
from domain.honour.household import AnnulHonourEntry, HonourHousehold, WithdrawHonour
from domain.kernel.command import Command
from domain.kernel.context import Role
from domain.kernel.policy import built_in
from domain.partnership.agreement import (
    AnnulPartnershipEntry,
    CorrectPartnershipEntry,
    EndAgreement,
    RenewAgreement,
    SignAgreement,
)
from domain.partnership.exchange import AppraisePartner, GiveFeedback, OfferResource, StateNeed
from domain.partnership.project import (
    ClaimProject,
    DeliverProject,
    DropProject,
    EvaluateProject,
    ListProject,
    ReleaseProject,
)
from projections import checkins, exemplars, honours, partnerships
from projections.all import PROJECTIONS
from projections.engine.view import ReadModels, View
from projections.engine.worker import catch_up
from projections.sentences import sentences_in
from record.store.record import Record
from tests.city import SUBDISTRICT, TYPE, acting, classify, enrol, put_on_register, register

POLICY = built_in()["2021"].policy
RATING, _, POOR = (each.code for each in POLICY.partnerships.ratings)
STARS, _ = (each.code for each in POLICY.honours.titles)
_, BLACK = (each.code for each in POLICY.honours.boards)


def day(text: str) -> date:
    return date.fromisoformat(text)


class Told:
    """A record with two communities, and what its read models show."""

    def __init__(self, record: Record, models: ReadModels) -> None:
        self.record, self.models = record, models
        for id, name in (("a", "甲社区"), ("b", "乙社区")):
            self.happen(f"community:{id}", register(name), classify(), by="decider")

    def happen(
        self, stream: str, *commands: Command[Any], by: Role = "recorder", person: str = "li"
    ) -> int:
        """Carry out; the last position. In between the read models catch up, so that pages are
        loaded from their tables."""
        position = 0
        for command in commands:
            enrol(self.record, command)
            receipt = self.record.carry_out(stream, command, by=acting(by, person))
            position = receipt.last_position
            catch_up(self.record.url, PROJECTIONS)
        return position

    def sentences(self, stream: str, view: View) -> list[str]:
        return sentences_in(view, self.record.history(stream), "zh")


@pytest.fixture
def told(record: Record, models: ReadModels) -> Told:
    return Told(record, models)


SIGN = SignAgreement(
    community="a",
    unit="university",
    title="共驻共建",
    signed_on=day("2022-03-01"),
    effective_from=day("2022-03-01"),
    effective_until=day("2023-03-01"),
)
PROJECT: tuple[Command[Any], ...] = (
    ListProject(project="x", title="共用体育馆", listed_on=day("2022-04-01")),
    ClaimProject(project="x", by="unit", claimed_on=day("2022-05-01"), due_on=day("2022-06-01")),
    DeliverProject(project="x", delivered_on=day("2022-07-01"), result="周末开放"),
)


def statuses(found: Iterable[Any]) -> list[tuple[str, str]]:
    return [(each.item, each.status) for each in found]


def test_a_partnership_holds_on_its_days_and_is_found_by_place_and_unit(told: Told) -> None:
    signed = told.happen("partnership:p", SIGN)
    told.happen("partnership:p", EndAgreement(effective_until=day("2022-12-01"), reason="搬迁"))

    with told.models.view() as view:

        def holds(on: str, **where: Any) -> list[bool]:
            found = partnerships.partnerships(
                view, effective=day(on), where=partnerships.Filter(**where)
            )
            return [each.in_force for each in found]

        assert [holds(d) for d in ("2022-02-28", "2022-03-01", "2022-11-30", "2022-12-01")] == [
            [],
            [True],
            [True],
            [False],
        ]
        assert holds("2022-06-01", subdistrict=SUBDISTRICT, unit_name="university", community="a")
        assert not holds("2022-06-01", community="b")
        found = partnerships.partnership(view, "p", effective=day("2022-12-01"))
        assert found is not None
        assert (found.status, found.community_name) == ("ended", "甲社区")
    with told.models.view(known=signed) as view:
        before = partnerships.partnership(view, "p", effective=day("2022-12-15"))
        assert before is not None
        assert (before.in_force, before.in_force_until) == (True, day("2023-03-01"))


def test_a_partnership_ends_on_the_day_that_was_settled_by_then(told: Told) -> None:
    signed = told.happen("partnership:p", SIGN)
    renew = RenewAgreement(
        signed_on=day("2022-09-29"),
        effective_from=day("2023-03-01"),
        effective_until=day("2024-03-01"),
    )
    renewed = told.happen("partnership:p", renew)
    later = RenewAgreement(signed_on=day("2024-01-10"), effective_from=day("2024-04-01"))
    told.happen("partnership:p", later)
    told.happen("partnership:p", EndAgreement(effective_until=day("2024-06-01"), reason="搬迁"))

    def until(on: str, known: int | None = None) -> tuple[bool, str]:
        with told.models.view(known=known) as view:
            found = partnerships.partnership(view, "p", effective=day(on))
        assert found is not None
        return found.in_force, str(found.in_force_until)

    assert until("2022-09-28") == (True, "2023-03-01")
    for on in ("2022-09-29", "2022-10-12", "2023-02-28", "2023-03-01", "2024-02-29"):
        assert until(on) == until(on, renewed) == (True, "2024-03-01")
    assert until("2022-10-12", signed) == (True, "2023-03-01")
    assert until("2024-03-01") == (False, "None")
    assert until("2024-05-31") == (True, "None")  # nobody had ended it by then
    assert until("2024-06-01") == (False, "None")


def test_a_renewal_that_was_signed_late_holds_from_the_day_that_it_says(told: Told) -> None:
    told.happen("partnership:p", SIGN)
    begin, end = day("2023-03-01"), day("2024-03-01")
    renew = RenewAgreement(signed_on=day("2023-03-15"), effective_from=begin, effective_until=end)
    told.happen("partnership:p", renew)

    with told.models.view() as view:
        for on in ("2023-03-01", "2023-03-14", "2023-03-15"):
            found = partnerships.partnership(view, "p", effective=day(on))
            assert found is not None
            assert (found.in_force, found.in_force_until) == (True, end)
        before = partnerships.partnership(view, "p", effective=day("2023-02-28"))
        assert before is not None
        assert before.in_force_until == begin


def test_a_project_is_shown_with_its_status_of_each_day_and_overdue_by_itself(told: Told) -> None:
    told.happen("partnership:p", SIGN, *PROJECT)
    evaluate = EvaluateProject(project="x", evaluated_on=day("2022-07-10"), rating=RATING)
    told.happen("partnership:p", evaluate, person="wang")

    with told.models.view() as view:
        shown = {
            on: [(i.status, i.overdue) for i in partnerships.items(view, effective=day(on))]
            for on in ("2022-03-31", "2022-04-01", "2022-06-01", "2022-06-02", "2022-07-10")
        }
        assert shown == {
            "2022-03-31": [],
            "2022-04-01": [("listed", False)],
            "2022-06-01": [("claimed", False)],
            "2022-06-02": [("claimed", True)],
            "2022-07-10": [("evaluated", False)],
        }
        late = partnerships.items(view, effective=day("2022-06-02"), overdue=True, kind="project")
        assert statuses(late) == [("x", "claimed")]
        assert partnerships.items(view, effective=day("2022-06-02"), status="listed") == []
        sentences = told.sentences("partnership:p", view)
    assert sentences[2] == "2022年5月1日单位方认领项目“共用体育馆”，完成时限：2022年6月1日"
    assert sentences[4] == "2022年7月10日项目“共用体育馆”评价：满意"


def test_a_project_that_was_released_is_nobodys_until_it_is_claimed_again(told: Told) -> None:
    release = ReleaseProject(project="x", released_on=day("2022-05-20"), reason="档期冲突")
    drop = DropProject(project="x", dropped_on=day("2022-05-30"), reason="无人认领")
    told.happen("partnership:p", SIGN, *PROJECT[:2], release, drop)

    with told.models.view() as view:
        shown = [
            (i.status, i.by_side, i.due_on)
            for on in ("2022-05-19", "2022-05-20", "2022-05-30")
            for i in partnerships.items(view, effective=day(on))
        ]
    assert shown == [
        ("claimed", "unit", day("2022-06-01")),
        ("listed", None, None),
        ("dropped", None, None),
    ]


def test_the_four_exchanges_of_a_year_are_counted_in_both_directions(told: Told) -> None:
    told.happen(
        "partnership:p",
        SIGN,
        StateNeed(by="community", description="场地", stated_on=day("2022-04-01")),
        StateNeed(by="unit", description="车位", stated_on=day("2022-04-02")),
        OfferResource(by="unit", description="讲师", offered_on=day("2022-04-03")),
        GiveFeedback(by="community", given_on=day("2022-05-01"), content="好"),
        AppraisePartner(by="unit", appraised_on=day("2022-12-20"), rating=POOR),
        AppraisePartner(by="unit", appraised_on=day("2023-01-20"), rating=RATING),
    )

    with told.models.view() as view:
        assert [
            (each.kind, each.by_side, each.items)
            for each in partnerships.exchanges(view, "p", effective=day("2022-12-31"))
        ] == [
            ("feedback", "community", 1),
            ("mutual-appraisal", "unit", 1),
            ("need", "community", 1),
            ("need", "unit", 1),
            ("resource", "unit", 1),
        ]


def test_lists_go_on_behind_a_key(told: Told) -> None:
    for number in range(3):
        sign = SIGN.model_copy(update={"unit": f"university{number}"})
        told.happen(f"partnership:p{number}", sign, PROJECT[0])

    with told.models.view() as view:
        on = day("2022-06-01")
        first = partnerships.partnerships(view, effective=on, limit=1)
        rest = partnerships.partnerships(
            view, effective=on, after=(first[0].unit_name, first[0].partnership)
        )
        assert [p.partnership for p in (*first, *rest)] == ["p0", "p1", "p2"]
        one = partnerships.items(view, effective=on, limit=1)
        others = partnerships.items(view, effective=on, after=one[0].key)
        assert [i.partnership for i in (*one, *others)] == ["p0", "p1", "p2"]


def test_a_correction_moves_what_it_should_and_its_annulment_brings_it_back(told: Told) -> None:
    told.happen("partnership:p", SIGN, *PROJECT)
    changes: dict[str, Any] = {"due_on": "2022-08-01", "claimed_on": "2022-05-02"}
    before = told.record.head()
    correct = CorrectPartnershipEntry(corrects=3, changes=changes, reason="抄录有误")
    corrected = told.happen("partnership:p", correct)
    told.happen("partnership:p", AnnulPartnershipEntry(annuls=5, reason="更正有误"))

    def due(known: int | None) -> list[tuple[str, date | None]]:
        with told.models.view(known=known) as view:
            found = partnerships.items(view, effective=day("2022-06-15"))
            on_the_day = partnerships.items(view, effective=day("2022-05-01"))
            return [(on_the_day[0].status, each.due_on) for each in found]

    assert due(before) == [("claimed", day("2022-06-01"))]
    assert due(corrected) == [("listed", day("2022-08-01"))]
    assert due(None) == due(before)
    with told.models.view() as view:
        sentences = told.sentences("partnership:p", view)
    assert sentences[4] == (
        "更正第3条（原载：2022年5月1日单位方认领项目“共用体育馆”，完成时限：2022年6月1日）："
        "日期由2022年5月1日改为2022年5月2日、期限由2022年6月1日改为2022年8月1日（抄录有误）。"
    )
    assert sentences[5].startswith("撤销第5条（原载：更正第3条：日期由2022年5月1日改为")


def test_feedback_is_due_in_every_quarter_and_derived_from_the_calendar(told: Told) -> None:
    told.happen(
        "checkin:m",
        RecordCheckIn(
            community="a",
            participant="member",
            unit="bureau",
            person="zhao",
            checked_in_on=day("2022-02-10"),
        ),
        SendFeedback(sent_on=day("2022-04-02"), period_from=day("2022-01-01"), content="好"),
    )

    with told.models.view() as view:

        def quarters(on: str, **more: Any) -> list[tuple[str, str]]:
            found = checkins.feedback(view, "quarter", effective=day(on), **more)
            return [(each.period_from.isoformat(), each.status) for each in found]

        assert quarters("2022-03-31") == [("2022-01-01", "due")]
        assert quarters("2022-04-01") == [("2022-01-01", "overdue"), ("2022-04-01", "due")]
        assert quarters("2022-07-15") == [
            ("2022-01-01", "sent"),
            ("2022-04-01", "overdue"),
            ("2022-07-01", "due"),
        ]
        assert quarters("2022-07-15", status="overdue") == [("2022-04-01", "overdue")]
    told.happen("checkin:m", RecordCheckOut(checked_out_on=day("2022-05-01"), reason="调离"))
    with told.models.view() as view:
        assert len(checkins.feedback(view, "quarter", effective=day("2023-01-01"))) == 2


def test_an_opinion_is_waited_for_until_it_is_given(told: Told) -> None:
    opinion = POLICY.checkins.opinions[0].code
    stay = RecordCheckIn(
        community="a",
        participant="organisation",
        unit="bureau",
        checked_in_on=day("2022-02-10"),
    )
    ask = AskOpinion(opinion="o", about=opinion, subject="评优", asked_on=day("2022-03-01"))
    give = GiveOpinion(opinion="o", given_on=day("2022-03-20"), stance="supports")
    pledge = MakePledge(pledge="p", content="宣讲", pledged_on=day("2022-03-01"))
    serve = RecordService(pledge="p", content="宣讲", served_on=day("2022-03-05"), hours=2)
    told.happen("checkin:m", stay, pledge, serve)
    told.happen("checkin:m", ask, by="reviewer")
    told.happen("checkin:m", give, person="wang")

    with told.models.view() as view:
        waiting = checkins.items(view, effective=day("2022-03-12"), item_status="asked")
        assert [(each.item, each.overdue, each.about) for each in waiting] == [("o", True, opinion)]
        given = checkins.items(view, effective=day("2022-03-20"), kind="opinion")
        assert [(each.status, each.stance) for each in given] == [("given", "supports")]
        services = checkins.items(view, effective=day("2022-03-20"), kind="service")
        assert [each.hours for each in services] == [2]
        where = checkins.Filter(community="a", participant="organisation", status="present")
        assert len(checkins.check_ins(view, effective=day("2022-03-20"), where=where)) == 1
        assert checkins.check_in(view, "m", effective=day("2022-02-09")) is None


def test_exemplars_are_listed_by_type_and_status_with_what_they_shared(told: Told) -> None:
    merits = {each.code: "见材料" for each in POLICY.exemplars.criteria}
    nominate = NominateExemplar(
        community="a", title="红色物业", merits=merits, nominated_on=day("2022-05-01")
    )
    told.happen("exemplar:e", nominate)
    told.happen(
        "exemplar:e", DesignateExemplar(designated_on=day("2022-06-01")), by="arbiter", person="q"
    )
    share = ShareExperience(shared_on=day("2022-09-01"), topic="现场观摩", reached=("b",))
    told.happen("exemplar:e", share)
    withdraw = WithdrawExemplar(withdrawn_on=day("2023-01-01"), reason="成效滑坡")
    told.happen("exemplar:e", withdraw, by="arbiter")

    with told.models.view() as view:

        def on(text: str, **where: Any) -> list[tuple[str, int]]:
            found = exemplars.exemplars(view, effective=day(text), where=exemplars.Filter(**where))
            return [(each.status, each.sharings) for each in found]

        assert on("2022-05-31") == [("nominated", 0)]
        assert on("2022-08-31", type=TYPE, status="designated") == [("designated", 0)]
        assert on("2022-09-01") == [("designated", 1)]
        assert on("2023-01-01", status="designated") == []
        shared = exemplars.sharings(view, "e", effective=day("2022-12-31"))
        assert [(each.topic, each.reached) for each in shared] == [("现场观摩", ("b",))]
        assert "乙社区" in told.sentences("exemplar:e", view)[2]


def test_boards_show_what_stands_on_a_day(told: Told) -> None:
    post = PostOnBoard(
        community="a",
        board=BLACK,
        conduct="楼道堆物",
        legal_basis="《消防法》第二十八条",
        posted_on=day("2022-05-01"),
        posted_until=day("2022-05-31"),
    )
    told.happen("honour:x", post, by="reviewer")
    other = post.model_copy(update={"conduct": "楼道停放电动车"})
    told.happen("honour:y", other, by="reviewer")
    told.happen(
        "honour:y",
        RectifyBoardEntry(rectified_on=day("2022-05-10"), result="已清理"),
        RemoveBoardEntry(removed_on=day("2022-05-12"), reason="已整改"),
        by="reviewer",
    )

    with told.models.view() as view:

        def on(text: str) -> list[tuple[str, str]]:
            found = honours.postings(view, effective=day(text), board=BLACK, in_force=True)
            return [(each.honour, each.status) for each in found]

        assert on("2022-05-01") == [("x", "posted"), ("y", "posted")]
        assert on("2022-05-11") == [("x", "posted"), ("y", "rectified")]
        assert on("2022-05-12") == [("x", "posted")]
        assert on("2022-05-31") == []


def test_titles_are_held_until_they_end_are_withdrawn_or_annulled(told: Told) -> None:
    award = HonourHousehold(
        community="a",
        household="3栋2单元501",
        honour=STARS,
        stars=5,
        awarded_on=day("2022-05-01"),
        held_until=day("2023-05-01"),
    )
    for id, door in {"u": 501, "v": 502, "w": 503}.items():
        each = award.model_copy(update={"household": f"3栋2单元{door}"})
        told.happen(f"honour:{id}", each)
    told.happen("honour:v", WithdrawHonour(withdrawn_on=day("2022-09-01"), reason="违规"))
    known = told.happen("honour:w", AnnulHonourEntry(annuls=1, reason="误录")) - 1

    def held(on: str, known: int | None = None) -> list[str]:
        with told.models.view(known=known) as view:
            found = honours.titles(view, effective=day(on), title=STARS, in_force=True)
            return [each.honour for each in found]

    assert held("2022-06-01") == ["u", "v"]
    assert held("2022-06-01", known) == ["u", "v", "w"]
    assert held("2022-09-01") == ["u"]
    assert held("2023-05-01") == []


def test_what_a_correction_names_has_its_name(told: Told) -> None:
    put_on_register(told.record, {"unit:hospital": "市中心医院"})
    told.happen("partnership:p", SIGN)
    correct = CorrectPartnershipEntry(corrects=1, changes={"unit": "hospital"}, reason="抄录有误")
    told.happen("partnership:p", correct)

    with told.models.view() as view:
        said = told.sentences("partnership:p", view)[1]
    assert "改为市中心医院（抄录有误）" in said
