"""Replies of models, and a provider that gives them."""

from __future__ import annotations

from tests.end_to_end.conftest import Run
from tests.fakes.provider_server import FakeServer

TABLE_REPLY = """Here are the planets.

<artifact kind="table" title="Inner planets">
| Planet | Moons |
|---|---:|
| Mercury | 0 |
| Mars | 2 |
</artifact>

Shall I add the outer ones?
"""
SHEET_REPLY = """Totals are formulas.

<artifact kind="spreadsheet" title="Stock">
{"sheets": [{"name": "Stock", "rows": [
["Item", "Units", "Price", "Value"],
["Tea", 12, 3.5, "=B2*C2"],
["Coffee", 4, 11, "=B3*C3"],
["Total", "", "", "=SUM(D2:D3)"]
]}]}
</artifact>
"""
USAGE = {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}


def add_provider(run: Run, server: FakeServer, name: str = "acme") -> None:
    added = run("providers", "add", name, "--dialect", "openai-chat", "--base-url", server.base_url, "--model", "m-1")
    assert added.code == 0, added.err
    assert run("providers", "set", name, "--price", "m-1=0.5/2").code == 0
