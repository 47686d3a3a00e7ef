"""An example body for every command, from the `examples.toml` beside it."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from domain.kernel.command import Command

BASIS = {
    "issuer": "民政局",
    "number": "民发〔2024〕12号",
    "title": "关于调整部分社区的批复",
    "issued_on": "2024-06-20",
}


def example_of(command: type[Command[Any]]) -> dict[str, Any]:
    """The example body of a command, with a document as its basis."""
    package, _, _ = command.__module__.rpartition(".")
    return {**_examples(package)[command.__name__], "basis": [BASIS]}


@cache
def _examples(package: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((files(package) / "examples.toml").read_text(encoding="utf-8"))
