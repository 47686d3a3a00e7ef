"""The list of all read models."""

from projections.attachments import AttachmentUses
from projections.authorities import AuthorityGrants
from projections.checkins import Checkins
from projections.councils import Councils
from projections.engine.projection import Projection
from projections.exemplars import Exemplars
from projections.grades import Grades
from projections.honours import Honours
from projections.measures import Measures
from projections.minutes import MinutesRegister
from projections.organisation import Organisation
from projections.partnerships import Partnerships
from projections.people import People
from projections.programmes import Programmes
from projections.register import Register
from projections.reviews import Reviews
from projections.rounds import Rounds
from projections.search import Search
from projections.supports import Supports
from projections.tasks import Tasks
from projections.timeline import Timeline
from projections.units import Units
from projections.worklist import Worklist

PROJECTIONS: tuple[Projection, ...] = (
    Timeline(),  # where subjects lie, which the others' rows are scoped by
    Organisation(),
    Register(),
    Units(),
    People(),
    Worklist(),
    Rounds(),
    Reviews(),
    Grades(),
    Supports(),
    Partnerships(),
    Checkins(),
    Exemplars(),
    Honours(),
    AttachmentUses(),
    Tasks(),
    Councils(),
    MinutesRegister(),
    Programmes(),
    Measures(),
    AuthorityGrants(),
    Search(),
)
