"""What another policy file would change is told in sentences, and nothing is passed over."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from domain.kernel.policy import Policy, PolicyFileWrong, built_in, read_policy
from domain.kernel.policy.difference import differences, field_names

TEXT = built_in()["2021"].text
POLICY = built_in()["2021"].policy


def told(was: str, becomes: str) -> list[tuple[str, str, str]]:
    assert was in TEXT
    after = read_policy(TEXT.replace(was, becomes, 1))
    found = differences(POLICY, after)
    return [(each.path, each.sentence.zh, each.sentence.en) for each in found]


def test_a_policy_does_not_differ_from_itself() -> None:
    assert list(differences(POLICY, read_policy(f"# a comment\n{TEXT}"))) == []


@pytest.mark.parametrize(
    ("was", "becomes", "path", "zh", "en"),
    [
        (
            "notice_days_min = 3",
            "notice_days_min = 5",
            "work.notice_days_min",
            "工作·会议提前通知天数由3改为5。",
            "work · days of notice of a meeting: from 3 to 5.",
        ),
        (
            'may_classify = ["decider"]',
            'may_classify = ["decider", "arbiter"]',
            "classification.may_classify",
            "分类·可分类的职责由区县决定人改为区县决定人、市级裁定人。",
            "classification · roles that classify: from decider to decider, arbiter.",
        ),
        (
            "percent = 30",
            "percent = 25",
            "rounds.quotas.advanced.percent",
            "评定·名额·先进·比例由30改为25。",
            "rounds · quotas · Advanced · percentage: from 30 to 25.",
        ),
        (
            "below_percent = 60",
            "below_percent = 70",
            "rounds.caps.low-satisfaction.below_percent",
            "评定·封顶·“群众满意度低于六成”·触发封顶的得分率由60改为70。",
            "rounds · caps · “Satisfaction under 60 %” · limit in per cent: from 60 to 70.",
        ),
        (
            "score_min = 85",
            "score_min = 90",
            "rounds.thresholds.advanced.score_min",
            "评定·等次最低总分·先进·最低总分由85改为90。",
            "rounds · thresholds · Advanced · least total: from 85 to 90.",
        ),
        (
            "items_max = 7",
            "items_max = 9",
            "programme.items_max",
            "攻坚事项·最多项数由7改为9。",
            "programme · greatest number of items: from 7 to 9.",
        ),
        (
            'title.en = "Lagging"',
            'title.en = "Behind"',
            "grades.lagging.title",
            "等次·“后进”·名称由“后进”改为“后进”。",
            "grades · “Behind” · title: from “Lagging” to “Behind”.",
        ),
        (
            "[[supports]]",
            '[[supports]]\ncode = "friends"\nsource = "city"\ntitle.zh = "结对交友"\n'
            'title.en = "Friends"\ngiven_by = "person"\n\n[[supports]]',
            "supports.friends",
            "新增帮扶方式·“结对交友”。",
            "Added: kinds of support · “Friends”.",
        ),
    ],
)
def test_a_difference_is_a_sentence_in_both_languages(
    was: str, becomes: str, path: str, zh: str, en: str
) -> None:
    assert (path, zh, en) in told(was, becomes)


def test_what_is_removed_and_what_stands_elsewhere_is_told() -> None:
    start = TEXT.index('[[supports]]\ncode = "agency-pairing"')
    pairing = TEXT[start : TEXT.index("[[supports]]", start + 1)]
    first = TEXT.index("[[supports]]")

    gone = differences(POLICY, read_policy(TEXT.replace(pairing, "")))
    moved = differences(
        POLICY, read_policy(f"{TEXT[:first]}{pairing}{TEXT[first:].replace(pairing, '')}")
    )

    assert [each.sentence.zh for each in gone] == ["取消帮扶方式·“机关单位结对”。"]
    assert [each.sentence.en for each in moved] == ["kinds of support: in another order."]


def fields(part: BaseModel) -> set[str]:
    found = set(type(part).model_fields)
    for _, value in part:
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, BaseModel):
                found |= fields(each)
    return found


def test_every_field_of_a_policy_file_has_a_name_in_both_languages() -> None:
    assert fields(POLICY) - field_names().keys() == set(), "name it in fields.toml"


NUMBERS = [
    number
    for number, line in enumerate(TEXT.splitlines())
    if " = " in line and line.rpartition(" = ")[2].isdigit() and not line.startswith("number")
]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_changed_number_is_passed_over(data: Any) -> None:
    lines = TEXT.splitlines()
    at = data.draw(st.sampled_from(NUMBERS))
    name, _, value = lines[at].rpartition(" = ")
    lines[at] = f"{name} = {int(value) + data.draw(st.integers(1, 3))}"
    try:
        after: Policy = read_policy("\n".join(lines))
    except PolicyFileWrong:  # not every number may be changed by itself
        return

    assert list(differences(POLICY, after))
