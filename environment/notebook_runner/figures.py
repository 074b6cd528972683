"""The run's own figures beside the published ones."""

import csv
import decimal
import statistics

PUBLISHED_COLUMNS = ("source", "kind", "method", "ranks", "test_accuracy", "parameters", "bytes", "note")
RESULT_COLUMNS = ("method", "augmentation", "data", "seed", "ranks", "parameters", "test_accuracy")


def read_rows(path, columns=RESULT_COLUMNS):
    """The lines as dictionaries. Raises ValueError where one lacks a column."""
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    for column in columns:
        if any(row.get(column) is None for row in rows):
            raise ValueError(f"{path} has a line without {column}: run the notebooks again, without --only")
    return rows


def data_names(rows):
    return sorted({row["data"] for row in rows})


def table(results, published, profile):
    """The table as text. `results` is results.csv of a run, `published` published.csv of the library."""
    if not results.is_file():
        return f"No figures: this run wrote no {results}."
    rows = read_rows(results)
    if not rows:
        return f"No figures: {results} has no lines."
    known = read_rows(published, PUBLISHED_COLUMNS) if published.is_file() else []
    names = data_names(rows)
    lines = [("network", "test accuracy", "seeds", "parameters", "published")]
    used = set()
    for key, group in grouped(rows).items():
        method, augmentation, data, ranks = key
        same = [row for row in known if augmentation == "none" and (row["method"], row["ranks"]) == (method, ranks)]
        used.update(map(id, same))
        label = network(method, ranks) + (", shifted images" if augmentation == "shift" else "")
        label += f" ({data})" if len(names) > 1 else ""
        accuracies = [float(row["test_accuracy"]) for row in group.values()]
        parameters = next(iter(group.values()))["parameters"]
        lines.append((label, spread(accuracies), str(len(accuracies)), thousands(parameters), quoted(same)))
    others = {}
    for row in known:
        if id(row) not in used:
            others.setdefault((row["method"], row["ranks"], row["parameters"]), []).append(row)
    for (method, ranks, parameters), same in others.items():
        lines.append((network(method, ranks), "", "", thousands(parameters), quoted(same)))
    heading = f"{' and '.join(names)}, {profile} run: test accuracy beside published figures"
    if names != ["MNIST"]:
        heading += "\n(the published ones are for MNIST, and do not compare)"
    return heading + "\n" + aligned(lines)


def grouped(rows):
    """The lines of each network, by seed; a network measured in two notebooks counts once."""
    groups = {}
    for row in rows:
        key = (row["method"], row["augmentation"], row["data"], row["ranks"])
        groups.setdefault(key, {})[row["seed"]] = row
    return groups


def network(method, ranks):
    different = ranks.split()
    if not different or method == "dense":
        return method
    if len(set(different)) > 1:
        return f"{method}, ranks {ranks}"
    return f"{method}, D = {different[0]}"


def spread(values):
    text = f"{100 * statistics.mean(values):.2f}"
    return text + (f" ± {100 * statistics.stdev(values):.2f} %" if len(values) > 1 else " %")


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
