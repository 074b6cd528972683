"""Files that are either whole or not there."""

import contextlib
import fcntl
import json
import os
import pathlib


def write_whole(path, text):
    """Writes beside the file, then moves: a reader, or a run stopped half-way, never meets half of it."""
    path = pathlib.Path(path)
    part = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_json(path, value):
    write_whole(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def read_json(path):
    """What the file holds, or {} where it is missing or broken."""
    try:
        value = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


@contextlib.contextmanager
def only_one(lock):
    """Holds the lock file; refuses where another process does."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with open(lock, "a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SystemExit(
                f"Another run is writing {lock.with_suffix('')}: wait for its end, or stop it."
            ) from None
        yield
