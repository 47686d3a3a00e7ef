from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.timeline import EMPTY, Change, DateSpan, Period, Timeline

D1, D2, D3 = date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1)
ONE = EMPTY.change(D1, "a", version=1)


def test_a_change_holds_from_its_day_until_the_next() -> None:
    names = ONE.change(D3, "c", version=2)

    assert [names.on(day) for day in (date(2019, 12, 31), D1, D2, D3)] == [None, "a", "a", "c"]
    assert list(names.periods()) == [Period(D1, D3, "a", 1), Period(D3, None, "c", 2)]


def test_a_back_dated_change_fills_only_its_gap() -> None:
    names = ONE.change(D3, "c", version=2).change(D2, "b", version=3)

    assert [period.value for period in names.periods()] == ["a", "b", "c"]


def test_on_one_day_the_later_entry_holds() -> None:
    names = ONE.change(D1, "b", version=2)

    assert names.on(D1) == "b"
    assert list(names.periods()) == [Period(D1, None, "b", 2)]


def test_what_is_struck_holds_no_longer_and_what_it_replaced_holds_again() -> None:
    names = ONE.change(D2, "b", version=2).strike(2, by=3)

    assert names.on(D3) == "a"
    assert names.standing(2) is None
    assert names.changes[1] == Change(D2, 2, "b", 2, struck_by=3)


def test_a_correction_stands_in_the_place_of_what_it_corrects() -> None:
    names = ONE.change(D1, "b", version=2).correct(1, D1, "x", by=3)

    assert names.on(D1) == "b"
    assert names.correct(2, D2, "y", by=4).on(D1) == "x"


def test_striking_a_correction_brings_back_what_it_had_corrected() -> None:
    names = ONE.correct(1, D2, "x", by=2).strike(2, by=3)

    assert list(names.periods()) == [Period(D1, None, "a", 1)]


def test_correcting_what_is_not_held_changes_nothing() -> None:
    assert ONE.correct(7, D2, "x", by=8) == ONE


def test_spans_that_touch_are_one() -> None:
    names = ONE.change(D2, "a", version=2)

    assert names.spans("a") == [DateSpan(D1, None)]
    assert names.change(D3, None, version=3).spans("a") == [DateSpan(D1, D3)]
    assert names.change(D2, "b", version=3).change(D2, "a", version=4).spans("a") == [
        DateSpan(D1, None)
    ]


def test_the_next_change_after_a_day_is_not_that_days() -> None:
    names = ONE.change(D2, "b", version=2)

    assert names.after(D1) == Change(D2, 2, "b", 2)
    assert names.after(D2) is None


def test_spans_share_the_days_of_both() -> None:
    assert DateSpan(D1, D2).shared(DateSpan(D2, None)) is None
    assert DateSpan(D1, None).shared(DateSpan(D2, None)) == DateSpan(D2, None)
    assert DateSpan(D1, D3).shared(DateSpan(D2, None)) == DateSpan(D2, D3)
    assert DateSpan(D1, D2).holds(D1)
    assert not DateSpan(D1, D2).holds(D2)


DAYS = st.dates(date(2020, 1, 1), date(2020, 1, 9))


@given(st.lists(st.tuples(DAYS, st.sampled_from("ab")), max_size=8), DAYS)
def test_periods_spans_and_days_tell_the_same(stated: list[tuple[date, str]], day: date) -> None:
    timeline: Timeline[str] = EMPTY
    for version, (effective_from, value) in enumerate(stated, start=1):
        timeline = timeline.change(effective_from, value, version=version)

    held = [p.value for p in timeline.periods() if DateSpan(*p[:2]).holds(day)]
    assert held == [timeline.on(day)] * len(held)
    for value in "ab":
        spans = timeline.spans(value)
        assert any(span.holds(day) for span in spans) == (timeline.on(day) == value)
        assert all(a.effective_until != b.effective_from for a, b in pairwise(spans))
