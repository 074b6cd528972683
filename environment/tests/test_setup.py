"""What setup.sh refuses before it makes anything."""

import pathlib
import subprocess
import unittest

SETUP = pathlib.Path(__file__).parents[1] / "setup.sh"


def require_platform(system, architecture):
    """(exit status, what was said) of the check, for a JDK of this system and architecture."""
    script = 'source "$1"; require_platform "$2" "$3"'
    command = ["bash", "-euo", "pipefail", "-c", script, "bash", SETUP, system, architecture]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.returncode, answer.stderr


class PlatformTest(unittest.TestCase):
    def test_platforms_with_native_code_pass_in_silence(self):
        for platform in ("Linux amd64", "Linux aarch64", "Darwin x86_64", "MINGW64_NT-10.0 amd64"):
            with self.subTest(platform):
                self.assertEqual((0, ""), require_platform(*platform.split()))

    def test_apple_silicon_is_refused_with_the_remedy(self):
        status, said = require_platform("Darwin", "aarch64")
        self.assertEqual(1, status)
        self.assertIn("not on Darwin with a JDK for aarch64: install a JDK for x86-64, which", said)
        self.assertEqual(1, said.count("\n"))

    def test_other_platforms_are_refused_in_one_sentence(self):
        for platform in ("Linux ppc64le", "Linux x86", "FreeBSD amd64", "MINGW64_NT-10.0 aarch64"):
            with self.subTest(platform):
                status, said = require_platform(*platform.split())
                self.assertEqual(1, status)
                self.assertIn("open the notebooks on Binder", said)
                self.assertEqual(1, said.count("\n"))


if __name__ == "__main__":
    unittest.main()
