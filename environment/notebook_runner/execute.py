"""One notebook in one fresh kernel, in a thread, so that the main thread keeps the screen and the signals."""

import asyncio
import contextlib
import dataclasses
import os
import re
import signal
import threading
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclasses.dataclass(frozen=True)
class Failure:
    cell: int  # which code cell, from 1; 0 where no cell had started
    line: str  # the first line of its source
    error: str


class NotebookRun(threading.Thread):
    """Executes a copy of the notebook; `notebook` then holds the outputs, `failures` what went wrong."""

    def __init__(self, path, log):
        super().__init__(name=path.stem, daemon=True)
        self.path = path
        self.log = log
        self.notebook = cleared(nbformat.read(path, as_version=4))
        self.code_cells = [cell for cell in self.notebook.cells if is_code(cell)]
        self.failures = []
        self.cell = 0
        self.heading = ""
        self.began = time.monotonic()
        self.seconds = 0.0
        self.cell_seconds = []
        self._cell_began = 0.0
        self._client = None

    def run(self):
        self.began = time.monotonic()
        try:
            self._execute()
        except DeadKernelError:
            self._fail("the kernel died" + self._last_words())
        except Exception as error:  # a kernel that does not start has many names
            self._fail(f"the kernel failed, {type(error).__name__}: {error}" + self._last_words())
        errors = [error_in(number, cell) for number, cell in enumerate(self.code_cells, start=1)]
        self.failures = [error for error in errors if error] + self.failures
        self.seconds = time.monotonic() - self.began
        for cell in self.code_cells:
            join_streams(cell)

    def _execute(self):
        self._client = NotebookClient(
            self.notebook,
            kernel_name="java",
            allow_errors=True,
            timeout=None,
            startup_timeout=120,
            iopub_timeout=60,
            record_timing=False,
            resources={"metadata": {"path": str(self.path.parent)}},
            on_cell_start=self._heading_passed,
            on_cell_execute=self._cell_started,
            on_cell_executed=self._cell_ended,
        )
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "wb") as log:
            asyncio.run(self._client.async_execute(stdout=log, stderr=log))

    def _heading_passed(self, cell, cell_index):
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if re.match(r"#+ ", line):
                    self.heading = line.lstrip("# ").strip()

    def _cell_started(self, cell, cell_index):
        self.cell += 1
        self._cell_began = time.monotonic()

    def _cell_ended(self, cell, cell_index, execute_reply):
        self.cell_seconds.append(round(time.monotonic() - self._cell_began, 3))

    def _fail(self, error):
        line = first_line(self.code_cells[self.cell - 1]) if self.cell else ""
        self.failures.append(Failure(self.cell, line, error))

    def _last_words(self):
        try:
            lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        except OSError:
            lines = []
        return "".join("\n" + line for line in [*lines[-5:], f"The kernel's log: {self.log}"])

    def stop(self):
        """Ends the kernel and its children, and kills them after five seconds."""
        manager = self._client and self._client.km
        group = manager and getattr(manager.provisioner, "pid", None)
        if group:
            end_group(group)
            manager.cleanup_connection_file()


def end_group(group, patience=5.0):
    deadline = time.monotonic() + patience
    try:
        os.killpg(group, signal.SIGTERM)
        while time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(group, os.WNOHANG)  # its own child: without this it stays a zombie of the group
            os.killpg(group, 0)
            time.sleep(0.05)
        os.killpg(group, signal.SIGKILL)
        os.waitpid(group, 0)
    except (ProcessLookupError, PermissionError, ChildProcessError):
        pass  # gone


def is_code(cell):
    return cell.cell_type == "code" and bool(cell.source.strip())


def first_line(cell):
    return cell.source.strip().splitlines()[0]


def error_in(number, cell):
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            return Failure(number, first_line(cell), error_text(output))
    return None


def error_text(output):
    """The exception and its trace. Of a compilation error the source comes first, after bars."""
    lines = ANSI.sub("", "\n".join(output.get("traceback") or [])).strip().splitlines()
    if not lines:
        return f"{output.ename}: {output.evalue}"
    if lines[0].startswith("|"):
        message = next((line for line in lines if not line.startswith("|")), output.evalue)
        return "\n".join([f"{output.ename}: {message}", *lines])
    return "\n".join(lines)


def cleared(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
    return notebook


def join_streams(cell):
    """Text printed in many pieces is one output."""
    joined = []
    for output in cell.outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    cell.outputs = joined
