"""Command line of environment/check-binder."""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from rehearsal import noise
from rehearsal.memory import MARK, Cap, Watch, end_all

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIMIT = 2 * 1024**3
BUILD_MINUTES = 10
FIRST_SECONDS = 60  # from the start of notebook 01's kernel to its last result
PAUSE = 15  # seconds between two lines of progress
NOBODY = 65534
# Of the caller's, because a registry may be reached by them alone; nothing of the project, nothing of HOME.
KEPT = (
    "LANG",
    "TZ",
    "TMPDIR",
    "PIP_",
    "SSL_",
    "REQUESTS_CA",
    "CURL_CA",
    "http",
    "https",
    "no_proxy",
    "HTTP",
    "NO_PROXY",
)
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Failed(Exception):
    """The rehearsal cannot go on."""


class Rehearsal:
    def __init__(self, folder, cpu):
        self.folder = folder
        self.copy = folder / "repository"
        self.mark = f"{os.getpid()}-{int(time.time())}"
        self.user = NOBODY if os.geteuid() == 0 else None
        self.cap = Cap(LIMIT, f"check-binder-{self.mark}")
        self.watch = Watch(self.mark, LIMIT)
        self.cpu = cpu
        self.faults = []
        self.late = []  # faults that are none on a noisy machine
        self.noise = noise.Noise(self.cpu)

    def environment(self):
        kept = {name: value for name, value in os.environ.items() if name.startswith(KEPT)}
        return {
            **kept,
            "HOME": str(self.folder / "home"),
            # Java asks the system's list of users, in which this one lives elsewhere or is not at all.
            "JAVA_TOOL_OPTIONS": f"-Duser.home={self.folder / 'home'}",
            "PATH": f"{self.folder / 'python' / 'bin'}:{SYSTEM_PATH}",
            "MEM_LIMIT": str(LIMIT),  # as JupyterHub says it
            MARK: self.mark,
        }

    def confine(self):
        """In the new process, before the command: memory, CPU, user."""
        self.cap.enter()
        os.sched_setaffinity(0, {self.cpu})
        if self.user is not None:
            os.setgroups([])
            os.setgid(self.user)
            os.setuid(self.user)

    def step(self, label, *command):
        """Runs the command in the copy; returns the seconds it took. Its output goes to a log of its own."""
        log = self.folder / (label.split()[0].strip(":").lower() + ".log")
        print(f"{label} ...", flush=True)
        began = time.monotonic()
        with open(log, "wb") as output:
            process = subprocess.Popen(
                command,
                cwd=self.copy,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=self.confine,
                start_new_session=True,
            )
            status = wait(process, lambda: print(progress(time.monotonic() - began, log), flush=True))
        seconds = time.monotonic() - began
        print(f"{label:<60} " + (f"{seconds:5.0f} s" if status == 0 else "failed"), flush=True)
        if status != 0:
            said = last_words(log.read_text(encoding="utf-8", errors="replace"))
            raise Failed(f"{label}: it ended with status {status}.\n" + "\n".join("  " + line for line in said))
        return seconds

    def prepare(self):
        """The fresh copy and the empty HOME, both of the user's."""
        git = ["git", "-c", "advice.detachedHead=false", "clone", "-q", "--no-hardlinks", ROOT, self.copy]
        subprocess.run(git, check=True)
        (self.folder / "home").mkdir()
        if self.user is not None:
            self.folder.chmod(0o755)
            subprocess.run(["chown", "-R", f"{self.user}:{self.user}", self.folder], check=True)

    def build(self):
        """What repo2docker does with the folder binder/, after the packages of apt.txt."""
        seconds = self.step("Python environment", "/usr/bin/python3", "-m", "venv", self.folder / "python")
        seconds += self.step(
            "Requirements of binder/requirements.txt",
            "python3",
            "-m",
            "pip",
            "install",
            "--no-cache-dir",
            "-r",
            "binder/requirements.txt",
        )
        seconds += self.step("Build: binder/postBuild", "binder/postBuild")
        print(f"Build: {seconds / 60:.1f} of {BUILD_MINUTES} minutes")
        if seconds > 60 * BUILD_MINUTES:
            self.late.append(f"the build took {seconds / 60:.1f} minutes, above {BUILD_MINUTES}")

    def visit(self):
        """Every notebook, in the environment that binder/start gives to a visitor's JupyterLab."""
        command = ["env", "PYTHONPATH=environment", "python3", "-m", "notebook_runner", "--strict"]
        file = self.copy / "target/report/run.json"
        shutil.rmtree(file.parent, ignore_errors=True)  # the report of the build
        try:
            self.step("Notebooks: all of them, in order", "binder/start", *command)
        except Failed as failure:
            if not file.exists():
                raise
            self.faults.append(str(failure))
        report = json.loads(file.read_text(encoding="utf-8"))
        committed = sorted(path.name for path in (self.copy / "notebooks").glob("[0-9][0-9]-*.ipynb"))
        print(f"Data: {report.get('data', 'unknown')}, {report['profile']} run")
        for name in committed:
            entry = report["notebooks"].get(name, {"status": "missing", "seconds": 0})
            print(f"  {name:<45} {entry['status']}, {entry['seconds']:5.0f} s")
            if entry["status"] != "passed":
                self.faults.append(f"{name}: {entry['status']}")
        seconds = report["notebooks"].get(committed[0], {"seconds": 0})["seconds"]
        if seconds > FIRST_SECONDS:
            self.late.append(f"{committed[0]} took {seconds:.0f} s, above {FIRST_SECONDS}")

    def times(self):
        """What took too long is a fault, unless other work used the CPU at the same time: then the times say nothing."""
        refusal = noise.refusal(self.noise.share(), self.cpu)
        self.faults += [refusal] if self.late and refusal else self.late

    def memory(self):
        print(f"Peak memory: {self.watch.peak / 1024**3:.2f} of {LIMIT / 1024**3:.0f} GB")
        if self.watch.exceeded or self.cap.kills():
            self.faults.append(f"2 GB of memory were not enough ({self.cap.kills()} processes ended for it)")

    def conditions(self):
        user = "another user, without rights" if self.user is not None else "the present user (not root)"
        cap = "capped by a control group" if self.cap.path else "watched by sampling (no control group here)"
        return f"Commit {commit()}, {user}, one CPU, 2 GB of memory {cap}."

    def close(self):
        if self.watch.is_alive():
            self.watch.stop()
        if end_all(self.mark):
            self.faults.append("processes were left running at the end")
        self.cap.remove()


def wait(process, report, pause=PAUSE):
    """The status of the process; calls `report` each time it has gone on for another `pause` seconds."""
    while True:
        try:
            return process.wait(pause)
        except subprocess.TimeoutExpired:
            report()


def progress(seconds, log):
    """How long a step has been running, and the last line it printed."""
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return f"{seconds:7.0f} s  {lines[-1] if lines else ''}".rstrip()


def last_words(log):
    """The first notebook that failed, with its cell and error; or else the end."""
    lines = log.strip().splitlines()
    failed = next((number for number, line in enumerate(lines) if ": failed" in line), None)
    return lines[-25:] if failed is None else lines[failed : failed + 25]


def commit():
    command = ["git", "-C", ROOT, "describe", "--always", "--dirty=, without what is not committed"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def main():
    parser = argparse.ArgumentParser(prog="environment/check-binder")
    parser.add_argument("--keep", action="store_true")
    keep = parser.parse_args().keep
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    cpu = min(os.sched_getaffinity(0))
    if refusal := noise.refusal(noise.before(cpu), cpu):
        print(refusal)
        return 1
    folder = pathlib.Path(tempfile.mkdtemp(prefix="check-binder-"))
    rehearsal = Rehearsal(folder, cpu)
    print(rehearsal.conditions())
    try:
        rehearsal.prepare()
        rehearsal.watch.start()
        rehearsal.build()
        rehearsal.visit()
        rehearsal.times()
    except Failed as failure:
        rehearsal.faults.append(str(failure))
    finally:
        rehearsal.memory()
        rehearsal.close()
        if keep:
            print(f"Kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    for fault in rehearsal.faults:
        print(f"Failed: {fault}")
    print("Not ready for Binder." if rehearsal.faults else "Ready for Binder.")
    return int(bool(rehearsal.faults))


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
    sys.exit(130)
