"""What it costs to start the command line, as a whole process."""

import sys
from collections.abc import Iterator

from bench.ground import Ground
from bench.process import ANNALS, run
from bench.row import AT_MOST, Row, ratio

TIMES = 3
TIMES_FULL = 7
# Without an operation, `annals call` lists every operation.
COMMANDS = {"annals --help": (["--help"], 2), "annals call --help": (["call", "--help"], 6)}


def measure(ground: Ground) -> Iterator[Row]:
    """CPU seconds, the best of several in turn: the time varies with what else is running."""
    peer = [sys.executable, "-m", "bench.bare_cli", "--help"]
    best: dict[str, float] = {}
    for _ in range(TIMES_FULL if ground.full else TIMES):
        for name, command in {
            "": peer,
            **{name: [ANNALS, *arguments] for name, (arguments, _) in COMMANDS.items()},
        }.items():
            ran = run(command)
            best[name] = min(ran.cpu_seconds, best.get(name, ran.cpu_seconds))
    for name, (_, goal) in COMMANDS.items():
        yield Row(
            work=name,
            peer="bare typer program with rich and pydantic, --help",
            unit="s of CPU",
            ours=best[name],
            theirs=best[""],
            goal=ratio(AT_MOST, goal),
        )
