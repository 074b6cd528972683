"""What the public repository offers: workflows that are pinned, without rights and with an end; Binder."""

import pathlib
import re
import unittest
import urllib.parse

import yaml

ROOT = pathlib.Path(__file__).parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
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
        for where, job in self.jobs():
            for command in re.findall(r"environment/[\w-]+", " ".join(s.get("run", "") for s in job["steps"])):
                self.assertTrue((ROOT / command).is_file(), f"{where}: {command}")


class BinderTest(unittest.TestCase):
    def setUp(self):
        self.readme = (ROOT / "README.md").read_text(encoding="utf-8")

    def test_the_badge_opens_the_first_notebook_in_jupyterlab(self):
        (link,) = re.findall(r"https://mybinder\.org/v2/[^)]*", self.readme)
        (path,) = urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)["labpath"]
        self.assertEqual(min(ROOT.glob("notebooks/[0-9][0-9]-*.ipynb")), ROOT / path)

    def test_the_public_address_stands_in_one_line_and_is_marked(self):
        lines = [line for line in self.readme.splitlines() if "OWNER/REPOSITORY" in line]
        self.assertEqual(2, len(lines), "the line, and the comment that says it is to be filled in")
        self.assertTrue(lines[1].startswith("<!-- OWNER/REPOSITORY: to be filled in"))

    def test_its_folder_has_no_list_of_versions_of_its_own(self):
        self.assertEqual("-r ../environment/requirements.txt\n", (ROOT / "binder/requirements.txt").read_text())
        for script in ("postBuild", "start"):
            self.assertTrue((ROOT / "binder" / script).stat().st_mode & 0o100, f"{script} cannot be executed")


if __name__ == "__main__":
    unittest.main()
