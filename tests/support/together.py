"""Several requests at the very same moment, each in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")


def together(*acts: Callable[[], T]) -> list[T]:
    """Run all acts at once, begun together; return what they return, in their order."""
    gate = Barrier(len(acts))

    def begun(act: Callable[[], T]) -> T:
        gate.wait(30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begun, acts))


def statuses(answers: Sequence[object]) -> list[int]:
    """Return the status codes of answers, in ascending order."""
    return sorted(answer.status_code for answer in answers)  # type: ignore[attr-defined]
