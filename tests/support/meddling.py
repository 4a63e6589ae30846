"""Records in whose way something comes: another request just before a commit, or a store that refuses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from portal.records.port import EVENT, Insert, Write
from tests.support.counting import CountingRecords


class MeddlingRecords(CountingRecords):
    """Run `meddle` once, just before the next commit whose event is `what`."""

    what = ""
    meddle: Callable[[], None] | None = None

    def before(self, what: str, meddle: Callable[[], None]) -> None:
        """Wait for an event of this kind."""
        self.what, self.meddle = what, meddle

    def commit(self, writes: Sequence[Write]) -> None:
        events = {w.record.body["what"] for w in writes if isinstance(w, Insert) and w.kind == EVENT}
        if self.meddle and self.what in events:
            meddle, self.meddle = self.meddle, None
            meddle()
        super().commit(writes)
