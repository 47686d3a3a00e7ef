"""Councils, their sessions, minutes and resolutions, as of any day."""

from datetime import datetime
from typing import Any

from domain.classification.classification import ClassifyCommunity
from domain.community.lineage import AbolishCommunity, RestoreCommunity
from domain.council.annulment import AnnulCouncilEntry
from domain.council.membership import AnnulMembership, DissolveCouncil, JoinCouncil, LeaveCouncil
from domain.council.minutes import AdoptResolution, AmendMinutes, AnnulResolution, RecordMinutes
from domain.council.sessions import CancelSession, CorrectSession, HoldSession
from domain.task.events import Assignment
from projections import councils, lacking_councils, minutes, tasks
from projections.figures import figures
from projections.figures.derived import Asked
from projections.figures.titles import FIGURES
from projections.sentences import sentences_in
from projections.timeline import history
from record.store.record import CHINA
from tests.city import register
from tests.projections.work import KIND, POLICY, WHY, Do, convene, council, day, hold


def test_a_quarter_without_a_session_is_missed_from_its_end_on(do: Do, show: Any) -> None:
    council(do)
    convene(do, "q1", "2023-03-01", "2023-03-10")
    hold(do, "q1", "2023-03-10")

    def missed(text: str) -> list[str]:
        (found,) = show(councils.owing, effective=day(text))
        return [each.period_from.isoformat() for each in found.missed]

    assert missed("2023-06-30") == []
    assert missed("2023-07-01") == ["2023-04-01"]
    assert missed("2023-12-31") == ["2023-04-01", "2023-07-01"]
    assert show(councils.owing, effective=day("2022-12-31")) == []
    assert show(councils.owing, effective=day("2023-06-30"), missed=True) == []
    assert len(show(councils.owing, effective=day("2023-07-01"), missed=True)) == 1


def test_the_agenda_is_told_before_the_session_however_late_both_were_recorded(
    do: Do, show: Any
) -> None:
    council(do)
    convene(do, "q1", "2023-03-01", "2023-03-10")
    hold(do, "q1", "2023-03-10")
    convene(do, "q2", "2023-05-01", "2023-06-10")

    told = show(history, "council:j1")
    days = [(each.entry.name, each.effective_on.isoformat()) for each in told[:4]]
    assert days == [
        ("CouncilFounded", "2023-01-01"),
        ("SessionConvened", "2023-03-01"),
        ("AgendaSet", "2023-03-10"),
        ("SessionHeld", "2023-03-10"),
    ]
    assert told[-1].entry.name == "AgendaSet"  # nothing follows: told when it was recorded
    assert told[-1].effective_on > day("2023-06-10")
    assert len(show(history, "council:j1", until=day("2023-03-09"))) == 2
    assert (
        show(history, "council:j1", after=(told[2].effective_on, told[2].entry.position))
        == (told[3:])
    )


def test_the_council_of_a_community_that_ended_owes_nothing_more(do: Do, show: Any) -> None:
    council(do)
    do("community:a", AbolishCommunity(effective_from=day("2023-08-15")))

    def missed(text: str) -> list[str]:
        (found,) = show(councils.owing, effective=day(text))
        return [each.period_from.isoformat() for each in found.missed]

    assert missed("2023-07-01") == ["2023-01-01", "2023-04-01"]
    assert show(councils.owing, effective=day("2024-01-01")) == []
    (found,) = show(councils.owing, effective=day("2024-01-01"), missed=True)
    assert [each.period_from.isoformat() for each in found.missed] == ["2023-01-01", "2023-04-01"]
    assert found.council.community_ended_on == day("2023-08-15")


def test_a_council_misses_no_quarter_in_which_its_community_did_not_exist(
    do: Do, show: Any
) -> None:
    council(do)
    do("community:a", AbolishCommunity(effective_from=day("2023-03-15")))
    do("community:a", RestoreCommunity(code=None, effective_from=day("2023-09-10")))

    (found,) = show(councils.owing, effective=day("2024-01-01"))

    assert [each.period_from.isoformat() for each in found.due] == ["2023-10-01", "2024-01-01"]
    assert [each.period_from.isoformat() for each in found.missed] == ["2023-10-01"]


def test_the_calendar_shows_what_was_so_on_a_day(do: Do, show: Any) -> None:
    council(do)
    convene(do, "q1", "2023-03-01", "2023-03-10")
    hold(do, "q1", "2023-03-12", present=("school",), excused=("bank",), observers=("街道办",))
    convene(do, "q2", "2023-05-01", "2023-05-10")
    cancel = CancelSession(session="q2", cancelled_on=day("2023-05-04"), reason=WHY)
    do("council:j1", cancel, "recorder")

    def calendar(text: str, **asked: Any) -> list[tuple[str, str, str]]:
        found = show(councils.sessions, effective=day(text), **asked)
        return [(each.session, each.day.isoformat(), each.status) for each in found]

    assert calendar("2023-03-05") == [("q1", "2023-03-10", "convened")]
    assert calendar("2023-05-02") == [
        ("q1", "2023-03-12", "held"),
        ("q2", "2023-05-10", "convened"),
    ]
    assert calendar("2023-06-01", begin=day("2023-05-01")) == [("q2", "2023-05-10", "cancelled")]
    assert calendar("2023-06-01", end=day("2023-05-01")) == [("q1", "2023-03-12", "held")]
    assert calendar("2023-06-01", after=(day("2023-03-12"), "j1/q1")) == [
        ("q2", "2023-05-10", "cancelled")
    ]
    assert calendar("2023-06-01", where=councils.Filter(district="elsewhere")) == []
    (held,) = show(councils.sessions, effective=day("2023-04-01"), session="q1")
    assert [[each.member for each in who] for who in (held.present, held.excused)] == [
        ["school"],
        ["bank"],
    ]
    assert held.observers == ["街道办"]


def test_members_come_and_go(do: Do, show: Any) -> None:
    council(do)
    join = JoinCouncil(member="clinic", joined_on=day("2023-02-01"))
    do("council:j1", join, "recorder")
    leave = LeaveCouncil(member="bank", left_on=day("2023-06-01"), reason="迁出")
    believed = do("council:j1", leave, "recorder")
    do("council:j1", AnnulMembership(annuls=3, reason=WHY), "recorder")

    def members(text: str, known: int | None = None) -> list[str]:
        found = show(councils.members, "j1", effective=day(text), known=known)
        return [each.member for each in found]

    assert members("2023-01-01") == ["bank", "school"]
    assert members("2023-06-01", believed) == ["school", "clinic"]
    assert members("2023-06-01") == ["bank", "school", "clinic"]


def test_every_version_of_the_minutes_stays(do: Do, show: Any) -> None:
    council(do)
    convene(do, "q1", "2023-03-01", "2023-03-10")
    hold(do, "q1", "2023-03-10")
    record = RecordMinutes(session="q1", recorded_on=day("2023-03-12"), text="议定停车。")
    do("council:j1", record, "recorder")
    amend = AmendMinutes(
        session="q1", amended_on=day("2023-03-20"), text="议定夜间停车。", reason="漏记时段"
    )
    do("council:j1", amend, "recorder")
    correct = CorrectSession(
        session="q1", corrects=4, held_on=day("2023-03-11"), present=("school",), reason=WHY
    )
    do("council:j1", correct, "recorder")

    found = show(minutes.versions, "j1", "q1", effective=day("2023-03-20"))
    assert [(each.number, each.text) for each in found] == [
        (1, "议定停车。"),
        (2, "议定夜间停车。"),
    ]
    assert len(show(minutes.versions, "j1", "q1", effective=day("2023-03-19"))) == 1
    (newest,) = show(minutes.register, effective=day("2023-04-01"), text="夜间")
    assert (newest.number, newest.held_on) == (2, day("2023-03-11"))
    assert show(minutes.register, effective=day("2023-03-15"), text="夜间") == []
    (session,) = show(councils.sessions, effective=day("2023-04-01"))
    assert (session.day, session.versions) == (day("2023-03-11"), 2)
    assert [each.member for each in session.present] == ["school"]


def test_minutes_that_are_amended_later_were_there_in_between(do: Do, show: Any) -> None:
    council(do)
    convene(do, "q1", "2023-03-01", "2023-03-10")
    hold(do, "q1", "2023-03-10")
    record = RecordMinutes(session="q1", recorded_on=day("2023-03-12"), text="议定停车。")
    recorded = do("council:j1", record, "recorder")
    amend = AmendMinutes(
        session="q1", amended_on=day("2023-03-20"), text="议定夜间停车。", reason="漏记时段"
    )
    do("council:j1", amend, "recorder")

    def shown(text: str, known: int | None = None) -> tuple[int, str | None, list[str]]:
        on = day(text)
        (session,) = show(councils.sessions, effective=on, known=known)
        listed = show(minutes.register, effective=on, known=known)
        stated = session.minutes_on and session.minutes_on.isoformat()
        return session.versions, stated, [each.text for each in listed]

    assert shown("2023-03-11") == (0, None, [])
    assert shown("2023-03-12") == (1, "2023-03-12", ["议定停车。"])
    assert shown("2023-03-19") == (1, "2023-03-12", ["议定停车。"])
    assert shown("2023-03-20") == (2, "2023-03-20", ["议定夜间停车。"])
    assert shown("2023-03-20", recorded) == (1, "2023-03-12", ["议定停车。"])


def test_a_corrected_attendance_is_told_with_who_attended(do: Do, show: Any) -> None:
    council(do)
    convene(do, "q1", "2023-03-01", "2023-03-10")
    hold(do, "q1", "2023-03-10")
    correct = CorrectSession(
        session="q1",
        corrects=4,
        held_on=day("2023-03-10"),
        present=("school",),
        excused=("bank",),
        reason=WHY,
    )
    do("council:j1", correct, "recorder")

    told = [each.entry for each in show(history, "council:j1")]
    held, corrected = show(sentences_in, told[-2:], "zh")

    assert "到会：school、bank" in held
    assert "到会：school；请假：bank" in corrected


def test_an_annulled_resolution_is_among_the_corrections(do: Do, show: Any) -> None:
    council(do)
    convene(do, "q1", "2023-03-01", "2023-03-10")
    hold(do, "q1", "2023-03-10")
    do("council:j1", AdoptResolution(session="q1", text="开放停车。"), "recorder")
    (resolution,) = show(councils.resolutions, "j1", effective=day("2023-03-10"))
    annul = AnnulResolution(
        resolution=resolution.resolution, annulled_on=day("2023-04-01"), reason=WHY
    )
    at = do("council:j1", annul, "recorder")

    today = datetime.now(CHINA).date()
    lines = show(figures.lines, FIGURES["corrections"], Asked(POLICY, today), value="annuls")

    assert [line.position for line in lines] == [at]
    adopted, annulled = show(history, "council:j1")[-2:]
    assert adopted.marks == (("annuls", annulled.entry.version),)
    assert (annulled.marks, lines[0].part) == ((), str(adopted.entry.version))
    told = {each.entry.position: each.marks for each in show(history, "community:a")}
    assert told[adopted.entry.position] == adopted.marks


def test_a_resolution_leads_to_its_tasks(do: Do, show: Any) -> None:
    council(do)
    convene(do, "q1", "2023-03-01", "2023-03-10")
    hold(do, "q1", "2023-03-10")
    work = Assignment(title="划线", unit="school", person="zhao", due_on=day("2023-05-01"))
    more = work.model_copy(update={"title": "立牌"})
    adopt = AdoptResolution(session="q1", text="开放停车。", tasks=(work, more))
    do("council:j1", adopt, "recorder")

    (resolution,) = show(councils.resolutions, "j1", effective=day("2023-03-10"))
    where = tasks.Filter(source_stream="council:j1", source_part=resolution.resolution)
    found = show(tasks.tasks, POLICY, effective=day("2023-03-10"), where=where)
    assert sorted(each.task for each in found) == sorted(resolution.tasks)

    annul = AnnulResolution(
        resolution=resolution.resolution, annulled_on=day("2023-04-01"), reason=WHY
    )
    do("council:j1", annul, "recorder")
    (annulled,) = show(councils.resolutions, "j1", effective=day("2023-04-01"))
    assert annulled.annulled_for == WHY
    # It is void from the start, and so on the days before.
    (before,) = show(councils.resolutions, "j1", effective=day("2023-03-10"))
    assert before == annulled
    assert show(tasks.tasks, POLICY, effective=day("2023-04-01"), where=where) == []


def test_a_dissolved_council_stands_no_more_and_its_lack_shows(do: Do, show: Any) -> None:
    wanting = next(type for type in POLICY.councils[1].types)
    do("community:a", ClassifyCommunity(type=wanting, effective_from=day("2021-03-31")))
    council(do)
    do("council:j1", DissolveCouncil(dissolved_on=day("2023-09-01"), reason=WHY), "recorder")

    def lacking(text: str) -> list[str]:
        return [
            each.council_kind
            for each in show(lacking_councils.lacking, POLICY, effective=day(text))
        ]

    assert lacking("2022-12-31") == [KIND]
    assert lacking("2023-08-31") == []
    assert lacking("2023-09-01") == [KIND]
    assert show(councils.owing, effective=day("2023-09-01")) == []
    named = councils.Filter(council="j1")
    assert show(councils.owing, effective=day("2023-09-01"), where=named)[0].council.dissolved_on


def test_what_a_council_missed_stays_missed_after_its_dissolution(do: Do, show: Any) -> None:
    council(do)
    dissolve = DissolveCouncil(dissolved_on=day("2023-09-01"), reason=WHY)
    dissolved = do("council:j1", dissolve, "recorder")

    def missed(text: str, known: int | None = None) -> list[str]:
        found = show(councils.owing, effective=day(text), missed=True, known=known)
        return [each.period_from.isoformat() for one in found for each in one.missed]

    assert missed("2023-08-31") == ["2023-01-01", "2023-04-01"]
    assert missed("2023-09-01") == ["2023-01-01", "2023-04-01"]
    assert missed("2024-01-01") == ["2023-01-01", "2023-04-01"]  # not the quarter of its end
    assert missed("2024-01-01", dissolved - 1)[2:] == ["2023-07-01", "2023-10-01"]


def test_what_communities_lack_comes_page_by_page(do: Do, show: Any) -> None:
    do("community:b", register("乙社区", "510703001002"))
    for id, kind in zip(("b", "a"), POLICY.councils, strict=True):
        begin = day("2021-03-31")
        do(f"community:{id}", ClassifyCommunity(type=kind.types[0], effective_from=begin))

    def page(**asked: Any) -> list[lacking_councils.LackingView]:
        found: list[lacking_councils.LackingView] = show(
            lacking_councils.lacking, POLICY, effective=day("2022-01-01"), **asked
        )
        return found

    first, second = page()
    assert (first.community, second.community) == ("a", "b")
    assert page(limit=1) == [first]
    assert page(after=(first.code or "", f"a/{first.council_kind}")) == [second]


def test_what_was_annulled_of_a_council_holds_no_more(do: Do, show: Any) -> None:
    def annul(version: int) -> None:
        do("council:j1", AnnulCouncilEntry(annuls=version, reason=WHY), "recorder")

    def status(known: int | None = None) -> list[tuple[str, int]]:
        found = show(councils.sessions, effective=day("2023-06-01"), known=known)
        return [(each.status, len(each.present)) for each in found]

    council(do)
    convene(do, "q1", "2023-03-01", "2023-03-10")
    held = do(
        "council:j1",
        HoldSession(session="q1", held_on=day("2023-03-10"), present=("bank",)),
        "recorder",
    )
    annul(4)
    assert status(held) == [("held", 1)]
    assert status() == [("convened", 0)]
    annul(2)
    assert status() == []
    do("council:j1", DissolveCouncil(dissolved_on=day("2023-09-01"), reason=WHY), "recorder")
    annul(7)
    assert len(show(councils.owing, effective=day("2023-09-01"))) == 1
    annul(1)
    assert show(councils.owing, effective=day("2023-09-01")) == []
