"""What a rebuild costs, and how two processes share it."""

from collections import Counter
from collections.abc import Iterable, Sequence

from projections.engine.fold import Fold


class Cost:
    """What the batches so far cost, in seconds of CPU: to read entries, and to fold them."""

    def __init__(self) -> None:
        self.entries: Counter[str] = Counter()  # by the event's name
        self.reading_seconds = 0.0

    def read(self, entries: Counter[str], seconds: float) -> None:
        """So many entries, by their names, took this long to read."""
        self.entries += entries
        self.reading_seconds += seconds

    def parted(
        self, folds: Sequence[Fold], ahead: Counter[str], start_seconds: float
    ) -> tuple[list[Fold], list[Fold]]:
        """The folds in two parts that take as long as each other for the entries ahead, the dearest
        first to be placed; the second starts later, and each part reads the entries of its own
        events.

        A record begins with its places and communities, and what it is full of comes later: a fold
        that was shown nothing yet is taken for as dear, for each entry, as the others are.

        The second is empty when it would not be half done by the time that it has started.
        """
        costs = self._costs(folds, ahead)
        reading = self.reading_seconds / max(1, self.entries.total())

        def seconds(part: Iterable[Fold]) -> float:
            names = frozenset[str]().union(*(fold.names for fold in part))
            return reading * _count(ahead, names) + sum(costs[fold] for fold in part)

        parts: tuple[list[Fold], list[Fold]] = ([], [])
        for fold in sorted(folds, key=costs.__getitem__, reverse=True):
            longer = [
                seconds([*part, fold]) + start
                for part, start in zip(parts, (0.0, start_seconds), strict=True)
            ]
            parts[longer.index(min(longer))].append(fold)
        return parts if seconds(parts[1]) >= start_seconds else (list(folds), [])

    def _costs(self, folds: Sequence[Fold], ahead: Counter[str]) -> dict[Fold, float]:
        """What it costs each of them to fold the entries ahead."""
        shown = {fold: _count(self.entries, fold.names) for fold in folds}
        average = sum(fold.seconds for fold in folds) / max(1, sum(shown.values()))
        return {
            fold: (fold.seconds / shown[fold] if shown[fold] else average)
            * _count(ahead, fold.names)
            for fold in folds
        }


def _count(entries: Counter[str], names: Iterable[str]) -> int:
    return sum(entries[name] for name in names)
