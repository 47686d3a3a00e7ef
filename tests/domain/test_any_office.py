"""Whatever is recorded of offices and officials: no name, code or post is held twice on one day,
and no unit is under itself."""

from datetime import date
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.kernel.command import Command
from domain.kernel.timeline import DateSpan
from domain.person.corrections import (
    AnnulPersonEntry,
    CorrectPersonName,
    CorrectPost,
    CorrectPostEnd,
)
from domain.person.registration import (
    DistinguishPerson,
    LeavePost,
    RegisterPerson,
    RenamePerson,
    TakePost,
)
from domain.person.state import Person
from domain.unit.corrections import (
    AnnulUnitEntry,
    CorrectUnitCode,
    CorrectUnitKind,
    CorrectUnitName,
    CorrectUnitPlace,
    CorrectUnitRegistration,
)
from domain.unit.registration import (
    ChangeUnitKind,
    DissolveUnit,
    MergeUnit,
    PlaceUnit,
    RecodeUnit,
    RegisterUnit,
    RenameUnit,
)
from domain.unit.state import Unit
from tests.domain.test_any_sequence import DAYS, ENTRIES, WHY, City, stated
from tests.domain.units import BUREAU_CODE, OTHER_CODE

UNITS = st.sampled_from(["u1", "u2", "u3"])
NAMES = st.sampled_from(["住建局", "民政局", "教育局"])
CODES = st.sampled_from([BUREAU_CODE, OTHER_CODE, None])
KINDS = st.sampled_from(["school", "hospital"])
PEOPLE = st.sampled_from(["李娜", "王芳"])
APART = st.sampled_from(["甲科", None])
TITLES = st.sampled_from(["科长", "科员"])
PLACE: dict[str, Any] = {
    "jurisdiction": st.sampled_from(["d1", None]),
    "superior": st.sampled_from(["u1", "u2", "u3", None]),
}
OF_UNIT: st.SearchStrategy[Command[Any]] = st.one_of(
    stated(
        RegisterUnit, name=NAMES, unit_kind=KINDS, credit_code=CODES, effective_from=DAYS, **PLACE
    ),
    stated(RenameUnit, name=NAMES, effective_from=DAYS),
    stated(RecodeUnit, credit_code=CODES, effective_from=DAYS),
    stated(ChangeUnitKind, unit_kind=KINDS, effective_from=DAYS),
    stated(PlaceUnit, effective_from=DAYS, **PLACE),
    stated(MergeUnit, successor=UNITS, effective_from=DAYS),
    stated(DissolveUnit, effective_from=DAYS),
    stated(CorrectUnitName, corrects=ENTRIES, name=NAMES, effective_from=DAYS, reason=WHY),
    stated(CorrectUnitCode, corrects=ENTRIES, credit_code=CODES, effective_from=DAYS, reason=WHY),
    stated(CorrectUnitKind, corrects=ENTRIES, unit_kind=KINDS, effective_from=DAYS, reason=WHY),
    stated(CorrectUnitPlace, corrects=ENTRIES, effective_from=DAYS, reason=WHY, **PLACE),
    stated(CorrectUnitRegistration, corrects=ENTRIES, effective_from=DAYS, reason=WHY),
    stated(AnnulUnitEntry, annuls=ENTRIES, reason=WHY),
)
OF_PERSON: st.SearchStrategy[Command[Any]] = st.one_of(
    stated(
        RegisterPerson,
        name=PEOPLE,
        distinction=APART,
        unit=UNITS,
        title=TITLES,
        effective_from=DAYS,
    ),
    stated(RenamePerson, name=PEOPLE, effective_from=DAYS),
    stated(DistinguishPerson, distinction=APART),
    stated(TakePost, unit=UNITS, title=TITLES, effective_from=DAYS),
    stated(LeavePost, post=ENTRIES, effective_from=DAYS),
    stated(CorrectPersonName, corrects=ENTRIES, name=PEOPLE, reason=WHY),
    stated(
        CorrectPost, corrects=ENTRIES, unit=UNITS, title=TITLES, effective_from=DAYS, reason=WHY
    ),
    stated(CorrectPostEnd, corrects=ENTRIES, effective_from=DAYS, reason=WHY),
    stated(AnnulPersonEntry, annuls=ENTRIES, reason=WHY),
)
ASKED = st.lists(
    st.one_of(
        st.tuples(UNITS.map("unit:{}".format), OF_UNIT),
        st.tuples(st.sampled_from(["person:a", "person:b"]), OF_PERSON),
    ),
    min_size=5,
    max_size=30,
)
BEGIN: list[tuple[str, Command[Any]]] = [
    (
        f"unit:{id}",
        RegisterUnit(
            name=name, unit_kind="school", jurisdiction="d1", effective_from=date(2018, 1, 1)
        ),
    )
    for id, name in (("u1", "住建局"), ("u2", "民政局"))
]


@settings(deadline=None)
@given(ASKED)
def test_what_is_unique_is_unique_on_every_day(asked: list[tuple[str, Command[Any]]]) -> None:
    city = City()
    for stream, command in (*BEGIN, *asked):
        city.ask(stream, command)

    units = [state for state in city.states.values() if isinstance(state, Unit)]
    people = [state for state in city.states.values() if isinstance(state, Person)]
    holders: tuple[list[Any], ...] = (units, people)
    for subjects in holders:
        for one, other in combinations(subjects, 2):
            for mine in one.held():
                for theirs in other.held():
                    if mine.key.same(theirs.key):
                        assert not _shared(mine.spans, theirs.spans)
    for each in people:
        posts = [(post, span) for _, post, span in each.tenures()]
        for (post, span), (held, days) in combinations(posts, 2):
            assert post != held or not span.shared(days)
    _no_circle({unit.stream: unit for unit in units})


def _shared(mine: Any, theirs: Any) -> list[DateSpan]:
    return [found for a in mine for b in theirs if (found := a.shared(b))]


def _no_circle(units: dict[str, Unit]) -> None:
    days = {change.effective_from for unit in units.values() for change in unit.places.stated()}
    for day in days:
        for unit in units.values():
            passed = [unit.stream]
            while above := units[passed[-1]].superior_on(day):
                assert above not in passed
                passed.append(above)
