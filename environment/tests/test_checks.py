"""Each check of the notebooks finds its fault, and only it."""

import nbformat
from nbformat.v4 import new_output

from notebook_runner import checks
from tests.projects import ProjectTest, code, notebook, result


class CheckTest(ProjectTest):
    def faults(self, *cells, name="01-a.ipynb", metadata=None):
        made = notebook(*cells)
        made.metadata.update(metadata or {})
        path = self.root / "notebooks" / name
        nbformat.write(made, path)
        return [fault for _, found in checks.faults(path) for fault in found]

    def test_a_whole_notebook_passes(self):
        self.assertEqual([], self.faults("# A", code("int a = 1;", 1), code("a", 2, result("1", 2))))

    def test_the_order_of_execution_is_1_to_n(self):
        self.assertIn("[2, 1], not 1 to 2", self.faults(code("int a = 1;", 2), code("int b = 2;", 1))[0])
        self.assertIn("[None], not 1 to 1", self.faults(code("int a = 1;"))[0])

    def test_an_error_output_is_found(self):
        error = new_output("error", ename="E", evalue="rank 0", traceback=["\x1b[1mE: rank 0\x1b[0m"])
        self.assertEqual(["cell 1, f(): E: rank 0"], self.faults(code("f()", 1, error)))

    def test_an_expression_must_show_something(self):
        self.assertEqual(["cell 1, a: shows nothing"], self.faults(code("a", 1)))
        self.assertEqual(["cell 1, display(a);: shows nothing"], self.faults(code("display(a);", 1, result(" \n", 1))))
        self.assertEqual([], self.faults(code("%classpath *.jar", 1), code("void f() {\n}", 2), code("int a; // b", 3)))

    def test_what_the_run_shows_must_be_there(self):
        for call in ("show(a)", "figure(n, p)", "check(a, b)", "train(n, p)", "trainOne(n)", "tryOut(n)"):
            with self.subTest(call):
                source = f"for (int i : a) {{\n  var x = run.{call};\n}}"
                self.assertEqual(["cell 1, for (int i : a) {: shows nothing"], self.faults(code(source, 1)))
                self.assertEqual([], self.faults(code(source, 1, result("1", 1))))
        quiet = ["var d = run.data();", "// run.show(a)\nint a;", "run.record(r);", "rerun.show(a);"]
        self.assertEqual([], self.faults(*(code(source, n) for n, source in enumerate(quiet, start=1))))

    def test_what_only_a_full_run_shows_may_be_missing_in_a_smaller_one_but_not_in_the_committed_notebook(self):
        source = "for (int i : a) {\n  run.trainOne(i);\n}"
        quiet, shown = code(source, 1), code(source, 1, result("1", 1))
        self.assertEqual(1, len(list(checks.silences(notebook(quiet), notebook(shown)))))
        quiet.metadata["tags"] = ["full-run"]
        self.assertEqual([], list(checks.silences(notebook(quiet), notebook(shown))))
        self.assertEqual(["cell 1, for (int i : a) {: shows nothing"], self.faults(quiet))

    def test_scripts_and_widgets_are_found(self):
        script = new_output("display_data", {"text/html": "<script>1</script>"})
        self.assertEqual(["cell 1: a script in its output"], self.faults(code("f();", 1, script)))
        widget = new_output("display_data", {"application/vnd.jupyter.widget-view+json": {}})
        self.assertIn("only a live page shows", self.faults(code("f();", 1, widget))[0])

    def test_metadata_of_a_run_are_found(self):
        self.assertIn("metadata of the notebook holds toc", self.faults(metadata={"toc": {}})[0])
        timed = code("int a;", 1)
        timed.metadata["execution"] = {}
        self.assertIn("metadata of cell 1 of all holds execution", self.faults(timed)[0])
        self.assertIn(
            "its kernel is python3, not java",
            self.faults(metadata={"kernelspec": {"name": "python3", "display_name": "P"}}),
        )

    def test_long_and_empty_cells_are_found(self):
        self.assertIn("16 lines of code, above 15", self.faults(code("int a;\n" * 16, 1))[0])
        self.assertEqual(["cell 1 of all: an empty code cell"], self.faults(code(" ")))

    def test_lines_of_code_that_would_be_cut_are_found(self):
        wide = "int a;\nint " + "b" * 96 + ";"
        self.assertIn("line 2 of the code has 101 characters, above 100", self.faults(code(wide, 1))[0])
        self.assertEqual([], self.faults(code(wide.replace("bb", "b", 1), 1)))

    def test_the_file_has_a_fitting_name_and_size(self):
        self.assertEqual(["its name is not like 01-short-name.ipynb"], self.faults(name="01-Short_Name.ipynb"))
        big = result("x" * 1_000_001, 1)
        self.assertIn("above 1,000,000", self.faults(code("a", 1, big))[0])

    def test_what_is_no_notebook_is_said(self):
        path = self.write_file("notebooks/01-a.ipynb", "{")
        self.assertIn("not a notebook", dict(checks.faults(path))["format"][0])
