"""Read a data file: the YAML is the source, its compiled JSON a cache that cannot be stale."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("data")
COMPILED = Path(__file__).with_name("compiled")


class Unreadable(ValueError):
    """Say that a data file is not YAML."""


def schema_path() -> Path:
    """Return where the JSON Schema of a catalogue file lies."""
    return Path(__file__).with_name("schema.json")


def read(path: Path, compiled: Path) -> tuple[Any, str, bool]:
    """Return a file's content, the SHA-256 of its bytes, and whether it came from the compiled form."""
    source = path.read_bytes()
    digest = hashlib.sha256(source).hexdigest()
    cached = _from_compiled(compiled / f"{path.stem}.json", digest)
    if cached is not None:
        return cached, digest, True
    return parse(source), digest, False


def _from_compiled(path: Path, digest: str) -> Any:
    """Return the compiled content when it was made from exactly this source, else None."""
    try:
        document = json.loads(path.read_bytes())
        return document["content"] if document["sha256"] == digest else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def parse(source: bytes) -> Any:
    """Parse YAML into what JSON can hold, so that both forms read the same; raise Unreadable."""
    import yaml  # only here: most starts read the compiled form and never need it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return json.loads(json.dumps(yaml.load(source, loader), default=str))
    except (yaml.YAMLError, TypeError, ValueError) as error:
        raise Unreadable(str(error)) from error


def write_compiled(path: Path, compiled: Path) -> Path:
    """Write the compiled form of one data file, whole or not at all, and return its path."""
    import tempfile  # compiling is rare; starting is not

    source = path.read_bytes()
    document = {"sha256": hashlib.sha256(source).hexdigest(), "content": parse(source)}
    compiled.mkdir(parents=True, exist_ok=True)
    target = compiled / f"{path.stem}.json"
    handle, name = tempfile.mkstemp(dir=compiled, prefix=f".{path.stem}.")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(document, stream, ensure_ascii=False, separators=(",", ":"))
    os.chmod(name, 0o644)  # mkstemp makes it private; the server may run as somebody else
    os.replace(name, target)
    return target
