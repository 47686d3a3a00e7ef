"""Mistakes of the demo's offices and their corrections: nothing is overwritten."""

from datetime import date, timedelta
from typing import Any

from demo.acts import Paper
from demo.chance import chance
from demo.chronicle import Chronicle, Member, Unit
from demo.communities import characterise, classify, survey
from demo.reclassifications import reclassify
from demo.working_days import later, working_day
from domain.classification.classification import (
    AnnulClassification,
    CorrectClassification,
    RepealClassification,
)
from domain.community.corrections import (
    AnnulEntry,
    CorrectCode,
    CorrectName,
    CorrectPlace,
    CorrectRegistration,
)
from domain.community.identity import RegisterCommunity, RenameCommunity
from domain.community.profile import CorrectProfile
from domain.community.state import Community
from domain.kernel.command import Command
from domain.kernel.timeline import Timeline

ROSTER_DAY = date(2020, 12, 31)
# Common misspellings of some characters in names.
SLIPS = str.maketrans("篱澄碧栖缫坝磨苑巷", "离登壁西巢坎蘑宛港")

Registrations = list[tuple[str, RegisterCommunity]]


def slip(chronicle: Chronicle, unit: Unit, asked: Registrations) -> Registrations:
    """A unit's roster as it was handed in: some hold a mistake, which is corrected in April."""
    number = list(chronicle.units).index(unit.id)
    found = _slip(number, asked)
    if found is None:
        return asked
    index, wrong, correct = found
    stream, right = asked[index]
    day = later(date(2021, 4, 7), number * 3)
    by = chronicle.by("recorder", right.subdistrict, day)
    paper = chronicle.unit_paper(unit, f"关于更正{right.name}登记信息的函", day)
    chronicle.note(day, stream, correct, by, paper)
    return [*asked[:index], (stream, right.model_copy(update=wrong)), *asked[index + 1 :]]


def _slip(number: int, asked: Registrations) -> tuple[int, dict[str, str], Command[Any]] | None:
    """Which line is wrong in the roster of this number, in what, and how it is corrected."""
    entry: dict[str, Any] = {
        "corrects": 1,
        "effective_from": ROSTER_DAY,
        "reason": "报送名册笔误，经与原始批复核对，予以更正。",
    }
    names = [registration.name for _, registration in asked]
    if number in (0, 2):
        index = next(i for i, name in enumerate(names) if name.translate(SLIPS) != name)
        wrong = {"name": names[index].translate(SLIPS)}
        return index, wrong, CorrectName(name=names[index], **entry)
    if number == 1:
        right = asked[-1][1].code or ""
        return len(asked) - 1, {"code": right[:9] + "900"}, CorrectCode(code=right, **entry)
    if number == 3:
        wrong = {"subdistrict": asked[0][1].subdistrict}
        return len(asked) - 1, wrong, CorrectPlace(subdistrict=asked[-1][1].subdistrict, **entry)
    return None


def misclassify(chronicle: Chronicle, member: Member, day: date, paper: Paper) -> None:
    """The wrong line of a table is read: corrected two months later, as never true.

    The first round has begun by then, so the community leaves it the day before, and comes back.
    """
    types = [each.code for each in chronicle.policy.types]
    wrong = types[types.index(member.type) - 1]
    classify(chronicle, member, day, type=wrong, paper=paper)
    corrected_on = later(day, 42)
    chronicle.misclassified[member.id] = (later(day, 41), later(day, 43))
    unit = chronicle.unit_of(member)
    correction = chronicle.unit_paper(
        unit, f"关于更正{member.name}类型录入错误的通知", corrected_on
    )
    by = chronicle.by(chronicle.policy.classification.may_decide, unit.id, corrected_on)

    def correct(state: Community) -> CorrectClassification:
        return CorrectClassification(
            corrects=_on(state.types, day),
            type=member.type,
            effective_from=day,
            reason="录入时错行，与划定文件所列类型不符，予以更正。",
        )

    chronicle.note(corrected_on, member.stream, correct, by, correction)
    characterise(chronicle, member, corrected_on, day, correction)


def survey_with_a_digit_too_many(chronicle: Chronicle, story: str, surveyed_on: date) -> None:
    """A survey's count is ten times what was found, which the yearly check brings to light."""
    counts = {each.code for each in chronicle.policy.indicators if each.unit == "count"}
    member = chronicle.pick(
        story, surveyed_on, lambda m: any(m.profile.get(code) for code in counts)
    )
    code = next(each for each in member.profile if each in counts and member.profile[each])
    right = int(member.profile[code]) + 9
    source = f"{surveyed_on.year}年专项入户核查"
    member = survey(chronicle, member, surveyed_on, {code: right * 10}, source)
    day = later(surveyed_on, 20)
    by = chronicle.by("recorder", member.place, day)

    def correct(state: Community) -> CorrectProfile:
        return CorrectProfile(
            corrects=_on(state.surveys, surveyed_on),
            surveyed_on=surveyed_on,
            indicators={code: right},
            source=source,
            reason="录入时多写一位数，经复核原始登记表更正。",
        )

    chronicle.note(day, member.stream, correct, by)
    chronicle.keep(member, profile=member.profile | {code: right})


def reclassified_without_publicity(chronicle: Chronicle, day: date) -> None:
    """A reclassification is annulled, void from the start; a year later it is made properly."""
    member = chronicle.pick("annulled", day)
    before = member.type
    effective_from = reclassify(chronicle, member, day, "approved")
    if effective_from is None:
        return
    annulled_on = later(day, 95)
    unit = chronicle.unit_of(member)
    paper = chronicle.unit_paper(unit, f"关于撤销{member.name}类型调整决定的通知", annulled_on)
    by = chronicle.by(chronicle.policy.classification.may_decide, unit.id, annulled_on)

    def annul(state: Community) -> AnnulClassification:
        return AnnulClassification(
            annuls=_on(state.types, effective_from),
            reason="决定作出前未在社区公示，程序不当，自始无效。",
        )

    chronicle.note(annulled_on, member.stream, annul, by, paper)
    member = chronicle.keep(chronicle.members[member.id], type=before)
    reclassify(chronicle, member, later(annulled_on, 130), "approved")


def repealed_for_demolition(chronicle: Chronicle, day: date, anew_on: date) -> None:
    """An area is cleared: its community's type ends; it is classified again once rebuilt."""
    member = chronicle.pick("repealed", day)
    unit = chronicle.unit_of(member)
    paper = chronicle.unit_paper(unit, f"关于废止{member.name}类型的通知", day)
    by = chronicle.by(chronicle.policy.classification.may_decide, unit.id, day)

    def repeal(state: Community) -> RepealClassification:
        return RepealClassification(
            repeals=_on(state.types, day - timedelta(days=1)),
            effective_until=day,
            reason="片区实施整体征收改造，原划定类型不再适用，待回迁安置后重新划定。",
        )

    chronicle.note(day, member.stream, repeal, by, paper)
    chronicle.cleared[member.id] = day
    to = chronicle.figures.second(member.profile, member.type)[0]
    random = chance("rebuilt", member.id)
    found = chronicle.figures.of_type(to, random, {})
    rebuilt = survey(chronicle, member, working_day(anew_on), found, "回迁安置后入户调查")
    classify(chronicle, chronicle.keep(rebuilt, type=to), later(anew_on, 25))


def renamed_the_wrong_one(chronicle: Chronicle, day: date) -> None:
    """A new name is recorded of the wrong community; annulled, and recorded of the right one."""
    wrong = chronicle.pick("renamed by mistake", day)
    right = chronicle.pick("renamed in truth", day, lambda m: m.place != wrong.place)
    name = chronicle.new_name(right.profile)
    paper = chronicle.unit_paper(
        chronicle.unit_of(right), f"关于同意{right.name}更名为{name}的批复", day
    )
    rename = RenameCommunity(name=name, effective_from=day, reason="居民代表会议提议更名。")
    chronicle.note(day, wrong.stream, rename, chronicle.by("recorder", wrong.place, day), paper)
    noticed_on = later(day, 6)

    def annul(state: Community) -> AnnulEntry:
        return AnnulEntry(
            annuls=_on(state.names, day), reason="更名批复针对另一社区，误记于本社区。"
        )

    by = chronicle.by("recorder", wrong.place, noticed_on)
    chronicle.note(noticed_on, wrong.stream, annul, by, paper)
    by = chronicle.by("recorder", right.place, noticed_on)
    chronicle.note(noticed_on, right.stream, rename, by, paper)
    chronicle.keep(right, name=name)


def founded_a_month_earlier(
    chronicle: Chronicle, member: Member, recorded: date, in_truth: date
) -> None:
    """The registration's day was the day of filing, not that of the decision."""
    day = working_day(recorded + timedelta(days=120))
    correct = CorrectRegistration(
        corrects=1, effective_from=in_truth, reason="登记日误填为报送之日，应以批复之日为准。"
    )
    by = chronicle.by("recorder", member.place, day)
    chronicle.note(day, member.stream, correct, by)


def _on(timeline: Timeline[Any], day: date) -> int:
    """The entry that decided the value on a day, whatever was said of it since."""
    # A correction has the order of what it corrects: only what was first stated is meant.
    stated = [c for c in timeline.changes if c.effective_from <= day and c.order == c.version]
    return max(stated, key=lambda change: change[:2]).version
