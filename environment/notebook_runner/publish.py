"""Copies a complete full MNIST run over the committed notebooks and their report."""

import os
import shutil
import subprocess

import nbformat

from notebook_runner import checks, compare, figures
from notebook_runner.files import read_json, write_whole

PUBLISHED = ["results.csv", "summary.csv", "provenance.json"]
SEEDS = 5


def is_clean(root):
    """Whether git has nothing to say of the tree; also where there is no git, which is said later."""
    try:
        answer = subprocess.run(
            ["git", "-C", root, "status", "--porcelain"], capture_output=True, text=True, check=False
        )
    except OSError:
        return True
    return answer.returncode != 0 or not answer.stdout.strip()


def reasons_against(report, notebooks, source_hash):
    """Why the run in `report` cannot be published: sentences, none if it can."""
    run = read_json(report / "run.json")
    if not run:
        return [f"there is no run in {report}: make one with environment/reproduce --full"]
    reasons = []
    if run.get("profile") != "full":
        reasons.append(f"it is a {run.get('profile')} run, not a full one")
    for path in notebooks:
        entry = run.get("notebooks", {}).get(path.name, {})
        if entry.get("status") != "passed":
            reasons.append(f"{path.name} {entry.get('status', 'was not run')}")
        elif entry.get("source") != source_hash(nbformat.read(path, as_version=4)):
            reasons.append(f"{path.name} has changed since it was run")
        elif not (report / "notebooks" / path.name).is_file():
            reasons.append(f"its copy of {path.name} is gone")
        else:
            for check, found in checks.faults(report / "notebooks" / path.name):
                reasons += [f"{path.name}: {fault}" for fault in found if "metadata" not in check]
    if not notebooks:
        reasons.append("there are no notebooks")
    reasons += [f"it has no {name}" for name in PUBLISHED if not (report / name).is_file()]
    if all((report / name).is_file() for name in PUBLISHED):
        try:
            rows = figures.read_rows(report / "summary.csv")
            reasons += [*against_results(rows)]
            reasons += [*against_origin(read_json(report / "provenance.json"), {row["part"] for row in rows})]
        except ValueError as error:
            reasons.append(str(error))
    return reasons


def against_results(rows):
    """Faults: data other than MNIST, and networks measured with too few seeds."""
    names = figures.data_names(rows)
    if names != ["MNIST"]:
        yield f"its figures are of {' and '.join(names) or 'nothing'}, not of MNIST alone"
    for row in rows:
        method, ranks, seeds = row["method"], row["ranks"], int(row["seeds"])
        if seeds < SEEDS and not one_seed_will_do(method, ranks):
            count = f"{seeds} seed{'s' * (seeds != 1)}"
            yield f"{figures.network(method, ranks)} was measured with {count}, not with {SEEDS}"


def one_seed_will_do(method, ranks):
    """Dynamic SVD at other ranks than the report's own, and the schedules that are there to lose."""
    renewed_too_rarely = method in ("dynamic-frozen", "dynamic-per-epoch")
    return renewed_too_rarely or (method == "dynamic" and set(ranks.split()) != {"20"})


def against_origin(provenance, measured):
    """Parts whose source is not known or was modified, or that were made at different commits: one run publishes all."""
    parts = provenance.get("parts")
    parts = parts if isinstance(parts, dict) else {}
    for part in sorted(measured | set(parts), key=lambda number: (len(number), number)):
        entry = parts.get(part)
        if not isinstance(entry, dict):
            yield f"provenance.json does not say where part {part} comes from: run that notebook again"
            continue
        commit = entry.get("commit") or "unknown"
        if commit == "unknown":
            yield f"the commit of part {part} is not known: run it in a git clone"
            continue
        if entry.get("modified") is True:
            yield f"part {part} was run with files changed since {commit[:12]}: commit, and run it again"
        elif entry.get("modified") is not False:
            yield f"whether part {part} was run with changed files is not known: run it in a git clone"
    commits = sorted(
        {entry["commit"][:12] for entry in parts.values() if isinstance(entry, dict) and entry.get("commit")}
    )
    if len(commits) > 1:
        yield f"its parts were made at {len(commits)} commits, {', '.join(commits)}: run all notebooks at one"


def publish(report, notebooks, folder):
    """Writes each notebook, renews the figures in its text and in the README, then swaps folder/report for the run's
    results, provenance and figures."""
    run = read_json(report / "run.json")
    before, after = folder / "report" / "summary.csv", figures.read_rows(report / "summary.csv")
    before = figures.read_rows(before) if before.is_file() else []
    for path in notebooks:
        executed = clean(nbformat.read(report / "notebooks" / path.name, as_version=4))
        for cell in executed.cells:
            if cell.cell_type == "markdown":
                cell.source = compare.renewed(cell.source, before, after)
        seconds = run["notebooks"][path.name]["seconds"]
        minutes = measured_minutes(nbformat.read(path, as_version=4), run["profile"], seconds)
        executed.metadata["lowrank"] = {**executed.metadata.get("lowrank", {}), "minutes": minutes}
        write_whole(path, nbformat.writes(executed) + "\n")
    readme = folder.parent / "README.md"
    if readme.is_file():
        write_whole(readme, compare.renewed(readme.read_text(encoding="utf-8"), before, after))
    part = folder / "report.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    for name in PUBLISHED:
        shutil.copyfile(report / name, part / name)
    if (report / "figures").is_dir():
        shutil.copytree(report / "figures", part / "figures", ignore=shutil.ignore_patterns(".*", "*.part"))
    shutil.rmtree(folder / "report", ignore_errors=True)
    os.replace(part, folder / "report")


def measured_minutes(committed, profile, seconds):
    """Of the run for its profile; those of other profiles as the committed notebook has them."""
    known = committed.metadata.get("lowrank", {}).get("minutes", {})
    known = known if isinstance(known, dict) else {}  # one number for all profiles is none measured
    return {**known, profile: round(seconds / 60, 1)}


def clean(notebook):
    """Removes what differs from run to run and from machine to machine."""
    language = notebook.metadata.get("language_info", {})
    metadata = {
        "kernelspec": {"display_name": "Java", "language": "java", "name": "java"},
        "language_info": {name: language[name] for name in sorted(checks.LANGUAGE_INFO) if name in language},
    }
    if "lowrank" in notebook.metadata:
        metadata["lowrank"] = notebook.metadata["lowrank"]
    notebook.metadata = nbformat.from_dict(metadata)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in checks.CELL_METADATA})
    return notebook
