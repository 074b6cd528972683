"""The kernel keeps to Jupyter's protocol where cells fail and where they are interrupted."""

import time
import unittest

from jupyter_client.manager import start_new_kernel

FAIL = 'throw new IllegalStateException("rank 0");'
PATIENCE = 60


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


if __name__ == "__main__":
    unittest.main()
