"""The rules for every notebook. Each check takes a notebook and yields its faults as sentences."""

import json
import re

import nbformat

from notebook_runner import claims
from notebook_runner.execute import Failure, error_in, first_line, is_code

LARGEST = 1_000_000
LONGEST_CELL = 15
WIDEST_LINE = 100
NAME = re.compile(r"\d\d-[a-z0-9]+(-[a-z0-9]+)*\.ipynb")
NOTEBOOK_METADATA = {"kernelspec", "language_info", "lowrank"}
LANGUAGE_INFO = {"file_extension", "mimetype", "name", "pygments_lexer"}
CELL_METADATA = {"tags"}
FULL_RUN = "full-run"
# Calls that show something wherever they are in a cell; run.train is run.trainOne too.
SHOWING = re.compile(r"\bdisplay\(|\bSystem\.out\.print|\brun\.(?:show|figure|check|tryOut)\(|\brun\.train")


def code_cells(notebook):
    return [(number, cell) for number, cell in enumerate(filter(is_code, notebook.cells), start=1)]


# --- Of a notebook that has just run ---


def errors(notebook):
    """The cells that ended in an error."""
    found = [error_in(number, cell) for number, cell in code_cells(notebook)]
    return [failure for failure in found if failure]


def silences(notebook, committed=None):
    """The cells that should show something and do not: those that end in an expression, display, print or call a
    method of the run that shows, and those with an output in the committed notebook. A cell tagged full-run may be
    silent in a run that is held against the committed notebook: smaller runs leave out what it does."""
    before = [] if committed is None else [bool(shown(cell)) for _, cell in code_cells(committed)]
    for number, cell in code_cells(notebook):
        if committed is not None and FULL_RUN in cell.metadata.get("tags", []):
            continue
        known = number <= len(before) and before[number - 1]
        if (known or promises_output(cell.source)) and not shown(cell):
            yield Failure(number, first_line(cell), "shows nothing")


def promises_output(source):
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", source, flags=re.DOTALL).strip()
    last = code.splitlines()[-1].strip() if code else ""
    if not last or last.startswith("%"):
        return False
    return not last.endswith((";", "}")) or bool(SHOWING.search(code))


def shown(cell):
    """The outputs that contain more than white space."""
    return [output for output in cell.get("outputs", []) if "".join(texts(output)).strip()]


def texts(output):
    if output.output_type == "stream":
        return [output.text]
    if output.output_type == "error":
        return [output.ename]
    return [value if isinstance(value, str) else json.dumps(value) for value in output.data.values()]


# --- Of a committed notebook ---


def has_no_errors(notebook):
    return map(sentence, errors(notebook))


def shows_what_it_should(notebook):
    return map(sentence, silences(notebook))


def sentence(failure):
    return f"cell {failure.cell}, {failure.line}: {failure.error.splitlines()[0]}"


def was_run_in_order(notebook):
    counts = [cell.execution_count for _, cell in code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        yield f"executed in the order {counts}, not 1 to {len(counts)}: run it whole, in a fresh kernel"


def has_clean_metadata(notebook):
    yield from unknown("the notebook", notebook.metadata, NOTEBOOK_METADATA)
    yield from unknown("language_info", notebook.metadata.get("language_info", {}), LANGUAGE_INFO)
    name = notebook.metadata.get("kernelspec", {}).get("name")
    if name != "java":
        yield f"its kernel is {name}, not java"
    for number, cell in enumerate(notebook.cells, start=1):
        yield from unknown(f"cell {number} of all", cell.metadata, CELL_METADATA)


def unknown(where, metadata, known):
    extra = sorted(set(metadata) - known)
    if extra:
        yield f"metadata of {where} holds {', '.join(extra)}: only {', '.join(sorted(known))} belong there"


def needs_no_script(notebook):
    for number, cell in code_cells(notebook):
        for output in cell.get("outputs", []):
            kinds = output.get("data", {})
            if any("javascript" in kind or "widget" in kind for kind in kinds):
                yield f"cell {number}: output of type {', '.join(kinds)}, which only a live page shows"
            if any("<script" in text.lower() for text in texts(output)):
                yield f"cell {number}: a script in its output"


def has_short_cells(notebook):
    for number, cell in enumerate(notebook.cells, start=1):
        lines = len(cell.source.strip().splitlines())
        if cell.cell_type == "code" and not lines:
            yield f"cell {number} of all: an empty code cell"
        elif cell.cell_type == "code" and lines > LONGEST_CELL:
            yield f"cell {number} of all: {lines} lines of code, above {LONGEST_CELL}: move some to lib-src"


def has_narrow_lines(notebook):
    """Code hosts have narrow pages that cut off wider lines."""
    for number, cell in enumerate(notebook.cells, start=1):
        for line, text in enumerate(cell.source.splitlines() if cell.cell_type == "code" else [], start=1):
            if len(text) > WIDEST_LINE:
                yield (
                    f"cell {number} of all: line {line} of the code has {len(text)} characters, above {WIDEST_LINE}: "
                    "break it"
                )


COMMITTED = [
    was_run_in_order,
    has_no_errors,
    shows_what_it_should,
    has_clean_metadata,
    needs_no_script,
    has_short_cells,
    has_narrow_lines,
]


def file_faults(path):
    """Faults of the file itself, before its content."""
    if not NAME.fullmatch(path.name):
        yield "its name is not like 01-short-name.ipynb"
    size = path.stat().st_size
    if size > LARGEST:
        yield f"{size:,} bytes, above {LARGEST:,}"


def faults(path, measured=None):
    """Every check of a committed notebook: (name of the check, its faults) one after the other. `measured` is
    the set its figures must be in; without it they are not checked."""
    yield "file", list(file_faults(path))
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:  # nbformat raises several kinds
        yield "format", [f"not a notebook: {str(error).splitlines()[0]}"]
        return
    for check in COMMITTED:
        yield check.__name__.replace("_", " "), list(check(notebook))
    if measured:
        yield "figures are measured", list(claims.of_notebook(notebook, measured))


def main(notebooks, results, readme, write=print):
    """Prints the faults of all; returns the exit status."""
    passed = failed = 0
    measured = claims.Measured.read(results)
    checked = [(path, check) for path in notebooks for check in faults(path, measured)]
    if readme.is_file():
        checked.append((readme, ("figures are measured", list(claims.of_readme(readme, measured)))))
    for path, (check, found) in checked:
        passed += not found
        failed += bool(found)
        for fault in found:
            write(f"{path.name}: {fault} ({check})")
    if not notebooks:
        write("There are no notebooks to check.")
        failed = 1
    write(f"Checks: {passed} passed, {failed} failed")
    return int(failed > 0)
