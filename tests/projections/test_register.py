"""The register on a day, as known at a moment: late, early, mistaken and void entries."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from domain.classification.classification import (
    AnnulClassification,
    CorrectClassification,
    RepealClassification,
)
from domain.classification.reclassification import ProposeReclassification
from domain.community.corrections import AnnulEntry, CorrectName, CorrectRegistration
from domain.community.events import (
    ReclassificationEndorsed,
    ReclassificationProposed,
    ReclassificationReturned,
    ReclassificationRevised,
)
from domain.community.identity import RecodeCommunity
from domain.community.lineage import AbolishCommunity
from domain.jurisdiction.tree import RenameJurisdiction
from domain.kernel.command import Command
from domain.kernel.event import Event
from projections import worklist
from projections.all import PROJECTIONS
from projections.engine.fold import Fold
from projections.engine.view import ReadModels
from projections.engine.worker import catch_up
from projections.figures import figures
from projections.figures.derived import Asked
from projections.figures.statistics import counts
from projections.figures.titles import FIGURES
from projections.register import CommunityView, community, periods, reasons
from projections.timeline import history
from record.store.record import CHINA, Record
from tests.city import LI, SUBDISTRICT, TYPE, TYPE_2, classify, register, rename
from tests.projections.sequences import entry_of
from tests.projections.work import NEW, POLICY, Do, classified, reclassify

A = "community:a"
WHY = "登记有误"


class Register:
    """What the register says of the community, by day and by moment of knowledge."""

    def __init__(self, record: Record, models: ReadModels) -> None:
        self.record, self.models = record, models
        self.moments: list[int] = []

    def after(self, command: Command[Any], stream: str = A) -> int:
        """Carry out; answers with the position, which is the moment of this knowledge."""
        receipt = self.record.carry_out(stream, command, by=LI)
        catch_up(self.record.url, PROJECTIONS)
        return receipt.last_position

    def on(self, day: str, known: int | None = None) -> CommunityView | None:
        with self.models.view(known=known) as view:
            return community(view, "a", effective=date.fromisoformat(day))

    def name(self, day: str, known: int | None = None) -> str | None:
        found = self.on(day, known)
        return found.name if found else None

    def type(self, day: str, known: int | None = None) -> str | None:
        found = self.on(day, known)
        return found.type if found else None


@pytest.fixture
def shown(record: Record, models: ReadModels) -> Register:
    return Register(record, models)


def test_a_back_dated_change_holds_from_its_day_but_was_not_known_before(shown: Register) -> None:
    shown.after(register("甲社区", "510703001001"))
    before = shown.after(rename("丙社区", date(2022, 1, 1)))

    now = shown.after(rename("乙社区", date(2020, 1, 1)))

    days = ("2019-12-31", "2020-01-01", "2021-12-31", "2022-01-01")
    assert [shown.name(day) for day in days] == ["甲社区", "乙社区", "乙社区", "丙社区"]
    assert [shown.name(day, before) for day in days] == ["甲社区"] * 3 + ["丙社区"]
    assert [shown.name(day, now) for day in days] == [shown.name(day) for day in days]


def test_a_future_dated_change_is_known_now_and_holds_later(shown: Register) -> None:
    before = shown.after(register("甲社区"))

    day = date(datetime.now(CHINA).year + 5, 1, 1)
    shown.after(rename("乙社区", day))

    eve = (day - timedelta(days=1)).isoformat()
    assert (shown.name(eve), shown.name(day.isoformat())) == ("甲社区", "乙社区")
    assert shown.name(day.isoformat(), before) == "甲社区"
    found = shown.on("2024-01-01")
    assert found is not None
    assert found.effective_until == day


def test_what_was_corrected_was_never_true_but_was_once_believed(shown: Register) -> None:
    believed = shown.after(register("甲社區"))

    shown.after(CorrectName(corrects=1, name="甲社区", effective_from=date(2018, 1, 1), reason=WHY))

    assert shown.name("2019-01-01") == "甲社区"
    assert shown.name("2019-01-01", believed) == "甲社區"
    with shown.models.view() as view:
        assert len(periods(view, "a")) == 1


def test_an_annulled_classification_is_void_from_the_start(shown: Register) -> None:
    shown.after(register())
    believed = shown.after(classify(TYPE, date(2021, 3, 31)))

    shown.after(AnnulClassification(annuls=2, reason=WHY))

    assert shown.type("2021-12-31") is None
    assert shown.type("2021-12-31", believed) == TYPE
    shown.after(classify(TYPE_2, date(2021, 3, 31)))
    assert shown.type("2021-12-31") == TYPE_2


def test_a_repealed_classification_ends_on_its_day_and_was_valid_until_then(
    shown: Register,
) -> None:
    shown.after(register())
    believed = shown.after(classify(TYPE, date(2021, 3, 31)))

    shown.after(RepealClassification(repeals=2, effective_until=date(2023, 1, 1), reason=WHY))

    days = ("2021-03-30", "2021-03-31", "2022-12-31", "2023-01-01")
    assert [shown.type(day) for day in days] == [None, TYPE, TYPE, None]
    assert shown.type("2023-01-01", believed) == TYPE


def test_annulling_a_correction_brings_back_what_it_corrected(shown: Register) -> None:
    shown.after(register())
    shown.after(classify(TYPE, date(2021, 3, 31)))
    corrected = shown.after(
        CorrectClassification(corrects=2, type=TYPE_2, effective_from=date(2021, 3, 1), reason=WHY)
    )

    shown.after(AnnulClassification(annuls=3, reason=WHY))

    assert [shown.type(day) for day in ("2021-03-15", "2021-06-01")] == [None, TYPE]
    assert shown.type("2021-03-15", corrected) == TYPE_2


def test_a_corrected_registration_moves_all_that_it_stated(shown: Register) -> None:
    believed = shown.after(register("甲社区", "510703001001"))

    shown.after(CorrectRegistration(corrects=1, effective_from=date(2015, 5, 1), reason=WHY))

    assert shown.on("2015-04-30") is None
    found = shown.on("2015-05-01")
    assert found is not None
    assert (found.name, found.code, found.subdistrict) == ("甲社区", "510703001001", SUBDISTRICT)
    assert shown.on("2016-01-01", believed) is None


def test_an_annulled_registration_leaves_nothing_on_any_day(shown: Register) -> None:
    believed = shown.after(register("甲社区", "510703001001"))

    shown.after(AnnulEntry(annuls=1, reason=WHY))

    assert shown.on("2024-01-01") is None
    assert shown.name("2024-01-01", believed) == "甲社区"


def test_an_abolished_community_is_still_shown_but_not_counted(shown: Register) -> None:
    shown.after(register())
    believed = shown.after(classify())
    shown.after(AbolishCommunity(effective_from=date(2022, 7, 1)))

    found = shown.on("2022-07-01")
    assert found is not None
    assert found.status == "abolished"

    def counted(day: str, known: int | None = None) -> list[tuple[str | None, int]]:
        with shown.models.view(known=known) as view:
            found = counts(view, effective=date.fromisoformat(day))
            return [(each.type, each.communities) for each in found]

    assert counted("2020-01-01") == [(None, 1)]
    assert counted("2022-06-30") == [(TYPE, 1)]
    assert counted("2022-07-01") == []
    assert counted("2022-07-01", believed) == [(TYPE, 1)]


def test_a_place_is_called_what_it_was_called_on_the_day(shown: Register) -> None:
    shown.after(register())
    shown.after(
        RenameJurisdiction(name="临江街道", effective_from=date(2020, 1, 1)),
        f"jurisdiction:{SUBDISTRICT}",
    )

    found = [shown.on(day) for day in ("2019-12-31", "2020-01-01")]

    assert [each and each.subdistrict_name for each in found] == ["城厢街道", "临江街道"]
    assert [each and each.district_name for each in found] == ["涪城区", "涪城区"]


def test_a_recycled_code_is_the_right_community_s_on_each_day(
    shown: Register, models: ReadModels
) -> None:
    code = "510703001001"
    shown.after(register("甲社区", code))
    shown.after(RecodeCommunity(code=None, effective_from=date(2020, 6, 30)))
    shown.after(register("乙社区", code, effective_from=date(2020, 6, 30)), "community:b")

    with models.view() as view:
        bearers = [
            [
                each.name
                for id in "ab"
                if (each := community(view, id, effective=day)) and each.code == code
            ]
            for day in (date(2020, 6, 29), date(2020, 6, 30))
        ]

    assert bearers == [["甲社区"], ["乙社区"]]


def test_every_value_says_since_when_and_by_which_entry(shown: Register) -> None:
    first = shown.after(register("甲社区"))
    second = shown.after(rename("乙社区", date(2020, 1, 1)))

    with shown.models.view() as view:
        found = {each.attribute: each for each in reasons(view, "a", effective=date(2024, 1, 1))}

    name, status = found["name"], found["status"]
    assert (name.value, name.effective_from, name.version, name.position) == (
        "乙社区",
        date(2020, 1, 1),
        2,
        second,
    )
    assert (status.value, status.position) == ("active", first)


def test_a_history_marks_what_was_made_void_and_leaves_out_code_claims(shown: Register) -> None:
    shown.after(register("甲社區", "510703001001"))
    shown.after(CorrectName(corrects=1, name="甲社区", effective_from=date(2018, 1, 1), reason=WHY))

    with shown.models.view() as view:
        told = history(view, A)

    assert [each.entry.name for each in told] == ["CommunityRegistered", "NameCorrected"]
    assert [each.marks for each in told] == [(("corrects", 2),), ()]


def test_a_history_marks_nothing_by_a_correction_that_was_itself_annulled(shown: Register) -> None:
    shown.after(register("甲社区"))
    corrected = CorrectName(corrects=1, name="乙社区", effective_from=date(2018, 1, 1), reason=WHY)
    believed = shown.after(corrected)

    shown.after(AnnulEntry(annuls=2, reason=WHY))

    assert shown.name("2024-01-01") == "甲社区"
    with shown.models.view() as view:
        assert [each.marks for each in history(view, A)] == [(), (("annuls", 3),), ()]
    with shown.models.view(known=believed) as view:
        assert [each.marks for each in history(view, A)] == [(("corrects", 2),), ()]


def test_the_proposal_of_an_annulled_reclassification_is_annulled_with_it(
    do: Do, show: Any
) -> None:
    classified(do)
    reclassify(do, "2022-01-01")
    believed = do("community:a", rename("乙社区"))
    at = do("community:a", AnnulClassification(annuls=5, reason=WHY))

    (before,) = show(worklist.proposals, "a", effective=date.max, known=believed)
    (after,) = show(worklist.proposals, "a", effective=date.max)

    assert (before.status, after.status, after.position) == ("approved", "annulled", at)


def test_a_proposal_is_on_each_day_where_the_steps_recorded_by_then_brought_it() -> None:
    day = date(2024, 3, 1)
    proposed: dict[str, Any] = {"type": TYPE_2, "effective_from": date(2024, 1, 1), "reason": WHY}
    said: list[Event] = [
        ReclassificationProposed(proposal="p1", origin="community", proposed_by="wang", **proposed),
        ReclassificationReturned(proposal="p1", reason=WHY),
        ReclassificationRevised(
            proposal="p1", revised_by="wang", **{**proposed, "reason": "已改造"}
        ),
        ReclassificationEndorsed(proposal="p1"),
    ]
    fold = Fold(worklist.Worklist())
    for number, event in enumerate(said):
        at = datetime.combine(day + timedelta(days=number // 2 * 10), time(), CHINA)
        fold.apply(entry_of(event, A, number + 1, at))

    rows = (row for row, _ in fold.changes[worklist.ProposalStep].begun())
    assert [
        (row.status, row.reason, row.recorded_from.day, row.recorded_until) for row in rows
    ] == [
        ("proposed", WHY, 1, day),
        ("returned", WHY, 1, date(2024, 3, 11)),
        ("proposed", "已改造", 11, date(2024, 3, 11)),
        ("endorsed", "已改造", 11, None),
    ]


def test_what_waits_is_what_waited_on_the_asked_day(do: Do, show: Any) -> None:
    classified(do)
    propose = ProposeReclassification(
        proposal="p1",
        type=NEW.code,
        effective_from=date(2022, 1, 1),
        reason=WHY,
        origin="community",
    )
    do(A, propose, "recorder", "wang")
    today = datetime.now(CHINA).date()

    def waiting(day: date) -> list[str | None]:
        found = show(worklist.waiting, POLICY, effective=day)
        listed = show(worklist.proposals, "a", effective=day)
        lines = show(figures.lines, FIGURES["proposals-waiting"], Asked(POLICY, day))
        assert len(listed) == len(lines) == len(found)
        return [each.proposal.status for each in found]

    assert waiting(today - timedelta(days=2)) == []
    assert waiting(today) == ["proposed"]
