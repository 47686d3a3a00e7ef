"""A fictional city, recorded through the same commands as a real one.

The way through: `recording` opens the record as a simulation, has the whole story told, and carries
its acts out in the order of their moments. `story` says what follows what: the first three months
(`beginning`), the years that change communities and offices (`years`), the rounds with what comes
of their results and the support that follows (`rounds`, `results`, `supports`), and the subjects
that go with each community through all of it, from `partnerships` to `own_tasks`.

Every story looks at the city as it stands (`chronicle`) and notes acts (`acts`); chance is the same
each time (`chance`). Longer wording stands in `*_texts`, in `evidence`, `matters` and `minutes`,
shorter at the head of its story.
"""

from demo.recording import record_demo_city, tell_demo_city

__all__ = ["record_demo_city", "tell_demo_city"]
