"""Checks whether a run reproduces the published accuracies as closely as their spread over seeds allows."""

import dataclasses
import math

from notebook_runner import claims, figures

STANDARD_ERRORS = 5  # of a difference of two means; five seeds leave the spread itself uncertain
LEAST = 0.001  # ten of 10,000 test digits


@dataclasses.dataclass(frozen=True)
class Network:
    """A line of the comparison: lines of two summaries, `found` None where a run has none. Accuracies are fractions;
    `allowed` is None where no spread is published."""

    name: str
    published: dict
    found: dict | None
    allowed: float | None

    @property
    def difference(self):
        return mean(self.found) - mean(self.published)

    @property
    def verdict(self):
        if not self.found:
            return "MISSING"
        if self.allowed is None:
            return "not judged"
        return "as published" if abs(self.difference) <= self.allowed else "DIFFERS"

    def cells(self):
        published = figures.spread(self.published)
        if not self.found:
            return (self.name, published, "", "", self.verdict)
        limit = "" if self.allowed is None else f" (± {100 * self.allowed:.2f})"
        difference = f"{100 * self.difference:+.2f}{limit}"
        return (self.name, published, figures.spread(self.found), difference, self.verdict)


def networks(published, found):
    """The networks of the published lines, beside what the lines of a run have of them."""
    before, after = by_size(published), by_size(found)
    spreads = spread_of_methods(before)
    return [
        Network(label(key), row, after.get(key), allowed(row, after.get(key), spreads.get(key[0])))
        for key, row in before.items()
    ]


def mean(row):
    return float(row["test_accuracy"])


def by_size(rows):
    """The lines by method, augmentation and size: ranks that a run chose are of one size with those of another if they
    are the same share of the dense parameters."""
    dense = max((int(row["parameters"]) for row in rows if row["method"] == "dense"), default=0)
    found = {}
    for row in figures.once(rows):
        key = (row["method"], row["augmentation"], size(row["ranks"], int(row["parameters"]), dense))
        found[key if key not in found else (*key[:2], f"ranks {row['ranks']}")] = row
    return found


def size(ranks, parameters, dense):
    different = set(ranks.split())
    if len(different) == 1:
        return ranks if ranks == "full" else f"D = {different.pop()}"
    if not dense:
        return ranks
    share = 100 * parameters / dense
    return f"{share:.{0 if share > 0.9 else 1}f} % of the parameters"


def label(key):
    method, augmentation, how_large = key
    name = method if how_large == "full" else f"{method}, {how_large}"
    return name + figures.TRAINED_ON[augmentation]


def spread_of_methods(rows):
    """The largest standard deviation of each method, for its networks that were measured with one seed."""
    spreads = {}
    for (method, _, _), row in rows.items():
        if row["test_deviation"]:
            spreads[method] = max(spreads.get(method, 0), float(row["test_deviation"]))
    return spreads


def allowed(published, found, of_method):
    deviation = float(published["test_deviation"]) if published["test_deviation"] else of_method
    if deviation is None or not found:
        return None
    error = deviation * math.sqrt(1 / int(published["seeds"]) + 1 / int(found["seeds"]))
    return max(LEAST, STANDARD_ERRORS * error)


def renewed(text, published, found):
    """The text with each published figure that has a spread replaced by that of the same network in another run. One
    that several networks share stays unless their new ones are the same."""
    after, news = by_size(found), {}
    for key, row in by_size(published).items():
        for of in ("test", "validation"):
            old = figures.spread(row, of)
            news.setdefault(old, set()).add(figures.spread(after[key], of) if key in after else old)

    def new(match):
        one, *others = news.get(match[0], [match[0]])
        return match[0] if others else one

    return claims.SPREAD.sub(new, text)


def main(published, results, write=print):
    """Prints the comparison of two files like summary.csv; returns the exit status."""
    for path in (published, results):
        if not path.is_file():
            write(f"Nothing to compare: there is no {path}.")
            return 1
    before, after = figures.read_rows(published), figures.read_rows(results)
    if figures.data_names(before) != figures.data_names(after):
        names = [" and ".join(figures.data_names(rows)) or "nothing" for rows in (before, after)]
        write(f"Nothing to compare: published is {names[0]}, this run is {names[1]}.")
        return 1
    compared = networks(before, after)
    heading = ("network", "published", "this run", "difference, points", "verdict")
    write(figures.aligned([heading, *(network.cells() for network in compared)]))
    apart = [network.name for network in compared if network.verdict in ("MISSING", "DIFFERS")]
    if apart:
        write(f"Not as published: {'; '.join(apart)}")
    write(f"Comparison: {len(compared) - len(apart)} passed, {len(apart)} failed")
    return int(bool(apart) or not compared)
