"""The kernel keeps to Jupyter's protocol where cells fail and where they are interrupted."""

import pathlib
import time
import unittest

from jupyter_client.manager import start_new_kernel

FAIL = 'throw new IllegalStateException("rank 0");'
PATIENCE = 60
JARS = pathlib.Path(__file__).parents[2] / "target/lib/slf4j-*.jar"


class KernelTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manager, cls.client = start_new_kernel(kernel_name="java", startup_timeout=120)
        cls.addClassCleanup(cls.manager.shutdown_kernel, now=True)
        cls.addClassCleanup(cls.client.stop_channels)

    def send(self, source, stop_on_error=True):
        return self.client.execute(source, stop_on_error=stop_on_error)

    def reply(self, request, seconds=PATIENCE):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            message = self.client.get_shell_msg(timeout=seconds)
            if message["parent_header"]["msg_id"] == request:
                return message["content"]
        raise AssertionError(f"no answer to {request}")

    def statuses(self, *requests):
        return [self.reply(request)["status"] for request in requests]

    def run_cell(self, source):
        return self.reply(self.send(source))["status"]

    def test_cells_sent_behind_a_failing_one_are_not_run_and_later_ones_are(self):
        for fault in (FAIL, "int x = y;"):
            with self.subTest(fault):
                self.assertEqual("ok", self.run_cell("int a = 1;"))
                sent = [self.send(source) for source in ("int b = 2;", fault, "a = 5;", "a = 6;")]
                self.assertEqual(["ok", "error", "aborted", "aborted"], self.statuses(*sent))
                self.assertEqual("ok", self.run_cell("if (a != 1) throw new IllegalStateException();"))

    def test_cells_that_need_not_stop_are_run(self):
        sent = [self.send(source, stop_on_error=False) for source in (FAIL, "int c = 3;")]
        self.assertEqual(["error", "ok"], self.statuses(*sent))

    def interrupted(self, source):
        """(the answer, the seconds it took) of an interrupt half a second into the cell."""
        running, waiting = self.send(source), self.send("int after = 1;")
        time.sleep(0.5)
        began = time.monotonic()
        self.manager.interrupt_kernel()
        answer = self.reply(running)
        took = time.monotonic() - began
        self.assertEqual("aborted", self.reply(waiting)["status"])
        return answer, took

    def test_interrupted_code_says_what_it_has_to_say(self):
        again = 'throw new RuntimeException("run me again");'
        sleep = f"try {{ Thread.sleep(60_000); }} catch (InterruptedException e) {{ {again} }}"
        self.assertEqual("ok", self.run_cell("int kept = 7;"))
        answer, took = self.interrupted(sleep)
        self.assertEqual("error", answer["status"])
        self.assertIn("run me again", str(answer))
        self.assertLess(took, 2)
        self.assertEqual("ok", self.run_cell("if (kept != 7) throw new IllegalStateException();"))

    def test_code_that_does_not_listen_is_dropped_within_two_seconds(self):
        deaf = "long end = System.nanoTime() + 4_000_000_000L; while (System.nanoTime() < end) {}"
        answer, took = self.interrupted(deaf)
        self.assertEqual("error", answer["status"])
        self.assertLess(took, 2.5)

    def shown(self, source):
        """What a cell shows, as (kind, text), in order."""
        request = self.client.execute(source)
        shown = []
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            content = message["content"]
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                self.reply(request)
                return shown
            if message["msg_type"] == "stream":
                shown.append((content["name"], content["text"]))
            elif message["msg_type"] == "error":
                shown.append(("error", "\n".join(content["traceback"])))
            elif "data" in content:
                shown.append(("data", content["data"].get("text/plain")))

    def text(self, source, kind="stdout"):
        return "".join(text for name, text in self.shown(source) if name == kind)

    def test_twenty_thousand_lines_arrive_whole_and_in_order(self):
        wanted = "".join(f"{i} x\n" for i in range(20_000))
        for line in ('System.out.println(i + " x")', 'System.out.printf("%d %s%n", i, "x")'):
            with self.subTest(line):
                shown = self.shown(f"for (int i = 0; i < 20_000; i++) {line};")
                self.assertEqual(wanted, "".join(text for _, text in shown))
                self.assertLess(len(shown), 200, "a message for each line")

    def test_streams_displays_and_characters_keep_their_order(self):
        source = 'System.out.print("é"); System.err.print("二"); System.out.print("🍕"); display("shown"); System.out.print("last")'
        shown = self.shown(source + ";")
        self.assertEqual(
            [("stdout", "é"), ("stderr", "二"), ("stdout", "🍕"), ("data", "shown"), ("stdout", "last")], shown
        )

    def test_unfinished_cells_stop_those_behind_them(self):
        for fault in ("for (;;", "Math.", 'String s = "', "int f() {"):
            with self.subTest(fault):
                sent = [self.send(source) for source in (fault, "int never = 1;")]
                self.assertEqual(["error", "aborted"], self.statuses(*sent))

    def test_a_percent_sign_is_java_where_no_statement_begins(self):
        texts = {
            'String s = """\n%d items\n  %maven rest\n""";\nSystem.out.print(s);': "%d items\n  %maven rest\n",
            "int a = 17\n  %5;\nSystem.out.print(a);": "2",
            "/*\n%time\n*/\nSystem.out.print(7); // x = %load": "7",
            'String t = "x = %time";\nSystem.out.print(t);': "x = %time",
            "int b = Math.max(17\n%5, 1);\nSystem.out.print(b);": "2",
            "char c = '%';\nSystem.out.printf(\"%s%n\", c);": "%\n",
            "if (true) {\n  int d = 7\n  %4;\n  System.out.print(d);\n}": "3",
        }
        for source, wanted in texts.items():
            with self.subTest(source):
                self.assertEqual(wanted, self.text(source))

    def test_magics_work_where_statements_begin(self):
        self.assertEqual("ok", self.run_cell(f"%classpath {JARS}\nint e = 1; // then\n%classpath {JARS}"))
        self.assertEqual("ok", self.run_cell("%%time\nint g = 2;"))

    def test_errors_end_with_the_readers_own_lines(self):
        self.run_cell('int half(int x) { if (x > 0) throw new IllegalStateException("odd: " + x); return x / 2; }')
        shown = self.text("java.util.stream.IntStream.of(3).map(x -> half(x)).sum();", "error")
        self.assertIn("odd: 3", shown)
        self.assertIn("half", shown)
        for below in ("java.base", "do_it$", "ReferencePipeline", "IntPipeline"):
            self.assertNotIn(below, shown)

    def test_an_interrupt_that_the_library_answers_is_one_sentence(self):
        source = 'throw new java.util.concurrent.CancellationException("training was interrupted");'
        shown = self.text(source, "error")
        self.assertEqual(1, shown.count("training was interrupted"), shown)
        self.assertEqual(1, len(shown.splitlines()), shown)

    def values(self, source):
        """(data, metadata) of the values of a cell."""
        request, found = self.client.execute(source), []
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            content = message["content"]
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                self.assertEqual("ok", self.reply(request)["status"])
                return found
            if message["msg_type"] == "execute_result":
                found.append((content["data"], content["metadata"]))

    def test_tables_charts_and_pictures_show_themselves_as_the_value_of_a_cell(self):
        self.run_cell(f'%classpath {JARS.parent}/*.jar\nimport lowrank.notebook.*; Run.start("01");')
        table = 'tech.tablesaw.api.Table.create("Counts", tech.tablesaw.api.IntColumn.create("rank", 10, 20))'
        [(data, _)] = self.values(table)
        self.assertIn("<td", data["text/html"])
        self.assertIn("Counts", data["text/plain"])
        chart = 'var chart = new org.knowm.xchart.XYChartBuilder().width(200).height(100).title("Falls").build();'
        [(data, metadata)] = self.values(chart + 'chart.addSeries("layer 1", new double[] {2, 1});\nchart')
        self.assertIn("image/png", data)
        self.assertEqual({"width": 200, "alt": "Falls: layer 1"}, metadata["image/png"])
        [(data, _)] = self.values("new java.awt.image.BufferedImage(8, 8, java.awt.image.BufferedImage.TYPE_INT_RGB)")
        self.assertIn("image/png", data)
        self.assertEqual("[1, 2]", self.values("List.of(1, 2)")[0][0]["text/plain"])

    def test_code_that_goes_on_behind_an_interrupt_is_said(self):
        deaf = "long stop = System.nanoTime() + 12_000_000_000L; while (System.nanoTime() < stop) {}"
        answer, _ = self.interrupted(deaf)
        self.assertEqual("error", answer["status"])
        self.assertIn("still computes behind this one", self.text("int h = 1;", "stderr"))
        time.sleep(12)
        self.assertEqual("", self.text("int k = 1;", "stderr"))


if __name__ == "__main__":
    unittest.main()
