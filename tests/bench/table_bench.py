"""A table of 100,000 x 20 read, shown, scrolled, sorted, filtered, searched, beside Python's csv and a QTableView."""

from __future__ import annotations

import csv
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from forgeapp.domain.columns import TableColumns
from forgeapp.domain.table import Table
from forgeapp.reading.files import read_file
from tests.bench.pairs import paired, row, timed

_ROWS, _COLUMNS = 100_000, 20


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.csv"
        _write(path)
        _read(path)
        _types(path)
        _window(path)


def _write(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(f"Column {number}" for number in range(_COLUMNS))
        for line in range(_ROWS):
            writer.writerow(_cell(line, column) for column in range(_COLUMNS))


def _cell(line: int, column: int) -> str:
    match column % 5:
        case 0:
            return f"text {line}"
        case 1:
            return f"{line * 7919 % 1_000_003 / 100:,.2f}"
        case 2:
            return str(line * 31 % 10_007)
        case 3:
            return f"20{line % 27:02}-{line % 12 + 1:02}-{line % 28 + 1:02}"
    return "a note, with a comma" if line % 3 else ""


def _read(path: Path) -> None:
    def plain() -> list[list[str]]:
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.reader(file))

    row("CSV of 100,000 x 20 read, beside Python's csv", paired(lambda: read_file(path), plain, runs=3), "<= 3")


def _types(path: Path) -> None:
    table = read_file(path).content
    assert isinstance(table, Table)
    columns = TableColumns(table)
    guessed = timed(lambda: [columns.type_of(column) for column in range(_COLUMNS)])
    found = timed(lambda: [columns.typed(column) for column in range(_COLUMNS)])
    print(f"{'types of 20 columns by a sample; by all cells':58} {guessed * 1e3:9.1f} ms {found * 1e3:6.0f} ms")


def _window(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.table_child", str(path)], capture_output=True, text=True, check=True
    )
    times: dict[str, list[float]] = {}
    for line in done.stdout.splitlines():
        name, milliseconds = line.split()
        times.setdefault(name, []).append(float(milliseconds))
    for name, words, target in (
        ("shown", "shown, beside a plain QTableView", "< 100 ms"),
        ("scroll", "a step scrolled, p95", "< 16 ms"),
    ):
        ours, plain = (
            statistics.median(found) if name == "shown" else statistics.quantiles(found, n=20)[18]
            for found in (times[f"{name}-ours"], times[f"{name}-plain"])
        )
        print(f"{words:58} {ours:8.1f} ms {plain:8.1f} ms   {ours / plain:6.2f}x   target {target}")
    for name, words in (("sort", "sorted by a column of numbers"), ("filter", "filtered by words"), ("find", "found")):
        took, worst, p99 = (times[key][0] for key in (name, f"{name}-gap", f"{name}-p99"))
        print(f"{words + ', off the UI thread':58} {took:8.0f} ms, gaps p99 {p99:5.1f}, worst {worst:5.1f} ms")


if __name__ == "__main__":
    main()
