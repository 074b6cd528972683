"""JupyterLab as environment/lab starts it, on copies of the notebooks, and the processes it brings along."""

import contextlib
import ctypes
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "target" / "browser"
PATIENCE = 60
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_browser():
    """The path of the system's Chromium or Chrome; None where there is none, and Playwright takes its own."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


class Lab:
    """A server on a free port of the loopback address; copies, results and checkpoints in target/browser."""

    def __init__(self):
        self.token = secrets.token_hex(16)
        self.address = f"http://127.0.0.1:{free_port()}"
        self._server = None
        self._family = {}

    def __enter__(self):
        prepare_folder()
        environment = {
            **os.environ,
            "JUPYTER_TOKEN": self.token,
            "LOWRANK_PROFILE": "quick",
            "LOWRANK_DATA": "SyntheticDigits",
            "LOWRANK_OUTPUT": str(FOLDER / "report"),
            "LOWRANK_CHECKPOINTS": str(FOLDER / "checkpoints"),
        }
        port = self.address.rpartition(":")[2]
        command = [ROOT / "environment" / "lab", "--no-browser", "--ServerApp.ip=127.0.0.1"]
        command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
        with open(FOLDER / "lab.log", "wb") as log:
            self._server = psutil.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,
            )
        try:
            wait_until(self._answers, PATIENCE, f"JupyterLab does not answer: see {FOLDER / 'lab.log'}")
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *error):
        self.stop()

    def _answers(self):
        if self._server.poll() is not None:
            raise AssertionError(f"JupyterLab ended with status {self._server.returncode}: see {FOLDER}")
        with contextlib.suppress(OSError):
            return bool(self.get("/api/status"))

    def get(self, path):
        request = urllib.request.Request(self.address + path, headers={"Authorization": f"token {self.token}"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)

    def url(self, notebook):
        """Of one notebook alone: a workspace of its own does not open those seen before."""
        copy = (FOLDER / "notebooks" / notebook).relative_to(ROOT).as_posix()
        return f"{self.address}/lab/workspaces/test-{notebook[:2]}/tree/{copy}?reset&token={self.token}"

    def is_idle(self):
        """Whether no kernel has work. One that is still starting has, and the server may fail to list it."""
        try:
            states = [kernel["execution_state"] for kernel in self.get("/api/kernels")]
        except urllib.error.HTTPError:
            return False
        return bool(states) and set(states) == {"idle"}

    def said(self):
        """What environment/lab and JupyterLab wrote to the terminal."""
        return (FOLDER / "lab.log").read_text(encoding="utf-8")

    def kernels(self):
        """The processes of the Java kernels."""
        return [process for process in self.family() if "Kernel" in command_line(process)]

    def family(self):
        """Every process that the server has started and that is still running."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self._family.update((child.pid, child) for child in self._server.children(recursive=True))
        return [process for process in self._family.values() if is_running(process)]

    def stop(self):
        """Ends the server; returns what outlived it by more than ten seconds, and had to be killed."""
        family = [self._server, *self.family()]
        if self._server.poll() is None:
            self._server.terminate()
        _, left = psutil.wait_procs(family, timeout=10)
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        return left


def end_with_parent():
    """Asks Linux to end this process when the test that started it is killed. Elsewhere the process group,
    which is the test's, has to do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def prepare_folder():
    """Copies find ../target/lib as the committed notebooks do, and a test cannot change those."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    shutil.copytree(ROOT / "notebooks", FOLDER / "notebooks", ignore=shutil.ignore_patterns("report", ".*"))
    (FOLDER / "target").mkdir()
    (FOLDER / "target" / "lib").symlink_to(ROOT / "target" / "lib")


def cpu_share(process, seconds=1.0):
    """How many CPUs the process keeps busy."""
    before, began = cpu_seconds(process), time.monotonic()
    time.sleep(seconds)
    return (cpu_seconds(process) - before) / (time.monotonic() - began)


def cpu_seconds(process):
    times = process.cpu_times()
    return times.user + times.system


def command_line(process):
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def is_running(process):
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def wait_until(holds, seconds, failure):
    """Waits for what `holds` returns to be true, and returns it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = holds()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{failure} (waited {seconds} s)")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
