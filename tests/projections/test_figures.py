"""Every figure of the dashboard is the length of the list behind it, for any place and day."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.community.identity import MoveCommunity
from domain.community.lineage import AbolishCommunity, RestoreCommunity
from domain.jurisdiction.tree import DissolveJurisdiction
from domain.measure.adoption import AdoptMeasure
from projections import (
    checkins,
    councils,
    exemplars,
    honours,
    partnerships,
    supports,
    tasks,
    timeline,
)
from projections.all import PROJECTIONS
from projections.engine.view import ReadModels, View
from projections.engine.worker import catch_up
from projections.figures import figures
from projections.figures.derived import Asked
from projections.figures.titles import FIGURES
from projections.present import present
from projections.register import Filter, communities
from record.store.record import CHINA, Record
from tests.checker import check
from tests.city import (
    CITY,
    DISTRICT,
    SUBDISTRICT,
    SUBDISTRICT_2,
    TYPE,
    found,
)
from tests.databases import Databases
from tests.domain.given import day
from tests.domain.rounds import (
    WORST,
)
from tests.projections.life import DAY, PLACES, POLICY, Life
from tests.projections.work import Do


class Lived:
    """The read models of that life, and where its record stood before its last entry."""

    def __init__(self, models: ReadModels, before: int) -> None:
        self.models, self.before = models, before
        self.recorded_on = datetime.now(CHINA).date()


@pytest.fixture(scope="module")
def lived(databases: Databases) -> Iterator[Lived]:
    """One life for all tests here, checked with its read models like any other record."""
    with databases.lent() as url:
        with Record(url) as record:
            found(record)
            before = Life(record).lived()
        catch_up(url, PROJECTIONS)
        models = ReadModels(url, connections_max=2)
        models.open()
        yield Lived(models, before)
        models.close()
        check(url)


@pytest.fixture
def view(lived: Lived) -> Iterator[View]:
    with lived.models.view() as view:
        yield view


def asked(on: date = DAY, **place: str | None) -> Asked:
    return Asked(POLICY, on, **place)


def ids(view: View, code: str, on: date = DAY, **more: Any) -> list[str]:
    return [each.id for each in figures.lines(view, FIGURES[code], asked(on), **more)]


def test_every_figure_counts_what_its_list_lists_in_every_place_and_at_any_time(
    lived: Lived,
) -> None:
    counted: Counter[str] = Counter()
    asks: list[tuple[date, str | None, int | None]] = [(DAY, place, None) for place in PLACES]
    asks += [(day("2023-07-01"), DISTRICT, None), (DAY, None, lived.before)]
    asks += [(date.min, None, None), (date.max, CITY, None)]
    asks += [(lived.recorded_on, None, None), (lived.recorded_on, SUBDISTRICT, lived.before)]
    for on, place, known in asks:
        with lived.models.view(known=known) as view:
            ask = asked(on, jurisdiction=place)
            for each in figures.counts(view, ask):
                lines = figures.lines(view, each.figure, ask)
                where = (each.figure.code, on, place, known)
                assert each.lines == len(lines), where
                assert len({line.id + line.ordered for line in lines}) == len(lines), where
                groups = {group.value: group.lines for group in each.groups}
                values = Counter(line.value for line in lines)
                assert groups == (values if each.figure.by else {}), where
                assert each.figure.by or set(values) <= {None}, where
                counted[each.figure.code] += each.lines
    assert [code for code in FIGURES if not counted[code]] == ["irregular-facts"]


def test_a_list_goes_on_behind_a_key_and_shows_one_group(view: View) -> None:
    for figure in FIGURES.values():
        every = figures.lines(view, figure, asked())
        paged: list[figures.FigureLine] = []
        after: tuple[str, str] | None = None
        while page := figures.lines(view, figure, asked(), after=after, limit=2):
            paged += page
            after = (page[-1].ordered, page[-1].id)
        assert paged == every, figure.code
        for value in {line.value for line in every if line.value}:
            group = figures.lines(view, figure, asked(), value=value)
            assert group == [line for line in every if line.value == value]


def test_the_figures_say_what_was_lived(view: View) -> None:
    said = {each.figure.code: each.lines for each in figures.counts(view, asked())}

    assert said == {
        "communities": 4,
        "unclassified": 1,
        "under-dissolved": 1,
        "assessed-otherwise": 1,
        "proposals-waiting": 0,
        "reviews-waiting": 0,
        "objections-waiting": 1,
        "graded": 3,
        "supports-lacking": said["supports-lacking"],
        "supports": 1,
        "support-milestones-overdue": 1,
        "councils": 2,
        "councils-lacking": said["councils-lacking"],
        "sessions-held": 1,
        "sessions-missed": 8,
        "minutes-lacking": 2,
        "programmes": 1,
        "programme-items": 3,
        "tasks-open": 7,
        "tasks-near": said["tasks-near"],
        "tasks-behind": said["tasks-behind"],
        "tasks-overdue": 2,
        "tasks-closed-late": 1,
        "measures-open": 2,
        "measures-unsettled": 1,
        "partnerships": 2,
        "partnerships-ending": 1,
        "needs-unclaimed": 1,
        "projects-overdue": 1,
        "check-ins": 1,
        "feedback-due": 1,
        "feedback-overdue": 1,
        "opinions-waiting": 1,
        "exemplars": 1,
        "households-honoured": 1,
        "board-entries": 1,
        "recorded-late": 0,
        "corrections": 0,
        "irregular-facts": 0,
    }
    worst = figures.lines(view, FIGURES["graded"], asked(), value=WORST)
    supported = {each.community for each in figures.lines(view, FIGURES["supports"], asked())}
    lacking = {each.community for each in worst} - supported
    assert ids(view, "supports-lacking") == sorted(filter(None, lacking))
    assert ids(view, "needs-unclaimed") == ["p/n2"]
    assert ids(view, "under-dissolved") == ["jurisdiction:left"]
    assert ids(view, "under-dissolved", day("2023-12-31")) == []
    assert ids(view, "reviews-waiting", day("2023-07-01")) == ["r.a", "r.b", "r.e"]


def test_a_community_under_a_dissolved_subdistrict_is_listed_until_it_has_another_place(
    do: Do, show: Any
) -> None:
    do(
        f"jurisdiction:{SUBDISTRICT}",
        DissolveJurisdiction(effective_from=day("2023-01-01"), successor=SUBDISTRICT_2),
    )
    believed = do(
        "community:a", MoveCommunity(subdistrict=SUBDISTRICT_2, effective_from=day("2023-03-01"))
    )

    def listed(on: str, known: int | None = None) -> list[tuple[str, str | None]]:
        figure = FIGURES["under-dissolved"]
        found = show(figures.lines, figure, asked(day(on)), known=known)
        return [(each.id, each.part) for each in found]

    assert listed("2022-12-31") == []
    assert listed("2023-02-01") == [("community:a", SUBDISTRICT)]
    assert listed("2023-03-01") == []
    assert listed("2023-03-01", believed - 1) == [("community:a", SUBDISTRICT)]


def test_nothing_stands_or_is_owed_beyond_the_end_of_its_community(
    record: Record, show: Any
) -> None:
    life = Life(record)
    life.communities()
    life.society()
    code = POLICY.community_type(TYPE).measures[0].code
    adopt = AdoptMeasure(community="a", measure=code, adopted_on=day("2024-01-10"))
    life.do(f"measure:a.{code}", adopt, by="decider")
    standing = ["measures-open", "check-ins", "partnerships", "needs-unclaimed", "exemplars"]
    standing += ["board-entries", "projects-overdue"]
    late = day("2025-09-30")

    def found(*codes: str, on: date = late) -> dict[str, int]:
        return {
            each: len(show(figures.lines, FIGURES[each], asked(on, community="a")))
            for each in codes
        }

    before = found(*standing, on=DAY)
    assert all(before.values()), before
    owed = found("feedback-overdue")["feedback-overdue"]

    end = AbolishCommunity(effective_from=day("2024-07-15"), reason="撤并")
    life.do("community:a", end, by="decider")

    assert found(*standing, on=DAY) == before
    gone = [*standing, "opinions-waiting"]
    assert found(*gone) == dict.fromkeys(gone, 0)
    assert found("households-honoured") == {"households-honoured": 1}
    assert owed == 6
    assert found("feedback-overdue") == {"feedback-overdue": 3}
    assert show(checkins.items, effective=late, overdue=True) == []
    assert show(partnerships.items, effective=late, overdue=True) == []
    assert show(honours.postings, effective=late, in_force=True) == []
    holding = show(
        partnerships.partnerships, effective=late, where=partnerships.Filter(in_force=True)
    )
    assert [each.partnership for each in holding] == ["q"]


def test_a_list_shows_what_its_figure_counts_where_a_community_ended(
    record: Record, show: Any
) -> None:
    life = Life(record)
    life.communities()
    life.round()
    life.meetings()
    life.society()
    for id in "ab":
        end = AbolishCommunity(effective_from=day("2024-07-15"), reason="撤并")
        life.do(f"community:{id}", end, by="decider")

    def listed(on: date) -> dict[str, list[str]]:
        standing = checkins.Filter(status="present")
        designated = exemplars.Filter(status="designated")
        going = supports.Filter(open=True)
        found = {
            "check-ins": show(checkins.check_ins, effective=on, where=standing),
            "exemplars": show(exemplars.exemplars, effective=on, where=designated),
            "supports": show(supports.supports, effective=on, where=going),
        }
        names = {"check-ins": "checkin", "exemplars": "exemplar", "supports": "support"}
        lists = {code: [getattr(x, names[code]) for x in each] for code, each in found.items()}
        standing_councils = show(councils.owing, effective=on)
        return {**lists, "councils": [each.council.council for each in standing_councils]}

    for on, standing in ((day("2024-07-14"), True), (day("2024-07-15"), False)):
        for code, shown in listed(on).items():
            lines = show(figures.lines, FIGURES[code], asked(on))
            assert sorted(shown) == sorted(line.id for line in lines), (code, on)
            assert bool(shown) == standing, (code, on)
    late = day("2024-07-15")
    (ended,) = show(exemplars.exemplars, effective=late)
    (check_in,) = show(checkins.check_ins, effective=late)
    (support,) = show(supports.supports, effective=late, where=supports.Filter(open=False))
    assert {ended.community_ended_on, check_in.community_ended_on} == {late}
    assert (support.community_ended_on, support.outcome, support.overdue) == (late, None, 0)


def test_no_feedback_is_owed_for_what_time_a_community_did_not_exist(
    record: Record, show: Any
) -> None:
    life = Life(record)
    life.communities()
    life.society()
    end = AbolishCommunity(effective_from=day("2024-05-15"), reason="撤并")
    again = RestoreCommunity(code=None, effective_from=day("2025-02-10"))
    life.do("community:a", end, again, by="decider")

    lines = show(figures.lines, FIGURES["feedback-overdue"], asked(day("2025-09-30")))

    assert [line.ordered for line in lines] == [
        "2023-10-01",
        "2024-04-01",
        "2025-01-01",
        "2025-04-01",
    ]


def test_lights_are_those_of_the_task_board(view: View) -> None:
    for light in ("near", "behind", "overdue"):
        where = tasks.Filter(light=light)
        board = tasks.tasks(view, POLICY, effective=DAY, where=where)
        assert ids(view, f"tasks-{light}") == [each.task for each in board]
        assert board


def test_what_belongs_to_no_community_is_found_by_its_place(view: View) -> None:
    def found(code: str, place: str) -> set[str]:
        lines = figures.lines(view, FIGURES[code], asked(jurisdiction=place))
        return {line.id for line in lines}

    assert found("tasks-overdue", SUBDISTRICT_2) == {"place"}
    assert found("tasks-overdue", DISTRICT) == found("tasks-overdue", CITY) == {"t0", "place"}
    assert "city" in found("tasks-open", CITY) - found("tasks-open", DISTRICT)
    assert found("partnerships", SUBDISTRICT_2) == {"q"}
    assert found("programmes", CITY) == {f"{CITY}.2024"}
    assert found("programmes", DISTRICT) == set()
    assert ids(view, "communities") == ["a", "b", "e", "c"]
    lines = figures.lines(view, FIGURES["communities"], asked(community="b"))
    assert [(line.community_name, line.subdistrict, line.district) for line in lines] == [
        ("b社区", SUBDISTRICT_2, DISTRICT)
    ]


def test_late_entries_and_corrections_are_those_of_the_last_ninety_days(lived: Lived) -> None:
    with lived.models.view() as view:
        on = lived.recorded_on
        (corrected,) = figures.lines(view, FIGURES["corrections"], asked(on))
        late = figures.lines(view, FIGURES["recorded-late"], asked(on))
        assert ids(view, "corrections", on + timedelta(days=figures.RECENT_DAYS + 2)) == []
    assert (corrected.subject, corrected.part, corrected.value) == ("community:a", "1", "corrects")
    assert corrected.position in {line.position for line in late}
    assert {line.district for line in late if line.community} == {DISTRICT}
    with lived.models.view(known=lived.before) as view:
        assert ids(view, "corrections", on) == []


def test_every_figure_has_one_section_or_one_derivation() -> None:
    written = set(figures.SQL) - {"count", "page", "placed", "named", "derived", "recent"}

    assert written == {c.replace("-", "_") for c, f in FIGURES.items() if f.derived is None}


def test_the_present_of_a_community_is_what_the_lists_show_of_it(view: View) -> None:
    figure_of = {
        "grade": "graded",
        "measure": "measures-open",
        "task": "tasks-open",
        "council": "councils",
        "partnership": "partnerships",
        "check-in": "check-ins",
        "support": "supports",
        "exemplar": "exemplars",
    }
    seen: Counter[str] = Counter()
    for each in communities(view, effective=DAY, where=Filter(status=None)):
        found = present(view, each.community, effective=DAY)
        assert found is not None
        assert found.registered == each
        listed = {
            (what, line.position, line.subject)
            for what, code in figure_of.items()
            for line in figures.lines(view, FIGURES[code], asked(community=each.community))
        }
        named = {(i.what, i.position, i.subject) for i in found.items if i.what in figure_of}
        assert named == listed
        values = {item.what: item.value for item in found.items}
        assert values["status"] == each.status
        assert values.get("type") == each.type
        for item in found.items:
            (entry,) = timeline.at(view, [item.position])
            assert item.basis == list(entry.basis)
            assert item.since <= DAY
        seen.update(item.what for item in found.items)
    assert set(figure_of) <= set(seen)
    assert present(view, "nobody", effective=DAY) is None
