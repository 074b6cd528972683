"""What setup.sh refuses before it makes anything."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SETUP = pathlib.Path(__file__).parents[1] / "setup.sh"


def run(script, *arguments):
    """(exit status, what was said) of a piece of bash; $1 is setup.sh."""
    command = ["bash", "-euo", "pipefail", "-c", script, "bash", SETUP, *map(str, arguments)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.returncode, answer.stderr


def ask(function, *arguments):
    return run(f'source "$1"; shift; {function} "$@"', *arguments)


def require_platform(system, architecture):
    """For a JDK of this system and architecture."""
    return ask("require_platform", system, architecture)


class PlatformTest(unittest.TestCase):
    def test_platforms_with_native_code_pass_in_silence(self):
        for platform in ("Linux amd64", "Linux aarch64", "Darwin x86_64", "Darwin aarch64"):
            with self.subTest(platform):
                self.assertEqual((0, ""), require_platform(*platform.split()))

    def test_windows_is_told_of_its_linux(self):
        status, said = require_platform("MINGW64_NT-10.0", "amd64")
        self.assertEqual(1, status)
        self.assertIn("use the Windows Subsystem for Linux", said)

    def test_other_platforms_are_refused_in_one_sentence(self):
        for platform in ("Linux ppc64le", "Linux x86", "FreeBSD amd64", "MINGW64_NT-10.0 aarch64"):
            with self.subTest(platform):
                status, said = require_platform(*platform.split())
                self.assertEqual(1, status)
                self.assertIn("open the notebooks on Binder", said)
                self.assertEqual(1, said.count("\n"))


class FolderTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def test_a_folder_that_can_be_used_passes_in_silence_and_stays_empty(self):
        self.assertEqual((0, ""), ask("require_folder", self.folder / "made", "allow it"))
        self.assertEqual([], list((self.folder / "made").iterdir()))

    def test_a_folder_that_cannot_be_written_is_named_with_the_remedy(self):
        (self.folder / "file").touch()
        status, said = ask("require_folder", self.folder / "file" / "target", "allow it")
        self.assertEqual(1, status)
        self.assertEqual(f"Cannot write to {self.folder}/file/target: allow it.\n", said)

    def test_a_path_that_java_cannot_read_is_refused(self):
        status, said = ask("require_folder", self.folder / "\N{SLICE OF PIZZA}", "rename it")
        self.assertEqual(1, status)
        self.assertIn("an emoji or another rare character", said)
        self.assertEqual((0, ""), ask("require_folder", self.folder / "Übung 数据 d'été", "rename it"))

    def test_a_disk_that_is_full_is_refused_with_what_is_there_and_needed(self):
        status, said = ask("require_room", self.folder, 10**9, "make room there")
        self.assertEqual(1, status)
        self.assertRegex(said, r"^There are \d+ MB free in .*, and 1000000000 are needed: make room there\.\n$")
        self.assertEqual((0, ""), ask("require_room", self.folder, 1, "make room there"))

    def test_notebooks_that_are_not_there_are_refused_before_anything_is_set_up(self):
        command = [SETUP.with_name("reproduce"), "--quick", "--only", "01,77"]
        answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
        self.assertEqual(2, answer.returncode)
        self.assertTrue(answer.stderr.startswith("There is no notebook 77"), answer.stderr)
        self.assertEqual("", answer.stdout)

    def test_a_step_that_fails_without_a_word_says_what_is_free(self):
        status, said = run('source "$1"; logs=$2; step Work work.log false', self.folder)
        self.assertEqual(1, status)
        self.assertRegex(said, r"It printed nothing; there are \d+ MB free in " + str(self.folder))

    def test_a_missing_jdk_is_said_alone(self):
        script = 'source "$1"; find_java() { return 1; }; require_tools'
        status, said = run(script)
        self.assertEqual(1, status)
        self.assertIn("Missing: JDK 17 or newer", said)
        self.assertNotIn("Maven", said)


@unittest.skipUnless(sys.platform == "linux", "disks of a test's own are made on Linux")
class DiskTest(unittest.TestCase):
    """require_disks on a small disk, mounted in a name space of its own, that stands for one of the user's."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.disk = pathlib.Path(scratch.name, "disk")
        self.project = pathlib.Path(scratch.name, "project")
        self.disk.mkdir()
        self.project.mkdir()
        if not self.can_mount():
            self.skipTest("no disk can be mounted here, neither by root nor in a user's name space")

    def can_mount(self):
        return self.on_disk("size=1m", "true")[0] == 0

    def on_disk(self, options, script):
        """(exit status, what was said) of a script; $1 is setup.sh, $2 the disk, mounted so, $3 a folder elsewhere."""
        mount = f'mount -t tmpfs -o "{options}" tmpfs "$2"; {script}'
        command = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
        command += ["bash", "-euo", "pipefail", "-c", mount, "bash", SETUP, self.disk, self.project]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        return answer.returncode, answer.stderr

    def refused(self, options, place):
        """What require_disks says on a fresh project, where `place` is a setting that puts something on the disk."""
        script = f'source "$1"; root=$3 venv=$root/.venv; {place}; require_disks'
        status, said = self.on_disk(options, script)
        self.assertEqual(1, status, said)
        self.assertEqual(1, said.count("\n"), said)
        return said

    def test_a_full_disk_is_said_to_be_full_wherever_it_is(self):
        for place in ("root=$2", "export TMPDIR=$2", "export MAVEN_USER_HOME=$2"):
            with self.subTest(place):
                said = self.refused("size=1m", place)
                self.assertRegex(
                    said, rf"^There are \d+ MB free in {self.disk}, and \d+ are needed: make room there, or "
                )

    def test_a_disk_that_is_read_only_or_runs_no_programs_is_refused_with_the_remedy(self):
        for options, reason in (
            ("ro,size=2g", "Cannot write to"),
            ("noexec,size=2g", "Cannot run programs in"),
        ):
            for place, remedy in (("root=$2", "copy the project"), ("export MAVEN_USER_HOME=$2", "MAVEN_USER_HOME")):
                with self.subTest(options=options, place=place):
                    said = self.refused(options, place)
                    self.assertTrue(said.startswith(f"{reason} {self.disk}"), said)
                    self.assertIn("allow it, or ", said)
                    self.assertIn(remedy, said)


if __name__ == "__main__":
    unittest.main()
