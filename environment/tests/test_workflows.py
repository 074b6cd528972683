"""The public repository's workflows: pinned, without rights, and with an end."""

import pathlib
import re
import unittest

import yaml

FILES = sorted((pathlib.Path(__file__).parents[2] / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40}")


class WorkflowTest(unittest.TestCase):
    def setUp(self):
        self.assertTrue(FILES, "there are no workflows")

    def jobs(self):
        for path in FILES:
            for name, job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].items():
                yield f"{path.name}, {name}", job

    def test_nothing_is_allowed_but_reading_the_repository(self):
        for path in FILES:
            self.assertEqual({}, yaml.safe_load(path.read_text(encoding="utf-8"))["permissions"], path.name)
        for where, job in self.jobs():
            self.assertIn(job.get("permissions", {}), ({}, {"contents": "read"}), where)

    def test_every_action_is_pinned_by_the_hash_of_its_commit(self):
        for where, job in self.jobs():
            for step in job["steps"]:
                if "uses" in step:
                    self.assertRegex(step["uses"], f"^{PINNED.pattern}$", where)

    def test_every_job_ends_by_itself(self):
        for where, job in self.jobs():
            most = 350 if "--full" in str(job["steps"]) else 40
            self.assertLessEqual(job.get("timeout-minutes", 360), most, where)

    def test_the_commands_are_there(self):
        root = FILES[0].parents[2]
        for where, job in self.jobs():
            for command in re.findall(r"environment/[\w-]+", " ".join(s.get("run", "") for s in job["steps"])):
                self.assertTrue((root / command).is_file(), f"{where}: {command}")


if __name__ == "__main__":
    unittest.main()
