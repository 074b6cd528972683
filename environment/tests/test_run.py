"""The runner with real kernels: what it writes, how it fails, how it stops."""

import os
import signal
import subprocess
import sys
import time
import unittest

import nbformat

from notebook_runner.files import only_one, read_json
from tests.projects import ProjectTest, code

START = "import sys; from notebook_runner.__main__ import command_line; command_line(sys.argv.pop(1))"


class RunTest(ProjectTest):
    def test_a_failing_cell_is_named_and_the_other_notebooks_still_run(self):
        committed = self.write(
            "01-bad.ipynb", "# Bad", code("int a = 1;"), code('throw new IllegalStateException("rank 0")')
        )
        self.write("02-good.ipynb", "# Good\n\nwith $x^2$", code("6 * 7"), code('System.getenv("LOWRANK_PROFILE")'))
        before = committed.read_bytes()

        status, printed = self.run_main("--quick")

        self.assertEqual(1, status)
        self.assertIn("01-bad.ipynb, cell 2: throw new IllegalStateException", printed)
        self.assertIn("java.lang.IllegalStateException: rank 0", printed)
        self.assertIn("No figures: this run wrote no", printed)
        self.assertIn("Notebooks: 1 passed, 1 failed", printed)
        self.assertEqual(before, committed.read_bytes())
        good = nbformat.read(self.report / "notebooks" / "02-good.ipynb", as_version=4)
        self.assertEqual(["42", "quick"], [cell.outputs[0].data["text/plain"] for cell in good.cells[1:]])
        page = (self.report / "report.html").read_text("utf-8")
        self.assertIn("java.lang.IllegalStateException", page)
        self.assertIn("<msup>", page)
        self.assertNotIn("<script", page)
        record = read_json(self.report / "run.json")
        self.assertEqual(["failed", "passed"], [entry["status"] for entry in record["notebooks"].values()])

    def test_a_dead_kernel_is_reported_and_the_next_notebook_runs(self):
        self.write("01-dead.ipynb", code("int a = 1;"), code("Runtime.getRuntime().halt(3);"), code("a"))
        self.write("02-good.ipynb", code("1 + 1"))
        status, printed = self.run_main("--quick")
        self.assertEqual(1, status)
        self.assertIn("01-dead.ipynb, cell 2: Runtime.getRuntime().halt(3);", printed)
        self.assertIn("the kernel died", printed)
        self.assertIn("Notebooks: 1 passed, 1 failed", printed)

    def test_strict_fails_a_cell_that_should_show_something(self):
        self.write("01-silent.ipynb", code("int a = 1;"), code('String s = "";\ns'), code("void f() {}"))
        status, printed = self.run_main("--quick", "--strict")
        self.assertEqual(1, status)
        self.assertIn("01-silent.ipynb, cell 2: String s", printed)
        self.assertIn("shows nothing", printed)

    def test_a_signal_stops_the_kernel_and_leaves_no_part_of_a_file(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number.name):
                runner, kernel = self.start_sleeper()
                runner.send_signal(number)
                self.assertEqual(130, runner.wait(20))
                self.assertTrue(gone(kernel, 2), "the kernel outlived the runner")
                self.assertEqual([], list(self.root.rglob("*.part")))
                self.assertEqual([], list((self.report / "notebooks").iterdir()))

    def test_the_kernel_ends_even_after_the_runner_was_killed(self):
        runner, kernel = self.start_sleeper()
        runner.kill()
        runner.wait()
        self.assertTrue(gone(kernel, 15), "the kernel outlived the runner")

    def start_sleeper(self):
        marker = self.root / "pid"
        marker.unlink(missing_ok=True)
        own_pid = '"" + ProcessHandle.current().pid()'
        write = f'java.nio.file.Files.writeString(java.nio.file.Path.of("{marker}"), {own_pid});'
        self.write("01-sleep.ipynb", code(write + "\nThread.sleep(100_000);"))
        runner = subprocess.Popen(
            [sys.executable, "-c", START, str(self.root), "--quick"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.addCleanup(runner.wait)
        self.addCleanup(runner.kill)
        deadline = time.monotonic() + 60
        while not (marker.exists() and marker.read_text()):
            self.assertIsNone(runner.poll(), "the runner ended early")
            self.assertLess(time.monotonic(), deadline, "the kernel did not start")
            time.sleep(0.1)
        return runner, int(marker.read_text())


def gone(process, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


class RefusalTest(ProjectTest):
    def refused(self, *arguments):
        with self.assertRaises(SystemExit) as caught:
            self.run_main(*arguments)
        return str(caught.exception)

    def test_no_notebooks_is_an_error(self):
        self.assertIn("There are no notebooks", self.refused("--quick"))
        status, printed = self.run_main("--check")
        self.assertEqual(1, status)
        self.assertIn("Checks: 0 passed, 1 failed", printed)

    def test_an_unknown_number_names_the_known_ones(self):
        self.write("01-a.ipynb", code("1"))
        self.assertEqual("There is no notebook 07: --only takes of 01.", self.refused("--only", "7"))

    def test_an_unknown_profile_is_refused(self):
        os.environ["LOWRANK_PROFILE"] = "fast"
        self.assertEqual("LOWRANK_PROFILE is fast: it can be quick, default, full.", self.refused())

    def test_a_missing_mnist_folder_is_refused_before_anything_is_written(self):
        self.write("01-a.ipynb", code("1"))
        for name in ("FASHION_MNIST_DIR", "MNIST_DIR"):
            os.environ[name] = "/nowhere/images"
            self.assertIn(f"{name} is /nowhere/images, which is not a folder", self.refused("--quick"))
            del os.environ[name]
        self.assertFalse(self.report.exists())

    def test_a_second_run_in_the_same_report_is_refused(self):
        self.write("01-a.ipynb", code("1"))
        with only_one(self.report.with_name("report.lock")):
            self.assertIn("Another run is writing", self.refused("--quick"))


if __name__ == "__main__":
    unittest.main()
