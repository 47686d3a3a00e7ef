"""The figures of the dashboard, in order: their titles, units and groups.
Their lines are in `figures.sql`, or derived."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, cast

from domain.kernel.ids import Named
from domain.kernel.policy import is_term
from domain.kernel.text import Bilingual, Number
from domain.task.lights import LIGHTS, Colour
from domain.task.state import STATUSES
from projections.figures.derived import Derivation, assessed, heard, lacking, lit, met
from projections.labels import LABELS

COMMUNITIES = Bilingual(zh="个社区", en="community|communities")
PLACES = Bilingual(zh="个单位", en="place|places")
PROPOSALS = Bilingual(zh="件提议", en="proposal|proposals")
OBJECTIONS = Bilingual(zh="件异议", en="objection|objections")
SUPPORTS = Bilingual(zh="项帮扶", en="support|supports")
GOALS = Bilingual(zh="项目标", en="milestone|milestones")
COUNCILS = Bilingual(zh="个联席会议", en="council|councils")
SESSIONS = Bilingual(zh="次会议", en="session|sessions")
PERIODS = Bilingual(zh="个周期", en="period|periods")
PROGRAMMES = Bilingual(zh="项工程", en="programme|programmes")
ITEMS = Bilingual(zh="项事项", en="item|items")
TASKS = Bilingual(zh="项任务", en="task|tasks")
MEASURES = Bilingual(zh="项重点方向", en="measure|measures")
AGREEMENTS = Bilingual(zh="份协议", en="agreement|agreements")
NEEDS = Bilingual(zh="项需求", en="need|needs")
PROJECTS = Bilingual(zh="个项目", en="project|projects")
CHECK_INS = Bilingual(zh="个报到", en="check-in|check-ins")
FEEDBACK = Bilingual(zh="次反馈", en="report to a unit|reports to units")
OPINIONS = Bilingual(zh="件征求意见", en="opinion|opinions")
EXEMPLARS = Bilingual(zh="个典型", en="exemplar|exemplars")
HOUSEHOLDS = Bilingual(zh="户", en="household|households")
POSTINGS = Bilingual(zh="条公示", en="posting|postings")
ENTRIES = Bilingual(zh="条记录", en="entry|entries")
FACTS = Bilingual(zh="件事实", en="fact|facts")


class Figure(NamedTuple):
    """A figure of the dashboard. `by` is the kind of its groups: what kind of thing the
    `value` of a line names, as in sentences. `lit` is the light whose tasks it counts. A line
    is titled by what `titled_by` names, the measure that is its part or the sentence of its entry;
    else by its own title, or by its community."""

    code: str
    title: Bilingual
    unit: Bilingual
    by: str | None = None
    derived: Derivation | None = None
    lit: Colour | None = None
    titled_by: Literal["measure", "entry"] | None = None

    def unit_of(self, count: int) -> Bilingual:
        """The unit of a count, in singular or plural."""
        return Bilingual(zh=self.unit.zh, en=Number(count).noun(self.unit.en))


def _figure(
    code: str,
    zh: str,
    en: str,
    unit: Bilingual,
    by: str | None = None,
    derived: Derivation | None = None,
    titled_by: Literal["measure", "entry"] | None = None,
) -> Figure:
    return Figure(code, Bilingual(zh=zh, en=en), unit, by, derived, titled_by=titled_by)


def _lit(colour: Colour, en: str) -> Figure:
    title = Bilingual(zh=f"{LIGHTS[colour].zh}任务", en=en)
    return Figure(f"tasks-{colour}", title, TASKS, derived=lit, lit=colour)


_ALL = (
    _figure("communities", "存续社区", "Communities", COMMUNITIES, "type"),
    _figure(
        "unclassified", "未划分类型的城市社区", "Urban communities not classified", COMMUNITIES
    ),
    _figure(
        "under-dissolved",
        "隶属单位已裁撤的社区和辖区",
        "Communities and jurisdictions under a dissolved one",
        PLACES,
        "place",
    ),
    _figure(
        "assessed-otherwise",
        "研判类型与现行类型不一致的社区",
        "Communities assessed to be of another type",
        COMMUNITIES,
        "type",
        assessed,
    ),
    _figure(
        "proposals-waiting",
        "待办的重新划分提议",
        "Proposals of reclassification under way",
        PROPOSALS,
        "proposal-status",
    ),
    _figure(
        "reviews-waiting",
        "评定中各环节待办社区",
        "Communities in an open round, by next stage",
        COMMUNITIES,
        "round-stage",
    ),
    _figure("objections-waiting", "未办结的异议", "Objections not settled", OBJECTIONS),
    _figure("graded", "现行等次", "Grades in force", COMMUNITIES, "grade"),
    _figure(
        "supports-lacking",
        "应帮扶而未帮扶的社区",
        "Communities to be supported, without support",
        COMMUNITIES,
    ),
    _figure("supports", "正在进行的帮扶", "Supports under way", SUPPORTS),
    _figure("support-milestones-overdue", "逾期的帮扶目标", "Milestones of support overdue", GOALS),
    _figure("councils", "联席会议", "Councils", COUNCILS, "council"),
    _figure(
        "councils-lacking",
        "应建未建的联席会议",
        "Councils that a type requires and that are missing",
        COUNCILS,
        "council",
        lacking,
    ),
    _figure(
        "sessions-held", "本季度已召开的会议", "Sessions held this quarter", SESSIONS, "council"
    ),
    _figure(
        "sessions-missed",
        "应召开而未召开的周期",
        "Periods without the sessions that were due",
        PERIODS,
        "year",
        met,
    ),
    _figure("minutes-lacking", "已召开而无纪要的会议", "Sessions without minutes", SESSIONS),
    _figure("programmes", "实施中的年度工程", "Programmes in force", PROGRAMMES),
    _figure(
        "programme-items",
        "实施中工程的事项",
        "Items of programmes in force",
        ITEMS,
        "item",
    ),
    _figure("tasks-open", "在办任务", "Tasks on the list", TASKS, "status"),
    _lit("near", "Tasks near their deadline"),
    _lit("behind", "Tasks behind"),
    _lit("overdue", "Tasks overdue"),
    _figure("tasks-closed-late", "曾逾期的已销号任务", "Tasks closed out late", TASKS, None, lit),
    _figure(
        "measures-open",
        "正在推进的重点方向",
        "Measures pursued",
        MEASURES,
        "type",
        titled_by="measure",
    ),
    _figure(
        "measures-unsettled",
        "类型变更后待处理的重点方向",
        "Measures to carry over or close after a reclassification",
        MEASURES,
        titled_by="measure",
    ),
    _figure("partnerships", "有效的共建协议", "Agreements in force", AGREEMENTS),
    _figure(
        "partnerships-ending",
        "60日内到期的共建协议",
        "Agreements ending within 60 days",
        AGREEMENTS,
    ),
    _figure("needs-unclaimed", "尚未认领的需求", "Needs that nobody claimed", NEEDS, "side"),
    _figure("projects-overdue", "逾期的共建项目", "Projects overdue", PROJECTS),
    _figure("check-ins", "在册报到", "Check-ins", CHECK_INS, "participant"),
    _figure(
        "feedback-due", "本期应反馈的报到", "Reports due in this period", FEEDBACK, None, heard
    ),
    _figure(
        "feedback-overdue", "逾期未反馈的报到", "Reports not sent in time", FEEDBACK, None, heard
    ),
    _figure("opinions-waiting", "待答复的征求意见", "Opinions asked and not given", OPINIONS),
    _figure("exemplars", "先进典型", "Exemplars", EXEMPLARS, "type"),
    _figure(
        "households-honoured", "保持荣誉的家庭", "Households with a title", HOUSEHOLDS, "honour"
    ),
    _figure("board-entries", "公示中的红黑榜", "Entries on the boards", POSTINGS, "board"),
    _figure(
        "recorded-late",
        "近90日补录（生效30日后记录）",
        "Recorded in the last 90 days, over 30 days after the fact",
        ENTRIES,
        titled_by="entry",
    ),
    _figure(
        "corrections",
        "近90日的更正、撤销与废止",
        "Corrected, annulled or repealed in the last 90 days",
        ENTRIES,
        "how",
        titled_by="entry",
    ),
    _figure(
        "irregular-facts",
        "近90日登记的不合程序的事实",
        "Facts against procedure, recorded in the last 90 days",
        FACTS,
        titled_by="entry",
    ),
)
# Groups that come from no list of the domain or the policy, but from the status of a line.
GROUPS: Mapping[str, Bilingual] = MappingProxyType(
    {
        **{f"status.{slug}": words for slug, words in STATUSES.items()},
        "place.community": Bilingual(zh="社区", en="communities"),
        "place.jurisdiction": Bilingual(zh="辖区", en="jurisdictions"),
        "item.open": Bilingual(zh="攻坚中", en="under way"),
        "item.done": Bilingual(zh="已完成", en="done"),
        "how.corrects": Bilingual(zh="更正", en="corrected"),
        "how.annuls": Bilingual(zh="撤销", en="annulled"),
        "how.repeals": Bilingual(zh="废止", en="repealed"),
    }
)
FIGURES: Mapping[str, Figure] = MappingProxyType({each.code: each for each in _ALL})


def is_group(figure: Figure, value: str) -> bool:
    """Whether a figure may have a group of this value."""
    if figure.by == "year":
        return value.isdigit()
    named = f"{figure.by}.{value}"
    if figure.by is None or named in GROUPS or named in LABELS:
        return figure.by is not None
    kinds = {named.partition(".")[0] for named in (*GROUPS, *LABELS)}
    return figure.by not in kinds and is_term(cast(Named, figure.by), value)


# What continues, or happened, although its community ended: in a round, a task or a household,
# what was missed by then, what is on record. All other figures count what exists.
OUTLIVING = (
    "reviews-waiting",
    "objections-waiting",
    "sessions-held",
    "sessions-missed",
    "tasks-open",
    "tasks-near",
    "tasks-behind",
    "tasks-overdue",
    "tasks-closed-late",
    "feedback-due",
    "feedback-overdue",
    "households-honoured",
    "recorded-late",
    "corrections",
    "irregular-facts",
)
