"""One notebook in JupyterLab, as a person uses it: menus, cells, outputs."""

import contextlib
import urllib.parse

from playwright.sync_api import sync_playwright

from browser.lab import FOLDER, find_browser, wait_until

CELLS = ".jp-Notebook .jp-CodeCell"
ERROR = ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']"
TABLE = ".jp-OutputArea-output table"
PICTURE = ".jp-OutputArea-output img"
SIZE = {"width": 1280, "height": 1000}


@contextlib.contextmanager
def browser():
    """A browser that reaches the loopback address alone; it ends with the block."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_browser(),
            args=["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        try:
            yield chromium
        finally:
            chromium.close()


class NotebookPage:
    def __init__(self, chromium, lab, notebook):
        self.lab = lab
        self.name = notebook
        self.asked = set()  # the hosts that the page wanted something from
        self.page = chromium.new_page(viewport=SIZE, device_scale_factor=2)
        self.page.on("request", lambda request: self.asked.add(urllib.parse.urlsplit(request.url).hostname))
        self.page.goto(lab.url(notebook))
        self.page.wait_for_selector(CELLS)
        wait_until(lab.is_idle, 60, "the kernel does not start")

    def choose(self, menu, item):
        self.page.get_by_role("menuitem", name=menu, exact=True).first.click()
        self.page.locator(".lm-Menu-itemLabel", has_text=item).first.click()

    def cell(self, source):
        """The first code cell with this in its source."""
        return self.page.locator(CELLS).filter(has=self.page.locator(".jp-InputArea", has_text=source)).first

    def select(self, cell):
        cell.locator(".jp-InputPrompt").click()

    def output(self, cell):
        return "\n".join(cell.locator(".jp-OutputArea-output").all_text_contents())

    def run_below(self, cell, source):
        """Runs a cell of its own below this one; returns what it shows and takes it away again."""
        self.select(cell)
        self.page.keyboard.press("b")
        self.page.keyboard.press("Enter")
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Control+Enter")
        own = self.page.locator(CELLS + ".jp-mod-selected")
        own.locator(".jp-OutputArea-output").first.wait_for()
        self.wait_for_kernel(60)
        shown = self.output(own)
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("d")
        self.page.keyboard.press("d")
        return shown

    def wait_for_kernel(self, seconds):
        """Until it has nothing to do, and the page no cell that waits or runs."""
        waiting = self.page.locator(CELLS).filter(has_text="[*]")
        wait_until(lambda: self.lab.is_idle() and not waiting.count(), seconds, f"{self.name} is still running")

    def save(self):
        """Returns the file saved."""
        unsaved = self.page.locator(".lm-TabBar-tab.lm-mod-current.jp-mod-dirty", has_text=self.name[:2])
        self.choose("File", "Save Notebook")
        wait_until(lambda: not unsaved.count(), 20, f"{self.name} was not saved")
        return FOLDER / "notebooks" / self.name

    def close(self):
        self.choose("Kernel", "Shut Down Kernel")
        wait_until(lambda: not self.lab.get("/api/kernels"), 20, "the kernel was not shut down")
        self.page.close()

    def picture(self, name, cell=None):
        """Keeps the screen, with this cell on it, as target/browser/NAME.png."""
        if cell:
            cell.evaluate("cell => cell.scrollIntoView({block: 'start'})")
        self.page.wait_for_timeout(300)  # JupyterLab still scrolls
        self.page.screenshot(path=FOLDER / f"{name}.png")
