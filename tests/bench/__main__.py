"""`make bench`: every measured number beside the plain library or process it is built on, in one run.

Ratios are medians of pairs measured in turn, for the machine's speed drifts; single times are not comparable.
"""

from __future__ import annotations

from tests.bench import (
    chain_bench,
    exports_bench,
    exports_load_bench,
    gatekeeper_score,
    processes_bench,
    reading_score,
    stream_bench,
    table_bench,
    versions_bench,
    window_bench,
    window_stream_bench,
)

SECTIONS = (
    gatekeeper_score,
    reading_score,
    processes_bench,
    stream_bench,
    chain_bench,
    exports_bench,
    exports_load_bench,
    table_bench,
    versions_bench,
    window_bench,
    window_stream_bench,
)


def main() -> None:
    for section in SECTIONS:
        print(f"\n== {(section.__doc__ or section.__name__).splitlines()[0]}", flush=True)
        section.main()


if __name__ == "__main__":
    main()
