"""Reads policy files, and names every fault of those that are none."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from domain.kernel.policy import bounds
from domain.kernel.policy.consistency import contradictions
from domain.kernel.policy.fault import Fault, PolicyFileWrong
from domain.kernel.policy.misshapen import refusal_of
from domain.kernel.policy.policy import Policy
from domain.kernel.refusal import Refused

FAULTS_MAX = 200
Steps = Sequence[int | str]


def read_policy(text: str) -> Policy:
    """The policy that a file states; raises PolicyFileWrong."""
    found = _read(text)
    if isinstance(found, Policy):
        return found
    raise PolicyFileWrong(found)


def faults_of(text: str) -> tuple[Fault, ...]:
    """Every fault of a file, by path, at most FAULTS_MAX; none if it is a policy.

    Whether entries contradict each other shows once each of them is right by itself.
    """
    found = _read(text)
    return () if isinstance(found, Policy) else tuple(found[:FAULTS_MAX])


def _read(text: str) -> Policy | list[Fault]:
    if barred := bounds.of_text(text):
        return [barred]
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        return [Fault("", Refused("policy-file.not-toml", problem=_where(error)))]
    raw, faults = _with_codes(raw)
    faults += [Fault(_written(path, raw), what) for path, what in bounds.of_values(raw)]
    if faults:
        return faults
    try:
        policy = Policy.model_validate(raw)
    except ValidationError as wrong:
        return _misshapen(wrong, raw)
    return list(contradictions(policy)) or policy


def _where(error: ValueError | RecursionError) -> str:
    """What the parser says, in one line."""
    return "nesting" if isinstance(error, RecursionError) else " ".join(str(error).split())[:200]


def _with_codes(raw: dict[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """The file's `[types.<code>]` tables as a list in the order of their numbers."""
    tables = raw.get("types")
    if not isinstance(tables, dict) or not all(isinstance(t, dict) for t in tables.values()):
        return raw, []
    faults = [
        Fault(f"types.{code}.code", Refused("policy-file.code-of-table"))
        for code, table in tables.items()
        if "code" in table
    ]
    types = [{**table, "code": code} for code, table in tables.items()]
    if all(type(each.get("number")) is int for each in types):
        types.sort(key=lambda each: each["number"])
    return {**raw, "types": types}, faults


def _misshapen(wrong: ValidationError, raw: Mapping[str, Any]) -> list[Fault]:
    """One fault for each path: of a union all branches complain."""
    found: dict[str, Fault] = {}
    for error in wrong.errors(include_url=False, include_input=False):
        path = _written(error["loc"], raw)
        found.setdefault(path, Fault(path, refusal_of(error)))
    return list(found.values())


def _written(location: Steps, raw: Any) -> str:
    return ".".join(_path(location, raw))


def _path(location: Iterable[int | str], raw: Any) -> Iterator[str]:
    """The path to an entry as a reader would write it: by code, else by number from 1. It ends
    where the file ends: what follows is a branch of a union."""
    known = True
    for step in location:
        inside = isinstance(raw, dict | list)
        if known and not inside:
            return
        try:
            raw = raw[step]
        except (IndexError, KeyError, TypeError):
            raw, known = None, False
        if isinstance(step, int):
            code = raw.get("code") if isinstance(raw, dict) else None
            yield code if isinstance(code, str) else str(step + 1)
        else:
            yield step
