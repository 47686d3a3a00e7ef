"""After the results of a round in the demo: objections, corrections, an annulled grade."""

from datetime import date
from decimal import Decimal
from types import MappingProxyType

from demo.chance import chance
from demo.marks import Points, miscounted
from demo.reviews import Way
from demo.rounds import Course
from demo.working_days import later, working_day
from domain.review.corrections import LiftVeto
from domain.review.events import CorrectingEntry, Outcome
from domain.review.grading import AnnulGrade, CorrectGrade
from domain.review.objections import DecideObjection, FileObjection
from domain.review.settling import AnnulObjectionStep, SettleObjection, WithdrawObjection
from domain.review.state import Review

SEAT = "objections"  # who decides them did not grade
# Grounds, and why they do not carry.
DISMISSED: tuple[tuple[str, str], ...] = (
    (
        "我社区老旧小区改造项目已于评定前完工，复评时未计入“本类型重点方向”得分，请予复核。",
        "经查，该项目竣工验收时间在评定期之后，依据评分标准不计入本轮，异议不成立。",
    ),
    (
        "群众代表会评议当日多名代表外出务工，满意度不能反映实际情况，请求重新组织评议。",
        "经核对签到表和选票，到会人数符合规定，程序合规，票数无误，异议不成立。",
    ),
    (
        "我社区总分与同类型另一社区仅差零点几分，希望综合考虑近两年进步情况调整等次。",
        "等次按总分、名额比例和封顶规则确定，不作个别调整，异议不成立。",
    ),
    (
        "街道初评扣分项“网格事件办结率”口径与网格平台数据不一致，请核实。",
        "经调取网格平台数据比对，初评采用的办结率无误，异议不成立。",
    ),
    (
        "消防通道堵塞问题系毗邻工地施工造成，不应由本社区承担扣分。",
        "经现场核查，该通道属本社区管理范围，扣分依据充分，异议不成立。",
    ),
)
WAITING = "复评引用的信访办结数据截至六月，我社区三季度已全部办结，请求按评定期末数据重新核定得分。"
MISCOUNTED = (
    "县级复评汇总表“本类型重点方向”一项少计10分，附复评原始评分表复印件，请予更正。",
    "经调阅复评原始评分表，汇总时漏录一个小项10分，异议成立，更正得分并重新排名。",
)
VETO_WRONG = (
    "被认定补造的会议记录系街道统一补打的电子档案，原始纸质签到表完整，请求撤销一票否决。",
    "经核验原始签到表、会议录像，会议真实召开，认定事实有误，异议成立。",
)
WITHDRAWN = (
    "我社区“服务居民”一项失分较多，未见扣分说明，请予解释或复核。",
    "县级复评组已当面说明扣分依据并出示核查照片，我社区无异议，申请撤回。",
)
WRONG_OUTCOME = "录入裁定时误选“成立”，与答复文书不符，予以撤销，另行录入。"
NOT_RECUSED = "复评组成员系该社区书记近亲属，应回避未回避，撤销等次，另行组织复评。"
REVIEWED_ANEW = "另行组织复评，按新的评分表更正。"
# Years after which a grade is decided otherwise, and from when; upwards or downwards, and why.
CORRECTED = MappingProxyType(
    {
        2021: (
            date(2022, 4, 12),
            True,
            "市级“回头看”复查发现，该社区居民投诉办结数据被错误归集，实际工作达到一般等次要求。",
        ),
        2023: (
            date(2024, 5, 21),
            False,
            "专项审计发现社区公共服务经费使用不规范，经研究，等次由先进调整为一般。",
        ),
    }
)


def prepare(course: Course) -> dict[str, Way]:
    """Mistakes that are discovered only after the grading."""
    course.rank()
    wrong: dict[str, Way] = {}
    if course.first:
        wrong["miscounted"] = _miscounted(course)
    elif course.dates.closed_on:
        wrong["favoured"] = _favoured(course)
        wrong["vetoed"] = next(w for w in course.ways.values() if w.incident == "vetoed")
    return wrong


def tell(course: Course, wrong: dict[str, Way]) -> None:
    """From the grading to the closing, or to as far as the round has come."""
    graded_on, published_on = course.dates.graded_on, course.dates.published_on
    if way := wrong.get("favoured"):
        _annul_grade(course, way, later(graded_on, 1))
    course.publish()
    _dismissed(course, published_on)
    if not course.first and course.dates.closed_on:
        _withdrawn(course, later(published_on, 1))
    if way := wrong.get("miscounted"):
        day = _object(course, way, later(published_on, 2), MISCOUNTED, "upheld")
        _correct_points(course, way, later(day, 2), "异议成立，补计漏录的小项得分。")
        course.regrade(later(day, 3), "异议成立，得分更正后重新排名。")
        _settle(course, way, later(day, 3), "已补计漏录的小项得分并重新排名。")
    if way := wrong.get("vetoed"):
        day = _object(course, way, later(published_on, 2), VETO_WRONG, "upheld")
        _lift(course, way, later(day, 2))
        course.regrade(later(day, 3), "一票否决解除后重新排名。")
        _settle(course, way, later(day, 3), "已解除一票否决并重新排名。")
    if not course.dates.closed_on:
        _object(course, _next(course, "waiting"), later(published_on, 4), (WAITING, ""), None)
    course.close()


def correct_later(course: Course) -> None:
    """Long after the results are public a grade is decided otherwise."""
    if course.year not in CORRECTED:
        return
    day, upwards, reason = CORRECTED[course.year]
    grades = [each.grade for each in course.plan.rules.grades]
    if upwards:
        way = course.ways[
            next(p for p in course.by_points(grade=grades[-1]) if not p.limits).community
        ]
        grade = grades[-2]
    else:
        way, grade = course.ways[course.by_points(grade=grades[0])[-1].community], grades[1]

    def correct(review: Review) -> CorrectGrade:
        assert review.grade
        corrects = review.grade.version
        return CorrectGrade(corrects=corrects, grade=grade, corrected_on=day, reason=reason)

    title = f"关于更正{course.chronicle.on(way.member.id, day).name}评定等次的通知"
    paper = course.chronicle.city_paper(title, day)
    course.chronicle.note(day, way.stream, correct, course.city(day), paper)
    course.corrected[way.member.id] = (day, grade)


def _miscounted(course: Course) -> Way:
    """One of the best whose points were miscounted, so that another got its grade."""
    best = course.plan.rules.grades[0].grade
    for placing in course.by_points(grade=best):
        way = course.ways[placing.community]
        if way.incident or way.place not in course.chronicle.places:
            continue
        stage = course.plan.scored[-1].stage
        random = chance("miscounted", way.stream)
        way.slip = miscounted(way.sheet.points[stage], course.plan, stage, way.sheet.type, random)
        before = dict(course.grades)
        course.rank()
        gained = [id for id, grade in course.grades.items() if best == grade != before[id]]
        if gained and course.grades[placing.community] != best:
            return way
        way.slip = None
        course.rank()
    raise AssertionError("in every city somebody is graded best only just")


def _favoured(course: Course) -> Way:
    """One whose last score is better than it deserves, so that its grade is too."""
    best, second = (each.grade for each in course.plan.rules.grades[:2])
    for placing in course.by_points(grade=second):
        way = course.ways[placing.community]
        if way.incident or way.place not in course.chronicle.places:
            continue
        way.slip = _generous(course, way)
        course.rank()
        if course.grades[placing.community] == best:
            return way
        way.slip = None
        course.rank()
    raise AssertionError("in every city somebody just misses the best grade")


def _generous(course: Course, way: Way) -> Points:
    stage = course.plan.scored[-1].stage
    most = {each.item: each.points_max for each in course.plan.rubric(stage, way.sheet.type).items}
    points = way.sheet.points[stage]
    return {
        item: min(got + Decimal(most[item] // 8), Decimal(most[item]))
        for item, got in points.items()
    }


def _annul_grade(course: Course, way: Way, day: date) -> None:
    """The grade is void because of who scored; others score again, and the city ranks again."""

    def annul(review: Review) -> AnnulGrade:
        assert review.grade
        return AnnulGrade(annuls=review.grade.version, annulled_on=day, reason=NOT_RECUSED)

    paper = course.chronicle.city_paper(
        f"关于撤销{way.member.name}{course.year}年评定等次的决定", day
    )
    course.chronicle.note(day, way.stream, annul, course.city(day), paper)
    _correct_points(course, way, later(day, 2), REVIEWED_ANEW)
    course.regrade(later(day, 3), "撤销等次并更正复评得分后重新排名。", paper)


def _correct_points(course: Course, way: Way, day: date, reason: str) -> None:
    way.correct_score(course.plan.scored[-1].stage, day, reason, course.city(day))
    way.slip = None


def _lift(course: Course, way: Way, day: date) -> None:
    veto = way.sheet.vetoes[0]

    def lift(review: Review) -> LiftVeto:
        return LiftVeto(annuls=review.vetoes[veto], lifted_on=day, reason=VETO_WRONG[1])

    course.chronicle.note(day, way.stream, lift, course.city(day))
    way.sheet.vetoes = ()


def _settle(course: Course, way: Way, day: date, reason: str) -> None:
    """What settled the objection that was upheld: the newest correction of its own review."""
    objection = course.filed[-1]

    def settle(review: Review) -> SettleObjection:
        newest = CorrectingEntry(community=way.member.id, version=max(review.corrections))
        return SettleObjection(
            objection=objection, corrections=(newest,), settled_on=day, reason=reason
        )

    course.chronicle.note(day, way.stream, settle, course.city(day))


def _dismissed(course: Course, published_on: date) -> None:
    count = 2 if course.dates.closed_on is None else 3
    shift = course.year % len(DISMISSED)
    for number, words in enumerate((DISMISSED * 2)[shift : shift + count]):
        way = _next(course, f"dismissed/{number}")
        _object(course, way, later(published_on, 1 + number), words, "dismissed")


def _withdrawn(course: Course, day: date) -> None:
    """A community objects, learns why it got no more points, and is content."""
    way = _next(course, "withdrawn")
    _object(course, way, day, WITHDRAWN, None)
    on = later(day, 2)
    withdraw = WithdrawObjection(objection=course.filed[-1], withdrawn_on=on, reason=WITHDRAWN[1])
    course.chronicle.note(on, way.stream, withdraw, way.clerk(on))


def _decided_wrongly(course: Course, way: Way, day: date, reason: str) -> None:
    """The clerk of the city ticks the wrong outcome, and sees it before anybody acts on it."""
    objection, by = course.filed[-1], course.city(day, seat=SEAT)
    wrong = DecideObjection(objection=objection, outcome="upheld", decided_on=day, reason=reason)
    course.chronicle.note(day, way.stream, wrong, by)

    def annul(review: Review) -> AnnulObjectionStep:
        newest = review.objections[objection].steps[-1].version
        return AnnulObjectionStep(annuls=newest, annulled_on=day, reason=WRONG_OUTCOME)

    course.chronicle.note(day, way.stream, annul, by)


def _next(course: Course, what: str) -> Way:
    """A community that is not graded best, and without any other story."""
    best = course.plan.rules.grades[0].grade
    id = next(id for id in course.undisturbed(what) if course.grades[id] != best)
    course.objected.add(id)
    return course.ways[id]


def _object(
    course: Course, way: Way, day: date, words: tuple[str, str], outcome: Outcome | None
) -> date:
    """The community objects; what is decided of it some days later. The day of that."""
    grounds, reason = words
    objection = f"objection-{course.year}-{len(course.filed) + 1}"
    course.filed.append(objection)
    file = FileObjection(objection=objection, filed_on=day, grounds=grounds)
    member = course.chronicle.on(way.member.id, day)
    title = f"关于{course.year}年评定结果的异议申请"
    paper = course.chronicle.community_paper(member, title, day)
    course.chronicle.note(day, way.stream, file, way.clerk(day), paper)
    if outcome is None:
        return day
    day = later(working_day(day), 4)
    if course.first and len(course.filed) == 1:
        _decided_wrongly(course, way, day, reason)
    decide = DecideObjection(objection=objection, outcome=outcome, decided_on=day, reason=reason)
    answer = course.chronicle.city_paper(f"关于{member.name}评定结果异议的答复", day)
    course.chronicle.note(day, way.stream, decide, course.city(day, seat=SEAT), answer)
    return day
