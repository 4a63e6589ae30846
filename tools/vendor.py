"""Copy the site's npm files from node_modules/ to static/vendor/, each checked against tools/vendor.json."""

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from tools.machine import ROOT, give_up

LIST = ROOT / "tools/vendor.json"
TARGET = ROOT / "static/vendor"
IMPORT = re.compile(r"""(?:^|;)\s*(?:import\b[^'";=]*|export\b[^'";=]*\bfrom\s*)["']([^"']+)["']""", re.MULTILINE)


def without_source_map(text: str) -> str:
    """Drop the pointer to a source map that is not copied."""
    return re.sub(r"\n?//# sourceMappingURL=\S+\s*\Z", "\n", text)


def without_docs(text: str) -> str:
    """Drop comments that stand on lines of their own, half of what would be sent; licence notes stay."""
    without_blocks = re.sub(r"(?m)^[ \t]*/\*\*[\s\S]*?\*/[ \t]*\n", "", text)
    return re.sub(r"(?m)^[ \t]*//.*\n", "", without_source_map(without_blocks))


def as_module(text: str) -> str:
    """Turn uPlot's minified global script into an ES module; the module it ships is twice as large."""
    return f"{text.rstrip()}\nexport default uPlot;\n"


STEPS: dict[str, Callable[[str], str]] = {
    "without_source_map": without_source_map,
    "without_docs": without_docs,
    "as_module": as_module,
}


def produce(entry: dict[str, str]) -> bytes:
    """Return the bytes to serve for one entry of the list."""
    source = ROOT / "node_modules" / entry["from"]
    if not source.is_file():
        give_up(f"{entry['from']} is not in node_modules. After a change of package.json, run make lock.")
    step = STEPS.get(entry.get("step", ""))
    return step(source.read_text("utf-8")).encode() if step else source.read_bytes()


def copy_all(entries: list[dict[str, str]]) -> None:
    """Fill static/vendor/ anew; give up, leaving it empty, when a file is not the one that was reviewed."""
    shutil.rmtree(TARGET, ignore_errors=True)
    produced = {entry["to"]: produce(entry) for entry in entries}
    for entry in entries:
        if hashlib.sha256(produced[entry["to"]]).hexdigest() != entry["sha256"]:
            give_up(f"{entry['from']} differs from the SHA-256 in tools/vendor.json, so nothing was copied.")
    for name, data in produced.items():
        path = TARGET / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def pin(entries: list[dict[str, str]]) -> None:
    """Write the digests of what node_modules/ holds now into the list, for review."""
    for entry in entries:
        entry["sha256"] = hashlib.sha256(produce(entry)).hexdigest()
    LIST.write_text(json.dumps(entries, indent=2) + "\n", "utf-8")


def check_imports(folder: Path = TARGET) -> None:
    """Give up when a module imports a file that was not copied, or by a bare name no browser resolves."""
    for module in folder.rglob("*.js"):
        for name in IMPORT.findall(module.read_text("utf-8")):
            if not (name.startswith(("./", "../")) and (module.parent / name).is_file()):
                give_up(f"{module.relative_to(folder)} imports {name}, which tools/vendor.json lacks.")


def main(arguments: list[str]) -> None:
    """Copy the files, or with --pin record their digests first."""
    entries = json.loads(LIST.read_text("utf-8"))
    if "--pin" in arguments:
        pin(entries)
    copy_all(entries)
    check_imports()


if __name__ == "__main__":
    main(sys.argv[1:])
