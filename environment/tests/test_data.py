"""The data set of a run: known early, and the same for all notebooks."""

import io
import os
import time
import types

from nbformat.v4 import new_output

from notebook_runner.files import write_json
from notebook_runner.progress import Progress
from notebook_runner.run import Data
from tests.projects import ProjectTest, code

SAID = (
    "Downloading 3 of 11 MB\nNOT MNIST: no mirror answered. The digits are SyntheticDigits, drawn by this "
    "library: figures differ from those of MNIST, and every table names the data."
)


class DataTest(ProjectTest):
    def data(self):
        self.screen = io.StringIO()
        return Data(Progress(self.screen, {}))

    def notebook_that_shows(self, text):
        return types.SimpleNamespace(
            code_cells=[code("a", 1), code("b", 2, new_output("display_data", {"text/plain": text}))]
        )

    def test_digits_asked_for_are_said_before_the_first_notebook(self):
        os.environ["LOWRANK_DATA"] = "SyntheticDigits"
        self.data()
        self.assertEqual(
            "Data: SyntheticDigits (drawn digits, not MNIST): LOWRANK_DATA asks for them.\n",
            self.screen.getvalue(),
        )

    def test_digits_drawn_for_want_of_mnist_are_said_once_and_bind_the_other_notebooks(self):
        data = self.data()
        for _ in range(2):
            data.seen(self.notebook_that_shows(SAID))
        self.assertEqual(
            "Data: SyntheticDigits (drawn digits, not MNIST): no mirror answered. The notebooks that follow "
            "use them too.\n",
            self.screen.getvalue(),
        )
        self.assertEqual("SyntheticDigits", os.environ["LOWRANK_DATA"])

    def test_with_mnist_nothing_is_forced(self):
        data = self.data()
        data.seen(self.notebook_that_shows("MNIST is here"))
        self.save("MNIST", data)
        self.assertEqual("MNIST", data.name)
        self.assertEqual("", self.screen.getvalue())
        self.assertNotIn("LOWRANK_DATA", os.environ)

    def test_what_a_notebook_saved_counts_where_it_said_nothing(self):
        data = self.data()
        self.save("SyntheticDigits", data)
        self.assertIn("not MNIST): MNIST could not be fetched.", self.screen.getvalue())
        self.assertEqual("SyntheticDigits", os.environ["LOWRANK_DATA"])

    def test_what_an_earlier_run_saved_does_not_count(self):
        data = self.data()
        self.save("SyntheticDigits", data, began=time.time() + 60)
        self.assertIsNone(data.name)
        self.assertNotIn("LOWRANK_DATA", os.environ)

    def save(self, name, data, began=0):
        path = self.report / "provenance.json"
        write_json(path, {"data": {"name": name}})
        data.saved(path, began)
