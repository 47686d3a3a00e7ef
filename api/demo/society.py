"""Who works with the communities of the demo, and who is honoured: told behind all else."""

from api.demo import checkins, exemplars, honours, partnerships
from api.demo.chronicle import Chronicle


def society(chronicle: Chronicle) -> None:
    """Five years of partnerships, check-ins, exemplars, households' titles and boards."""
    partnerships.live(chronicle)
    checkins.live(chronicle)
    exemplars.live(chronicle)
    honours.live(chronicle)
