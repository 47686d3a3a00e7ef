"""What breaks a procedure is recorded with a reason by a role that may, and marked for ever."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.council.sessions import ConveneSession, HoldSession
from domain.kernel.irregular import DESPITE_MAX, Breach, Despite, Irregularity
from domain.kernel.params import params_from, params_of
from domain.kernel.policy import Policy
from domain.kernel.refusal import NotAuthorised, Param, Refused
from domain.kernel.text import Bilingual
from domain.kernel.timeline import DateSpan
from tests.codes import IRREGULAR, sites
from tests.domain.councils import CONVENED, FOUNDED, council
from tests.domain.given import POLICY, day

REASON = "汛情紧急，当日通知"
SHORT = ConveneSession(session="s9", noticed_on=day("2023-03-01"), scheduled_on=day("2023-03-02"))
HASTY = HoldSession(session="q1", held_on=day("2023-03-02"), present=("school",))


def asked(command: Any, *events: Any, policy: Policy = POLICY, **given: Any) -> Any:
    return council(FOUNDED, *events).when(command, policy=policy, **given)


def test_without_a_reason_nothing_is_recorded_and_every_broken_rule_is_listed() -> None:
    asked(HASTY, CONVENED).irregular("session.without-agenda", "session.notice-too-short")


def test_with_a_reason_it_is_recorded_and_marked_with_every_rule() -> None:
    outcome = asked(HASTY, CONVENED, despite=REASON)

    assert outcome.refusal is None
    assert outcome.mark.reason == REASON
    codes = [each.code for each in outcome.mark.codes]
    assert codes == ["session.without-agenda", "session.notice-too-short"]
    assert outcome.state().sessions["q1"].held_on == day("2023-03-02")


def test_what_breaks_no_procedure_has_no_mark_and_takes_no_reason() -> None:
    proper = SHORT.model_copy(update={"scheduled_on": day("2023-03-04")})

    assert asked(proper).mark is None
    asked(proper, despite=REASON).refused("fact.not-irregular")


def test_a_reason_makes_nothing_possible_that_cannot_be() -> None:
    ahead = SHORT.model_copy(update={"noticed_on": day("2030-01-01")})

    asked(ahead, despite=REASON).refused("day.not-come")


def test_only_a_role_that_the_policy_names_gives_a_reason_and_by_default_none() -> None:
    silent = POLICY.registers.model_copy(update={"may_record_irregular": ("decider",)})
    some = POLICY.model_copy(update={"registers": silent})

    asked(SHORT, by="recorder", despite=REASON, policy=some).refused("role.lacking", NotAuthorised)
    asked(SHORT, by="recorder", policy=some).irregular("session.notice-too-short")
    assert type(POLICY.registers).model_fields["may_record_irregular"].default == ()


def test_a_reason_is_a_sentence_of_bounded_length_whose_characters_can_be_seen() -> None:
    reason = TypeAdapter(Despite)

    for wrong in ("", " ", "理由 ", "长" * (DESPITE_MAX + 1)):
        with pytest.raises(ValidationError):
            reason.validate_python(wrong)
    asked(SHORT, despite="急\u200b事").refused("text.invisible")


def test_a_mark_says_in_both_languages_what_its_rule_said() -> None:
    (breach,) = asked(SHORT, despite=REASON).mark.codes
    kept = Irregularity(codes=(breach,), reason=REASON).model_dump_json()

    (read,) = Irregularity.model_validate_json(kept).codes
    outcome = asked(SHORT).refusal.breaches[0]
    assert read.refusal.words == outcome.words


def test_parameters_of_every_kind_are_read_back_as_they_were_said() -> None:
    title = Bilingual(zh="停车", en="parking")
    given: dict[str, Param] = {
        "title": title,
        "days": 3,
        "hours": Decimal("1.5"),
        "day": day("2024-01-02"),
        "span": DateSpan(day("2024-01-02"), None),
        "none": None,
        "many": (title, Refused("day.not-come", day=day("2024-01-02"))),
    }

    kept = params_of(Refused("fact.not-irregular", **given), None)
    read = params_from(kept)

    assert params_of(Refused("fact.not-irregular", **read), None) == kept
    assert Breach(code="day.not-come", params={"day": "2024-01-02"}).refusal.words == (
        Refused("day.not-come", day=day("2024-01-02")).words
    )


def test_no_code_is_both_of_what_cannot_be_and_of_what_ought_not_to_be() -> None:
    kinds = {
        code: {each.kind for each in places if each.given is not None}
        for code, places in sites().items()
    }

    assert [code for code, found in kinds.items() if IRREGULAR in found and len(found) > 1] == []
