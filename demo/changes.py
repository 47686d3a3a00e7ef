"""Communities of the demo are founded, renamed, moved, merged, split and abolished."""

from datetime import date, timedelta

from demo.acts import Paper
from demo.chance import chance
from demo.chronicle import Chronicle, Member, Place
from demo.communities import newcomer, registered, settled
from demo.names import ROADS
from demo.working_days import later, working_day
from domain.community.identity import (
    ConvertVillage,
    DescribeBoundary,
    MoveCommunity,
    RecodeCommunity,
    RenameCommunity,
)
from domain.community.lineage import (
    AbolishCommunity,
    JoinLineage,
    MergeCommunity,
    Part,
    SplitCommunity,
)

RENAMED_BECAUSE = (
    "原名与邻近地名重复，经居民代表会议讨论通过，予以更名。",
    "原地名已不复存在，为沿用群众习惯称呼，予以更名。",
    "辖区主要小区名称变更，经征求居民意见，予以更名。",
)
IN_GRID = "为便于服务管理，按网格重新划定管辖范围。"


def rename(chronicle: Chronicle, story: str, effective_from: date, recorded_on: date) -> None:
    """A community takes another name; `recorded_on` may lie long before or after."""
    member = chronicle.pick(story, min(effective_from, recorded_on))
    name = chronicle.new_name(member.profile)
    unit = chronicle.unit_of(member)
    decided_on = min(recorded_on, working_day(effective_from))
    title = f"关于同意{member.name}更名为{name}的批复"
    paper = chronicle.unit_paper(unit, title, decided_on)
    command = RenameCommunity(
        name=name,
        effective_from=effective_from,
        reason=chance("why", story).choice(RENAMED_BECAUSE),
    )
    by = chronicle.by("decider", chronicle.unit_of(member).id, recorded_on)
    chronicle.note(recorded_on, member.stream, command, by, paper)
    chronicle.keep(member, name=name)


def describe_boundaries(chronicle: Chronicle, first_day: date, count: int) -> None:
    """Boundaries are surveyed and put on record, one after another."""
    for number in range(count):
        day = later(first_day, 2 * number)
        member = chronicle.pick_again(f"boundary/{day}", day)
        random = chance("boundary", member.id, day)
        east, south, west, north = random.sample(ROADS, 4)
        description = f"东至{east}，南至{south}，西至{west}，北至{north}。"
        command = DescribeBoundary(description=description, effective_from=day)
        by = chronicle.by("recorder", member.place, day)
        chronicle.note(day, member.stream, command, by)


def found_new(chronicle: Chronicle, place: Place, day: date, *, code: str | None = None) -> Member:
    """New estates were built, and a community is founded for them."""
    random = chance("found", place.id, day)
    type = random.choice([each.code for each in chronicle.policy.types])
    member = newcomer(chronicle, place, type, day, code=code)
    registered(chronicle, member, day, "辖区新建小区陆续入住，为加强服务管理，新设社区。")
    return chronicle.members[member.id]


def found_of_unknown_lineage(
    chronicle: Chronicle, place: Place, day: date, predecessor: Member
) -> None:
    """A community is registered before anybody knows where it comes from."""
    member = newcomer(chronicle, place, predecessor.type, day)
    reason = "依据最新统计代码登记，沿革资料待查。"
    registered(chronicle, member, day, reason, origin="unknown")
    found_out_on = later(day, 70)
    join = JoinLineage(
        predecessor=predecessor.id,
        manner="reorganised",
        reason="经查阅区划调整档案，由原社区部分区域重组而来。",
    )
    by = chronicle.by("decider", place.unit, found_out_on)
    unit = chronicle.unit_of(member)
    paper = chronicle.unit_paper(unit, f"关于{member.name}沿革情况的说明", found_out_on)
    chronicle.note(found_out_on, member.stream, join, by, paper)


def convert_village(chronicle: Chronicle, place: Place, day: date) -> Member:
    """A village at the city's edge becomes a community (村改居)."""
    given = {"converted-village": True, "urban-fringe": True}
    member = newcomer(chronicle, place, chronicle.figures.likeliest(given), day, given=given)
    village = f"{member.name.removesuffix('社区')}村"
    unit = chronicle.unit_of(member)
    decided_on = working_day(day)
    paper = chronicle.unit_paper(unit, f"关于同意{village}村民委员会改为社区的批复", decided_on)
    command = ConvertVillage(
        name=member.name,
        code=member.code,
        subdistrict=place.id,
        village_name=village,
        village_code=f"{place.code[:6]}9{int(member.code[-5:]):05}",
        effective_from=day,
        reason="已纳入城市建成区，村民全部转为城镇居民，集体经济完成改制。",
    )
    by = chronicle.by("decider", place.unit, decided_on)
    chronicle.note(decided_on, member.stream, command, by, paper)
    settled(chronicle, member, decided_on)
    return chronicle.members[member.id]


def move(
    chronicle: Chronicle,
    member: Member,
    place: Place,
    effective_from: date,
    recorded_on: date,
    paper: Paper | None = None,
) -> None:
    """A community comes under another subdistrict, and gets a code of that place's."""
    title = f"关于调整{member.name}隶属关系的通知"
    decided_on = min(recorded_on, working_day(effective_from))
    paper = paper or chronicle.unit_paper(chronicle.unit_of(member), title, decided_on)
    by = chronicle.by("decider", chronicle.unit_of(member).id, recorded_on)
    command = MoveCommunity(subdistrict=place.id, effective_from=effective_from, reason=IN_GRID)
    chronicle.note(recorded_on, member.stream, command, by, paper)
    member = chronicle.keep(member, place=place.id)
    code = chronicle.new_code(place)
    recode = RecodeCommunity(
        code=code, effective_from=effective_from, reason="隶属关系调整，统计代码随之变更。"
    )
    chronicle.note(recorded_on, member.stream, recode, by, paper)
    chronicle.keep(member, code=code)


def merge(chronicle: Chronicle, story: str, effective_from: date, recorded_on: date) -> None:
    """A small community becomes part of its neighbour."""
    gone = chronicle.pick(story, effective_from, lambda m: len(chronicle.beside(m)) > 3)
    into = chronicle.pick(f"{story}/into", effective_from, lambda m: m.place == gone.place)
    unit = chronicle.unit_of(gone)
    title = f"关于将{gone.name}并入{into.name}的批复"
    paper = chronicle.unit_paper(unit, title, min(recorded_on, working_day(effective_from)))
    command = MergeCommunity(
        into=into.id, effective_from=effective_from, reason="辖区人口减少，优化社区规模设置。"
    )
    by = chronicle.by("decider", unit.id, recorded_on)
    chronicle.note(recorded_on, gone.stream, command, by, paper)
    chronicle.end(gone, effective_from, into.id)


def split(chronicle: Chronicle, story: str, day: date, *, survives: bool) -> None:
    """A community has grown too large: parts of it become communities of their own."""
    whole = chronicle.pick(story, day, lambda m: chronicle.places[m.place].level == "subdistrict")
    place, unit = chronicle.places[whole.place], chronicle.unit_of(whole)
    parts = [newcomer(chronicle, place, whole.type, day) for _ in range(1 if survives else 2)]
    names = "、".join(part.name for part in parts)
    paper = chronicle.unit_paper(unit, f"关于调整{whole.name}管辖范围、设立{names}的批复", day)
    command = SplitCommunity(
        parts=tuple(Part(id=part.id, name=part.name, code=part.code) for part in parts),
        survives=survives,
        effective_from=day,
        reason="常住人口持续增长，超出适宜的管理规模。",
    )
    by = chronicle.by("decider", unit.id, day)
    chronicle.note(day, whole.stream, command, by, paper)
    if not survives:
        chronicle.end(whole, day, *(part.id for part in parts))
    for part in parts:
        settled(chronicle, part, day)


def abolish(chronicle: Chronicle, story: str, day: date, *, succeeded: bool) -> Member:
    """A community is abolished, its area cleared or divided among its neighbours."""
    gone = chronicle.pick(story, day, lambda m: len(chronicle.beside(m)) > 3)
    unit = chronicle.unit_of(gone)
    heirs = tuple(each.id for each in chronicle.beside(gone)[:2]) if succeeded else ()
    paper = chronicle.unit_paper(unit, f"关于撤销{gone.name}建制的批复", day)
    reason = (
        "辖区按河道和主干道重新划界，分别划入相邻社区。"
        if succeeded
        else "辖区整体征收拆迁，居民已全部安置到其他社区。"
    )
    effective_from = day + timedelta(days=1)
    command = AbolishCommunity(effective_from=effective_from, successors=heirs, reason=reason)
    by = chronicle.by("decider", unit.id, day)
    chronicle.note(day, gone.stream, command, by, paper)
    chronicle.end(gone, effective_from, *heirs)
    return gone
