"""A run beside the published one, and the published one in prose, tables and README."""

import os
import subprocess

from nbformat.v4 import new_output

from notebook_runner import claims, compare, figures
from tests.projects import HEADER, ProjectTest, code, notebook, summary

RANK_20 = "20 20 20 20 20"


def dense(accuracy=0.982, deviation=0.002, **others):
    return summary("dense", "full", accuracy, deviation, parameters=5012490, **others)


DENSE = [dense()]


class CompareTest(ProjectTest):
    def rows(self, *lines):
        return figures.read_rows(self.write_file("rows.csv", HEADER + "".join(lines)))

    def verdicts(self, published, found):
        compared = compare.networks(self.rows(*published), self.rows(*found))
        return {network.name: network.verdict for network in compared}

    def test_the_tolerance_is_five_standard_errors_of_the_difference(self):
        (network,) = compare.networks(self.rows(*DENSE), self.rows(*DENSE))
        # stdev 0.002, times the root of 1/3 + 1/3
        self.assertAlmostEqual(5 * 0.002 * (2 / 3) ** 0.5, network.allowed)
        self.assertEqual(0, network.difference)

    def test_a_difference_within_the_tolerance_passes_and_one_beyond_it_fails_either_way(self):
        for moved, verdict in (
            (0.008, "as published"),
            (-0.008, "as published"),
            (0.009, "DIFFERS"),
            (-0.009, "DIFFERS"),
        ):
            with self.subTest(moved):
                self.assertEqual({"dense": verdict}, self.verdicts(DENSE, [dense(0.982 + moved)]))

    def test_seeds_that_agree_are_still_allowed_ten_digits(self):
        same = [dense(0.98, 0.0)]
        self.assertEqual({"dense": "as published"}, self.verdicts(same, [dense(0.9809, 0.0)]))
        self.assertEqual({"dense": "DIFFERS"}, self.verdicts(same, [dense(0.9811, 0.0)]))

    def test_a_missing_network_fails(self):
        published = [*DENSE, summary("truncated", RANK_20, 0.91, 0.0141)]
        self.assertEqual({"dense": "as published", "truncated, D = 20": "MISSING"}, self.verdicts(published, DENSE))

    def test_one_seed_is_judged_by_the_spread_of_its_method_or_not_at_all(self):
        several = summary("dynamic", RANK_20, 0.981, 0.0014)
        published = [several, summary("dynamic", "10 10", 0.95), summary("frozen", RANK_20, 0.2)]
        found = [several, summary("dynamic", "10 10", 0.93), summary("frozen", RANK_20, 0.3)]
        self.assertEqual(
            {"dynamic, D = 20": "as published", "dynamic, D = 10": "DIFFERS", "frozen, D = 20": "not judged"},
            self.verdicts(published, found),
        )

    def test_ranks_chosen_otherwise_are_one_network_of_one_share(self):
        chosen = summary("aware", "45 20 10", 0.981, 0.001, parameters=200400)
        other = summary("aware", "46 19 10", 0.981, 0.001, parameters=200100)
        verdicts = self.verdicts([*DENSE, chosen], [*DENSE, other])
        self.assertEqual("as published", verdicts["aware, 4 % of the parameters"])

    def test_shares_below_one_percent_and_changed_images_are_told_apart(self):
        half = summary("narrow", "18x128 14x96", 0.98, 0.001, parameters=24778)
        quarter = summary("narrow", "9x80 8x60", 0.97, 0.001, parameters=12400)
        bent = summary("narrow", "18x128 14x96", 0.99, 0.001, parameters=24778, augmentation="elastic")
        self.assertEqual(
            [
                "dense",
                "narrow, 0.5 % of the parameters",
                "narrow, 0.2 % of the parameters",
                "narrow, 0.5 % of the parameters, bent images",
            ],
            list(self.verdicts([*DENSE, half, quarter, bent], [*DENSE, half, quarter, bent])),
        )

    def test_two_networks_of_one_size_in_one_run_are_both_compared(self):
        one = summary("aware", "45 20 10", 0.981, 0.001, parameters=200400)
        other = summary("aware", "46 19 10", 0.9, 0.001, parameters=200100)
        verdicts = self.verdicts([*DENSE, one, other], [*DENSE, one])
        self.assertEqual("as published", verdicts["aware, 4 % of the parameters"])
        self.assertEqual("MISSING", verdicts["aware, ranks 46 19 10"])

    def compared(self, *lines):
        self.write_file("notebooks/report/summary.csv", HEADER + "".join(DENSE))
        if lines:
            self.write_file("target/report/summary.csv", HEADER + "".join(lines))
        return self.run_main("--compare")

    def test_the_command_prints_both_and_fails_where_they_differ(self):
        status, printed = self.compared(*DENSE)
        self.assertEqual(0, status, printed)
        self.assertIn("98.20 ± 0.20 %  98.20 ± 0.20 %", printed)
        self.assertIn("Comparison: 1 passed, 0 failed", printed)
        status, printed = self.compared(dense(0.95))
        self.assertEqual(1, status)
        self.assertIn("Not as published: dense", printed)

    def test_other_data_and_no_run_are_refused(self):
        self.assertIn("Nothing to compare: there is no", self.compared()[1])
        status, printed = self.compared(dense(data="SyntheticDigits"))
        self.assertEqual(1, status)
        self.assertIn("published is MNIST, this run is SyntheticDigits", printed)

    def test_a_run_on_other_data_is_neither_compared_nor_published(self):
        os.environ["LOWRANK_DATA"] = "FashionMNIST"
        for option in ("--compare", "--publish"):
            with self.assertRaisesRegex(SystemExit, "are for MNIST, but this run would be on FashionMNIST: unset"):
                self.run_main("--full", option)

    def test_a_tree_with_changes_is_refused_before_the_hours_of_a_run_that_would_be_published(self):
        subprocess.run(["git", "-C", self.root, "init", "-q"], check=True)
        with self.assertRaisesRegex(SystemExit, "needs a clean tree"):
            self.write_file("a.txt", "not committed")
            self.run_main("--full", "--publish")

    def test_a_smaller_run_is_not_compared(self):
        with self.assertRaisesRegex(SystemExit, "--compare needs a full run, but this would be a quick one"):
            self.run_main("--quick", "--compare")


class ClaimsTest(ProjectTest):
    def setUp(self):
        super().setUp()
        lines = HEADER + dense() + summary("truncated", RANK_20, 0.91, 0.01414)
        self.summary = self.write_file("notebooks/report/summary.csv", lines)
        self.measured = claims.Measured.read(self.summary)

    def of_notebook(self, *cells):
        return list(claims.of_notebook(notebook(*cells), self.measured))

    def of_readme(self, text):
        return list(claims.of_readme(self.write_file("README.md", text), self.measured))

    def test_figures_of_the_file_pass_in_prose_and_in_outputs(self):
        shown = new_output("display_data", {"text/plain": "truncated  91.00 ± 1.41 %"})
        self.assertEqual([], self.of_notebook("Dense 98.20 ± 0.20 %, 3 ± 1 s.", code("a", 1, shown)))

    def test_figures_that_the_file_does_not_give_are_found(self):
        self.assertEqual(
            ["cell 1 of all: 98.30 ± 0.20 % is not in summary.csv"], self.of_notebook("Dense 98.30 ± 0.20 %.")
        )
        shown = new_output("display_data", {"text/plain": "truncated  91.01 ± 1.41 %"})
        self.assertEqual(["cell 1 of all: 91.01 ± 1.41 % is not in summary.csv"], self.of_notebook(code("a", 1, shown)))

    def test_a_line_of_the_readme_has_the_parameters_of_its_network(self):
        self.assertEqual([], self.of_readme("| dense | 98.20 ± 0.20 % | 5,012,490 |"))
        self.assertEqual(
            ["line 2: 98.20 ± 0.20 % is not of a network with 215,370 parameters"],
            self.of_readme("\n| dense | 98.20 ± 0.20 % | 215,370 |"),
        )
        self.assertEqual(["line 1: 97.20 ± 0.20 % is not in summary.csv"], self.of_readme("97.20 ± 0.20 %"))

    def test_a_network_measured_by_two_parts_has_the_figures_of_each(self):
        self.summary.write_text(self.summary.read_text() + dense(0.975, 0.00707, part=4))
        self.measured = claims.Measured.read(self.summary)
        self.assertEqual([], self.of_notebook("Dense 98.20 ± 0.20 % and, in another run, 97.50 ± 0.71 %."))

    def test_the_check_of_committed_notebooks_looks_at_them_and_at_the_readme(self):
        self.write("01-a.ipynb", "Dense 98.20 ± 0.20 %.")
        self.write_file("README.md", "98.20 ± 0.20 %")
        self.assertEqual(0, self.run_main("--check")[0])
        self.write("01-a.ipynb", "Dense 98.21 ± 0.20 %.")
        status, printed = self.run_main("--check")
        self.assertEqual(1, status)
        self.assertIn("01-a.ipynb: cell 1 of all: 98.21 ± 0.20 % is not in summary.csv", printed)
        self.summary.unlink()
        self.assertIn("README.md: line 1: 98.20 ± 0.20 % is not in summary.csv", self.run_main("--check")[1])
