"""The policy files: complete, true to the document, and refused with a sentence when wrong."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, TypeAdapter

from domain.kernel.context import Role
from domain.kernel.policy import IndicatorValue, Policy, built_in, policy_digest
from domain.kernel.policy.term import Sourced
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

ROOT = Path(__file__).parents[2]
FILE = ROOT / "domain" / "policies" / "2021.toml"
DOCUMENT = ROOT.parent / "shared" / "source" / "opinions-zh.txt"
TEXT = FILE.read_bytes().decode()
POLICY = built_in()["2021"].policy
NUMERALS = "一二三四五六"


def every(kind: type[Any], model: BaseModel) -> Iterator[Any]:
    """Every part of this kind within a model, at any depth."""
    if isinstance(model, kind):
        yield model
    for _, value in model:
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, BaseModel):
                yield from every(kind, each)


def bare(chinese: str) -> str:
    """A text without what differs between the document and an entry cut from it."""
    return re.sub(r"[,;。“”]", "", unicodedata.normalize("NFKC", chinese))


@pytest.fixture(scope="session")
def document() -> str:
    if not DOCUMENT.exists():
        pytest.skip("the policy document is not at hand (../shared/source)")
    return bare(DOCUMENT.read_text(encoding="utf-8"))


def test_the_file_has_the_six_types_with_their_twenty_three_measures() -> None:
    assert [each.number for each in POLICY.types] == [1, 2, 3, 4, 5, 6]
    assert [len(each.measures) for each in POLICY.types] == [4, 4, 3, 4, 3, 5]


def test_section_three_stands_in_the_file_word_for_word_and_nothing_is_left_out(
    document: str,
) -> None:
    told = ""
    for each, numeral in zip(POLICY.types, NUMERALS, strict=True):
        told += f"({numeral}){each.title.zh}社区以{each.goal.zh}为治理目标坚持"
        told += f"以{each.main_line.zh}为主线{each.outcome.zh}"
        for number, measure in enumerate(each.measures, start=1):
            actions = "".join(action.zh for action in measure.actions)
            told += f"{number}.{measure.title.zh}。{actions}"

    start = document.index("(一)商品住宅型社区")
    assert document[start : document.index("各地在根据不同类型")] == bare(told)


def test_the_sixty_five_actions_have_titles_in_the_documents_words(document: str) -> None:
    actions = [action for each in POLICY.types for m in each.measures for action in m.actions]
    assert len(actions) == 65
    assert len({action.code for action in POLICY.actions}) == 65 + len(POLICY.common)
    assert [each.title.zh for each in actions if each.code == "three-disclosures"] == ["“三公开”"]
    for each in actions:
        assert bare(each.title.zh) in bare(each.zh)
    closing = document[document.index("各地在根据不同类型") : document.index("四、务实推进举措")]
    assert [each.code for each in POLICY.common] == [
        "internet-plus",
        "smart-community",
        "smart-estate",
        "smart-grid",
    ]
    for common in POLICY.common:
        assert bare(common.title.zh) in closing


def test_each_definition_is_the_documents(document: str) -> None:
    for each in POLICY.types:
        told = f"{each.number}.{each.title.zh}社区:主要是指{each.definition.zh}"
        assert bare(told) in document


def test_stages_grades_supports_subtypes_and_focuses_are_the_documents_words(
    document: str,
) -> None:
    subtypes = [subtype for each in POLICY.types for subtype in each.subtypes]
    terms = [*POLICY.grades, *POLICY.supports, *POLICY.programme.focuses, *subtypes]
    for term in terms:
        assert bare(term.title.zh) in document
    assert "—".join(stage.title.zh for stage in POLICY.stages) in document


def test_each_type_and_measure_names_its_own_section() -> None:
    for each, numeral in zip(POLICY.types, NUMERALS, strict=True):
        assert (each.defined_in, each.section) == (f"二.{each.number}", f"三({numeral})")
        sections = [measure.section for measure in each.measures]
        assert sections == [f"三({numeral}){n}" for n in range(1, len(sections) + 1)]


def test_what_the_document_leaves_open_is_marked_as_a_default() -> None:
    default = "default, not in the document"
    rules = [rule for each in POLICY.types for rule in each.rules]
    open_ = [POLICY.classification, POLICY.assessment, *rules, *POLICY.stages, *POLICY.indicators]
    assert {part.source for part in open_} == {default}
    assert POLICY.effective_from_source == default
    assert {part.source for part in every(Sourced, POLICY)} == {default, None}
    told = {part.sourced.zh for part in every(Sourced, POLICY) if part.sourced}
    assert told == {"默认值，文件未作规定"}


def test_the_documents_figures_carry_their_section() -> None:
    programme, rounds = POLICY.programme, POLICY.rounds
    assert (programme.items_min, programme.items_max, programme.section) == (3, 7, "四(二)")
    assert (programme.years_min, programme.years_max) == (3, 5)
    assert (rounds.first_from.isoformat(), rounds.every_years) == ("2021-04-30", 2)
    quarterly = [c for c in POLICY.councils if c.cadence.section is not None]
    assert [(c.section, c.cadence.per) for c in quarterly] == [("三(五)2", "quarter")]
    days = [milestone.due_on.isoformat() for milestone in POLICY.milestones]
    every_two = ["2021-04-30", "2023-04-30"]
    assert days == ["2021-03-31", *every_two, "2021-12-31", "2025-12-31", "2025-12-31"]
    silent = [each.code for each in POLICY.milestones if each.source]
    assert silent == ["first-results", "major-progress", "problems-solved"]


def test_every_chinese_text_has_chinese_punctuation_and_every_english_one_none() -> None:
    for words in every(Bilingual, POLICY):
        assert not re.search(r"[,;:()]", words.zh), words.zh
        assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", words.en), words.en


def test_every_role_in_the_file_is_a_role_that_people_can_have() -> None:
    c = POLICY.classification
    named = {*c.may_classify, *c.may_propose, *c.may_endorse, *c.may_decide}
    for stage in POLICY.stages:
        named.update(stage.may_act)
    for name, roles in POLICY.work:
        named.update(roles if name.startswith("may_") else ())
    assert named <= set(get_args(Role))


def test_no_code_names_a_type_a_measure_a_stage_or_a_grade() -> None:
    entries = [*POLICY.types, *POLICY.stages, *POLICY.grades]
    entries += [measure for each in POLICY.types for measure in each.measures]
    codes = {entry.code for entry in entries} | {entry.title.zh for entry in entries}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} names {node.value}"
        for layer in ("domain", "record", "access", "projections", "api")
        for path in sorted((ROOT / layer).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in codes
    ]
    assert found == []


def test_the_glossary_explains_every_type_measure_stage_grade_and_kind_of_support() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    measures = [measure for each in POLICY.types for measure in each.measures]
    for entry in (*POLICY.types, *measures, *POLICY.stages, *POLICY.grades, *POLICY.supports):
        assert f"| {entry.title.zh} | `{entry.code}` |" in glossary


def test_a_policy_has_the_digest_of_its_files_bytes() -> None:
    assert built_in()["2021"].digest == sha256(FILE.read_bytes()).hexdigest()
    assert policy_digest(TEXT) == built_in()["2021"].digest


def test_a_policy_survives_json() -> None:
    assert Policy.model_validate_json(POLICY.model_dump_json()) == POLICY


def test_the_value_of_an_indicator_survives_json() -> None:
    adapter: TypeAdapter[IndicatorValue] = TypeAdapter(IndicatorValue)
    for value in (True, False, 0, 1, 60, Decimal("33.33"), Decimal("60"), Decimal("1")):
        back = adapter.validate_json(adapter.dump_json(value))
        assert (back, type(back)) == (value, type(value))


def test_entries_are_found_by_their_codes() -> None:
    assert POLICY.community_type("old-courtyard").title.zh == "老旧院落型"
    assert POLICY.subtype("urban-rural", "resettlement").title.zh == "拆迁安置社区"
    assert POLICY.measure("new-citizens").title.zh == "实施新市民培育行动"
    assert POLICY.indicator("markets").unit == "count"


def test_an_unknown_code_is_refused_with_the_codes_there_are() -> None:
    with pytest.raises(Refused) as refused:
        POLICY.community_type("rural")
    assert refused.value.code == "policy.unknown-code"
    assert refused.value.params["code"] == "rural"
    assert refused.value.params["known"] == [each.titled for each in POLICY.types]
    with pytest.raises(Refused) as refused:
        POLICY.subtype("urban-rural", "rural")
    assert (
        "没有该类型的子类型 rural。请从中选择：村改居社区（converted-village）"
        in refused.value.words.zh
    )


def test_a_code_of_an_empty_list_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        POLICY.subtype("commercial-housing", "rural")
    assert refused.value.code == "policy.no-such-list"


def test_a_survey_comes_back_in_the_policys_order() -> None:
    found = POLICY.checked({"urban-fringe": True, "markets": 2, "old-dwellings": Decimal("45.5")})
    assert list(found.items()) == [
        ("old-dwellings", Decimal("45.5")),
        ("markets", 2),
        ("urban-fringe", True),
    ]


@pytest.mark.parametrize("value", [0, 100, Decimal("99.9999"), Decimal("0"), Decimal("1E+2")])
def test_a_percentage_is_a_number_from_0_to_100(value: IndicatorValue) -> None:
    assert POLICY.checked({"old-dwellings": value}) == {"old-dwellings": value}


PERCENT = "a number from 0 to 100 with at most 4 decimal places"
COUNT = "a whole number from 0 to 100000000"


@pytest.mark.parametrize(
    ("indicator", "value", "expected"),
    [
        ("old-dwellings", 101, PERCENT),
        ("old-dwellings", -1, PERCENT),
        ("old-dwellings", True, PERCENT),
        ("old-dwellings", Decimal("100.01"), PERCENT),
        ("old-dwellings", Decimal("33.33333"), PERCENT),
        ("old-dwellings", Decimal("NaN"), PERCENT),
        ("markets", -1, COUNT),
        ("markets", Decimal("2"), COUNT),
        ("markets", True, COUNT),
        ("markets", 10**9, COUNT),
        ("urban-fringe", 1, "yes or no (true or false)"),
    ],
)
def test_a_value_that_an_indicator_cannot_have_is_refused(
    indicator: str, value: IndicatorValue, expected: str
) -> None:
    with pytest.raises(Refused) as refused:
        POLICY.checked({indicator: value})
    assert refused.value.code == "profile.value-unfit"
    assert refused.value.params["code"] == indicator
    assert refused.value.words.en.endswith(f"cannot be {value}. Give {expected}.")


def test_an_indicator_that_the_policy_does_not_have_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        POLICY.checked({"shops": 1})
    assert refused.value.code == "policy.unknown-code"
