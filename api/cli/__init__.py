"""The command line. It carries out what the domain decides; it knows no rule and no SQL."""

import typer

from api.cli import (
    demonstrating,
    exporting,
    founding,
    importing,
    rebuilding,
    replaying,
    serving,
    status,
)

app = typer.Typer(
    name="annals",
    help="社区治理编年 · Annals: the record of how a city's communities are governed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demonstrating.demo)
app.command("serve")(serving.serve)
app.command("work")(serving.work)
app.command("found")(founding.found)
app.command("migrate")(founding.migrate)
app.add_typer(importing.app, name="import")
app.add_typer(exporting.app, name="export")
app.command("rebuild")(rebuilding.rebuild)
app.command("replay")(replaying.replay)
app.command("status")(status.status)
