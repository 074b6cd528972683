"""Runs each notebook as those of its exercises ask that change a number: `python -m notebook_runner.exercises`.

The settings are the caller's: profile, data, folders.
"""

import pathlib
import re
import signal
import sys

from notebook_runner.checks import code_cells, texts
from notebook_runner.execute import NotebookRun

ASKED = re.compile(r"^\d+\. Set `(\w+)` to (\d+)", re.MULTILINE)
LABEL = r"(?:D = |rank |\w-){}\b"


def asked(notebook):
    """(name, number) of each exercise that says: Set `name` to number."""
    return [found for cell in notebook.cells if cell.cell_type == "markdown" for found in ASKED.findall(cell.source)]


def change(notebook, name, number):
    """Gives the variable another number, in the one cell that sets it; returns the former one."""
    declaration = re.compile(rf"^int {name} = (\d+);", re.MULTILINE)
    (cell,) = [cell for cell in notebook.cells if cell.cell_type == "code" and declaration.search(cell.source)]
    former = declaration.search(cell.source)[1]
    cell.source = declaration.sub(f"int {name} = {number};", cell.source)
    return former


def faults(notebook, former):
    """Labels that still say the former number: sentences."""
    label = re.compile(LABEL.format(former))
    for number, cell in code_cells(notebook):
        for output in cell.outputs:
            for text in texts(output):
                if len(text) < 100_000 and (found := label.search(text)):
                    yield f"cell {number} still says {found[0]}"


def main(root, write=print):
    """Runs all; returns the exit status."""
    passed = failed = 0
    for path in sorted((root / "notebooks").glob("[0-9][0-9]-*.ipynb")):
        for name, number in asked(NotebookRun(path, None).notebook):
            run = NotebookRun(path, root / "target" / "logs" / f"exercise-{path.stem}.log")
            former = change(run.notebook, name, number)
            run.start()
            try:
                run.join()
            finally:
                run.stop()
            found = [f"cell {one.cell}, {one.line}: {one.error}" for one in run.failures]
            found = found or list(faults(run.notebook, former))
            passed += not found
            failed += bool(found)
            write(f"{path.stem}, {name} = {number}: {'failed' if found else 'passed'} in {run.seconds:.0f} s")
            for fault in found:
                write(f"  {fault}")
    write(f"Exercises: {passed} passed, {failed} failed")
    return int(failed > 0 or passed == 0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main(pathlib.Path(__file__).parents[2]))
