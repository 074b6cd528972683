"""Runs the notebooks: prepares the report folder, runs one kernel after the other, and records what happened."""

import datetime
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import nbformat

from notebook_runner import checks, figures, page
from notebook_runner.execute import NotebookRun
from notebook_runner.files import QUIET, read_json, remove_leftovers, write_json, write_whole
from notebook_runner.progress import Progress, clock

DRAWN = "SyntheticDigits"
LOUD = f"Data: {DRAWN} (drawn digits, not MNIST): {{}}."
NOT_MNIST = re.compile(r"^NOT MNIST: (.*?)\. The digits are SyntheticDigits", re.MULTILINE)


class Stopped(BaseException):
    """A signal asked the run to end."""


def run_all(project, notebooks, profile, keep, strict):
    """Runs each notebook, even if others failed; returns the exit status."""
    os.environ.update(
        LOWRANK_PROFILE=profile,
        LOWRANK_OUTPUT=str(project.report),
        LOWRANK_CHECKPOINTS=str(project.checkpoints),
    )
    asked = {"profile": profile, "asked_data": os.environ.get("LOWRANK_DATA") or "MNIST"}
    set_aside(project.report, asked, keep)
    (project.report / "notebooks").mkdir(parents=True, exist_ok=True)
    record = read_json(project.report / "run.json") or {**asked, "complete": False, "notebooks": {}}
    record.update(started=now(), commit=commit(project.root))
    write_json(project.report / "run.json", record)
    timings = read_json(project.target / "timings.json")
    group = timings.setdefault(f"{project.report.name} {profile}", {})
    progress = Progress(sys.stdout, {path.name: expected(path, group, profile) for path in notebooks})
    progress.line(f"{len(notebooks)} notebook{'s' * (len(notebooks) != 1)}, {profile} run{progress.forecast()}")
    clean_up(project, progress)
    data = Data(progress)
    failures = {}
    for path in notebooks:
        run = NotebookRun(path, project.target / "logs" / f"kernel-{path.stem}.log")
        began = time.time()
        try:
            watch(run, progress, data)
        except Stopped:
            clean_up(project, progress, quiet=0)
            raise
        data.saved(project.report / "provenance.json", began)
        failures[path.name] = run.failures + (silent(run, path) if strict else [])
        record["notebooks"][path.name] = keep_outcome(run, failures[path.name], project.report, progress, data.name)
        write_json(project.report / "run.json", {**record, "finished": now()})
        if not failures[path.name]:
            group[path.name] = round(run.seconds, 1)
            write_json(project.target / "timings.json", timings)
    record["finished"] = now()
    return finish(project, record, profile, failures)


class Data:
    """The data set of the run, printed on the terminal as soon as it is known. If a notebook had to draw
    digits because MNIST was not available, those that follow use them too: one run, one data set."""

    def __init__(self, progress):
        self.progress = progress
        self.name = None  # of the notebook that ran last, where it said so
        self.drawn = os.environ.get("LOWRANK_DATA") == DRAWN
        if self.drawn:
            progress.line(LOUD.format("LOWRANK_DATA asks for them"))

    def seen(self, run):
        """Looks for the sentence that a notebook shows when it has to draw digits."""
        if self.drawn:
            return
        for cell in list(run.code_cells):
            for output in list(cell.outputs):
                if "data" in output:
                    found = NOT_MNIST.search(str(output["data"].get("text/plain", "")))
                    if found:
                        self._had_to_draw(found[1])
                        return

    def saved(self, provenance, began):
        """Takes the name that a notebook has written since it began."""
        self.name = None
        if provenance.is_file() and provenance.stat().st_mtime >= began:
            data = read_json(provenance).get("data")
            self.name = data.get("name") if isinstance(data, dict) else None
        if self.name == DRAWN and not self.drawn:
            self._had_to_draw("MNIST could not be fetched")

    def _had_to_draw(self, why):
        self.drawn = True
        os.environ["LOWRANK_DATA"] = DRAWN
        self.progress.line(LOUD.format(why) + " The notebooks that follow use them too.")


def clean_up(project, progress, quiet=QUIET):
    """Removes half-written files of kernels that are gone."""
    count = sum(remove_leftovers(folder, quiet) for folder in {project.checkpoints, project.report})
    if count:
        progress.line(f"Removed {count} half-written file{'s' * (count != 1)} that a stopped run had left.")


def keep_outcome(run, failures, report, progress, data=None):
    """Writes the executed notebook and reports the outcome; returns its entry in run.json."""
    write_whole(report / "notebooks" / run.path.name, nbformat.writes(run.notebook) + "\n")
    status = "failed" if failures else "passed"
    on = f" on {data}" if data else ""
    cells = f"{run.cell} of {len(run.code_cells)} cells"
    progress.line(f"{run.path.stem}: {status}{on}, {cells} in {clock(run.seconds)}")
    for line in told(run.path, failures):
        progress.line(line)
    return {"status": status, "seconds": round(run.seconds, 1), "source": source_hash(run.notebook)}


def finish(project, record, profile, failures):
    """The page, the table, what failed; returns the exit status."""
    results = project.report / "summary.csv"
    try:
        names = figures.data_names(figures.read_rows(results)) if results.exists() else []
        table = figures.table(results, project.published, profile)
    except ValueError as error:
        names, table = [], f"No figures: {error}."
        failures["summary.csv"] = [table]
    record["data"] = " and ".join(names)
    record["complete"] = all(path.name in record["notebooks"] for path in project.notebooks)
    write_json(project.report / "run.json", record)
    executed = sorted((project.report / "notebooks").glob("*.ipynb"))
    provenance = read_json(project.report / "provenance.json")
    drawing = read_json(project.report / "drawing.json")
    write_whole(project.report / "report.html", page.page(executed, record, provenance, project.folder, drawing))
    print(f"\n{table}\n")
    if len(names) > 1:
        print("The notebooks ran on different data: run them all again, without --only.")
    print(f"Report: {project.report / 'report.html'}")
    failed = [name for name, found in failures.items() if found]
    if failed:
        print(f"Failed: {', '.join(failed)}. Their cells and errors are above and in the report.")
    print(f"Notebooks: {len(failures) - len(failed)} passed, {len(failed)} failed")
    return int(bool(failed))


def watch(run, progress, data):
    """Runs to the end, with progress shown; a signal ends the kernel and raises Stopped."""
    run.start()
    try:
        while run.is_alive():
            run.join(0.5)
            progress.tick(run)
            data.seen(run)
    except Stopped:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        progress.clear()
        run.stop()
        raise
    progress.clear()


def silent(run, path):
    """Cells that should show something and do not, apart from those that failed."""
    failed = {failure.cell for failure in run.failures}
    found = checks.silences(run.notebook, nbformat.read(path, as_version=4))
    return [failure for failure in found if failure.cell not in failed]


def told(path, failures):
    """Prints the first failure in full, as the cause, and the number of those that follow."""
    for failure in failures[:1]:
        yield f"  {path.name}, cell {failure.cell}: {failure.line}"
        yield from (f"    {line}" for line in failure.error.splitlines()[:15])
    if len(failures) > 1:
        yield f"  {path.name}: {len(failures) - 1} more cell{'s' * (len(failures) > 2)} failed after it."


def require_report(report):
    """Refuses a folder that no run created: it would be moved aside, and removed two runs later."""
    if not report.exists() or (report.is_dir() and not any(report.iterdir())):
        return
    if "profile" not in read_json(report / "run.json"):
        raise SystemExit(
            f"LOWRANK_OUTPUT is {report}, which holds something other than the report of a run: name a new or empty folder."
        )


def set_aside(report, asked, keep):
    """A run starts in an empty folder, except for --only in a report of the same profile and data. What was
    there is kept, one for each profile and data; an unfinished report does not replace a finished one."""
    if not report.exists():
        return
    before = read_json(report / "run.json")
    if keep and all(before.get(name) == value for name, value in asked.items()):
        return
    data = before.get("asked_data", "MNIST")
    aside = report.with_name(f"{report.name}-{before.get('profile', 'other')}{f'-{data}' * (data != 'MNIST')}")
    if read_json(aside / "run.json").get("complete") and not before.get("complete"):
        shutil.rmtree(report)
        print(f"The unfinished report in {report} is replaced; a finished one is in {aside}.")
        return
    require_report(aside)
    shutil.rmtree(aside, ignore_errors=True)
    os.replace(report, aside)
    print(f"The report of the previous run is now in {aside}.")


def expected(path, group, profile):
    """Seconds: those of the last run, else the notebook's own metadata lowrank.minutes, else None."""
    if path.name in group:
        return group[path.name]
    try:
        minutes = json.loads(path.read_text("utf-8"))["metadata"]["lowrank"]["minutes"]
        return 60 * (minutes[profile] if isinstance(minutes, dict) else minutes)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def source_hash(notebook):
    """Of the cells' sources: the same before and after a run."""
    sources = [[cell.cell_type, cell.source] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()


def commit(root):
    try:
        answer = subprocess.run(
            ["git", "-C", root, "describe", "--always", "--dirty", "--abbrev=12"],
            capture_output=True,
            text=True,
            check=True,
        )
        return answer.stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
