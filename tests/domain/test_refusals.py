"""Refusals are codes with parameters; their sentences stand in catalogues."""

from domain.kernel.refusal import Refused


def test_of_a_refusal_among_others_it_is_told_what_is_wrong_and_not_what_to_do() -> None:
    reason = Refused("support.no-review", review="r1.a")
    whole = Refused("round.objections-wait", reasons=[reason, reason])

    assert reason.words.en.startswith(f"{reason.reason.en}. ")
    assert f": {reason.reason.en}; {reason.reason.en}." in whole.words.en
    assert f"：{reason.reason.zh}；{reason.reason.zh}。" in whole.words.zh
