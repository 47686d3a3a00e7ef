"""The values of an export as people read them: titles of terms, names of subjects."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from api.exports.columns import Column, Layout, Row, fields_of, id_of, what_of, words
from domain.catalogue import SUBJECTS
from domain.kernel.policy import Policy
from domain.kernel.text import Bilingual, Language
from projections.figures.titles import FIGURES, GROUPS
from projections.labels import LABELS
from record.store.record import CHINA

Cell = str | int | Decimal | date | datetime | None


class Wording(NamedTuple):
    """The words of one export. `asked` are the parameters of the read, its address's included."""

    language: Language
    policy: Policy | None
    asked: Mapping[str, str]

    def rows(
        self, layout: Layout, lines: Iterable[Any], names: Mapping[str, str]
    ) -> Iterable[list[Cell]]:
        """The cells of these lines; `names` are those of the streams that they name."""
        for line in lines:
            for row in layout.rows(line):
                yield [self._cell(each, row, names) for each in layout.columns]

    def _cell(self, column: Column, row: Row, names: Mapping[str, str]) -> Cell:
        if column.named:
            stream = column.stream(row)
            return names.get(stream) if stream else None
        what = column.what
        if what and what.startswith("@"):
            beside = column._replace(path=(*column.path[:-1], what[1:]))
            what = str(beside.value(row))
        return self.cell(column.value(row), what)

    def cell(self, value: Any, what: str | None = None) -> Cell:
        """A value in one cell: a day, a moment in China, a number, or a text."""
        match value:
            case None | Decimal():
                return value
            case bool():
                return LABELS["yes" if value else "no"].in_(self.language)
            case datetime():
                return value.astimezone(CHINA).replace(tzinfo=None)
            case date() | int():
                return value
            case float():
                return Decimal(str(value))
        return self.text(value, what)

    def text(self, value: Any, what: str | None = None) -> str:
        """A value as a text."""
        zh = self.language == "zh"
        match value:
            case Bilingual():
                return value.in_(self.language)
            case _ if fields_of(type(value)) and not isinstance(value, Bilingual):
                return " · ".join(self._parts(value))
            case list() | tuple():
                parts = [self.text(each, what) for each in value]
                between = ("、" if zh else ", ") if isinstance(next(iter(value), ""), str) else "\n"
                return between.join(parts)
            case Mapping() if what is None:
                return json.dumps(value, ensure_ascii=False, default=str)
            case Mapping():
                colon = "：" if zh else ": "
                pairs = value.items()
                return "\n".join(
                    f"{self.term(what, str(name))}{colon}{self.text(each)}" for name, each in pairs
                )
        found = self.cell(value, what) if not isinstance(value, str) else value
        return self.term(what, value) if isinstance(value, str) else str(found)

    def _parts(self, value: Any) -> Iterable[str]:
        """The parts of a thing within a cell, without ids and what is empty."""
        for name in fields_of(type(value)):
            part = getattr(value, name)
            if part not in (None, "", (), []) and id_of(type(value), name) is None:
                yield self.text(part, what_of(type(value), name))

    def term(self, what: str | None, value: str) -> str:
        """The title of a term of the policy or of a list of ours; without one the value itself."""
        if what and what.startswith("="):
            figure = FIGURES.get(self.asked.get(what[1:], ""))
            what = figure.by if figure else None
        found = self._title(what, value) if what else None
        return found.in_(self.language) if found else value

    def _title(self, what: str, value: str) -> Bilingual | None:
        if what == "figures" and value in FIGURES:
            return FIGURES[value].title
        if what.startswith("stage:"):
            stages: Mapping[str, Bilingual] = getattr(SUBJECTS[what[6:]], "STAGE_WORDS", {})
            return stages.get(value)
        if found := words()["values"].get(what, {}).get(value):
            return Bilingual(zh=found[0], en=found[1])
        if label := LABELS.get(f"{what}.{value}") or GROUPS.get(f"{what}.{value}"):
            return label
        terms = self.policy.terms(what) if self.policy else ()
        return next((each.title for each in terms if each.code == value), None)
