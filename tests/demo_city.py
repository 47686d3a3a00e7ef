"""The demo city, recorded once for a whole run, beside the other tests where there are any."""

from multiprocessing import get_context
from multiprocessing.context import SpawnProcess

from demo.recording import record_demo_city
from projections.all import PROJECTIONS
from projections.engine.worker import catch_up
from record.store.migrate import migrate
from tests.databases import Server


def demo_city(server: Server) -> str:
    """The url of the database in which the whole city is recorded, its read models caught up."""
    return server.made_once("demo", _record)


def recording(server: Server) -> SpawnProcess:
    """A process that records it; whoever asks for the city waits for that."""
    process = get_context("spawn").Process(target=demo_city, args=(server,), daemon=True)
    process.start()
    return process


def _record(url: str) -> None:
    migrate(url)
    record_demo_city(url, lambda _done, _total: None)
    catch_up(url, PROJECTIONS)
