"""Writers that are killed, and writers that share one file: nothing acknowledged is lost, nothing is half there."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from portal.records.sqlite import SqliteRecords
from tests.support.records_writer import COUNTER

KILLS = 50
MOST_COMMITS = 25
LONGEST_PAUSE = 0.003  # seconds; a commit takes about a millisecond
WRITERS = 3
COMMITS_EACH = 200


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.sqlite"


def _writer(path: Path, name: str, *times: str) -> subprocess.Popen[bytes]:
    # Without site packages, which it does not need, it starts in half the time.
    command = [sys.executable, "-S", "-m", "tests.support.records_writer", str(path), name, *times]
    return subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE)


def _acknowledged(output: bytes) -> int:
    """Return how many commits were acknowledged; a last line without its end does not count."""
    return output.count(b"\n")


def _killed(path: Path, name: str, random: Random) -> int:
    """Let a writer write, kill it at a random moment and return how many commits it saw acknowledged."""
    with _writer(path, name) as writer:
        assert writer.stdout is not None
        seen = b"".join(writer.stdout.readline() for _ in range(random.randint(0, MOST_COMMITS)))
        time.sleep(random.uniform(0, LONGEST_PAUSE))
        writer.kill()
        return _acknowledged(seen + writer.stdout.read())


def _written(records: SqliteRecords, name: str) -> int:
    """Return how many commits of a writer are there, each of them whole."""
    found: dict[str, list[str]] = {"LEFT": [], "RIGHT": [], "EVENT": []}
    for record in records.query(f"O#1#{name}", limit=None).records:
        side, number = record.key.sort.split("#")
        found[side].append(number)
    assert found["LEFT"] == found["RIGHT"] == found["EVENT"]
    assert found["LEFT"] == [f"{n:06}" for n in range(len(found["LEFT"]))]
    return len(found["LEFT"])


def _counters(records: SqliteRecords) -> dict[str, int]:
    counted = records.get(COUNTER)
    return dict(counted.counters) if counted else {}


def test_fifty_kills_lose_nothing_acknowledged(path: Path) -> None:
    """Of a writer killed at any moment every acknowledged commit is there and none is half there."""
    random = Random()
    records = SqliteRecords(path)
    written: dict[str, int] = {}
    for kill in range(KILLS):
        name = f"K{kill}"
        if kill % 2:
            # Every second writer is the only one on the file, so that the next to come has to recover it.
            records.close()
        acknowledged = _killed(path, name, random)
        written[name] = _written(records, name)
        assert acknowledged <= written[name] <= acknowledged + 1
    counters = _counters(records)
    assert {name: _written(records, name) for name in written} == written
    assert {name: counters.get(name, 0) for name in written} == written
    assert counters["all"] == sum(written.values()) > KILLS
    records.close()
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_processes_share_one_file(path: Path) -> None:
    """Three processes that start on a new file at once and write to one counter add up."""
    writers = [_writer(path, f"W{n}", str(COMMITS_EACH)) for n in range(WRITERS)]
    outputs = [writer.communicate()[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * WRITERS
    assert [_acknowledged(output) for output in outputs] == [COMMITS_EACH] * WRITERS
    records = SqliteRecords(path)
    assert [_written(records, f"W{n}") for n in range(WRITERS)] == [COMMITS_EACH] * WRITERS
    each = {f"W{n}": COMMITS_EACH for n in range(WRITERS)}
    assert _counters(records) == {**each, "all": WRITERS * COMMITS_EACH}
    records.close()


def test_a_killed_writer_does_not_hold_up_another(path: Path) -> None:
    """Two writers share the file; when one is killed the other goes on, and both keep their commits."""
    with _writer(path, "LIVES", "400") as lives:
        killed = [_killed(path, f"K{n}", Random()) for n in range(3)]
        output = lives.communicate()[0]
    assert (lives.returncode, _acknowledged(output)) == (0, 400)
    records = SqliteRecords(path)
    assert _written(records, "LIVES") == 400
    for n, acknowledged in enumerate(killed):
        assert acknowledged <= _written(records, f"K{n}") <= acknowledged + 1
    records.close()
