"""What can be asked for. A command's fields are the request's body, its `decide` is the rule."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.refusal import Refused
from domain.kernel.subject import Subject

S = TypeVar("S", bound=Subject)


class Command(BaseModel, Generic[S]):
    """A request to record something about one subject.

    `begins` says that the command puts its subject on record; every other needs it there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    begins: ClassVar[bool] = False

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
        """The id of the subject that this begins, where it follows from the fields."""
        return None

    def consults(self, state: S) -> Iterable[str]:
        """The other streams whose state the rule rests on, beside the command's own."""
        return ()

    def consults_further(self, state: S, consulted: Mapping[str, Subject]) -> Iterable[str]:
        """Streams that are only known once others have been read: those read so far, by name.

        Asked again until nothing new comes of it.
        """
        return ()

    def already_on_record(self, state: S) -> Refused:
        """The refusal of a command that begins a subject which is on record already.

        A command whose id follows from its fields says what else to do: no other id can be chosen.
        """
        return Refused("subject.already-on-record", subject=state.called)

    def decide(self, state: S, context: DecisionContext) -> Sequence[Event | StreamEvent]:
        """What happened, by the rule; raises Refused."""
        raise NotImplementedError
