"""Memory of a group of processes: measured by sampling, and limited by the kernel if possible."""

import contextlib
import os
import pathlib
import signal
import threading
import time

MARK = "LOWRANK_REHEARSAL"
V1 = pathlib.Path("/sys/fs/cgroup/memory")
V2 = pathlib.Path("/sys/fs/cgroup")


class Cap:
    """A control group of its own with a limit, or nothing where none can be made: `path` is None then."""

    def __init__(self, limit, name):
        self.path = None
        for parent, file in ((V1, "memory.limit_in_bytes"), (V2, "memory.max")):
            path = parent / name
            with contextlib.suppress(OSError):
                path.mkdir()
                try:
                    (path / file).write_text(str(limit), encoding="ascii")
                    self.path = path
                except OSError:
                    path.rmdir()
            if self.path:
                self._without_swap(limit)
                return

    def _without_swap(self, limit):
        for file, value in (("memory.memsw.limit_in_bytes", limit), ("memory.swap.max", 0)):
            with contextlib.suppress(OSError):  # a kernel that does not count swap
                if (self.path / file).exists():
                    (self.path / file).write_text(str(value), encoding="ascii")

    def enter(self):
        """Puts the calling process under the cap; what it starts is under it too."""
        if self.path:
            (self.path / "cgroup.procs").write_text(str(os.getpid()), encoding="ascii")

    def kills(self):
        """How many processes the kernel ended because they ran out of memory."""
        for file in ("memory.oom_control", "memory.events"):
            with contextlib.suppress(OSError, AttributeError):
                lines = (self.path / file).read_text(encoding="ascii").splitlines()
                return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))
        return 0

    def remove(self):
        for _ in range(50):
            with contextlib.suppress(OSError):
                if self.path:
                    self.path.rmdir()
                return
            time.sleep(0.1)


class Watch(threading.Thread):
    """Samples the memory of all processes with the mark in their environment; ends them above the limit."""

    def __init__(self, mark, limit, pause=0.25):
        super().__init__(daemon=True)
        self.mark = mark
        self.limit = limit
        self.pause = pause
        self.peak = 0
        self.exceeded = False
        self._over = threading.Event()

    def run(self):
        while not self._over.wait(self.pause):
            self.peak = max(self.peak, sum(map(memory_of, processes(self.mark))))
            if self.peak > self.limit and not self.exceeded:
                self.exceeded = True
                end_all(self.mark)

    def stop(self):
        self._over.set()
        self.join()


def processes(mark):
    """The numbers of the processes that were started with MARK=mark in their environment."""
    wanted = f"{MARK}={mark}".encode()
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                yield int(folder.name)


def memory_of(process):
    """Bytes of its own, without the files it has mapped: they are shared, and can be read again."""
    with contextlib.suppress(OSError):
        lines = pathlib.Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
        return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(("RssAnon:", "RssShmem:")))
    return 0


def end_all(mark, patience=5.0):
    """Ends what is left of the processes with the mark; returns how many there were."""
    left = list(processes(mark))
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + patience
        for process in processes(mark):
            with contextlib.suppress(OSError):
                os.kill(process, number)
        while any(True for _ in processes(mark)) and time.monotonic() < deadline:
            time.sleep(0.1)
    return len(left)
