"""Identifiers."""

from __future__ import annotations

import os

from portal import ids


def test_sort_by_time() -> None:
    """Ids sort by the moment they are made for, and within one millisecond in the order they were made."""
    made = [ids.new_id(1_700_000_000 + n) for n in range(50)] + [ids.new_id(1_800_000_000) for _ in range(500)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert all(map(ids.is_id, made))


def test_after_a_fork() -> None:
    """A child process goes on with ids of its own."""
    ids.new_id(1_700_000_000)
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        os.write(write, ids.new_id(1_700_000_000).encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(read, 100).decode()
    os.close(read)
    os.close(write)
    assert ids.is_id(theirs)
    assert theirs != ids.new_id(1_700_000_000)


def test_not_an_id() -> None:
    """Nothing else passes for an id."""
    good = ids.new_id()
    assert not any(map(ids.is_id, ["", good[:-1], good + "0", good.upper(), good[:-1] + "u", good[:-1] + "/"]))


def test_keyed_apart() -> None:
    """The same text under another purpose or another key has another hash."""
    hashes = {ids.keyed(key, purpose, "text") for key in ("a", "b") for purpose in ("x", "y")}
    assert len(hashes) == 4
