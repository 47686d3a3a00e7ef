"""Scope: of which places a reader sees anything, and in which place each row lies (ADR 29).

A read is of one scope. It is in a setting of the read's transaction, as the set of all places that
lie in the reader's jurisdiction today. Each table says how a row's place is found, and from that
one condition is made. It is applied twice: in the function through which queries read the table,
and as the table's row-level security, which holds for queries that read it in another way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import LiteralString, NamedTuple

# What is everybody's lies in this place, which is in every scope.
EVERYONES = "*"
NOWHERE = ""  # and this one in none but the whole city's
# No setting: nothing. The setting `*`: null, and a condition on null leaves everything as it is.
# It is a query of its own, so that it is asked once for all rows of a table.
SCOPE: LiteralString = (
    "(select nullif(coalesce(nullif(current_setting('annals.scope', true), ''), '{}'), '*')::jsonb)"
)


# What everybody reads, by kind of subject, and why. Nothing else is read out of scope.
PUBLIC: Mapping[str, str] = MappingProxyType(
    {
        "record": "Whose record it is.",
        "policy": "The rules are everybody's, and decide what everybody may do.",
        "jurisdiction": "Changes of the administrative divisions are published, and the tree is"
        " how one finds one's way.",
        "unit": "The register of offices and organisations is a directory: a unit answers for"
        " things in places other than its own.",
        "person": "Officials and their posts are the directory's other half; who decided is named"
        " wherever the decision is.",
        "round": "The calendar, rules and rubric of a round are published to all who take part."
        " Who took part, and with which result, is not among them.",
    }
)


# A connection that reads the whole city only says so when it is made. As the function is declared
# immutable, its plans are made without any condition: there the two walls cost nothing.
READS = "annals.reads"
WHOLE = "whole-city"
WHOLE_OPTION = f"-c {READS}={WHOLE}"


class Scope(NamedTuple):
    """The place in which a reader acts, a jurisdiction or a community, and the day; None for the
    whole city, and for the day of the last entry."""

    top: str | None
    day: date | None = None


WHOLE_CITY = Scope(None)


@dataclass(frozen=True, slots=True)
class Rule:
    """How the place of a table's rows is found."""

    def condition(self, row: LiteralString, key: LiteralString) -> LiteralString | None:
        """The SQL of what holds for rows in scope; None if that is all. `row` names the row, `key`
        the column with the key of its page."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class LiesIn(Rule):
    """A row lies in the places that these name, as SQL with {row} for the row: in scope if one of
    them is."""

    places: Sequence[LiteralString]

    def condition(self, row: LiteralString, key: LiteralString) -> LiteralString | None:
        """In scope are those with a place in it; none without a place."""
        places = ", ".join(self.places).replace("{row}", row)
        return f"(reads_whole_city() or coalesce({SCOPE} ?| array[{places}], true))"


@dataclass(frozen=True, slots=True)
class BelongsTo(Rule):
    """A row is part of the subject of this kind whose id is the key of its page. Or `stream` is the
    SQL of the subject's stream, with {row} for the row."""

    kind: LiteralString = ""
    stream: LiteralString = ""

    def condition(self, row: LiteralString, key: LiteralString) -> LiteralString | None:
        """In scope are those of a subject with a place in it."""
        stream = self.stream.replace("{row}", row) or f"'{self.kind}:' || {row}.{key}"
        return (
            f"(reads_whole_city() or {SCOPE} is null or exists (select from subject_place s"
            f' where s.stream = ({stream}) collate "C" and {SCOPE} ? s.place))'
        )


@dataclass(frozen=True, slots=True)
class NamesOnly(Rule):
    """Beside another rule: the places in this column have to be in scope, all of them."""

    rule: Rule
    column: LiteralString

    def condition(self, row: LiteralString, key: LiteralString) -> LiteralString | None:
        """In scope are those that name no place out of it."""
        return (
            f"{self.rule.condition(row, key)}"
            f" and (reads_whole_city() or coalesce({SCOPE} ?& {row}.{self.column}, true))"
        )


@dataclass(frozen=True, slots=True)
class RestsOn(Rule):
    """A row is about the entry at its position."""

    def condition(self, row: LiteralString, key: LiteralString) -> LiteralString | None:
        """In scope are those of which the entry is."""
        return (
            f"(reads_whole_city() or {SCOPE} is null"
            " or exists (select from timeline_entry_known(null) e"
            f' where e."position" = {row}."position" and e.home is null))'
        )


@dataclass(frozen=True, slots=True)
class Everyones(Rule):
    """Everybody reads all rows, for this reason."""

    why: str

    def condition(self, row: LiteralString, key: LiteralString) -> LiteralString | None:
        """All are in scope."""
        return None


def public(kind: str) -> Rule:
    """Everybody reads all rows about subjects of this kind."""
    return Everyones(PUBLIC[kind])


def lies_in_stream(column: LiteralString) -> Rule:
    """A row lies in the place whose stream this column has."""
    return LiesIn((f"split_part({{row}}.{column}, ':', 2)",))


def lies_in(*columns: LiteralString) -> Rule:
    """A row lies in the place that one of these columns names."""
    return LiesIn([f"{{row}}.{column}" for column in columns])
