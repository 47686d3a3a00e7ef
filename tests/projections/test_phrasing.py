"""Sentences read as somebody would say them: nothing is left hanging, no full stop too many."""

from projections.phrasing import QUOTED_CHARACTERS_MAX, listed, quoted, template_for, tidied

ZH = "{on}在{board}公示（{place}）：{conduct}（依据：{basis}；截止：{until}）"
EN = "Posted on the {board} ({place}): {conduct} (legal basis: {basis}; until: {until})"


def test_a_remark_on_what_was_left_open_is_left_out() -> None:
    nothing = frozenset({"place", "basis", "until"})

    assert template_for(ZH, nothing) == "{on}在{board}公示：{conduct}"
    assert template_for(EN, nothing) == "Posted on the {board}: {conduct}"


def test_of_several_remarks_those_that_say_something_stay() -> None:
    only = frozenset({"basis"})

    assert template_for(ZH, only) == "{on}在{board}公示（{place}）：{conduct}（截止：{until}）"
    assert template_for(EN, only).endswith(" (until: {until})")
    assert template_for(ZH, frozenset()) == ZH


def test_a_text_keeps_its_full_stop_only_at_the_end() -> None:
    assert tidied("更正第3条：标题 甲（录入有误。）。") == "更正第3条：标题 甲（录入有误）。"
    assert tidied("终止共建：单位迁出。。") == "终止共建：单位迁出。"
    assert tidied("Offered: 会议室一间。 (until: 1 May 2024)") == (
        "Offered: 会议室一间 (until: 1 May 2024)"
    )
    assert tidied("社区方提出需求：甲。乙。") == "社区方提出需求：甲。乙。"


def test_terms_are_listed_with_what_is_said_of_each() -> None:
    terms = [("示范效应好", "甲。"), ("各具特色", "乙。")]

    assert listed(terms, chinese=True) == "示范效应好：甲；各具特色：乙"
    assert listed(terms, chinese=False) == "示范效应好: 甲; 各具特色: 乙"


def test_a_sentence_that_another_one_quotes_is_cut_short() -> None:
    assert quoted("第2条", "自2021年7月1日起更名为“甲社区”。", chinese=True) == (
        "第2条（原载：自2021年7月1日起更名为“甲社区”）"
    )
    assert quoted("2", "Renamed 甲 from 1 July 2021.", chinese=False) == (
        "2 (“Renamed 甲 from 1 July 2021”)"
    )
    assert quoted("2", "“甲” reached.", chinese=False) == "2 (“‘甲’ reached”)"
    long = quoted("第2条", "甲" * 200, chinese=True)
    assert long == f"第2条（原载：{'甲' * (QUOTED_CHARACTERS_MAX - 1)}…）"
