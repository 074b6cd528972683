"""Copies a complete full MNIST run over the committed notebooks and their report."""

import os
import shutil

import nbformat

from notebook_runner import checks, figures
from notebook_runner.files import read_json, write_whole

PUBLISHED = ["results.csv", "provenance.json"]


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
    if (report / "results.csv").is_file():
        try:
            names = figures.data_names(figures.read_rows(report / "results.csv"))
            if names != ["MNIST"]:
                reasons.append(f"its figures are of {' and '.join(names) or 'nothing'}, not of MNIST alone")
        except ValueError as error:
            reasons.append(str(error))
    return reasons


def publish(report, notebooks, folder):
    """Writes each notebook, then swaps folder/report for the run's figures, results and provenance."""
    for path in notebooks:
        write_whole(
            path, nbformat.writes(clean(nbformat.read(report / "notebooks" / path.name, as_version=4))) + "\n"
        )
    part = folder / "report.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    for name in PUBLISHED:
        shutil.copyfile(report / name, part / name)
    if (report / "figures").is_dir():
        shutil.copytree(report / "figures", part / "figures", ignore=shutil.ignore_patterns(".*", "*.part"))
    shutil.rmtree(folder / "report", ignore_errors=True)
    os.replace(part, folder / "report")


def clean(notebook):
    """Without what differs from run to run and from machine to machine."""
    language = notebook.metadata.get("language_info", {})
    metadata = {
        "kernelspec": {"display_name": "Java", "language": "java", "name": "java"},
        "language_info": {name: language[name] for name in sorted(checks.LANGUAGE_INFO) if name in language},
    }
    if "lowrank" in notebook.metadata:
        metadata["lowrank"] = notebook.metadata["lowrank"]
    notebook.metadata = nbformat.from_dict(metadata)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(
            {k: v for k, v in cell.metadata.items() if k in checks.CELL_METADATA}
        )
    return notebook
