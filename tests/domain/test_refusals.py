"""Refusals, and what stops a program, are codes with parameters; their sentences stand in
catalogues, and the pages of rules and problems are made of them."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest

from api.http.kernel.problem_kinds import ALL, codes_of
from api.http.openapi import KEPT
from domain.kernel.params import params_of
from domain.kernel.refusal import Refused, Wording, catalogue
from domain.kernel.text import Bilingual, Language
from domain.kernel.timeline import DateSpan
from tests.codes import ROOT, STOPS, Site, asserted, sites
from tests.docs import WRITTEN

LANGUAGES: tuple[Language, ...] = ("zh", "en")
CODES = sorted(catalogue("zh"))
RULES = {code for code in CODES if all(catalogue("zh")[code][2:])}


def parameters(wording: Wording) -> set[str]:
    parts = [part for text in wording[:2] for part in Formatter().parse(text)]
    return {name for _, name, _, _ in parts if name}


def test_every_code_is_worded_in_both_languages() -> None:
    assert catalogue("zh").keys() == catalogue("en").keys()
    assert set(sites()) - set(CODES) == set()


def test_every_worded_code_is_raised() -> None:
    assert set(CODES) - set(sites()) == set()


def test_both_languages_tell_it_in_whole_sentences() -> None:
    zh, en = catalogue("zh"), catalogue("en")

    assert [c for c in CODES if not all(text.endswith("。") for text in zh[c][:2])] == []
    whole = re.compile(r'\.["”]?$')
    assert [c for c in CODES if not all(whole.search(text) for text in en[c][:2])] == []


def test_whoever_raises_a_code_gives_what_its_sentences_tell() -> None:
    def lacking(site: Site) -> set[str]:
        # A language may tell more than the other, of what was given to both.
        told = parameters(catalogue("zh")[site.code]) | parameters(catalogue("en")[site.code])
        return set() if site.given is None else told - site.given

    places = [site for code in CODES for site in sites()[code]]
    assert {f"{s.code} {s.file}:{s.line}": lacking(s) for s in places if lacking(s)} == {}


def test_every_refusal_says_which_rule_it_keeps_and_where_that_comes_from() -> None:
    refusals = {code for code in CODES if {site.kind for site in sites()[code]} != {STOPS}}

    assert refusals == RULES
    assert [code for code in CODES if catalogue("zh")[code].section and code not in RULES] == []


def test_every_rule_is_asserted_by_a_test() -> None:
    assert RULES - asserted().keys() == set()


# The API's description is held against its routes in tests/api/test_openapi.py.
@pytest.mark.parametrize("file", [f for f in WRITTEN if f != KEPT], ids=lambda file: file.name)
def test_what_is_made_from_the_code_is_current(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == WRITTEN[file](), "run `make docs`"


def test_every_rule_is_on_the_page_of_a_kind_of_problem() -> None:
    assert {code for kind in ALL for code in codes_of(kind.name)} == RULES


def test_what_is_derived_names_tests_that_are_there() -> None:
    derived = (ROOT / "docs" / "derived.md").read_text(encoding="utf-8")
    named = re.findall(r"`([a-z_]+/test_\w+\.py)`", derived)

    assert named
    assert [each for each in named if not (ROOT / "tests" / each).is_file()] == []


def test_of_a_refusal_among_others_it_is_told_what_is_wrong_and_not_what_to_do() -> None:
    reason = Refused("support.no-review", review="r1.a")
    whole = Refused("round.objections-wait", reasons=[reason, reason])

    assert reason.words.en.startswith(f"{reason.reason.en}. ")
    assert f": {reason.reason.en}; {reason.reason.en}." in whole.words.en
    assert f"：{reason.reason.zh}；{reason.reason.zh}。" in whole.words.zh


@pytest.mark.parametrize("language", LANGUAGES)
def test_parameters_are_told_to_clients_as_json(language: Language) -> None:
    day, nested = date(2024, 6, 30), Refused("support.no-review", review="r1.a")
    title = Bilingual(zh="停车", en="parking")
    refusal = Refused(
        "any.code",
        day=day,
        span=DateSpan(day, None),
        title=title,
        points=Decimal("1.50"),
        reasons=[nested],
        nothing=None,
    )

    assert params_of(refusal, language) == {
        "day": "2024-06-30",
        "span": {"from": "2024-06-30", "until": None},
        "title": title.in_(language),
        "points": "1.50",
        "reasons": [{"code": "support.no-review", "params": {"review": "r1.a"}}],
        "nothing": None,
    }
    assert params_of(refusal, None)["title"] == {"zh": "停车", "en": "parking"}
