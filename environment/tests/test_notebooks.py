"""What a reader may change in the committed notebooks, as their exercises ask, is said in one place."""

import pathlib
import re
import unittest

import nbformat
from nbformat.v4 import new_output

from notebook_runner import exercises
from tests.projects import code, notebook

NOTEBOOKS = sorted((pathlib.Path(__file__).parents[2] / "notebooks").glob("[0-9][0-9]-*.ipynb"))
CHANGED = re.compile(r"^int (rank) = (\d+);", re.MULTILINE)


class NumberTest(unittest.TestCase):
    def test_labels_filters_and_titles_follow_the_rank(self):
        found = 0
        for path in NOTEBOOKS:
            cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
            for number, source in enumerate(cells):
                for name, value in CHANGED.findall(source):
                    found += 1
                    literal = re.compile(rf"(?<![\w.]){value}(?![\w.])")
                    for later in cells[number + 1 :]:
                        self.assertIsNone(literal.search(later), f"{path.name}: {value} in place of {name} in\n{later}")
        self.assertEqual(2, found)

    def test_exercises_that_change_a_number_are_found_and_followed(self):
        self.assertEqual(
            [["rank"], ["rank"]],
            [[name for name, _ in exercises.asked(nbformat.read(path, as_version=4))] for path in NOTEBOOKS[1:3]],
        )
        output = new_output("display_data", {"text/plain": "truncated, D = 20, 20 epochs"})
        changed = notebook("1. Set `rank` to 5: fewer.", code("int rank = 20;"), code("rank", 1, output))
        [(name, number)] = exercises.asked(changed)
        former = exercises.change(changed, name, number)
        self.assertEqual("int rank = 5;", changed.cells[1].source)
        self.assertEqual(["cell 2 still says D = 20"], list(exercises.faults(changed, former)))


if __name__ == "__main__":
    unittest.main()
