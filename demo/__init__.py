"""A fictional city, recorded through the same commands as a real one.

Where to begin: `recording` opens the record as a simulation, generates the whole story, and carries
out its acts in the order of their moments. `story` has the order of the parts: the first three
months (`beginning`), the years that change communities and offices (`years`), the rounds with their
results and the support that follows (`rounds`, `results`, `supports`), and the subjects that
accompany each community, from `partnerships` to `own_tasks`.

Each story looks at the present city (`chronicle`) and notes acts (`acts`); chance is the same each
time (`chance`). Longer texts are in `*_texts`, `evidence`, `matters` and `minutes`, shorter ones at
the top of their story.
"""
