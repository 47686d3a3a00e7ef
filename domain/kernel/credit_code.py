"""The unified social credit code of a unit (GB 32100-2015): 18 characters, the last a check digit.

It never changes, so unlike a name it always distinguishes two units.
"""

from typing import Annotated

from pydantic import Field

from domain.kernel.refusal import Refused

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z
_WEIGHTS = tuple(3**place % 31 for place in range(17))

CreditCode = Annotated[
    str,
    Field(
        pattern=r"^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$",
        description="Unified social credit code, 18 characters (GB 32100-2015).",
        examples=["91510700MA6AQ7TR6U"],
    ),
]


def check_digit(code: str) -> str:
    """The 18th character that belongs to the first 17."""
    total = sum(
        ALPHABET.index(character) * weight
        for character, weight in zip(code[:17], _WEIGHTS, strict=True)
    )
    return ALPHABET[-total % 31]


def require_sound(code: str | None) -> None:
    """Refused unless the code, if there is one, ends in its check digit."""
    if code is not None and code[17] != check_digit(code):
        raise Refused("credit-code.wrong-check-digit", code=code, check_digit=check_digit(code))
