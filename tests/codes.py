"""What the source says of codes, read with ast: where each is raised, with which parameters, as
which kind of problem (STOPS for what the API does not answer with), and which tests assert it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import api.cli.database
import api.cli.naming
import api.cli.rebuilding
import api.http.app
from api.http.kernel.problems import REFUSALS
from domain.kernel.refusal import PACKAGES, Coded, Refused, Stopped, catalogue

# Imported so that every class is known.
DOORS = (api.cli.database, api.cli.naming, api.cli.rebuilding, api.http.app)
ROOT = Path(__file__).parents[1]
STOPS = "stops"
IRREGULAR = "irregular"
CODE = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z0-9]+(-[a-z0-9]+)*")


class Site(NamedTuple):
    """A place that raises a code, or names it: `given` are its parameters, None where unknown."""

    code: str
    file: str
    line: int
    kind: str
    given: frozenset[str] | None


class _Call(NamedTuple):
    code: ast.expr
    kind: str
    given: frozenset[str] | None


@cache
def sites() -> Mapping[str, list[Site]]:
    """Every place that raises or names a code, by the code."""
    modules = {
        file: ast.parse(file.read_text(encoding="utf-8"))
        for package in PACKAGES
        for file in sorted((ROOT / package).rglob("*.py"))
    }
    passed_on: dict[str, str] = {}
    for file, tree in modules.items():
        passed_on.update(_passing_on(tree, file))
    found: defaultdict[str, list[Site]] = defaultdict(list)
    for file, tree in modules.items():
        for site in _sites(tree, file, passed_on):
            found[site.code].append(site)
    return found


def asserted() -> Mapping[str, list[str]]:
    """The test files that name each worded code, below tests/."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    codes = catalogue("zh").keys()
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        named = set(re.findall(r'"([a-z-]+\.[a-z0-9-]+)"', file.read_text(encoding="utf-8")))
        for code in named & codes:
            found[code].append(file.relative_to(ROOT / "tests").as_posix())
    return found


def _kinds_of_classes() -> Mapping[str, str]:
    """The kind of problem that each class is answered as."""
    of_class: Mapping[type, str] = {Stopped: STOPS, **REFUSALS}
    kinds: dict[str, str] = {}
    ahead: list[type[Coded]] = [Refused, Stopped]
    while ahead:
        each = ahead.pop()
        kinds[each.__name__] = next(of_class[c] for c in each.__mro__ if c in of_class)
        ahead += each.__subclasses__()
    return {**kinds, "Unfit": "file-refused", "Unreadable": "file-refused"}


KINDS_OF_CLASSES = _kinds_of_classes()


def _called(node: ast.Call, file: Path, parents: Mapping[ast.AST, ast.AST]) -> _Call | None:
    """The refusal that a call makes: which code, as what kind of problem, with what."""
    name = getattr(node.func, "id", None)
    breaks = isinstance(node.func, ast.Attribute) and node.func.attr == "breaks"
    code, kind = node.args[0] if node.args else None, KINDS_OF_CLASSES.get(name or "")
    if isinstance(node.func, ast.Attribute) and node.func.attr == "__init__":
        owner = next((e for e in _above(node, parents) if isinstance(e, ast.ClassDef)), None)
        name = owner.name if owner else None
        kind = KINDS_OF_CLASSES.get(name or "")
    elif name == "Apart":
        return _Call(code, "not-authorised", frozenset({"person", "doing"})) if code else None
    elif breaks:
        kind = IRREGULAR
    elif name == "ApiProblem":
        first, code = node.args[:2]
        kind = str(first.value) if isinstance(first, ast.Constant) else None
    elif name == "unfit":
        code, kind = node.args[1], "invalid-request"
    elif name == "Refused" and _is_of_a_cell(node, file, parents):
        kind = "file-refused"
    if code is None or not isinstance(kind, str):
        return None
    given = frozenset(each.arg for each in node.keywords if each.arg)
    unknown = any(each.arg is None for each in node.keywords)
    implied = {"parameter"} if name == "unfit" else set()
    return _Call(code, kind, None if unknown else given | implied)


def _is_of_a_cell(node: ast.Call, file: Path, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether it is told of a place in a file, and not raised by itself."""
    where = file.relative_to(ROOT).as_posix()
    raised = isinstance(parents[node], ast.Raise)
    return where.startswith(("api/sheets/", "api/rosters/")) and not raised


def _passing_on(tree: ast.Module, file: Path) -> Iterator[tuple[str, str]]:
    """The functions that raise a code which somebody else names, with its kind of problem."""
    parents = _parents(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (call := _called(node, file, parents)):
            above = _above(node, parents)
            owner = next((e for e in above if isinstance(e, ast.FunctionDef)), None)
            if owner and isinstance(call.code, ast.Name):
                yield owner.name, call.kind


def _sites(tree: ast.Module, file: Path, passed_on: Mapping[str, str]) -> Iterator[Site]:
    parents, where = _parents(tree), file.relative_to(ROOT).as_posix()
    seen: set[ast.AST] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not (call := _called(node, file, parents)):
            continue
        for each in _literals(call.code):
            seen.add(each)
            yield Site(str(each.value), where, node.lineno, call.kind, call.given)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in seen and node.value in catalogue("zh"):
            kind = _kind_of(node, parents, passed_on)
            yield Site(str(node.value), where, node.lineno, kind, None)


def _literals(code: ast.expr) -> Iterator[ast.Constant]:
    """The codes that an expression may be; a sentence is none."""
    if isinstance(code, ast.IfExp):
        yield from _literals(code.body)
        yield from _literals(code.orelse)
    elif isinstance(code, ast.Constant) and CODE.fullmatch(str(code.value)):
        yield code


def _kind_of(
    named: ast.AST, parents: Mapping[ast.AST, ast.AST], passed_on: Mapping[str, str]
) -> str:
    """The kind of problem of a code that is named here and raised elsewhere."""
    for each in _above(named, parents):
        name = getattr(each, "name", None)
        if isinstance(each, ast.Tuple) and isinstance(first := each.elts[0], ast.Constant):
            return str(first.value)
        if isinstance(each, ast.Call):
            name = getattr(each.func, "id", getattr(each.func, "attr", None))
        if name and name in passed_on:
            return passed_on[name]
    return "refused"


def _parents(tree: ast.AST) -> Mapping[ast.AST, ast.AST]:
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def _above(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while node in parents:
        node = parents[node]
        yield node
