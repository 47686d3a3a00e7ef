"""The command line. It carries out what the domain decides; it knows no rule and no SQL."""

import typer

from api.cli import (
    calling,
    exporting,
    founding,
    importing,
    rebuilding,
    replaying,
    serving,
    sheets,
    status,
)
from api.cli import demo as demonstrating

app = typer.Typer(
    name="annals",
    help="社区治理编年 · Annals: the record of how a city's communities are governed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # its boxes cut lines with Chinese in them
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo", short_help="演示 · Record a fictional city and serve it.")(demonstrating.demo)
app.command("serve", short_help="服务 · Serve the pages and the API.")(serving.serve)
app.command("work", short_help="读模型 · Keep the read models up.")(serving.work)
app.command("found", short_help="创立编年 · Found a city's record.")(founding.found)
app.command("migrate", short_help="更新数据库结构 · Bring up the schema.")(founding.migrate)
sheets.add_to(importing.app)
app.add_typer(importing.app, name="import")
app.add_typer(exporting.app, name="export")
app.add_typer(calling.app, name="call")
app.command("rebuild", short_help="重建读模型 · Rebuild the read models.")(rebuilding.rebuild)
app.command("replay", short_help="重放历史 · Replay a community's history.")(replaying.replay)
app.command("status", short_help="现状 · Where everything stands.")(status.status)
