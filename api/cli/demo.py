"""`annals demo`: a lifelike fictional city, recorded through the same commands, and served."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from threading import Event, Thread
from typing import TYPE_CHECKING

from api.cli.acting import founded_or_not
from api.cli.database import Database, raw_database, settings_of
from api.cli.refusals import Stopped
from api.cli.serving import HostOption, PortOption, listening, serve_at
from api.cli.terminal import Lang, OnProgress, Terminal, answering
from domain.kernel.refusal import Refused
from record.store.migrate import migrate
from record.store.record import Record

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

TOLD_EVERY = 20
WAIT_SECONDS = 0.5
# By then the city's communities stand, and are surveyed and classified.
BEGUN_COMMANDS = 600


def demo(host: HostOption = None, port: PortOption = None, lang: Lang = "zh") -> None:
    """演示：记录一座虚构城市的五年，然后提供服务。已有真实城市的编年时拒绝。
    · Record five years of a fictional city and serve it; refused where a real city is on record."""
    with answering(lang) as terminal:
        settings = settings_of()
        with (
            listening(settings, host, port) as door,
            raw_database(settings, begins=True, lasts=True) as where,
        ):
            migrate(where.url)
            _require_free(where)
            with _recording(where, terminal) as closed:
                serve_at(door, where.url, terminal, with_worker=True, closed=closed)


def _require_free(where: Database) -> None:
    """Stopped where the record of another city is."""
    from demo.names import ORIGIN

    with Record(where.url) as record:
        founded = founded_or_not(record)
    if founded.version and not (founded.simulation and founded.origin == ORIGIN):
        raise Stopped(
            f"此处已有{founded.city_name}的编年，不会写入演示数据；"
            "请以 ANNALS_HOME 指定另一目录，或取消 DATABASE_URL。",
            f"The record of {founded.city_name} is here: no demo is recorded into it. Name "
            "another folder in ANNALS_HOME, or unset DATABASE_URL.",
        )


@contextmanager
def _recording(where: Database, terminal: Terminal) -> Iterator[Callable[[], Refused | None]]:
    """Record the demo city in a process beside the server, or go on where that was interrupted.

    Enters when the city's first months stand. From then on the pages show it as far as it has come,
    each with the position that it stands at; commands are refused until it is whole, because what
    is recorded today would lie in the way of the years that are still to be told. When the server
    stops before that, the recording is interrupted; the next start goes on.
    """
    with terminal.progress("记录演示城市", "Recording the demo city") as on_progress:
        context = get_context("spawn")
        told, tells = context.Pipe(duplex=False)
        recorder = context.Process(target=_record, args=(where.url, tells), daemon=True)
        recorder.start()
        tells.close()
        begun, whole = Event(), Event()
        hearing = Thread(
            target=_hear, args=(told, on_progress, begun, whole, terminal), daemon=True
        )
        hearing.start()
        try:
            while not begun.wait(WAIT_SECONDS):
                if not hearing.is_alive():
                    raise RuntimeError("The recording process ended early; its output says why.")
            yield lambda: None if whole.is_set() else _unfinished()
        finally:
            recorder.terminate()
            recorder.join()
            hearing.join()


def _record(url: str, tells: "Connection") -> None:
    """The recording process: tells how far it has come, and ends when nobody hears it any more."""
    from demo import record_demo_city

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's, which then stops us

    def tell(done: int, total: int) -> None:
        if done % TOLD_EVERY == 0 or done == total:
            tells.send((done, total))

    with suppress(BrokenPipeError):
        record_demo_city(url, tell)


def _unfinished() -> Refused:
    return Refused(
        "The demo city is still being recorded; it takes about a minute. Ask again when the "
        "terminal says that it is recorded.",
        "演示城市仍在记录，约需一分钟；请待终端提示记录完毕后再提交。",
    )


def _hear(
    told: "Connection", on_progress: OnProgress, begun: Event, whole: Event, terminal: Terminal
) -> None:
    """Show how far the recording has come, until it ends; say whether it is whole."""
    done, total = 0, 1
    with suppress(EOFError):
        while True:
            done, total = told.recv()
            on_progress(done, total)
            if done >= BEGUN_COMMANDS:
                begun.set()
    if done == total:
        whole.set()
        terminal.remark("演示城市已记录完毕。", "The demo city is recorded.")
    else:
        terminal.remark(
            f"演示城市只记录到第 {done} 项（共 {total} 项）；再次启动 annals demo 即可继续。",
            f"The demo city is recorded up to command {done} of {total}; start annals demo again "
            "to go on.",
        )
