"""The named peer of the command line: a bare typer program that imports rich and pydantic."""

import typer
from pydantic import BaseModel
from rich.console import Console


class Greeting(BaseModel):
    """What it says."""

    text: str


def main(text: str = "hello") -> None:
    """Say it."""
    Console().print(Greeting(text=text).text)


if __name__ == "__main__":
    typer.run(main)
