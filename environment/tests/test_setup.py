"""What setup.sh refuses before it makes anything."""

import pathlib
import subprocess
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
        self.assertEqual((0, ""), ask("require_folder", self.folder / "made"))
        self.assertEqual([], list((self.folder / "made").iterdir()))

    def test_a_folder_that_cannot_be_written_is_named_with_the_remedy(self):
        (self.folder / "file").touch()
        status, said = ask("require_folder", self.folder / "file" / "target")
        self.assertEqual(1, status)
        self.assertEqual(
            f"Nothing can be written in {self.folder}/file/target: allow it, or copy the project to a folder of your own.\n",
            said,
        )

    def test_a_path_that_java_cannot_read_is_refused(self):
        status, said = ask("require_folder", self.folder / "\N{SLICE OF PIZZA}")
        self.assertEqual(1, status)
        self.assertIn("an emoji or another rare character", said)
        self.assertEqual((0, ""), ask("require_folder", self.folder / "Übung 数据 d'été"))

    def test_a_disk_that_is_full_is_refused_with_what_is_there_and_needed(self):
        status, said = ask("require_room", self.folder, 10**9)
        self.assertEqual(1, status)
        self.assertRegex(said, r"^There are \d+ MB free in .*, and the set-up needs 1000000000: make room there")
        self.assertEqual((0, ""), ask("require_room", self.folder, 1))

    def test_notebooks_that_are_not_there_are_refused_before_anything_is_set_up(self):
        command = [SETUP.with_name("reproduce"), "--quick", "--only", "01,77"]
        answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
        self.assertEqual(2, answer.returncode)
        self.assertTrue(answer.stderr.startswith("There is no notebook 77"), answer.stderr)
        self.assertEqual("", answer.stdout)

    def test_a_missing_jdk_is_said_alone(self):
        script = 'source "$1"; find_java() { return 1; }; require_tools'
        status, said = run(script)
        self.assertEqual(1, status)
        self.assertIn("Missing: JDK 17 or newer", said)
        self.assertNotIn("Maven", said)


if __name__ == "__main__":
    unittest.main()
