"""What imports of rosters and of sheets share at the command line."""

from collections.abc import Callable
from pathlib import Path

from api.cli.terminal import Terminal
from api.sheets.files.found import Worksheets
from api.sheets.table import FileRefused
from domain.kernel.refusal import Stopped
from domain.kernel.text import UNSOUND, Number
from record.store.entry import Receipt


def show_problems(terminal: Terminal, refused: FileRefused, *, as_json: bool) -> None:
    """Show every wrong place of a file. Problems of the whole file are in the refusal
    itself."""
    if as_json:
        terminal.json({"refused": [problem.shown() for problem in refused.problems]})
        return
    if [problem.row for problem in refused.problems] == [None]:
        return
    table = terminal.table(("行", "row"), ("列", "column"), ("内容", "cell"), ("原因", "reason"))
    for problem in refused.problems:
        row = "" if problem.row is None else str(problem.row)
        table.add_row(
            row, problem.column, UNSOUND.sub("□", problem.cell), terminal.words(problem.reason)
        )
    terminal.err.print(table)


def show_recorded(terminal: Terminal, receipt: Receipt) -> None:
    """Show the positions of the batch in the record."""
    terminal.remark(
        f"已入编：位置 {receipt.position} 至 {receipt.last_position}，"
        f"共 {receipt.last_position - receipt.position + 1} 条。",
        f"Recorded: positions {receipt.position} to {receipt.last_position}, "
        f"{Number(receipt.last_position - receipt.position + 1):entry|entries}.",
    )


def show_worksheets(terminal: Terminal, found: Worksheets | None) -> None:
    """Which worksheet of a workbook was read, and which were not."""
    if found is None:
        return
    terminal.say(f"　读取的工作表：{found.title}", f"  worksheet read: {found.title}")
    if found.others:
        others = "、".join(found.others), ", ".join(found.others)
        terminal.say(f"　未读取：{others[0]}", f"  not read: {others[1]}")
    if found.hidden:
        hidden = "、".join(found.hidden), ", ".join(found.hidden)
        terminal.say(f"　已隐藏，未读取：{hidden[0]}", f"  hidden, not read: {hidden[1]}")


def require_new(file: Path | None) -> None:
    """Refuse to overwrite a workbook that somebody may have filled in."""
    if file is None:
        return
    if file.exists():
        raise Stopped("command-line.file-exists", file=str(file))
    if not file.absolute().parent.is_dir():
        raise Stopped("command-line.no-folder", folder=str(file.absolute().parent))


def counting(on_progress: Callable[[int, int], None], total: int) -> Callable[[], None]:
    """A callback that reports how many of all steps are done."""
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        on_progress(done, total)

    return count
