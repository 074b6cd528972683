"""The square to draw in, on the page of a run that made it: classified as Java does, by mouse, finger and keyboard."""

import json
import os
import unittest

from browser.lab import ROOT
from browser.page import browser
from tests.projects import ProjectTest, code

CELL = """
%classpath ../target/lib/*.jar
import java.util.List; import lowrank.network.*; import lowrank.notebook.*;
Run run = Run.start("05");
MlpSpec spec = new MlpSpec(784, List.of(50, 40), 10);
run.drawing(
    run.trainOne("small", run.plans().dense(), FactorizedNetwork.random(spec, List.of(16, 12), 1)).network(),
    run.trainOne("truncated", run.plans().dense(), FactorizedNetwork.random(spec, List.of(4, 4), 2)).network());
"""
STROKES = [[(0, 0), (0, 1)], [(0, 1), (0.7, 1)]]  # an L, one high


class SquareTest(ProjectTest):
    def test_the_page_classifies_as_java_does_by_mouse_finger_and_keyboard(self):
        os.environ["LOWRANK_DATA"] = "SyntheticDigits"
        (self.root / "target").mkdir()
        (self.root / "target/lib").symlink_to(ROOT / "target/lib")
        self.write("05-square.ipynb", "# Square", code(CELL))
        status, printed = self.run_main("--quick")
        self.assertEqual(0, status, printed)
        with browser() as chromium:
            self.is_hidden_without_script(chromium)
            self.page = chromium.new_page(viewport={"width": 390, "height": 1000}, has_touch=True)
            asked, errors = [], []
            self.page.on("request", lambda request: asked.append(request.url))
            self.page.on("pageerror", lambda error: errors.append(str(error)))
            self.page.goto(self.address)
            self.canvas, self.seen = self.page.locator(".square canvas").all()
            self.digits_are_classified_as_java_does()
            self.strokes_are_scaled_and_centred()
            self.finger_and_keyboard_do_as_well()
            self.assertEqual(390, self.page.evaluate("document.documentElement.scrollWidth"), "wider than the screen")
            self.assertEqual(([self.address], []), (asked, errors))

    @property
    def address(self):
        return (self.report / "report.html").as_uri()

    def is_hidden_without_script(self, chromium):
        page = chromium.new_page(java_script_enabled=False)
        page.goto(self.address)
        self.assertFalse(page.locator(".square").is_visible())

    def shares(self):
        """What both networks give to each digit: two lists of ten, of zeros where nothing is drawn."""
        rows = self.page.locator(".square tbody tr").evaluate_all(
            "rows => rows.map(row => [1, 2].map(i => Number(row.cells[i].style.getPropertyValue('--share'))))"
        )
        return [list(column) for column in zip(*rows, strict=True)]

    def close(self, expected, found, tolerance):
        for network in (0, 1):
            for ours, others in zip(expected[network], found[network], strict=True):
                self.assertAlmostEqual(ours, others, delta=tolerance)

    def digits_are_classified_as_java_does(self):
        networks = json.loads((self.report / "drawing.json").read_text())["networks"]
        for i in range(10):
            self.page.get_by_label("test digit").select_option(label=str(i))
            self.close([network["outputs"][i] for network in networks], self.shares(), 1e-3)
        small = networks[0]["outputs"][9]
        best = f"{small.index(max(small))} ({100 * max(small):.1f}\u00a0%)"
        self.assertIn(f"Smallest network: {best}.", self.page.get_by_role("status").text_content())

    def draw(self, left, top, height):
        """The strokes by mouse, in whole pixels of the screen."""
        self.page.get_by_role("button", name="Clear").click()
        self.assertEqual([[0] * 10] * 2, self.shares())
        self.canvas.scroll_into_view_if_needed()
        box = self.canvas.bounding_box()
        for stroke in STROKES:
            first, last = [(round(box["x"]) + left + x * height, round(box["y"]) + top + y * height) for x, y in stroke]
            self.page.mouse.move(*first)
            self.page.mouse.down()
            self.page.mouse.move(*last, steps=5)
            self.page.mouse.up()
        return self.shares()

    def strokes_are_scaled_and_centred(self):
        small = self.draw(20, 10, 100)
        self.assertAlmostEqual(1, sum(small[0]), delta=1e-6)
        self.close(small, self.draw(150, 110, 200), 1e-3)
        ink = self.seen.evaluate(
            "seen => [...seen.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)"
        )
        dark = [(1 - value / 255, i % 28 + 0.5, i // 28 + 0.5) for i, value in enumerate(ink) if value < 255]
        for axis, length in ((1, 0.7 * 17.6 + 2.4), (2, 20)):
            places = [pixel[axis] for pixel in dark]
            self.assertAlmostEqual(length, max(places) - min(places) + 1, delta=1.5)
            self.assertAlmostEqual(14, sum(p[0] * p[axis] for p in dark) / sum(p[0] for p in dark), delta=0.3)

    def finger_and_keyboard_do_as_well(self):
        drawn = self.shares()
        self.canvas.tap()
        touched = self.shares()
        self.assertNotEqual(drawn, touched, "a finger draws nothing")
        self.page.get_by_label("test digit").focus()
        self.page.keyboard.press("7")
        self.assertNotEqual(touched, self.shares(), "a key chooses nothing")
        self.assertEqual("7", self.page.get_by_label("test digit").input_value())
        self.page.keyboard.press("Shift+Tab")
        self.page.keyboard.press("Enter")
        self.assertEqual([[0] * 10] * 2, self.shares(), "the button does not clear")


if __name__ == "__main__":
    unittest.main()
