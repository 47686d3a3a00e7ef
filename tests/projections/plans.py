"""How the database carries out what a view asks: the plan that is made once for a statement."""

from typing import Any, LiteralString

import psycopg
from psycopg.sql import SQL, Literal

from projections.engine.scope import WHOLE_OPTION
from projections.engine.view import as_asked

IN_SCOPE = (
    "-c search_path=projections,record -c random_page_cost=1.1"
    " -c plan_cache_mode=force_generic_plan"
)
OPTIONS = f"{IN_SCOPE} {WHOLE_OPTION}"


def plan(
    connection: psycopg.Connection, statement: LiteralString, known: int | None = None, **more: Any
) -> str:
    """The plan of a statement as a view has it prepared, for whatever values it is asked with."""
    asked, names = as_asked(statement, {**more, "known": known})
    connection.execute(f"prepare asked as {asked}".encode())
    try:
        values = SQL(", ").join(Literal(more[name]) for name in names)
        given = SQL("({})").format(values) if names else SQL("")
        rows = connection.execute(SQL("explain (costs off) execute asked{}").format(given))
        return "\n".join(line for (line,) in rows)
    finally:
        connection.execute("deallocate asked")
