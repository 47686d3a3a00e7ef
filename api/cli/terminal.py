"""Output of the command line in either language: results on stdout, everything else on stderr.

A refusal is a sentence and exit code 1, never a traceback. Our own errors stay tracebacks.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.visible import visible_json
from domain.kernel.text import Bilingual, Language, visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

PLAIN_COLUMNS = 200  # without a terminal, tables keep whole lines

OnProgress = Callable[[int, int], None]

Lang = Annotated[
    Language,
    typer.Option("--lang", envvar="ANNALS_LANG", help="语言 · The language of the answer."),
]
Json = Annotated[
    bool, typer.Option("--json", help="以 JSON 输出，供程序读取 · Output JSON, for programs.")
]


class Terminal:
    """The output of a command, in its language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self.out = _console(stderr=False)
        self.err = _console(stderr=True)

    def text(self, zh: str, en: str) -> str:
        """One of two sentences, by language."""
        return zh if self.language == "zh" else en

    def say(self, zh: str, en: str) -> None:
        """Print a result to stdout."""
        self.line(self.text(zh, en))

    def line(self, text: str = "") -> None:
        """Print a line of a result to stdout, never wrapped."""
        self.out.print(text, soft_wrap=True)

    def remark(self, zh: str, en: str) -> None:
        """Print a remark to stderr."""
        self.err.print(self.text(zh, en), soft_wrap=True)

    def words(self, words: Bilingual) -> str:
        """The text in the language."""
        return words.in_(self.language)

    def table(self, *columns: tuple[str, str]) -> "Table":
        """An empty table with these headings, Chinese and English."""
        from rich.table import Table

        table = Table(box=None, pad_edge=False, header_style="bold")
        for zh, en in columns:
            table.add_column(self.text(zh, en), overflow="fold")
        return table

    def show(self, table: "Table") -> None:
        """Print a table to stdout."""
        self.out.print(table)

    def json(self, value: Any, *, problem: bool = False) -> None:
        """Print a value as JSON to stdout, or a problem to stderr."""
        text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
        (sys.stderr if problem else sys.stdout).write(visible_json(text) + "\n")

    @contextmanager
    def progress(self, zh: str, en: str) -> Iterator[OnProgress]:
        """A progress bar with the remaining time, on stderr; yields a function that moves it."""
        from rich import progress

        columns = (
            progress.SpinnerColumn(),
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TimeElapsedColumn(),
            progress.TimeRemainingColumn(),
        )
        with progress.Progress(*columns, console=self.err, disable=not self.err.is_terminal) as bar:
            task = bar.add_task(self.text(zh, en), total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)


def _console(*, stderr: bool) -> "Console":
    from rich.console import Console

    class Plain(Console):
        """Shows what would do something to the terminal as escapes."""

        def render_str(self, text: str, **how: Any) -> "Text":
            """Every text that is printed passes here, in tables, too."""
            return super().render_str(visible(text), **how)

    console = Plain(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = PLAIN_COLUMNS
    return console


@contextmanager
def answering(language: Language) -> Iterator[Terminal]:
    """The terminal of a command; failures that a person can fix become sentences (exit code 1)."""
    from api.cli.refusals import ANSWERED, sentences_of

    terminal = Terminal(language)
    try:
        yield terminal
    except BrokenPipeError:
        # The reader has closed the pipe (`| head`). Nothing may be flushed there at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None
    except ANSWERED as problem:
        for words in sentences_of(problem):
            terminal.remark(words.zh, words.en)
        raise typer.Exit(1) from problem
    except KeyboardInterrupt as interruption:
        terminal.remark("已中断。", "Interrupted.")
        raise typer.Exit(130) from interruption
