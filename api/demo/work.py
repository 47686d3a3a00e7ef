"""Meetings, measures, programmes and tasks of the demo city, told when the rest of its five years
is: they follow each community through its changes of name, place and type."""

from api.demo import councils, measures, own_tasks, programmes
from api.demo.chronicle import Chronicle


def work(chronicle: Chronicle) -> None:
    """All of it."""
    councils.meet(chronicle)
    measures.pursue(chronicle)
    programmes.carry_out(chronicle)
    own_tasks.give(chronicle)
