"""What a projection's rows come from: a change there rebuilds them, and no other does."""

from pathlib import Path

import pytest

import projections
from projections.all import PROJECTIONS
from projections.engine.definition import definition_of, meaning, sources_of, used_by
from projections.engine.projection import Projection

SOURCE = b'''"""What it is for."""

class Renamed(Event):
    """It bears another name."""

    sentence = Bilingual(zh="\xe6\x94\xb9\xe7\xa7\xb0{name}\xe3\x80\x82", en="Renamed {name}.")
    name: str = Field(min_length=1, description="How it is called.")

def fold(state, event):
    if not event.name:
        raise Refused("No name.", "\xe6\x97\xa0\xe5\x90\x8d\xe7\xa7\xb0\xe3\x80\x82")
    return changed(state, name=event.name)
'''


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"What it is for.", b"What else it is for."),
        (b"It bears another name.", b"It is called otherwise."),
        (b"Renamed {name}.", b"Now called {name}, for good."),
        (b'"No name."', b'f"{event} has no name."'),
        (b"How it is called.", b"What it is called."),
    ],
)
def test_what_is_only_told_makes_no_row(was: bytes, becomes: bytes) -> None:
    assert meaning(SOURCE.replace(was, becomes)) == meaning(SOURCE)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"name=event.name", b"name=None"),
        (b"name: str", b"name: int"),
        (b"min_length=1", b"min_length=2"),
        (b"if not", b"if"),
    ],
)
def test_what_a_fold_does_makes_rows(was: bytes, becomes: bytes) -> None:
    assert meaning(SOURCE.replace(was, becomes)) != meaning(SOURCE)


MODULE = b"""
from domain.example.events import ExampleEvent, Read
from projections.engine.shape import Shape

FIRST = 1

@row(key=("example",))
class Line(NamedTuple):
    example: str

class Examples(Projection):
    kinds = (Line,)
    def evolve(self, key, page, entry):
        page.put(_line(key, entry))

def _line(key, entry):
    return Line(key, FIRST)

class ExampleView(Shape):
    example: Read

def examples(view):
    return [ExampleView.of(row) for row in view.rows(SQL["list"])]
"""


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"example: Read", b"example: str"),
        (b'SQL["list"]', b'SQL["all"]'),
        (b"ExampleEvent, Read", b"ExampleEvent, Listed"),
    ],
)
def test_how_a_module_is_read_makes_no_row(was: bytes, becomes: bytes) -> None:
    assert used_by("Examples", MODULE.replace(was, becomes)) == used_by("Examples", MODULE)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b'key=("example",)', b'key=("example", "part")'),
        (b"    example: str\n\nclass", b"    example: int\n\nclass"),
        (b"Line(key, FIRST)", b"Line(key, None)"),
        (b"FIRST = 1", b"FIRST = 2"),
    ],
)
def test_whatever_a_fold_uses_of_its_module_makes_rows(was: bytes, becomes: bytes) -> None:
    changed = MODULE.replace(was, becomes)

    assert changed != MODULE
    assert used_by("Examples", changed) != used_by("Examples", MODULE)


@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda each: each.name)
def test_rows_come_from_the_fold_and_not_from_how_they_are_read(projection: Projection) -> None:
    sources = sources_of(projection)
    names = {path.name for path in sources}

    assert {"projection.py", "page.py", "row.py"} <= names
    assert not {"view.py", "engine.py", "catalogue.py"} & names
    assert Path(projection.module_file) not in sources


def test_a_read_model_of_one_subject_does_not_rest_on_anothers() -> None:
    of = {each.name: sources_of(each) for each in PROJECTIONS}
    domain = Path(projections.__file__).parents[1] / "domain"

    assert domain / "task" / "state.py" in of["tasks"]
    assert domain / "task" / "state.py" not in of["register"] | of["honours"] | of["reviews"]


def test_each_has_a_definition_of_its_own() -> None:
    assert len({definition_of(each) for each in PROJECTIONS}) == len(PROJECTIONS)
