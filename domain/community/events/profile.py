"""What surveys found in a community."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from domain.kernel.event import Event
from domain.kernel.ids import Names, Reason, Slug, Title, Version
from domain.kernel.text import Bilingual

# Strict, so that a text is never parsed as a boolean, or a boolean as 1.
IndicatorReading = (
    StrictBool | StrictInt | Annotated[Decimal, Field(max_digits=20, decimal_places=6)]
)

Indicators = Annotated[
    dict[Annotated[Slug, Names("indicator")], IndicatorReading],
    Field(max_length=200, examples=[{"dwellings": 2400, "commercial-dwellings": "62.5"}]),
]


class ProfileSurveyed(Event):
    """A survey found these values on this day. Omitted indicators keep their earlier values."""

    sentence = Bilingual(
        zh="{surveyed_on}调查（来源：{source}）：{indicators}。",
        en="Surveyed on {surveyed_on} (source: {source}): {indicators}.",
    )

    surveyed_on: date
    indicators: Indicators
    source: Title


class ProfileCorrected(Event):
    """The named entry was mistaken: this is what the survey found, and when."""

    sentence = Bilingual(
        zh="更正{corrects}：{surveyed_on}调查（来源：{source}）结果为{indicators}（理由：{reason}）。",
        en=(
            "Entry {corrects} corrected: surveyed on {surveyed_on} (source: {source}): "
            "{indicators} (reason: {reason})."
        ),
    )

    corrects: Version
    surveyed_on: date
    indicators: Indicators
    source: Title
    reason: Reason


ProfileEvent = ProfileSurveyed | ProfileCorrected
