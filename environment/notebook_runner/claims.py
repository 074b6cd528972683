"""Checks accuracies in prose, tables and the README: each one with a spread must be in summary.csv."""

import re

from notebook_runner import figures

SPREAD = re.compile(r"\d+\.\d+ ± \d+\.\d+ %")
COUNT = re.compile(r"\d{1,3}(?:,\d{3})+")


class Measured:
    """The figures in the lines of a summary.csv: each "mean ± standard deviation" with its number of parameters."""

    def __init__(self, rows):
        self.parameters = {}
        for row in rows:
            for of in ("test", "validation"):
                self.parameters.setdefault(figures.spread(row, of), set()).add(f"{int(row['parameters']):,}")

    @classmethod
    def read(cls, path):
        """The figures of a file; none if there is no file."""
        return cls(figures.read_rows(path) if path.is_file() else [])

    def unknown(self, text):
        """The figures in the text that are not among these."""
        return [found for found in SPREAD.findall(text) if found not in self.parameters]


def of_notebook(notebook, measured):
    for number, cell in enumerate(notebook.cells, start=1):
        outputs = [output.data.get("text/plain", "") for output in cell.get("outputs", []) if "data" in output]
        for figure in measured.unknown("\n".join([cell.source, *outputs])):
            yield f"cell {number} of all: {figure} is not in summary.csv"


def of_readme(readme, measured):
    """In a line with a number of parameters, the accuracy must belong to a network of that size."""
    for number, line in enumerate(readme.read_text(encoding="utf-8").splitlines(), start=1):
        for figure in measured.unknown(line):
            yield f"line {number}: {figure} is not in summary.csv"
        counts = COUNT.findall(line) if line.startswith("|") else []
        for figure in SPREAD.findall(line):
            known = measured.parameters.get(figure)
            if known and counts and not known.intersection(counts):
                yield f"line {number}: {figure} is not of a network with {counts[0]} parameters"
