"""Commands. Their fields are the body of the request, their `decide` is the rule."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from domain.kernel.apart import Apart
from domain.kernel.context import Actor, DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.permission import Permission
from domain.kernel.refusal import Refused
from domain.kernel.scope import places_named
from domain.kernel.subject import Subject

S = TypeVar("S", bound=Subject)


class Command(BaseModel, Generic[S]):
    """A request to record something about one subject.

    `begins`: the command puts its subject on record; all others need the subject on record, but for
    those with None, which do either.
    `permission`: what the policy must let the actor's role do. There is none by default.
    `apart_from`: what nobody may have done before who asks for this.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    begins: ClassVar[bool | None] = False
    permission: ClassVar[Permission]
    apart_from: ClassVar[tuple[Apart, ...]] = ()

    @classmethod
    def subject_type(cls) -> type[Subject]:
        """The state that the command is decided on: `Task` for a `Command[Task]`."""
        for each in cls.__mro__:
            parameters = getattr(each, "__pydantic_generic_metadata__", None)
            if parameters and parameters["origin"] is Command:
                found: type[Subject] = parameters["args"][0]
                return found
        raise TypeError(f"{cls.__name__} names no subject: derive it from Command[...]")

    def subject_id(self) -> str | None:
        """The id of the subject that this begins, if it follows from the fields."""
        return None

    def consults(self, state: S) -> Iterable[str]:
        """The streams whose state the rule depends on, besides the command's own."""
        return ()

    def consults_further(self, state: S, consulted: Mapping[str, Subject]) -> Iterable[str]:
        """Further streams, known only from what was read: `consulted` has the states read so far.

        It is called again until it names no new stream.
        """
        return ()

    def roles(self, state: S, context: DecisionContext) -> Iterable[str]:
        """The roles that may ask for this: those of its permission, unless the rule narrows them.

        It may read only what `consults` names, and refuses nothing.
        """
        return self.permission.roles(context.policy)

    def places(self, state: S) -> Iterable[str]:
        """The streams that must lie in the actor's jurisdiction: its subject and what its fields
        name. A subject that it begins lies where the fields say, or is the city's.
        """
        named = tuple(places_named(self))
        begins = self.begins and not state.version
        return named if named and begins else (state.stream, *named)

    def is_of(self, state: S, actor: Actor) -> bool:
        """Whether the subject is the actor's own, who may then ask for this wherever it lies."""
        return False

    def already_on_record(self, state: S) -> Refused:
        """The refusal of a command that begins a subject which is already on record.

        A command whose id follows from its fields has to advise something other than another id.
        """
        return Refused("subject.already-on-record", subject=state.called)

    def decide(self, state: S, context: DecisionContext) -> Sequence[Event | StreamEvent]:
        """What happened, by the rule; raises Refused."""
        raise NotImplementedError
