"""What keeps the code easy to read."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PRODUCT = ("access", "api", "demo", "domain", "projections", "record")
BODY_LINES_MAX = 40
FILE_LINES_MAX = 450


def sources(*folders: str) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")


Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines(node: ast.stmt) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def body_lines(function: Function) -> int:
    """The lines of a function after its signature and docstring, without functions in it."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    inner = sum(lines(each) for each in body if isinstance(each, Function))
    return (function.end_lineno or 0) - body[0].lineno + 1 - inner if body else 0


def test_a_function_is_read_in_one_look() -> None:
    long = {
        f"{file}:{node.lineno} {node.name}": body_lines(node)
        for file, text in sources(*PRODUCT)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, Function) and body_lines(node) > BODY_LINES_MAX
    }

    assert long == {}


def test_the_oracle_shares_no_code_with_what_it_judges() -> None:
    ((_, text),) = (each for each in sources("tests/oracle") if each[0].endswith("/oracle.py"))
    named = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or node.names[0].name]
    }

    assert named & {*PRODUCT, "tests"} == set()


def test_a_file_is_about_one_topic() -> None:
    long = {
        file: len(text.splitlines())
        for file, text in sources(*PRODUCT, "bench", "tests")
        if len(text.splitlines()) > FILE_LINES_MAX
    }

    assert long == {}


def test_files_of_a_schema_are_numbered_without_gap() -> None:
    for folder in ROOT.rglob("migrations"):
        if "/." not in folder.as_posix():
            numbers = sorted(file.name.partition("_")[0] for file in folder.glob("*.sql"))
            assert numbers == [f"{place:04}" for place in range(1, len(numbers) + 1)], folder
