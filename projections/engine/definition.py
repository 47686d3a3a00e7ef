"""The digest of what a projection's rows come from. If it differs, the rows have to be rebuilt.

That is the source that makes rows of events: what the projection's class uses of its own module,
and the modules of its events, with what these import of ours and of the domain. How anything is
told to a reader counts for nothing: comments, docstrings, descriptions, sentences and refusals are
left out, and so is what tables are only read by.
"""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from symtable import SymbolTable, symtable

import domain
import projections
from domain.kernel.refusal import NotAuthorised, NotOnRecord, Refused
from domain.kernel.text import Bilingual
from projections.engine import fold
from projections.engine.projection import Projection
from record.sql import statements

# What is said in these calls is for a reader.
TELLING = [each.__name__ for each in (Bilingual, Refused, NotOnRecord, NotAuthorised)]
# A list of what there is makes no row, nor does how tables are read.
STOPS = frozenset({"domain.catalogue", "projections.engine.view"})
ROOTS = {each.__name__: Path(str(each.__file__)).parent for each in (domain, projections)}
TEXT = r"""(?:\"{3}.*?\"{3}|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
# The tokens by which a source is told apart; the name of the group says which it is.
TOKENS = re.compile(
    rf"(?P<described>\b(?:title|description)=(?:\s*{TEXT})+)"
    rf"|(?P<text>{TEXT})"
    r"|(?P<comment>#[^\n]*)"
    rf"|(?P<call>(?<!class )\b(?:{'|'.join(TELLING)})\()"
    r"|(?P<opens>[(\[{])"
    r"|(?P<closes>[)\]}])",
    re.DOTALL,
)
# At run time: what is imported for the type checker alone is indented.
IMPORTS = re.compile(r"^from ([\w.]+) import (\([^)]*\)|.*)|^import ([\w.]+)", re.MULTILINE)


@cache
def definition_of(projection: Projection) -> str:
    """The digest, in hexadecimal, that a projection's tables are marked with."""
    engine = str(ROOTS[projections.__name__] / "engine" / "engine.py")
    parts = [projection.name, projection.views() or "", meaning(_own_source(projection))]
    parts += [_read(source)[0] for source in sorted(sources_of(projection))]
    parts += [statements(engine)[name] for name in ("versioning", "secured", "ended_index")]
    return sha256("\0".join(parts).encode()).hexdigest()


@cache
def sources_of(projection: Projection) -> frozenset[Path]:
    """The files of all that a projection uses of ours and of the domain, beside its own."""
    events = {str(sys.modules[event.__module__].__file__) for event in projection.events}
    ahead = [Path(fold.__file__), *map(Path, events), *_imported(_own_source(projection))]
    found: set[Path] = set()
    while ahead:
        file = ahead.pop()
        if file not in found:
            found.add(file)
            ahead += _read(file)[1]
    return frozenset(found)


@cache
def _own_source(projection: Projection) -> str:
    source = Path(projection.module_file).read_text(encoding="utf-8")
    return used_by(type(projection).__name__, source)


def used_by(name: str, source: str) -> str:
    """The source of a module without what a class in it does not use, itself or through others."""
    lines = source.splitlines(keepends=True)
    bound = {each: part for node in ast.parse(source).body for each, part in _bound(node, lines)}
    used: set[str] = set()
    ahead = [name]
    while ahead:
        each = ahead.pop()
        if each in bound and each not in used:
            used.add(each)
            ahead += _referred_to(symtable(bound[each], each, "exec"))
    return "".join(part for each, part in bound.items() if each in used)


def _bound(node: ast.stmt, lines: list[str]) -> Iterator[tuple[str, str]]:
    """The names that a statement of a module binds, each with its part of the source."""
    first = min((node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))))
    whole = "".join(lines[first - 1 : node.end_lineno])
    match node:
        case ast.ImportFrom(module=module, names=names):
            for alias in names:
                bound = alias.asname or alias.name
                yield bound, f"from {module} import {alias.name} as {bound}\n"
        case ast.Import(names=names):
            for alias in names:
                yield alias.asname or alias.name.partition(".")[0], whole
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            yield name, whole
        case ast.Assign(targets=targets):
            for target in targets:
                yield from ((n.id, whole) for n in ast.walk(target) if isinstance(n, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name, whole


def _referred_to(table: SymbolTable) -> Iterator[str]:
    """The names of its module that a part of it refers to."""
    own = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_global() or (own and symbol.is_referenced()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _referred_to(inner)


def meaning(source: str) -> str:
    """A module's source without what it only tells a reader."""
    kept: list[str] = []
    depth, telling, at = 0, 0, 0  # `telling`: the depth of the call that tells, if within one
    for token in TOKENS.finditer(source):
        begin, end = token.span()
        match token.lastgroup:
            case "call" | "opens":
                depth += 1
                if token.lastgroup == "call" and not telling:
                    telling = depth
                    kept.append(source[at:end])
            case "closes":
                if depth == telling:
                    telling, at = 0, begin
                depth -= 1
            case "comment" if not telling:
                kept.append(source[at:begin].rstrip())
                at = end
            case "described" if not telling:
                kept.append(source[at:begin])
                at = end
            case "text" if not depth and _is_statement(source, begin, end):
                kept.append(source[at:begin].rstrip())
                at = end
    return "".join([*kept, source[at:]])


def _is_statement(source: str, begin: int, end: int) -> bool:
    """Whether a text is all of its line, as docstrings are."""
    line = source.rfind("\n", 0, begin) + 1
    return not source[line:begin].strip() and source[end : end + 1] in ("\n", "")


@cache
def _read(file: Path) -> tuple[str, list[Path]]:
    """What a file means, and the files that it imports; each is read once for a process."""
    source = file.read_text(encoding="utf-8")
    return meaning(source), list(_imported(source))


def _imported(source: str) -> Iterator[Path]:
    """The files of what a module imports of ours and of the domain, at run time."""
    for package, names, module in IMPORTS.findall(source):
        yield from _files(package or module)
        # A name may be that of a module: `from projections import register`.
        for name in re.findall(r"\w+", names):
            yield from _files(f"{package}.{name}")


@cache
def _files(module: str) -> tuple[Path, ...]:
    package, *path = module.split(".")
    if package not in ROOTS or module in STOPS or not path:
        return ()
    place = ROOTS[package].joinpath(*path)
    files = (place.with_suffix(".py"), place / "__init__.py")
    return tuple(file for file in files if file.exists())
