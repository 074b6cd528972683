"""The rehearsal of Binder: memory is measured, and too much of it ends what takes it."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock

from rehearsal import noise
from rehearsal.__main__ import Rehearsal, last_words, progress, wait
from rehearsal.memory import MARK, Cap, Watch, end_all, memory_of, processes

MEGABYTES = 1024 * 1024
CHECK_BINDER = pathlib.Path(__file__).parents[1] / "check-binder"
SETTINGS = pathlib.Path(__file__).parents[1] / "settings.sh"


@unittest.skipUnless(sys.platform == "linux", "Binder and its rehearsal are Linux")
class MemoryTest(unittest.TestCase):
    def setUp(self):
        self.mark = f"test-{os.getpid()}-{time.monotonic_ns()}"
        self.addCleanup(end_all, self.mark)

    def start(self, program, **options):
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            env={**os.environ, MARK: self.mark},
            stdout=subprocess.PIPE,
            **options,
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def hog(self, megabytes, **options):
        """A process that holds so much, in a child of a session of its own, and has said so."""
        inner = f"import time; held = b'x' * ({megabytes} << 20); print(1, flush=True); time.sleep(60)"
        call = f"subprocess.call([sys.executable, '-c', {inner!r}], start_new_session=True)"
        outer = f"import subprocess, sys; {call}"
        process = self.start(outer, **options)
        process.stdout.readline()
        return process

    def test_every_descendant_is_found_and_ended(self):
        self.hog(10)
        self.assertEqual(2, len(list(processes(self.mark))))
        self.assertEqual(2, end_all(self.mark, patience=2))
        self.assertEqual([], [one for one in processes(self.mark) if memory_of(one)])

    def test_the_peak_is_that_of_all_together(self):
        watch = Watch(self.mark, 500 * MEGABYTES, pause=0.02)
        watch.start()
        self.hog(50)
        self.hog(60)
        time.sleep(0.3)
        watch.stop()
        self.assertGreater(watch.peak, 110 * MEGABYTES)
        self.assertLess(watch.peak, 200 * MEGABYTES)
        self.assertFalse(watch.exceeded)

    def test_too_much_is_said_and_ends_the_processes(self):
        watch = Watch(self.mark, 60 * MEGABYTES, pause=0.02)
        watch.start()
        process = self.hog(100)
        process.wait(20)
        watch.stop()
        self.assertTrue(watch.exceeded)
        self.assertNotEqual(0, process.returncode)

    def test_a_cap_of_the_kernel_ends_what_exceeds_it(self):
        cap = Cap(60 * MEGABYTES, f"lowrank-{self.mark}")
        if cap.path is None:
            self.skipTest("no control group can be made here: check-binder watches then, as tested above")
        self.addCleanup(cap.remove)
        process = self.start("held = b'x' * (200 << 20)", preexec_fn=cap.enter)
        self.assertEqual(-signal.SIGKILL, process.wait(20))
        self.assertEqual(1, cap.kills())


@unittest.skipUnless(sys.platform == "linux", "elsewhere the machine's memory is the limit")
class LimitTest(unittest.TestCase):
    def limit(self, **environment):
        script = f'set -euo pipefail; source "{SETTINGS}"; memory_limit'
        answer = subprocess.run(
            ["bash", "-c", script],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=True,
        )
        return int(answer.stdout)

    def test_the_word_of_jupyterhub_lowers_the_limit_and_never_raises_it(self):
        self.assertEqual(123456789, self.limit(MEM_LIMIT="123456789"))
        self.assertEqual(self.limit(MEM_LIMIT=""), self.limit(MEM_LIMIT="999999999999999"))
        self.assertEqual(self.limit(MEM_LIMIT=""), self.limit(MEM_LIMIT="2G"))


class LastWordsTest(unittest.TestCase):
    def test_the_failing_cell_is_said_and_not_the_table_below_it(self):
        log = "01-a: passed\n02-b: failed, 3 of 9 cells\n  02-b.ipynb, cell 3: a\n" + "table\n" * 60
        said = last_words(log)
        self.assertEqual(["02-b: failed, 3 of 9 cells", "  02-b.ipynb, cell 3: a"], said[:2])
        self.assertEqual(25, len(said))

    def test_of_another_command_the_end_is_said(self):
        self.assertEqual(["no jjava.jar"], last_words("a\n" * 9 + "no jjava.jar\n")[-1:])


@unittest.skipUnless(sys.platform == "linux", "Binder and its rehearsal are Linux")
class NoiseTest(unittest.TestCase):
    def setUp(self):
        self.cpu = max(os.sched_getaffinity(0))

    def busy(self):
        """A process that takes all it gets of the CPU."""
        program = f"import os; os.sched_setaffinity(0, {{{self.cpu}}}); print(1, flush=True)\nwhile True: pass"
        process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        process.stdout.readline()

    def test_another_process_on_the_cpu_is_seen_before_and_meanwhile(self):
        self.busy()
        meanwhile = noise.Noise(self.cpu)
        allowed = os.sched_getaffinity(0)
        before = noise.before(self.cpu, seconds=1)
        self.assertGreater(before, noise.LIMIT)
        self.assertGreater(meanwhile.share(), noise.LIMIT)
        self.assertEqual(allowed, os.sched_getaffinity(0))

    def test_the_refusal_names_the_share_the_limit_and_the_remedy(self):
        self.assertIsNone(noise.refusal(0.15, 1))
        self.assertEqual(
            "This machine is too noisy to rehearse Binder: other work takes 43% of CPU 1, above 15%: "
            "end it, and run this again.",
            noise.refusal(0.43, 1),
        )

    def test_what_is_late_is_a_fault_on_a_quiet_machine_alone(self):
        for share, said in ((0.02, ["the build took 11 minutes"]), (0.5, [noise.refusal(0.5, self.cpu)])):
            with self.subTest(share):
                rehearsal = Rehearsal.__new__(Rehearsal)
                rehearsal.cpu, rehearsal.faults, rehearsal.late = self.cpu, [], ["the build took 11 minutes"]
                rehearsal.noise = unittest.mock.Mock(share=lambda share=share: share)
                rehearsal.times()
                self.assertEqual(said, rehearsal.faults)


class ProgressTest(unittest.TestCase):
    def test_a_long_step_is_reported_until_it_ends(self):
        process = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
        reports = []

        def report():
            reports.append(1)
            if len(reports) == 2:
                process.stdin.close()

        self.assertEqual(0, wait(process, report, pause=0.05))
        self.assertGreaterEqual(len(reports), 2)

    def test_progress_is_the_time_and_the_last_line_of_the_log(self):
        with tempfile.TemporaryDirectory() as scratch:
            log = pathlib.Path(scratch, "step.log")
            log.write_text("one\n02-b: cell 3 of 16\n\n", encoding="utf-8")
            self.assertEqual("     75 s  02-b: cell 3 of 16", progress(75.2, log))
            log.write_text("", encoding="utf-8")
            self.assertEqual("     75 s", progress(75.2, log))


class CommandTest(unittest.TestCase):
    def test_an_unknown_option_is_refused(self):
        answer = subprocess.run([CHECK_BINDER, "--fast"], capture_output=True, text=True, check=False)
        self.assertEqual(2, answer.returncode)
        self.assertIn("Unknown option --fast.", answer.stderr)


if __name__ == "__main__":
    unittest.main()
