"""Sheets of scores: each row has a community's points in one stage of a round, item by item."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from api.sheets import cells
from api.sheets.cells import Unfit
from api.sheets.columns import COMMUNITY, DESPITE, ROUND, not_in_round, review_stream
from api.sheets.directory import Directory
from api.sheets.sheet import Column, Draft, Row, SheetFormat
from domain.kernel.policy import StageAct, StageUnit
from domain.kernel.text import Bilingual
from domain.review.stages import ScoreByDistrict, ScoreBySubdistrict, SelfAssess
from domain.review.standing import Score
from domain.review.state import Review

STAGE = Bilingual(zh="评定环节", en="stage")
COMMANDS: Mapping[
    tuple[StageAct, StageUnit], type[SelfAssess | ScoreBySubdistrict | ScoreByDistrict]
] = {
    ("self-assess", "community"): SelfAssess,
    ("score", "subdistrict"): ScoreBySubdistrict,
    ("score", "district"): ScoreByDistrict,
}
SCORED_ON = Column(
    name="scored_on",
    title=Bilingual(zh="评分日期", en="Scored on"),
    read=lambda cell, _: cells.day(cell),
    help=Bilingual(zh="该环节启动之后，不晚于今日。", en="While the stage is open."),
    example="2025-06-10",
    required=True,
    also=("打分日期",),
)
EVIDENCE = Column(
    name="evidence",
    title=Bilingual(zh="评分依据", en="Evidence"),
    read=lambda cell, _: cells.passage(cell),
    help=Bilingual(zh="可不填；用于本行各项。", en="Optional; for all items of the row."),
    also=("依据",),
)


def columns(directory: Directory) -> tuple[Column, ...]:
    """The columns of a score: one for each item of any rubric."""
    scored = [each for each in directory.policy.stages if (each.acts, each.unit) in COMMANDS]
    stage = Column(
        name="stage",
        title=Bilingual(zh="评定环节", en="Stage"),
        read=lambda cell, directory: cells.term(
            cell, directory.policy.stages, STAGE, offered=scored
        ),
        help=Bilingual(
            zh="须为打分的环节；评议（投票）请用评议票数表。",
            en="A stage that is scored by points; votes have their own sheet.",
        ),
        example=scored[0].title.zh if scored else "",
        required=True,
        also=("环节",),
        allowed=tuple(each.title for each in scored),
    )
    points = (_points(code, title, most) for code, title, most in directory.rubric_items)
    return (ROUND, stage, *COMMUNITY, SCORED_ON, *points, EVIDENCE, DESPITE)


def _points(code: str, title: Bilingual, most: Sequence[int]) -> Column:
    maxima = " / ".join(map(str, sorted(set(most))))

    def read(cell: str, _: Directory) -> Decimal:
        points = cells.number(cell)
        if not 0 <= points <= max(most) or points != round(points, 2):
            raise Unfit("score-sheet.out-of-range", most=max(most))
        return points

    return Column(
        name=code,
        called=code,
        title=title,
        read=read,
        help=Bilingual(
            zh=f"得分，最高 {maxima} 分；该社区的评分标准有此项时必填。",
            en=f"Points, {maxima} at most; required if the community's rubric has the item.",
        ),
        example="12.5",
    )


def plan(row: Row, review: Review, directory: Directory) -> Iterator[Draft | Unfit]:
    """Record the score of the stage; nothing if the same points are on record."""
    if not review.version:
        yield not_in_round(row)
        return
    plan, stage = directory.plan_of(row["round"].round), row["stage"]
    rule = plan.stage(stage)
    command = COMMANDS.get((rule.acts, rule.unit))
    if command is None:
        yield Unfit("score-sheet.not-by-items", column="stage")
        return
    items = plan.rubric(stage, review.type).items
    due = [each.item for each in items]
    yield from _misplaced(row, due, directory)
    if stage in review.scores:
        titles = {each.item: each.title for each in items}
        yield from _otherwise(row, review.scores[stage], titles)
        return
    if all(row[item] is not None for item in due):
        points = [{"item": item, "points": row[item], "evidence": row["evidence"]} for item in due]
        yield Draft(command, {"scored_on": row["scored_on"], "items": points})


def _misplaced(row: Row, due: Sequence[str], directory: Directory) -> Iterator[Unfit]:
    """Items that lack points, and points for items that the rubric does not have."""
    for code, title, _ in directory.rubric_items:
        if code in due and row[code] is None:
            yield Unfit("score-sheet.needed", item=title, column=code)
        if code not in due and row[code] is not None:
            yield Unfit("score-sheet.not-in-rubric", item=title, column=code)


def _otherwise(row: Row, score: Score, titles: Mapping[str, Bilingual]) -> Iterator[Unfit]:
    """Filled-in cells that differ from the recorded score."""
    for item in score.items:
        if item.points != row[item.item]:
            yield Unfit("score-sheet.other-points", points=item.points, column=item.item)
    if score.on != row["scored_on"]:
        yield Unfit("score-sheet.other-day", day=score.on, column="scored_on")
    for item in score.items:
        if row["evidence"] in (None, item.evidence):
            continue
        title = titles[item.item]
        yield Unfit(
            "score-sheet.other-evidence" if item.evidence else "score-sheet.no-evidence",
            known=item.evidence,
            item=title,
            column="evidence",
        )


SCORES = SheetFormat(
    name="scores",
    title=Bilingual(zh="环节得分", en="stage scores"),
    help=Bilingual(
        zh="每行一个社区在一轮评定一个环节的分项得分；一个单位的表由该单位导入。",
        en="Each row is a community's points in one stage of a round; a unit imports its own.",
    ),
    columns=columns,
    commands={
        SelfAssess: Bilingual(zh="社区自评得分", en="self-assessments"),
        ScoreBySubdistrict: Bilingual(zh="街道初评得分", en="scores by subdistricts"),
        ScoreByDistrict: Bilingual(zh="县级复评得分", en="scores by districts"),
    },
    key=("community", "round", "stage"),
    stream=review_stream,
    plan=plan,
)
