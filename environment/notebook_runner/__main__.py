"""Command line of environment/reproduce and of the notebook part of environment/test."""

import argparse
import contextlib
import os
import pathlib
import signal
import sys

import digits
from notebook_runner import checks, compare, publish
from notebook_runner.files import only_one
from notebook_runner.run import Stopped, require_report, run_all, source_hash

PROFILES = ("quick", "default", "full")
STOPPED = 130


class Project:
    """The folders of the project. Tests can use another root."""

    def __init__(self, root, environment=os.environ):
        self.root = pathlib.Path(root).resolve()
        self.folder = self.root / "notebooks"
        self.target = self.root / "target"
        self.report = pathlib.Path(environment.get("LOWRANK_OUTPUT") or self.target / "report").absolute()
        self.checkpoints = pathlib.Path(
            environment.get("LOWRANK_CHECKPOINTS") or self.target / "checkpoints"
        ).absolute()
        self.results = self.folder / "report" / "summary.csv"  # of those committed
        self.published = self.root / "lib-src/main/resources/lowrank/results/published.csv"
        self.notebooks = sorted(path for path in self.folder.glob("[0-9][0-9]-*.ipynb"))

    def chosen(self, only):
        if not self.notebooks:
            raise SystemExit(f"There are no notebooks like 01-name.ipynb in {self.folder}.")
        if only is None:
            return self.notebooks
        wanted = [number.strip().zfill(2) for number in only.split(",")]
        found = [path for path in self.notebooks if path.name[:2] in wanted]
        missing = set(wanted) - {path.name[:2] for path in found}
        if missing:
            there = ", ".join(path.name[:2] for path in self.notebooks)
            raise SystemExit(f"There is no notebook {', '.join(sorted(missing))}: --only takes of {there}.")
        return found


def main(arguments=None, root=None):
    options = parse(arguments)
    project = Project(root or pathlib.Path(__file__).parents[2])
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    if options.check:
        return checks.main(project.notebooks, project.results, project.root / "README.md")
    if options.compare and not (options.quick or options.full or options.only):
        return compare.main(project.results, project.report / "summary.csv")
    profile = chosen_profile(options)
    if options.compare and profile != "full":
        raise SystemExit(f"--compare needs a full run, but this would be a {profile} one: add --full.")
    if options.publish and not (options.quick or options.full or options.only):
        with only_one(lock_of(project)):
            return publish_run(project)
    if options.publish and profile != "full":
        raise SystemExit(f"--publish needs a full run, but this would be a {profile} one: add --full.")
    if options.publish and not publish.is_clean(project.root):
        raise SystemExit(
            "--publish needs a clean tree: commit or remove all that git status shows, untracked files too."
        )
    asked = os.environ.get("LOWRANK_DATA") or "MNIST"
    if (options.publish or options.compare) and asked != "MNIST":
        raise SystemExit(
            f"--publish and --compare are for MNIST, but this run would be on {asked}: unset LOWRANK_DATA."
        )
    notebooks = project.chosen(options.only)
    check_folders()
    require_report(project.report)
    try:
        digits.prepare()
    except digits.Unavailable as why:
        raise SystemExit(str(why)) from None
    with only_one(lock_of(project)):
        status = run_all(project, notebooks, profile, options.only is not None, options.strict)
        if options.publish:
            status = status or publish_run(project)
        if options.compare:
            status = status or compare.main(project.results, project.report / "summary.csv")
    return status


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="environment/reproduce", description="Runs the notebooks and writes target/report."
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="every cell, with little training: minutes")
    size.add_argument(
        "--full", action="store_true", help="five seeds, as published: hours; continues where it was stopped"
    )
    parser.add_argument("--only", metavar="02", help="only this notebook, or several: 01,03")
    parser.add_argument(
        "--publish", action="store_true", help="maintainers: copy a complete full MNIST run to notebooks/"
    )
    parser.add_argument(
        "--compare", action="store_true", help="compare the accuracies of a full run with the published ones"
    )
    parser.add_argument("--strict", action="store_true", help=argparse.SUPPRESS)  # an empty output is a failure
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)  # the committed notebooks, no run
    return parser.parse_args(arguments)


def chosen_profile(options):
    profile = "quick" if options.quick else "full" if options.full else os.environ.get("LOWRANK_PROFILE") or "default"
    if profile.lower() not in PROFILES:
        raise SystemExit(f"LOWRANK_PROFILE is {profile}: it can be {', '.join(PROFILES)}.")
    return profile.lower()


def check_folders():
    """Makes folders absolute: relative ones start at the caller's folder, but the notebooks run in another one."""
    for name in ("MNIST_DIR", "FASHION_MNIST_DIR", "LOWRANK_CACHE"):
        if os.environ.get(name):
            os.environ[name] = os.path.abspath(os.environ[name])
            if name != "LOWRANK_CACHE" and not os.path.isdir(os.environ[name]):
                raise SystemExit(f"{name} is {os.environ[name]}, which is not a folder: correct it, or unset it.")


def lock_of(project):
    return project.report.with_name(project.report.name + ".lock")


def publish_run(project):
    reasons = publish.reasons_against(project.report, project.notebooks, source_hash)
    if reasons:
        print("Not published:\n" + "\n".join(f"  {reason}" for reason in reasons))
        aside = project.report.with_name(project.report.name + "-full")
        if aside.is_dir():
            print(f"An earlier full run is in {aside}; to publish it, move it to {project.report}.")
        return 1
    publish.publish(project.report, project.notebooks, project.folder)
    print(f"Published {len(project.notebooks)} notebooks and {project.folder / 'report'}.")
    return 0


def stop(number, frame):
    raise Stopped


def command_line(root=None):
    # SIGINT too where it comes ignored, as it does to a command started with & in a script.
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup
        signal.signal(signal.SIGHUP, stop)
    try:
        status = main(root=root)
        sys.stdout.flush()
    except Stopped:
        with contextlib.suppress(OSError):
            print("\nStopped. What was trained is kept: the next run continues from there.", file=sys.stderr)
            sys.stdout.flush()
        os._exit(STOPPED)  # the kernel's thread may still be waiting for it
    sys.exit(status)


if __name__ == "__main__":
    command_line()
