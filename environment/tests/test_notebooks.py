"""What a reader may change in the committed notebooks, as their exercises ask, is said in one place."""

import pathlib
import re
import unittest

import nbformat

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


if __name__ == "__main__":
    unittest.main()
