"""What surrounds a run: the table, the folder kept aside, expected times, publishing."""

import base64
import contextlib
import io
import json
import os
import pathlib
import subprocess
import time
import types

import nbformat
from bs4 import BeautifulSoup

from notebook_runner import figures, page
from notebook_runner.files import read_json, remove_leftovers, write_json, write_whole
from notebook_runner.progress import Progress, clock
from notebook_runner.run import expected, require_report, set_aside, source_hash
from tests.projects import HEADER, ProjectTest, code, result, summary

ROOT = pathlib.Path(__file__).parents[2]
PUBLISHED = ROOT / "lib-src/main/resources/lowrank/results/published.csv"

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class TableTest(ProjectTest):
    def table(self, *lines):
        return figures.table(self.write_file("summary.csv", HEADER + "".join(lines)), PUBLISHED, "full")

    def row(self, table, start):
        return next(text for text in table.splitlines() if text.startswith(start))

    def test_it_has_mean_and_standard_deviation_over_seeds(self):
        table = self.table(summary("dense", "full", 0.985, 0.00707, seeds=2))
        self.assertIn("98.50 ± 0.71 %      2", self.row(table, "dense"))

    def test_a_network_measured_in_two_notebooks_counts_once(self):
        table = self.table(summary("dense", "full", 0.97), summary("dense", "full", 0.98, part=2))
        self.assertIn("98.00 %      1", self.row(table, "dense"))
        self.assertEqual(1, sum(text.startswith("dense") for text in table.splitlines()))

    def test_it_names_changed_images(self):
        table = self.table(summary("dense", "full", 0.98), summary("dense", "full", 0.99, augmentation="elastic"))
        self.assertIn("99.00 %", self.row(table, "dense, bent images"))

    def test_published_figures_keep_their_digits(self):
        table = self.table(summary("dense", "full", 0.98), summary("truncated", "20 20 20 20 20", 0.94))
        self.assertIn("97.0 % sources' report; 98.56 % best student run", self.row(table, "dense"))
        self.assertIn("91.1 % sources' report; 96.0 % best", self.row(table, "truncated, D = 20"))
        self.assertIn("about 97 % sources' report", self.row(table, "dynamic, D = 20"))
        self.assertEqual(3, table.count("DLRT"))

    def test_the_heading_names_the_data(self):
        self.assertTrue(self.table(summary("dense", "full", 0.98)).startswith("MNIST, full run"))
        other = self.table(summary("dense", "full", 0.98, data="SyntheticDigits"))
        self.assertTrue(other.startswith("SyntheticDigits, full run"))
        self.assertIn("do not compare", other)

    def test_a_broken_file_of_results_is_said(self):
        with self.assertRaisesRegex(ValueError, "has a line without augmentation"):
            self.table("1,dense\n")

    def test_no_results_are_said(self):
        self.assertIn("No figures", figures.table(self.root / "none.csv", PUBLISHED, "quick"))
        self.assertIn("No figures", self.table())


class SquareTest(ProjectTest):
    def page(self, drawing=None):
        notebooks = [self.write("01-a.ipynb", "# A", code("1")), self.write("05-b.ipynb", "# B", code("1"))]
        return BeautifulSoup(page.page(notebooks, {}, {}, self.root, drawing), "html.parser")

    def test_a_run_with_a_drawing_has_the_square_below_its_part(self):
        labels = base64.b64encode(bytes([0, 7])).decode()
        network = {"parameters": 100074, "bytes": 86461}
        drawing = {"part": "5", "data": "</script>", "labels": labels, "networks": [network, network]}
        found = self.page(drawing)
        self.assertEqual(["05-b"], [square.parent["id"] for square in found.select(".square")])
        self.assertEqual("#05-b-square", found.find("a", string="Draw a digit yourself")["href"])
        self.assertEqual(["none", "0", "7"], [option.text for option in found.select("option")])
        self.assertIn("100,074 numbers86 kB", found.select_one(".square thead").text)
        data, script = found.select("script")
        self.assertEqual(drawing, json.loads(data.string))
        self.assertEqual(page.SCRIPT.read_text("utf-8").strip(), script.string.strip())

    def test_a_run_without_one_has_no_square_and_no_script(self):
        for drawing in (None, {}):
            self.assertEqual([], self.page(drawing).select(".square, script, canvas"))


class FolderTest(ProjectTest):
    def have(self, profile, complete=True, asked_data="MNIST"):
        write_json(self.report / "run.json", {"profile": profile, "asked_data": asked_data, "complete": complete})

    def set_aside(self, profile, asked_data="MNIST", keep=False):
        with contextlib.redirect_stdout(io.StringIO()):
            set_aside(self.report, {"profile": profile, "asked_data": asked_data}, keep)

    def test_a_folder_that_no_run_made_is_refused_untouched(self):
        self.report.mkdir(parents=True, exist_ok=True)
        require_report(self.report)
        thesis = self.report / "thesis.txt"
        thesis.write_text("years of work")
        self.write("01-a.ipynb", code("1 + 1"))
        for _ in range(2):
            with self.assertRaisesRegex(SystemExit, "something other than the report of a run"):
                self.run_main("--quick")
        self.assertEqual("years of work", thesis.read_text())
        self.assertEqual(
            [self.report.name], [path.name for path in self.report.parent.glob(f"{self.report.name}*") if path.is_dir()]
        )
        write_json(self.report / "run.json", {"profile": "quick", "notebooks": {}})
        require_report(self.report)

    def test_the_report_before_is_kept_aside_one_for_each_profile_and_data(self):
        for data in ("MNIST", "FashionMNIST"):
            self.have("full", asked_data=data)
            self.set_aside("quick")
        self.assertFalse(self.report.exists())
        for aside, data in (("report-full", "MNIST"), ("report-full-FashionMNIST", "FashionMNIST")):
            self.assertEqual(data, read_json(self.report.with_name(aside) / "run.json")["asked_data"])

    def test_an_unfinished_report_does_not_replace_a_finished_one(self):
        for complete in (True, False):
            self.have("full", complete)
            self.set_aside("full")
        self.assertFalse(self.report.exists())
        self.assertTrue(read_json(self.report.with_name("report-full") / "run.json")["complete"])

    def test_one_notebook_alone_goes_into_the_report_of_the_same_profile_and_data(self):
        self.have("full")
        self.set_aside("full", keep=True)
        self.assertTrue(self.report.exists())
        self.set_aside("full", "SyntheticDigits", keep=True)
        self.assertFalse(self.report.exists())

    def test_a_write_that_fails_leaves_the_old_file_and_no_part(self):
        path = self.write_file("a.txt", "old")
        with self.assertRaises(UnicodeEncodeError):
            write_whole(path, "\ud800")
        self.assertEqual(["a.txt"], [file.name for file in self.root.iterdir() if file.is_file()])
        self.assertEqual("old", path.read_text())


class LeftoverTest(ProjectTest):
    def setUp(self):
        super().setUp()
        ended = subprocess.Popen(["true"])
        ended.wait()
        self.gone = ended.pid

    def left(self, **options):
        """How many were removed, and the names of what is left."""
        removed = remove_leftovers(self.root / "target", **options)
        return removed, sorted(path.name for path in self.root.glob("target/**/*") if path.is_file())

    def half_written(self, name, age=0):
        path = self.write_file(f"target/{name}", "half")
        os.utime(path, (time.time() - age,) * 2)

    def test_files_of_a_process_that_is_gone_are_removed(self):
        for name in (f"model.zip.{self.gone}.partial", f"figures/.a.png.{self.gone}.part"):
            self.half_written(name)
        self.assertEqual((2, []), self.left())

    def test_files_of_a_running_process_stay_for_a_day(self):
        self.half_written(f"a.zip.{os.getpid()}.partial", age=3600)
        self.half_written(f"b.zip.{os.getpid()}.partial", age=25 * 3600)
        self.assertEqual((1, [f"a.zip.{os.getpid()}.partial"]), self.left())

    def test_files_that_name_no_process_stay_while_they_may_be_written(self):
        self.half_written("zipfstmp123.tmp", age=600)
        self.half_written("a.zip.partial", age=600)
        self.half_written("zipfstmp456.tmp")
        self.assertEqual((2, ["zipfstmp456.tmp"]), self.left())
        self.assertEqual((1, []), self.left(quiet=0))

    def test_whole_files_and_missing_folders_are_left_alone(self):
        self.assertEqual((0, []), self.left())
        for name in ("dense-seed1-5e28.zip", "results.csv", "a.12.png", "film.partial", "a.part"):
            self.half_written(name, age=90_000)
        self.assertEqual(0, self.left()[0])


class ProgressTest(ProjectTest):
    def test_expected_times_come_from_the_last_run_or_from_the_notebook(self):
        path = self.write("01-a.ipynb", code("1"))
        self.assertIsNone(expected(path, {}, "quick"))
        self.assertEqual(7.5, expected(path, {"01-a.ipynb": 7.5}, "quick"))
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata["lowrank"] = {"minutes": {"quick": 0.5, "full": 90}}
        nbformat.write(notebook, path)
        self.assertEqual(30, expected(path, {}, "quick"))
        self.assertIsNone(expected(path, {}, "default"))

    def test_a_plain_stream_gets_whole_lines(self):
        stream = io.StringIO()
        progress = Progress(stream, {"01-a.ipynb": 100, "02-b.ipynb": 20}, pause=0)
        run = types.SimpleNamespace(
            path=pathlib.Path("01-a.ipynb"),
            cell=2,
            code_cells=[1, 2, 3],
            began=progress.began,
            heading="Spectra",
        )
        progress.tick(run)
        self.assertEqual(
            "01-a: cell 2 of 3, 0:00 of about 1:40; in all 0:00 of about 2:00. Spectra\n", stream.getvalue()
        )

    def test_clock(self):
        self.assertEqual(["0:59", "1:00", "1:00:01"], [clock(59.4), clock(59.6), clock(3601)])


class PublishTest(ProjectTest):
    def setUp(self):
        super().setUp()
        self.committed = self.write("01-a.ipynb", "# A", code("1 + 1"))
        executed = nbformat.read(self.committed, as_version=4)
        executed.cells[1] = code("1 + 1", 1, result("2", 1))
        executed.cells[1].metadata["execution"] = {"iopub.execute_input": "2026"}
        executed.metadata["language_info"] = {"name": "Java", "version": "17.0.15+6-Debian"}
        (self.report / "notebooks").mkdir(parents=True)
        nbformat.write(executed, self.report / "notebooks" / "01-a.ipynb")
        self.run = {
            "profile": "full",
            "notebooks": {"01-a.ipynb": {"status": "passed", "seconds": 5430.0, "source": source_hash(executed)}},
        }
        write_json(self.report / "run.json", self.run)
        self.results()
        self.origin({"1": {"commit": COMMIT, "modified": False}})
        self.write_file("target/report/figures/a.png", "picture")
        self.write_file("notebooks/report/figures/old.png", "picture")

    def results(self, *more, seeds=5, data="MNIST"):
        dense = summary("dense", "full", 0.98, 0.001, seeds=seeds, data=data)
        self.write_file("target/report/summary.csv", HEADER + dense + "".join(more))
        self.write_file("target/report/results.csv", "as the library wrote it")

    def origin(self, parts):
        write_json(self.report / "provenance.json", {"parts": parts})

    def test_a_complete_full_mnist_run_replaces_the_committed_files(self):
        status, printed = self.run_main("--publish")
        self.assertEqual(0, status, printed)
        published = nbformat.read(self.committed, as_version=4)
        self.assertEqual("2", published.cells[1].outputs[0].data["text/plain"])
        self.assertEqual({}, published.cells[1].metadata)
        self.assertEqual({"name": "Java"}, published.metadata["language_info"])
        report = self.root / "notebooks" / "report"
        files = sorted(str(path.relative_to(report)) for path in report.rglob("*") if path.is_file())
        self.assertEqual(["figures/a.png", "provenance.json", "results.csv", "summary.csv"], files)
        status, printed = self.run_main("--check")
        self.assertEqual(0, status, printed)

    def test_figures_in_the_text_and_the_readme_become_those_of_the_run(self):
        ranks = ["20 20", "10 10", "5 5"]
        self.results(
            *(summary("aware", r, accuracy, 0.002, 5) for r, accuracy in zip(ranks, (0.97, 0.94, 0.9), strict=True))
        )
        earlier = [summary("dense", "full", 0.981, 0.001, 5)]
        earlier += [
            summary("aware", r, accuracy, 0.001, 5) for r, accuracy in zip(ranks, (0.96, 0.93, 0.93), strict=True)
        ]
        self.write_file("notebooks/report/summary.csv", HEADER + "".join(earlier))
        text = "98.10 ± 0.10 %, cut 96.00 ± 0.10 %, of two 93.00 ± 0.10 %, unknown 50.00 ± 0.10 %"
        self.write_file("README.md", text)
        for path in (self.committed, self.report / "notebooks" / "01-a.ipynb"):
            changed = nbformat.read(path, as_version=4)
            changed.cells[0].source = text
            nbformat.write(changed, path)
        self.run["notebooks"]["01-a.ipynb"]["source"] = source_hash(changed)
        write_json(self.report / "run.json", self.run)
        status, printed = self.run_main("--publish")
        self.assertEqual(0, status, printed)
        renewed = "98.00 ± 0.10 %, cut 97.00 ± 0.20 %, of two 93.00 ± 0.10 %, unknown 50.00 ± 0.10 %"
        self.assertEqual(renewed, (self.root / "README.md").read_text(encoding="utf-8"))
        self.assertEqual(renewed, nbformat.read(self.committed, as_version=4).cells[0].source)

    def test_the_minutes_of_the_run_replace_those_of_full_and_keep_the_others(self):
        for known, expected_minutes in (
            ({"quick": 0.5, "full": 12}, {"quick": 0.5, "full": 90.5}),
            (3, {"full": 90.5}),
        ):
            with self.subTest(known):
                notebook = nbformat.read(self.committed, as_version=4)
                notebook.metadata["lowrank"] = {"minutes": known}
                nbformat.write(notebook, self.committed)
                status, printed = self.run_main("--publish")
                self.assertEqual(0, status, printed)
                published = nbformat.read(self.committed, as_version=4)
                self.assertEqual({"minutes": expected_minutes}, published.metadata["lowrank"])

    def refusal(self):
        before = self.committed.read_bytes()
        status, printed = self.run_main("--publish")
        self.assertEqual(1, status)
        self.assertEqual(before, self.committed.read_bytes())
        self.assertTrue((self.root / "notebooks/report/figures/old.png").exists())
        return printed

    def test_a_smaller_run_is_refused(self):
        write_json(self.report / "run.json", {**self.run, "profile": "quick"})
        self.assertIn("it is a quick run, not a full one", self.refusal())

    def test_other_data_are_refused(self):
        self.results(data="SyntheticDigits")
        self.assertIn("its figures are of SyntheticDigits, not of MNIST alone", self.refusal())

    def test_a_failed_or_a_missing_notebook_is_refused(self):
        self.run["notebooks"]["01-a.ipynb"]["status"] = "failed"
        write_json(self.report / "run.json", self.run)
        self.write("02-b.ipynb", code("2"))
        printed = self.refusal()
        self.assertIn("01-a.ipynb failed", printed)
        self.assertIn("02-b.ipynb was not run", printed)

    def test_a_notebook_changed_since_is_refused(self):
        self.committed = self.write("01-a.ipynb", "# A", code("1 + 2"))
        self.assertIn("01-a.ipynb has changed since it was run", self.refusal())

    def test_too_few_seeds_are_refused(self):
        self.results(summary("truncated", "20 20 20 20 20", 0.9), seeds=4)
        printed = self.refusal()
        self.assertIn("dense was measured with 4 seeds, not with 5", printed)
        self.assertIn("truncated, D = 20 was measured with 1 seed, not with 5", printed)
        self.results(summary("dynamic", "20 20 20 20 20", 0.9))
        self.assertIn("dynamic, D = 20 was measured with 1 seed", self.refusal())

    def test_one_seed_will_do_for_schedules_that_lose_and_dynamic_svd_at_other_ranks(self):
        self.results(
            summary("dynamic", "10 10 10 10 10", 0.9),
            summary("dynamic-frozen", "20 20 20 20 20", 0.9),
            summary("dynamic-per-epoch", "20 20 20 20 20", 0.9),
        )
        status, printed = self.run_main("--publish")
        self.assertEqual(0, status, printed)

    def test_a_modified_tree_is_refused(self):
        self.origin({"1": {"commit": COMMIT, "modified": True}})
        self.assertIn("part 1 was run with files changed since 0123456789ab:", self.refusal())
        self.origin({"1": {"commit": COMMIT, "modified": None}})
        self.assertIn("whether part 1 was run with changed files is not known", self.refusal())

    def test_an_unknown_origin_is_refused(self):
        self.origin({"1": {"commit": "unknown", "modified": None}})
        self.assertIn("the commit of part 1 is not known", self.refusal())
        self.origin({})
        self.assertIn("does not say where part 1 comes from", self.refusal())

    def test_a_notebook_that_was_not_run_is_refused(self):
        self.write("02-b.ipynb", code("2"))
        self.results(summary("fine-tuned", "20 20 20 20 20", 0.97, 0.001, seeds=5, part=2))
        origin = {"commit": COMMIT, "modified": False}
        self.origin({"1": origin, "2": origin})
        self.assertIn("02-b.ipynb was not run", self.refusal())

    def test_parts_of_different_commits_are_refused(self):
        other = {"commit": "f" * 40, "modified": False}
        self.results(summary("fine-tuned", "20 20 20 20 20", 0.97, 0.001, seeds=5, part=2))
        self.origin({"1": {"commit": COMMIT, "modified": False}, "2": other})
        said = self.refusal()
        self.assertIn("its parts were made at 2 commits", said)
        self.assertIn("ffffffffffff: run all notebooks at one", said)

    def test_nothing_to_publish_is_said(self):
        (self.report / "run.json").unlink()
        self.assertIn("there is no run", self.refusal())
