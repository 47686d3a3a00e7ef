"""What a projection's rows come from: a change there rebuilds them, and no other does."""

from pathlib import Path

import pytest

import projections
from projections.all import PROJECTIONS
from projections.engine.definition import definition_of, meaning, sources_of
from projections.engine.projection import Projection

SOURCE = '''"""What it is for."""

class Renamed(Event):
    """It bears another name."""

    sentence = Bilingual(zh="改称{name}。", en="Renamed {name}.")
    name: str  # of one line

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
    ],
)
def test_what_is_only_told_makes_no_row(was: str, becomes: str) -> None:
    assert meaning(SOURCE.replace(was, becomes)) == meaning(SOURCE)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("name=event.name", "name=None"), ("name: str", "name: int"), ("if not", "if")],
)
def test_what_a_fold_does_makes_rows(was: str, becomes: str) -> None:
    assert meaning(SOURCE.replace(was, becomes)) != meaning(SOURCE)


@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda each: each.name)
def test_rows_come_from_the_fold_and_not_from_how_they_are_read(projection: Projection) -> None:
    names = {path.name for path in sources_of(Path(projection.module_file))}

    assert {Path(projection.module_file).name, "projection.py", "page.py", "row.py"} <= names
    assert not {"view.py", "engine.py", "catalogue.py"} & names


def test_a_read_model_of_one_subject_does_not_rest_on_anothers() -> None:
    of = {each.name: sources_of(Path(each.module_file)) for each in PROJECTIONS}
    domain = Path(projections.__file__).parents[1] / "domain"

    assert domain / "task" / "state.py" in of["tasks"]
    assert domain / "task" / "state.py" not in of["register"] | of["honours"] | of["reviews"]


def test_each_has_a_definition_of_its_own() -> None:
    assert len({definition_of(each) for each in PROJECTIONS}) == len(PROJECTIONS)
