"""Files that are either complete or not there."""

import contextlib
import fcntl
import json
import os
import pathlib
import re
import time

# The library's: NAME.PID.partial, .NAME.PID.part; without the number of a process: NAME.zip.partial, and what
# Java writes while it adds to a zip file.
HALF_WRITTEN = re.compile(r"zipfstmp.*|.+\.zip\.partial|.+\.(?P<pid>\d+)\.(part|partial)")
QUIET = 60
DAY = 24 * 60 * 60


def write_whole(path, text):
    """Writes next to the file, then moves: neither a reader nor an interrupted run leaves or sees half a file."""
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
    """The content of the file, or {} if it is missing or broken."""
    try:
        value = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def remove_leftovers(folder, quiet=QUIET):
    """Removes what a killed kernel left half-written in the folder and its figures; returns how many files.

    A name with a process number goes when that process is gone, or the file was last written a day ago: by
    now the number can be another process's. One without goes when it was not written for `quiet` seconds.
    """
    removed = 0
    for path in [*pathlib.Path(folder).glob("*"), *pathlib.Path(folder).glob("figures/*")]:
        match = HALF_WRITTEN.fullmatch(path.name)
        with contextlib.suppress(OSError):  # gone meanwhile, or not ours to remove
            if match and path.is_file() and is_left(path, match["pid"], quiet):
                path.unlink()
                removed += 1
    return removed


def is_left(path, process, quiet):
    age = time.time() - path.stat().st_mtime
    return age >= quiet if process is None else age >= DAY or not is_running(int(process))


def is_running(process):
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # another user's
    return True


@contextlib.contextmanager
def only_one(lock):
    """Holds the lock file; refuses where another process does."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with open(lock, "a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SystemExit(
                f"Another run is writing {lock.with_suffix('')}: wait until it ends, or stop it."
            ) from None
        yield
