"""Days, numbers and lists are read however people write them, and nothing else is taken for one."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.sheets import cells
from api.sheets.cells import Unfit
from domain.kernel.text import Bilingual
from tests.refusing import refused

FULL_WIDTH = str.maketrans("0123456789/-.,", "０１２３４５６７８９／－．，")
WRITTEN = ("{y:04}-{m:02}-{d:02}", "{y:04}/{m}/{d}", "{y:04}.{m}.{d}", "{y:04}年{m}月{d}日")
MORE = ("{y:04}{m:02}{d:02}", "{y:04}-{m:02}-{d:02} 00:00:00", " {y:04} 年 {m} 月 {d} 日 ")


@given(st.dates(min_value=date(1900, 1, 1)), st.sampled_from(WRITTEN + MORE), st.booleans())
def test_a_day_is_the_same_however_it_is_written(day: date, written: str, wide: bool) -> None:
    text = written.format(y=day.year, m=day.month, d=day.day)

    assert cells.day(text.translate(FULL_WIDTH) if wide else text) == day


@given(st.decimals(0, 10**6, places=2), st.booleans(), st.booleans())
def test_a_number_is_the_same_however_it_is_written(
    value: Decimal, thousands: bool, wide: bool
) -> None:
    text = f"{value:,}" if thousands else str(value)

    assert cells.number(text.translate(FULL_WIDTH) if wide else text) == value


@given(st.decimals(1, 1000, places=2))
def test_what_excel_computed_is_the_figure_that_it_shows(value: Decimal) -> None:
    assert cells.number(repr(float(value) + 1e-12)) == value


@given(st.text(max_size=20))
def test_any_text_is_a_value_or_a_sentence(text: str) -> None:
    for read in (cells.day, cells.number, cells.whole, cells.id):
        with suppress(Unfit):
            read(text)


WHAT = Bilingual(zh="类型", en="type")
UNREADABLE: list[tuple[Callable[[str], object], str, tuple[str, ...]]] = [
    (cells.day, "cell.no-day", ("44286", "三月", "21-3-1", "2021-3")),
    (cells.day, "cell.no-such-day", ("2021-02-30", "2021-13-1")),
    (cells.number, "cell.no-number", ("十", "1,23", "1e3", "12分", "--1", "1.", "∞")),
    (cells.whole, "cell.not-whole", ("1.5",)),
    (cells.title, "cell.title-too-long", ("题" * 201,)),
    (cells.id, "cell.no-id", ("赵六", "a b")),
    (lambda cell: cells.term(cell, (), WHAT), "cell.nothing-to-choose", ("甲",)),
]


@pytest.mark.parametrize(("read", "code", "texts"), UNREADABLE, ids=lambda each: str(each)[:20])
def test_what_cannot_be_read_is_not_guessed(
    read: Callable[[str], object], code: str, texts: tuple[str, ...]
) -> None:
    for text in texts:
        with refused(code, Unfit):
            read(text)


def test_texts_keep_their_punctuation() -> None:
    assert cells.line(" 划定　车位，\n公示 ") == "划定 车位， 公示"
    assert cells.passage(" 一、通报。 \r\n二、议定。\n") == "一、通报。\n二、议定。"
    assert cells.several("甲、乙，丙;丁\n戊、") == ("甲", "乙", "丙", "丁", "戊")
    assert cells.lines("通报甲、乙；议定") == ("通报甲、乙", "议定")


def test_a_choice_is_named_by_code_or_title_and_a_refusal_lists_them() -> None:
    choices = [("a-b", Bilingual(zh="甲乙型", en="A and B"))]

    for text in ("a-b", "甲乙型", "A and B", "ａ－ｂ", " 甲乙 型"):
        assert cells.chosen(text, choices, WHAT) == "a-b"
    with refused("cell.no-such-choice", Unfit) as unfit:
        cells.chosen("丙", choices, WHAT)
    assert unfit.value.params == {"what": WHAT, "choices": [choices[0][1]]}
