"""A process that writes records until it is killed, or a number of times: `python -m … FILE NAME [TIMES]`.

It prints the number of each commit once that is acknowledged.
"""

from __future__ import annotations

import os
import sys
from itertools import count

from portal.records.port import Add, Insert, Key, Record
from portal.records.sqlite import SqliteRecords

COUNTER = Key("O#1", "COUNT")


def main(path: str, name: str, times: str = "") -> None:
    """Commit two inserts, a count and an event at a time, in the partition of `name`."""
    records = SqliteRecords(path, timeout=30)
    for number in range(int(times)) if times else count():
        sort = f"{number:06}"
        records.commit(
            [
                Insert(Record(Key(f"O#1#{name}", f"LEFT#{sort}"), "THING", {"n": number})),
                Insert(Record(Key(f"O#1#{name}", f"RIGHT#{sort}"), "THING", {"n": number})),
                Add(COUNTER, "COUNT", {name: 1, "all": 1}),
                Insert(Record(Key(f"O#1#{name}", f"EVENT#{sort}"), "EVENT", {"n": number})),
            ]
        )
        os.write(1, f"{number}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
