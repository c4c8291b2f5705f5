"""Signs that nobody sees: marks of direction, joints, and what stands at the edge of a cell."""

from __future__ import annotations

UNSEEN = "\u200b\u200e\u200f\u2060\ufeff\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
EDGES = f" \t\n\r\x0b\x0c\u00a0\u3000{UNSEEN}"
