"""Work of every kind is told in both languages."""

from typing import Any

from domain.measure.adoption import AdoptMeasure
from projections.engine.view import View
from projections.sentences import sentences_in
from record.store.record import Record
from tests.projections.work import (
    CODE,
    OLD,
    POLICY,
    Do,
    assign,
    classified,
    council,
    day,
    programme,
)


def test_every_step_is_told_in_both_languages(do: Do, record: Record, show: Any) -> None:
    classified(do)
    do(f"measure:a.{CODE}", AdoptMeasure(community="a", measure=CODE, adopted_on=day("2022-01-10")))
    council(do)
    assign(do)
    programme(do)
    entries = record.entries(after=0)

    def told(view: View) -> list[tuple[str, str]]:
        return list(
            zip(sentences_in(view, entries, "zh"), sentences_in(view, entries, "en"), strict=True)
        )

    sentences = show(told)
    assert all("{" not in zh + en for zh, en in sentences)
    assert any(OLD.measures[0].title.zh in zh for zh, _ in sentences)
    assert any(POLICY.councils[1].title.en in en for _, en in sentences)
    assert any("来源：直接交办" in zh for zh, _ in sentences)
