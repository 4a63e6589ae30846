"""The script of one client: what happens when, played in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

Scene = Callable[[datetime], object]


class Script:
    """Collect scenes, then play them; scenes of one instant keep the order in which they were written."""

    def __init__(self) -> None:
        self._scenes: list[tuple[datetime, Scene]] = []

    def at(self, moment: datetime, scene: Scene) -> None:
        """Write a scene down."""
        self._scenes.append((moment, scene))

    def play(self, told: Callable[[int], None]) -> datetime:
        """Play all scenes and return when the last one was; `told` hears the share played, in per cent."""
        scenes = sorted(self._scenes, key=lambda scene: scene[0])
        for number, (moment, scene) in enumerate(scenes, 1):
            scene(moment)
            told(100 * number // len(scenes))
        return scenes[-1][0]


def workday(day: date) -> date:
    """Return the day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def workdays(first: date, last: date) -> list[date]:
    """Return the days from Monday to Friday between two days, both included."""
    span = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in span if day.weekday() < 5]


def minutes(start: datetime, step: int = 2) -> Iterator[datetime]:
    """Yield instants, `step` minutes apart."""
    while True:
        yield start
        start += timedelta(minutes=step)
