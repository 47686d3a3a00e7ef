"""Every read model that the product keeps, in one list."""

from projections.checkins import Checkins
from projections.exemplars import Exemplars
from projections.honours import Honours
from projections.organisation import Organisation
from projections.partnerships import Partnerships
from projections.projection import Projection
from projections.register import Register
from projections.timeline import Timeline
from projections.worklist import Worklist

PROJECTIONS: tuple[Projection, ...] = (
    Organisation(),
    Register(),
    Timeline(),
    Worklist(),
    Partnerships(),
    Checkins(),
    Exemplars(),
    Honours(),
)
