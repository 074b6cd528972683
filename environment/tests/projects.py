"""Small projects in a temporary folder, for the runner's tests."""

import contextlib
import io
import os
import pathlib
import tempfile
import unittest
from unittest import mock

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from notebook_runner.__main__ import Project, main

KERNEL = {"display_name": "Java", "language": "java", "name": "java"}
HEADER = (
    "part,method,augmentation,data,ranks,seeds,parameters,bytes,"
    "validation_accuracy,validation_deviation,test_accuracy,test_deviation\n"
)


def summary(
    method, ranks, accuracy, deviation="", seeds=None, parameters=215370, data="MNIST", part=1, augmentation="none"
):
    """A line of summary.csv, with the same figures for validation; one seed where there is no deviation."""
    seeds = seeds or (3 if deviation else 1)
    figures = f"{accuracy},{deviation}"
    return f"{part},{method},{augmentation},{data},{ranks},{seeds},{parameters},1,{figures},{figures}\n"


def code(source, number=None, *outputs):
    return new_code_cell(source, execution_count=number, outputs=list(outputs))


def result(text, number):
    return new_output("execute_result", {"text/plain": text}, execution_count=number)


def notebook(*cells):
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "java"}}
    return new_notebook(cells=[new_markdown_cell(c) if isinstance(c, str) else c for c in cells], metadata=metadata)


class ProjectTest(unittest.TestCase):
    """A test with a project of its own: `root`, whose name has a blank."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="low rank ")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()
        (self.root / "notebooks").mkdir()
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith("LOWRANK_") and not k.endswith("MNIST_DIR")
        }
        patch = mock.patch.dict(os.environ, environment, clear=True)
        patch.start()
        self.addCleanup(patch.stop)

    @property
    def project(self):
        return Project(self.root)

    @property
    def report(self):
        return self.root / "target" / "report"

    def write(self, name, *cells):
        path = self.root / "notebooks" / name
        nbformat.write(notebook(*cells), path)
        return path

    def write_file(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run_main(self, *arguments):
        """(exit status, what was printed)"""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = main(list(arguments), root=self.root)
        return status, out.getvalue()
