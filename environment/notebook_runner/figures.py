"""The figures of the run next to the published ones."""

import csv
import decimal

PUBLISHED_COLUMNS = ("source", "kind", "method", "ranks", "test_accuracy", "parameters", "bytes", "note")
# Of summary.csv, which the library writes beside results.csv: a line per part and network, with its statistics.
COLUMNS = (
    *("part", "method", "augmentation", "data", "ranks", "seeds", "parameters"),
    *("validation_accuracy", "validation_deviation", "test_accuracy", "test_deviation"),
)

TRAINED_ON = {"none": "", "shift": ", shifted images", "elastic": ", bent images"}


def read_rows(path, columns=COLUMNS):
    """The lines as dictionaries. Raises ValueError where one lacks a column."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for column in columns:
        if any(row.get(column) is None for row in rows):
            raise ValueError(f"{path} has a line without {column}: run the notebooks again, without --only")
    return rows


def data_names(rows):
    return sorted({row["data"] for row in rows})


def table(results, published, profile):
    """The table as text. `results` is summary.csv of a run, `published` published.csv of the library."""
    if not results.is_file():
        return f"No figures: this run wrote no {results}."
    rows = once(read_rows(results))
    if not rows:
        return f"No figures: {results} has no lines."
    known = read_rows(published, PUBLISHED_COLUMNS) if published.is_file() else []
    names = data_names(rows)
    lines = [("network", "test accuracy", "seeds", "parameters", "published")]
    used = set()
    for row in rows:
        method, augmentation, ranks = row["method"], row["augmentation"], row["ranks"]
        same = [one for one in known if augmentation == "none" and (one["method"], one["ranks"]) == (method, ranks)]
        used.update(map(id, same))
        label = network(method, ranks) + TRAINED_ON[augmentation]
        label += f" ({row['data']})" if len(names) > 1 else ""
        lines.append((label, spread(row), row["seeds"], thousands(row["parameters"]), quoted(same)))
    others = {}
    for row in known:
        if id(row) not in used:
            others.setdefault((row["method"], row["ranks"], row["parameters"]), []).append(row)
    for (method, ranks, parameters), same in others.items():
        lines.append((network(method, ranks), "", "", thousands(parameters), quoted(same)))
    heading = f"{' and '.join(names)}, {profile} run: test accuracy next to published figures"
    if names != ["MNIST"]:
        heading += "\n(the published ones are for MNIST, and do not compare)"
    return heading + "\n" + aligned(lines)


def once(rows):
    """The lines; if a network was measured in two notebooks, only the last one."""
    last = {(row["method"], row["augmentation"], row["data"], row["ranks"]): row for row in rows}
    return list(last.values())


def network(method, ranks):
    different = ranks.split()
    if not different or method == "dense":
        return method
    if len(set(different)) > 1:
        return f"{method}, ranks {ranks}"
    return f"{method}, D = {different[0]}"


def spread(row, of="test"):
    """Mean ± standard deviation, as the notebooks print them."""
    text, deviation = f"{100 * float(row[f'{of}_accuracy']):.2f}", row[f"{of}_deviation"]
    return text + (f" ± {100 * float(deviation):.2f} %" if deviation else " %")


def quoted(rows):
    """Published accuracies with as many digits as their source gives."""
    parts = []
    for row in rows:
        percent = f"{decimal.Decimal(row['test_accuracy']).scaleb(2):f}"
        about = "about " if row["note"].startswith("about") else ""
        size = f", {thousands(row['bytes'])} bytes" if row["bytes"] else ""
        parts.append(f"{about}{percent} % {row['source']}{size}")
    return "; ".join(parts)


def thousands(number):
    return f"{int(number):,}" if number else ""


def aligned(lines):
    widths = [max(map(len, column)) for column in zip(*lines, strict=False)]
    right = (False, True, True, True, False)
    return "\n".join(
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=False)
        ).rstrip()
        for line in lines
    )
