"""What a projection's rows come from: a change there rebuilds them, and no other does."""

from pathlib import Path

import pytest

import projections
from projections.all import PROJECTIONS
from projections.engine.definition import definition_of, meaning, sources_of, used_by
from projections.engine.projection import Projection

SOURCE = '''"""What it is for."""

class Renamed(Event):
    """It bears another name."""

    sentence = Bilingual(zh="改称{name}。", en="Renamed {name}.")
    name: str = Field(min_length=1, description="How it is called.")  # of one line

def fold(state, event):
    if not event.name:
        raise Refused("No name.", "无名称。")
    return changed(state, name=event.name)
'''


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("What it is for.", "What else it is for."),
        ("It bears another name.", "It is called otherwise."),
        ("Renamed {name}.", "Now called {name}, for good."),
        ("# of one line", "# in (one"),
        ('"No name."', 'f"{event} has no name."'),
        ("How it is called.", "What it is called."),
    ],
)
def test_what_is_only_told_makes_no_row(was: str, becomes: str) -> None:
    assert meaning(SOURCE.replace(was, becomes)) == meaning(SOURCE)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("name=event.name", "name=None"),
        ("name: str", "name: int"),
        ("min_length=1", "min_length=2"),
        ("if not", "if"),
    ],
)
def test_what_a_fold_does_makes_rows(was: str, becomes: str) -> None:
    assert meaning(SOURCE.replace(was, becomes)) != meaning(SOURCE)


MODULE = """
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
        ("example: Read", "example: str"),
        ('SQL["list"]', 'SQL["all"]'),
        ("ExampleEvent, Read", "ExampleEvent, Listed"),
    ],
)
def test_how_a_module_is_read_makes_no_row(was: str, becomes: str) -> None:
    assert used_by("Examples", MODULE.replace(was, becomes)) == used_by("Examples", MODULE)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('key=("example",)', 'key=("example", "part")'),
        ("    example: str\n\nclass", "    example: int\n\nclass"),
        ("Line(key, FIRST)", "Line(key, None)"),
        ("FIRST = 1", "FIRST = 2"),
    ],
)
def test_whatever_a_fold_uses_of_its_module_makes_rows(was: str, becomes: str) -> None:
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
