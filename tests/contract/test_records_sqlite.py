"""The SQLite adapter: the contract, and what only a file can do wrong."""

from __future__ import annotations

import os
import resource
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.records.port import Busy, Full, Insert, RecordsError
from portal.records.sqlite import SqliteRecords
from portal.records.sqlite_file import SCHEMA_VERSION, NewerFile, NotRecords

pytest.register_assert_rewrite("tests.contract.records_contract")

from tests.contract.records_contract import (  # noqa: E402 - after its asserts are set up to be rewritten
    HOME,
    NOW,
    Clock,
    MakeRecords,
    RecordsContract,
    commit,
    insert,
    key,
    record,
    sorts,
)


class TestSqliteRecords(RecordsContract):
    """The contract on a file; RACES raises the number of ten-thread races."""

    races = int(os.environ.get("RACES", "100"))

    @pytest.fixture
    def make_records(self, tmp_path: Path) -> MakeRecords:
        return lambda clock: SqliteRecords(tmp_path / "records.sqlite", clock=clock)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.sqlite"


@pytest.fixture
def records(path: Path) -> Iterator[SqliteRecords]:
    made = SqliteRecords(path, clock=Clock())
    yield made
    made.close()


@pytest.fixture
def other(path: Path, records: SqliteRecords) -> Iterator[sqlite3.Connection]:
    """A connection of somebody else to the same file."""
    made = sqlite3.connect(path, isolation_level=None)
    yield made
    made.close()


class TestFile:
    """What becomes of the file."""

    def test_commits_are_forced_to_disk(self, records: SqliteRecords, other: sqlite3.Connection) -> None:
        """The file is in WAL mode and every connection syncs each commit."""
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        with records._file._connections.own() as connection:
            assert connection.execute("PRAGMA synchronous").fetchone() == (2,)

    def test_only_its_owner_may_read_it(self, records: SqliteRecords, path: Path) -> None:
        """The file and those beside it are closed to other users of the machine."""
        commit(records, Insert(record()))
        modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob("records.sqlite*")}
        assert modes == {0o600}

    def test_missing_folders_are_made(self, tmp_path: Path) -> None:
        """A first start needs no folder prepared."""
        records = SqliteRecords(tmp_path / "a" / "b #1%?é" / "records.sqlite")
        commit(records, Insert(record()))
        assert records.get(key()) is not None
        records.close()

    def test_records_stay_when_it_is_opened_again(self, records: SqliteRecords, path: Path) -> None:
        """What one start wrote the next one reads."""
        commit(records, Insert(record()))
        records.close()
        again = SqliteRecords(path, clock=Clock())
        assert again.get(key()) == record(version=1)
        again.close()

    def test_it_works_on_after_close(self, records: SqliteRecords) -> None:
        """Close releases the file; a later call opens it again."""
        commit(records, Insert(record()))
        records.close()
        assert records.get(key()) is not None

    def test_many_opening_a_new_file_at_once(self, path: Path) -> None:
        """Whoever comes first makes the tables; nobody fails."""
        made: list[SqliteRecords] = []
        threads = [threading.Thread(target=lambda: made.append(SqliteRecords(path, clock=Clock()))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(made) == 8
        commit(made[0], Insert(record()))
        assert all(one.get(key()) for one in made)
        for one in made:
            one.close()

    def test_a_file_of_a_later_version_is_refused(
        self, records: SqliteRecords, path: Path, other: sqlite3.Connection
    ) -> None:
        """The message says what to do, and the file is left as it was."""
        other.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        with pytest.raises(NewerFile, match="update the program"):
            SqliteRecords(path)
        assert other.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION + 1,)

    def test_a_database_of_another_program_is_refused(self, tmp_path: Path) -> None:
        """Tables that are not ours are not written into."""
        foreign = sqlite3.connect(tmp_path / "foreign.sqlite")
        foreign.execute("CREATE TABLE things (x)")
        foreign.close()
        with pytest.raises(NotRecords, match="another program"):
            SqliteRecords(tmp_path / "foreign.sqlite")

    def test_a_file_that_is_no_database_is_refused(self, path: Path) -> None:
        """A text file is named as what is wrong and kept."""
        path.write_bytes(b"these are notes, not records" * 100)
        with pytest.raises(NotRecords, match="restore a backup"):
            SqliteRecords(path)
        assert path.read_bytes().startswith(b"these are notes")

    def test_a_file_that_went_away_is_an_error(self, records: SqliteRecords, path: Path) -> None:
        """An empty file does not take the place of one that was removed."""
        records.close()
        path.unlink()
        with pytest.raises(RecordsError, match="unable to open"):
            records.get(key())
        assert not path.exists()

    def test_backup_is_a_whole_file(self, records: SqliteRecords, tmp_path: Path) -> None:
        """A backup made during use opens as records, replaces the one before and misses nothing."""
        target = tmp_path / "backup.sqlite"
        for n in range(2):
            commit(records, Insert(record(f"A#{n}")))
            records.backup(target)
        copy = SqliteRecords(target, clock=Clock())
        assert sorts(copy.query(HOME)) == ["A#0", "A#1"]
        commit(copy, Insert(record("A#2")))
        copy.close()
        assert records.get(key("A#2")) is None
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        assert not list(tmp_path.glob("*.part"))


class TestRefusals:
    """When the file does not let us."""

    def test_a_lock_held_elsewhere_raises_busy(self, path: Path, other: sqlite3.Connection) -> None:
        """A commit gives up after the time limit, reads go on, and it works again once the lock is gone."""
        records = SqliteRecords(path, clock=Clock(), timeout=0.05)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy):
            commit(records, Insert(record()))
        assert records.get(key()) is None
        other.execute("ROLLBACK")
        commit(records, Insert(record()))
        assert records.get(key()) is not None
        records.close()

    def test_a_thread_that_waits_too_long_raises_busy(self, path: Path) -> None:
        """Waiting for other threads of this process has the same limit."""
        records = SqliteRecords(path, clock=Clock(), timeout=0.05)
        with records._file._connections.turn, pytest.raises(Busy):
            commit(records, Insert(record()))
        records.close()

    def test_a_full_disk_raises_full(self, records: SqliteRecords) -> None:
        """A commit with no room raises Full, leaves nothing, and works again once there is room."""
        commit(records, Insert(record("A#1")))
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        big = [Insert(record(f"B#{n}", body={"x": "x" * 200_000})) for n in range(20)]
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
        try:
            with pytest.raises(Full):
                commit(records, *big)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert sorts(records.query(HOME)) == ["A#1"]
        commit(records, *big)
        assert len(records.query(HOME).records) == 21

    def test_a_full_database_raises_full(self, records: SqliteRecords) -> None:
        """SQLite's own word for a full disk is Full too."""
        with records._file._connections.own() as connection:
            connection.execute("PRAGMA max_page_count = 20")
        with pytest.raises(Full):
            commit(records, *(Insert(record(f"B#{n}", body={"x": "x" * 200_000})) for n in range(5)))
        assert sorts(records.query(HOME)) == []


class TestSweep:
    """Clearing away what has expired."""

    def test_sweep_deletes_expired_records_only(self, records: SqliteRecords, other: sqlite3.Connection) -> None:
        """What has expired by the time given goes, up to the limit, and the rest stays."""
        insert(records, *(record(f"A#{n}", expires=NOW + n) for n in range(6)), record("B"))
        assert records.sweep(NOW + 3, limit=3) == 3
        assert records.sweep(NOW + 3) == 1
        assert records.sweep(NOW + 3) == 0
        left = other.execute("SELECT sk FROM records WHERE pk = ? ORDER BY sk", (HOME,)).fetchall()
        assert left == [("A#4",), ("A#5",), ("B",)]


class TestFork:
    """A process that forks, as a server with several workers does."""

    def test_parent_and_child_both_go_on(self, records: SqliteRecords) -> None:
        """Both write after the fork, neither loses anything, and idle threads' connections are no matter."""
        commit(records, Insert(record("A#0")))
        reader = threading.Thread(target=lambda: records.get(key()))
        reader.start()
        reader.join()
        children = [_forked(lambda n=n: records.commit([_by_child(n)])) for n in range(3)]
        commit(records, Insert(record("P")))
        assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children] == [0, 0, 0]
        assert sorts(records.query(HOME)) == ["A#0", "C#0", "C#1", "C#2", "P"]

    def test_closing_in_the_parent_does_not_harm_the_child(self, records: SqliteRecords) -> None:
        """The parent lets go of the file, the last one as it believes, while its child still writes."""
        commit(records, Insert(record("A#0")))
        started, go = os.pipe(), os.pipe()

        def work() -> None:
            assert records.get(key("A#0")) is not None
            os.write(started[1], b"x")
            os.read(go[0], 1)
            records.commit([_by_child(1)])
            assert sorts(records.query(HOME)) == ["A#0", "C#1"]

        pid = _forked(work)
        os.read(started[0], 1)
        assert records.get(key("A#0")) is not None
        records.close()
        os.write(go[1], b"x")
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        assert sorts(records.query(HOME)) == ["A#0", "C#1"]
        for end in (*started, *go):
            os.close(end)

    def test_a_connection_of_another_process_is_left_alone(self, records: SqliteRecords) -> None:
        """One met after a fork that ran no hooks is neither used nor closed."""
        pool = records._file._connections
        with pool.own() as inherited:
            pool._local.session.pid = -1
        commit(records, Insert(record()))
        with pool.own() as fresh:
            assert fresh is not inherited
        assert inherited.execute("SELECT 1").fetchone() == (1,)
        inherited.close()

    def test_a_fork_amid_commits_of_other_threads(self, records: SqliteRecords) -> None:
        """A fork waits for commits in flight; parent's threads and children all keep what they wrote."""
        done = threading.Event()
        written: list[str] = []

        def write() -> None:
            n = 0
            while not done.is_set():
                n += 1
                commit(records, Insert(record(f"T#{n:05}")))
                written.append(f"T#{n:05}")

        thread = threading.Thread(target=write)
        thread.start()
        children = [_forked(lambda n=n: records.commit([_by_child(n)])) for n in range(5)]
        codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
        done.set()
        thread.join()
        assert codes == [0] * 5
        assert sorts(records.query(HOME, limit=None)) == [*(f"C#{n}" for n in range(5)), *written]


def _by_child(number: int) -> Insert:
    # Of a kind that needs no event: the children would all number theirs alike.
    return Insert(record(f"C#{number}", kind="SESSION"))


def _forked(work: Callable[[], None]) -> int:
    """Return the process id of a child that does `work` and ends with 0, or with 1 when it raised."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)
