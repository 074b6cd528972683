"""Shows which notebook and cell is running, for how long, and how long it should take."""

import shutil
import time


class Progress:
    """One line that is rewritten on a terminal; elsewhere a plain line every `pause` seconds."""

    def __init__(self, stream, expected, pause=15.0):
        self.stream = stream
        self.expected = expected  # seconds by notebook name, for those known
        self.pause = pause
        self.live = stream.isatty()
        self.began = time.monotonic()
        self._last_plain = self.began

    @property
    def everything(self):
        """Seconds expected for all notebooks, None where one is not known."""
        return None if None in self.expected.values() else sum(self.expected.values())

    def forecast(self):
        return f", about {clock(self.everything)}" if self.everything else ""

    def tick(self, run):
        if not run.cell:
            text = f"{run.path.stem}: kernel starts"
        else:
            text = f"{run.path.stem}: cell {run.cell} of {len(run.code_cells)}"
        now = time.monotonic()
        text += ", " + of_about(now - run.began, self.expected.get(run.path.name))
        if len(self.expected) > 1:
            text += "; in all " + of_about(now - self.began, self.everything)
        if run.heading:
            text += ". " + run.heading
        if self.live:
            width = shutil.get_terminal_size().columns - 1
            self.stream.write("\r\x1b[K" + text[:width])
            self.stream.flush()
        elif now - self._last_plain >= self.pause:
            self._last_plain = now
            self.line(text)

    def line(self, text):
        """A line that stays."""
        if self.live:
            self.stream.write("\r\x1b[K")
        self.stream.write(text + "\n")
        self.stream.flush()

    def clear(self):
        if self.live:
            self.stream.write("\r\x1b[K")
            self.stream.flush()


def of_about(seconds, expected):
    return clock(seconds) + (f" of about {clock(expected)}" if expected else "")


def clock(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
