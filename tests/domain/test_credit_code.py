"""Codes of units, by the standard's own arithmetic (GB 32100-2015)."""

import pytest

from domain.kernel.credit_code import ALPHABET, check_digit, require_sound
from domain.kernel.refusal import Refused

# Public codes of large companies, as printed on their licences.
SOUND = ["9144030071526726XG", "91330100799655058B", "91110000802100433B", "914403001922038216"]


@pytest.mark.parametrize("code", SOUND)
def test_a_code_ends_in_its_check_digit(code: str) -> None:
    assert check_digit(code) == code[17]
    require_sound(code)


@pytest.mark.parametrize("code", SOUND)
def test_no_single_slip_of_the_pen_goes_unnoticed(code: str) -> None:
    for place in range(18):
        for other in ALPHABET:
            slip = code[:place] + other + code[place + 1 :]
            if slip != code:
                with pytest.raises(Refused) as refusal:
                    require_sound(slip)
                assert refusal.value.code == "credit-code.wrong-check-digit"


def test_a_unit_may_have_no_code() -> None:
    require_sound(None)
