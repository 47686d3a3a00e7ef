"""The review board, the ranking with its explanation, grade history and supports, from a record."""

from datetime import datetime
from typing import Any

from domain.grading.annulment import AnnulRound
from domain.grading.entering import AdmitCommunities
from domain.review.corrections import CorrectAppraisal, ImposeVeto
from domain.review.objections import FileObjection
from domain.review.opening import WithdrawReview
from domain.review.stages import ReturnReview
from domain.round.planning import CloseStage, OpenStage
from projections import ranking, review_board, reviews, rounds
from projections.engine.view import View
from projections.figures import figures, milestones
from projections.figures.derived import Asked
from projections.figures.titles import FIGURES
from projections.sentences import sentences_in
from projections.timeline import history
from record.store.record import CHINA
from tests.city import SUBDISTRICT, classify, register
from tests.domain.given import POLICY, day
from tests.domain.rounds import (
    DISTRICT as DISTRICT_STAGE,
)
from tests.domain.rounds import (
    GRADE,
    PUBLISH,
    ROUND,
    STAGES,
    VETO,
    review,
    second,
    votes,
)
from tests.projections.round_year import Ask, opened, published, the_round


def test_the_board_shows_how_far_every_review_has_come(ask: Ask, view: Any) -> None:
    opened(ask, a=90, b=80, e=70)
    ask(review("a"), ReturnReview(returned_on=day("2023-09-01"), reason="补充佐证"))
    ask(review("b"), ImposeVeto(veto=VETO, imposed_on=day("2023-09-01"), reason="虚报"))
    ask(review("e"), WithdrawReview(withdrawn_on=day("2023-09-02"), reason="并入"))

    with view() as seen:
        plan, policy = rounds.plan(seen, "r")
        found = review_board.of_round(seen, the_round(seen), plan)
        board = {each.community: each for each in found}
        scores = reviews.scores(seen, "r", ["r.a"])
        vetoes = reviews.vetoes(seen, "r")
        taking_part = (
            "select community from reviews_on(%(effective)s, %(known)s)"
            " where not withdrawn order by community"
        )
        before, since = (
            [row["community"] for row in seen.rows(taking_part, effective=day(on))]
            for on in ("2023-09-01", "2023-09-02")
        )
    assert (before, since) == (["a", "b", "e"], ["a", "b"])
    assert (board["a"].returned_to, board["a"].community_name) == (DISTRICT_STAGE, "a社区")
    assert [each.stage for each in scores] == sorted(STAGES[:3])
    assert ranking.next_stage(plan, (s.stage for s in scores)).stage == DISTRICT_STAGE
    assert ranking.next_stage(plan, STAGES[:-1]) == plan.grading
    assert (board["e"].withdrawn_on, policy) == (day("2023-09-02"), "2021")
    assert [(veto.review, veto.version) for veto in vetoes] == [("r.b", 6)]


def waiting(seen: View, text: str, figure: str = "reviews-waiting") -> list[tuple[Any, ...]]:
    """The lines of a figure on a day, with their values."""
    lines = figures.lines(seen, FIGURES[figure], Asked(POLICY, day(text)))
    return [(each.community, each.value) for each in lines]


def test_a_review_waits_on_each_day_for_the_stage_after_those_done_by_then(
    ask: Ask, view: Any
) -> None:
    opened(ask, a=90)
    appraise, assess, one, two = STAGES[:4]
    done = ask(review("a"), ReturnReview(returned_on=day("2023-09-01"), reason="补充佐证"))
    again = second(95).model_copy(update={"scored_on": day("2023-09-05")})
    last = ask(review("a"), again)
    moved = [each.model_copy(update={"held_on": day("2023-05-20")}) for each in votes().assemblies]
    correct = CorrectAppraisal(
        corrects=2, assemblies=tuple(moved), corrected_on=day("2023-09-06"), reason="日期有误"
    )
    ask(review("a"), correct, role="recorder", person="rec", unit=SUBDISTRICT)

    def stage(text: str, known: int | None = None) -> str | None:
        with view(known) as seen:
            found = waiting(seen, text)
        return found[0][1] if found else None

    assert stage("2023-04-30") is None
    assert stage("2023-05-01") == appraise
    assert stage("2023-06-10", done) == one
    assert stage("2023-08-09") == two
    for known in (done - 1, done, last, None):
        assert stage("2023-08-10", known) == STAGES[4]
        assert stage("2023-08-31", known) == STAGES[4]
    assert stage("2023-09-01", done) == two
    assert stage("2023-09-04") == two
    assert stage("2023-09-05") == STAGES[4]
    assert (stage("2023-05-10", last), stage("2023-05-10")) == (assess, appraise)
    assert stage("2023-05-20") == assess


def test_a_community_that_left_a_round_and_entered_again_was_out_of_it_in_between(
    ask: Ask, view: Any
) -> None:
    opened(ask, a=90)
    left = ask(review("a"), WithdrawReview(withdrawn_on=day("2023-09-02"), reason="并入"))
    ask(ROUND, AdmitCommunities(admitted_on=day("2023-09-10"), communities=("a",)))

    def stages(known: int | None = None) -> list[list[tuple[Any, ...]]]:
        days = ("2023-09-01", "2023-09-02", "2023-09-09", "2023-09-10")
        with view(known) as seen:
            return [waiting(seen, text) for text in days]

    grading, anew = [("a", STAGES[4])], [("a", STAGES[0])]
    assert stages(left) == [grading, [], [], []]
    assert stages() == [grading, [], [], anew]


def test_a_community_is_told_to_enter_a_round_on_the_day_it_entered(ask: Ask, view: Any) -> None:
    opened(ask, a=90)
    ask("community:b", register("b社区"))
    ask("community:b", classify())
    ask(ROUND, AdmitCommunities(admitted_on=day("2023-05-08"), communities=("b",)))

    def told(id: str, until: str) -> list[str]:
        with view() as seen:
            return [
                each.effective_on.isoformat()
                for each in history(seen, f"community:{id}", until=day(until))
                if each.entry.name == "ReviewOpened"
            ]

    assert (told("a", "2023-04-30"), told("a", "2023-05-01")) == ([], ["2023-05-01"])
    assert (told("b", "2023-05-07"), told("b", "2023-05-08")) == ([], ["2023-05-08"])
    with view() as seen:
        assert [id for id, _ in waiting(seen, "2023-05-07")] == ["a"]
        assert [id for id, _ in waiting(seen, "2023-05-08")] == ["a", "b"]


def test_an_annulled_round_counts_on_no_day(ask: Ask, view: Any) -> None:
    published(ask, a=90)
    filed = FileObjection(objection="o1", filed_on=day("2023-10-10"), grounds="计分有误")
    before = ask(review("a"), filed, role="decider")
    ask(ROUND, AnnulRound(annulled_on=day("2023-10-20"), reason="程序违规"))

    def counted(known: int | None = None) -> tuple[Any, ...]:
        with view(known) as seen:
            found = milestones.standing(seen, POLICY, effective=day("2023-10-12"))
            done = {
                part.evidence: part.done
                for each in found
                for part in each.found
                if each.status != "open"
            }
            return (
                waiting(seen, "2023-06-01"),
                [id for id, _ in waiting(seen, "2023-10-12", "objections-waiting")],
                done["rounds"],
                done["results"],
            )

    assert counted(before) == ([("a", STAGES[1])], ["a"], 1, 1)
    assert counted() == ([], [], 0, 0)


def test_a_round_shows_its_phase_and_windows_as_known_at_any_position(ask: Ask, view: Any) -> None:
    before = published(ask, a=90)
    after = ask(ROUND, AnnulRound(annulled_on=day("2023-10-20"), reason="程序违规"))

    for known, status in ((before, "published"), (after, "annulled")):
        with view(known) as seen:
            line = rounds.one(seen, "r")
            assert line is not None
            assert (line.status, line.communities) == (status, 1)
            assert rounds.rounds(seen) == [line]
            assert rounds.rounds(seen, status="open") == []
            assert len(rounds.windows(seen, "r")) == len(STAGES)


def test_a_round_is_shown_as_it_stood_on_a_day_whenever_it_was_recorded(
    ask: Ask, view: Any
) -> None:
    opened(ask, a=90, b=80)
    stage, again = STAGES[0], day("2023-09-20")
    ask(review("b"), WithdrawReview(withdrawn_on=day("2023-09-02"), reason="并入"))

    def shown(text: str) -> tuple[Any, ...]:
        with view() as seen:
            on = day(text)
            line = rounds.one(seen, "r", effective=on)
            assert line is not None
            assert rounds.rounds(seen, effective=on, status=line.status) == [line]
            absent = review_board.absent(seen, line, effective=on)
            windows = [w for w in rounds.windows(seen, "r", effective=on) if w.stage == stage]
            return line, absent, windows

    days = ("2023-04-30", "2023-09-01", "2023-09-10", "2023-09-19")
    ask(ROUND, CloseStage(stage=stage, closed_on=day("2023-09-10")))
    before = [shown(each) for each in days]
    ask(ROUND, OpenStage(stage=stage, opened_on=again))
    ask(ROUND, GRADE)
    ask(ROUND, PUBLISH)

    assert [shown(each) for each in days] == before
    assert [line.status for line, *_ in before] == ["planned", "open", "open", "open"]
    assert [line.communities for line, *_ in before] == [0, 2, 1, 1]
    assert [[w.closed_on for w in windows] for *_, windows in before] == [
        [],
        [None],
        [day("2023-09-10")],
        [day("2023-09-10")],
    ]
    now, _, (window,) = shown("2024-01-01")
    assert (now.status, window.opened_on, window.closed_on) == ("published", again, None)


def test_a_past_day_shows_the_reviews_as_they_were_then_and_what_was_corrected_since(
    ask: Ask, view: Any
) -> None:
    opened(ask, a=90, b=80, e=20)

    def shown(text: str) -> tuple[Any, ...]:
        on = day(text)
        with view() as seen:
            line = rounds.one(seen, "r", effective=on)
            assert line is not None
            plan, _ = rounds.plan(seen, "r")
            board = review_board.of_round(seen, line, plan, effective=on)
            objections = review_board.objections(seen, line, effective=on)
            return board, objections, ranking.ranked(seen, "r", effective=on)

    def plain(found: tuple[Any, ...]) -> tuple[Any, ...]:
        board, objections, ranked = found
        return (
            [each.model_copy(update={"position": 0}) for each in board],
            objections,
            [r[0] for r in ranked],
        )

    days = ("2023-05-09", "2023-07-10", "2023-08-31", "2023-09-19", "2023-10-08")
    ask(review("a"), ReturnReview(returned_on=day("2023-09-01"), reason="补充佐证"))
    ask(review("a"), second(70).model_copy(update={"scored_on": day("2023-09-10")}))
    ask(ROUND, GRADE)
    ask(ROUND, PUBLISH)
    before = [plain(shown(each)) for each in days]
    filed = FileObjection(objection="o", filed_on=day("2023-10-09"), grounds="漏计一项")
    ask(review("e"), filed, role="recorder")
    assert [plain(shown(each)) for each in days] == before

    stages = [[len(each.stages) for each in board] for board, *_ in before]
    assert stages == [[0, 0, 0], [3, 3, 3], [4, 4, 4], [4, 4, 4], [4, 4, 4]]
    totals = [[each.total for each in ranked if each.community == "a"] for *_, ranked in before]
    assert totals[2] != totals[3] == totals[4]
    assert [[each.grade is None for each in board] for board, *_ in before[3:]] == [
        [True] * 3,
        [False] * 3,
    ]
    assert [len(shown(on)[1]) for on in ("2023-10-08", "2023-10-09")] == [0, 1]
    assert shown("2024-01-01") == shown("9999-12-31")


def test_a_round_counts_those_that_take_part_and_its_annulment_is_a_correction(
    ask: Ask, view: Any
) -> None:
    opened(ask, a=90, b=80)
    ask(review("b"), WithdrawReview(withdrawn_on=day("2023-09-02"), reason="并入"))
    with view() as seen:
        assert the_round(seen).communities == 1
    at = ask(ROUND, AnnulRound(annulled_on=day("2023-10-20"), reason="程序违规"))

    with view() as seen:
        today = datetime.now(CHINA).date()
        lines = figures.lines(seen, FIGURES["corrections"], Asked(POLICY, today), value="annuls")
        planned = history(seen, ROUND)[0]

    assert [line.subject for line in lines if line.subject == ROUND] == [ROUND]
    assert [how for how, _ in planned.marks] == ["annuls"]
    assert planned.entry.position < at


def test_the_absent_are_the_urban_communities_that_are_not_in_the_round(
    ask: Ask, view: Any
) -> None:
    opened(ask, a=90, b=80)
    ask("community:e", register("e社区"))
    ask("community:late", register("新社区", effective_from=day("2023-05-15")))
    ask(review("b"), WithdrawReview(withdrawn_on=day("2023-09-02"), reason="并入"))

    with view() as seen:
        found = review_board.absent(seen, the_round(seen))
        assert review_board.absent(seen, the_round(seen), after=("", "b"))[0].community == "e"
    assert [(each.community, each.type is None, each.withdrawn) for each in found] == [
        ("b", False, True),
        ("e", True, False),
    ]


def test_the_communitys_history_tells_its_rounds_in_both_languages(ask: Ask, view: Any) -> None:
    published(ask, a=90)

    with view() as seen:
        told = [each.entry for each in history(seen, "community:a")]
        zh, en = (sentences_in(seen, told, language) for language in ("zh", "en"))
        whole = [each.entry for each in history(seen, ROUND)]
        sentences_in(seen, whole, "zh")
    type = POLICY.types[0].title
    assert f"以{type.zh}社区参加第二轮（截止日2023年4月30日，隶属涪城区城厢街道）。" in zh
    assert f"第二轮市级评定：{POLICY.grades[0].title.zh}" in zh[-1]
    assert "Second review by the district for 第二轮 by 涪城区 on 10 August 2023: 90" in " ".join(
        en
    )
