"""Names that were typed in place of ids, and the names of ids that a form shows.

Beside the input of a name there is a hidden one, `NAME.was`: the id that the form meant by the name
that it showed. A name that nobody has changed still means that id; any other one is looked up.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from re import fullmatch
from typing import NamedTuple

from api.http.kernel.rendering import labels
from api.pages.forms.posts import ROWS_MAX, Typed
from api.pages.forms.shapes import FieldShape
from domain.kernel.ids import ID_PATTERN
from domain.kernel.text import Language
from projections.engine.view import View
from projections.meant import Candidate, NoneMeant, Register, Registers, SeveralMeant, candidate

CANDIDATES_MAX = 20
WAS = "was"


class Meant(NamedTuple):
    """What was typed, with ids in place of names. What means none or several is left as it is: its
    problem and what it may mean, each with its line of a list, by the name of the input."""

    typed: Typed
    problems: Mapping[str, str]
    candidates: Mapping[str, Sequence[tuple[str, Candidate]]]


class Shown(NamedTuple):
    """The value of an input as people read it, and that of the hidden one beside it."""

    value: str
    was: str


def meant(
    view: View, shapes: Sequence[FieldShape], typed: Typed, day: date, language: Language
) -> Meant:
    """What the names in a form mean on a day."""
    registers = Registers(view, day)
    ids, problems = dict(typed), dict[str, str]()
    candidates: dict[str, list[tuple[str, Candidate]]] = {}
    for name, shape in _named(shapes):
        before = _before(typed.get(f"{name}.{WAS}", ""))
        lines = []
        for line in filter(None, map(str.strip, typed.get(name, "").splitlines())):
            # One that was chosen after all; the line of an input for one is the input itself.
            chosen = typed.get(f"{name}.{line}") if shape.kind == "all-named" else None
            try:
                unit = ids.get(f"{name.rpartition('.')[0]}.unit".lstrip("."))
                lines.append(chosen or before.get(line) or _id(registers, shape, line, unit))
            except (SeveralMeant, NoneMeant) as refusal:
                lines.append(line)
                several = isinstance(refusal, SeveralMeant)
                word = labels(language)["name_several" if several else "name_none"]
                problems.setdefault(name, word.format(named=line))
                asked = candidates.setdefault(name, [])
                asked += [(line, each) for each in refusal.candidates[:CANDIDATES_MAX]]
        if lines:
            ids[name] = "\n".join(lines)
    return Meant(ids, problems, candidates)


def shown(view: View, shape: FieldShape, value: str, day: date) -> Shown:
    """The names of the ids in a value; what is no id on record stays as it is."""
    lines = [(line, _candidate(view, shape.names, line, day)) for line in value.splitlines()]
    return Shown(
        "\n".join(each.label if each else line for line, each in lines),
        "\n".join(f"{each.id} {each.label}" for _, each in lines if each),
    )


def _named(shapes: Sequence[FieldShape]) -> Iterator[tuple[str, FieldShape]]:
    """The inputs of names, also those in the rows of a list."""
    for shape in shapes:
        if shape.kind in ("named", "all-named"):
            yield shape.name, shape
        for index in range(ROWS_MAX if shape.kind == "rows" else 0):
            for name, column in _named(shape.columns):
                yield f"{shape.name}.{index}.{name}", column


def _before(was: str) -> Mapping[str, str]:
    """The ids by the names that the form showed."""
    pairs = (line.partition(" ") for line in was.splitlines())
    return {name.strip(): id for id, _, name in pairs}


def _id(registers: Registers, shape: FieldShape, text: str, unit: str | None) -> str:
    """The id that a text means; of several officials, that of the unit beside them."""
    if _candidate(registers.view, shape.names, text, registers.day):
        return text
    if shape.names == "person":
        return registers.person(text, unit).person
    return registers.meant(_register(shape.names), text).id


def _candidate(view: View, names: str | None, text: str, day: date) -> Candidate | None:
    return candidate(view, _register(names), text, day) if fullmatch(ID_PATTERN, text) else None


def _register(names: str | None) -> Register:
    match names:
        case "community" | "jurisdiction" | "unit" | "person":
            return names
    raise AssertionError(f"{names} is no register")
