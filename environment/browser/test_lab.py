"""JupyterLab in a browser: training that shows itself and stops, and every notebook run whole."""

import unittest

import nbformat

from browser.lab import ROOT, Lab, cpu_share, wait_until
from browser.page import ERROR, PICTURE, TABLE, NotebookPage, browser
from notebook_runner import checks

NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
TRAINING = "run.train("
PROGRESS = "minibatch "
FREE = 2  # seconds after an interrupt
WHOLE = 900  # seconds for a notebook, training included, on a busy machine


class LabTest(unittest.TestCase):
    def setUp(self):
        self.assertTrue(NOTEBOOKS, "there are no notebooks")

    def test_training_shows_itself_stops_at_an_interrupt_and_runs_again(self):
        with Lab() as lab, browser() as chromium:
            page = NotebookPage(chromium, lab, NOTEBOOKS[0])
            training = page.cell(TRAINING)
            page.choose("Run", "Run All Cells")
            self.progress_moves(page, training)
            page.picture("training", training)
            self.interrupt_stops(page, lab, training)
            page.picture("interrupted", training)
            self.assertEqual("4", page.run_below(training, "plan.epochs()"), "the variable is lost")
            page.select(training)
            page.choose("Run", "Run Selected Cell and All Below")
            page.wait_for_kernel(WHOLE)
            self.is_whole(page)
            for name in reversed(NOTEBOOKS[1:]):  # none of them needs one before it
                page.close()
                with self.subTest(name):
                    page = NotebookPage(chromium, lab, name)
                    page.choose("Run", "Run All Cells")
                    page.wait_for_kernel(WHOLE)
                    self.is_whole(page)
            family = lab.family()
            left = lab.stop()
            said = lab.said()
        self.assertTrue(family, "the server had no process to end")
        self.assertEqual([], left, "these outlived JupyterLab")
        self.assertIn("Jupyter Server", said)
        self.assertNotIn("websocket_ping_timeout", said)
        self.assertNotIn("Skipped non-installed server", said)

    def progress_moves(self, page, cell):
        line = wait_until(lambda: PROGRESS in page.output(cell) and page.output(cell), WHOLE, "no progress shown")
        wait_until(lambda: page.output(cell) != line, 20, "the progress stands still")
        wait_until(lambda: cell.locator(PICTURE).count(), 120, "no learning curve")

    def interrupt_stops(self, page, lab, cell):
        self.assertFalse(lab.is_idle(), "the training ended before it could be interrupted")
        page.choose("Kernel", "Interrupt Kernel")
        wait_until(lab.is_idle, FREE, "the kernel is not free after an interrupt")
        (kernel,) = lab.kernels()
        wait_until(lambda: cpu_share(kernel, 0.5) < 0.1, FREE, "the training goes on behind the interrupt")
        self.assertIn("run the cell again to train from its start", page.output(cell))
        errors = page.page.locator(ERROR)
        self.assertEqual(1, errors.count(), "the cells behind the interrupted one were run")
        self.assertIn("training was interrupted in epoch", errors.text_content().splitlines()[0])

    def is_whole(self, page):
        """What the saved file holds, and what the screen shows of it."""
        notebook = nbformat.read(page.save(), as_version=4)
        committed = nbformat.read(ROOT / "notebooks" / page.name, as_version=4)
        self.assertEqual([], checks.errors(notebook))
        self.assertEqual([], list(checks.silences(notebook, committed)))
        self.assertEqual({"127.0.0.1"}, page.asked, "the page asked for something outside")
        self.tables_are_aligned(page)
        self.pictures_are_sharp(page)
        for number, cell in enumerate(page.page.locator(".jp-Notebook .jp-CodeCell").all(), start=1):
            page.picture(f"{page.name[:2]}-cell-{number:02d}", cell)

    def tables_are_aligned(self, page):
        tables = page.page.locator(TABLE).all()
        self.assertTrue(tables, "no table on the page")
        for table in tables:
            self.assertTrue(table.locator("thead th").count(), "a table without a header")
            numbers = table.locator("tbody td").filter(has_text="%").all()
            for cell in numbers:
                self.assertEqual("right", cell.evaluate("cell => getComputedStyle(cell).textAlign"))

    def pictures_are_sharp(self, page):
        widths = page.page.locator(PICTURE).evaluate_all("all => all.map(p => [p.naturalWidth, p.width])")
        self.assertTrue(widths, "no picture on the page")
        for pixels, shown in widths:
            self.assertGreaterEqual(pixels, 1.9 * shown, "a picture of too few pixels for a fine screen")


if __name__ == "__main__":
    unittest.main()
