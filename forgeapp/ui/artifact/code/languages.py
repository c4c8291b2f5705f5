"""The languages a file can be said to be in: names for people, Pygments' aliases."""

from __future__ import annotations

from typing import Final

from forgeapp.ui.wording import tr

COMMON: Final = (
    ("python", "Python"), ("javascript", "JavaScript"), ("typescript", "TypeScript"), ("html", "HTML"),
    ("css", "CSS"), ("json", "JSON"), ("yaml", "YAML"), ("sql", "SQL"), ("bash", "Shell"), ("powershell", "PowerShell"),
    ("java", "Java"), ("c", "C"), ("cpp", "C++"), ("csharp", "C#"), ("go", "Go"), ("rust", "Rust"), ("php", "PHP"),
    ("ruby", "Ruby"), ("kotlin", "Kotlin"), ("swift", "Swift"), ("splus", "R"), ("vb.net", "Visual Basic"),
    ("xml", "XML"), ("toml", "TOML"), ("ini", "INI"), ("docker", "Dockerfile"), ("make", "Makefile"),
    ("latex", "LaTeX"), ("diff", "Diff"), ("markdown", "Markdown"),
)  # fmt: skip
PLAIN: Final = "text"


def choices(language: str) -> list[tuple[str, str, str | None] | None]:
    """Rows for a menu of languages, the file's own first where it is not a common one."""
    rows: list[tuple[str, str, str | None] | None] = [(key, name, None) for key, name in COMMON]
    rows.sort(key=lambda row: row[1].lower() if row else "")
    if language and language not in dict(COMMON) and language != PLAIN:
        rows = [(language, language, None), None, *rows]
    return [(PLAIN, tr("Plain text"), None), None, *rows]


def all_languages() -> list[tuple[str, str, str]]:
    """Every language Pygments knows, by name: its first alias, its name, and what it is found by. Slow at first."""
    from pygments.lexers import get_all_lexers

    rows = [
        (aliases[0], name, " ".join((name, *aliases)).casefold())
        for name, aliases, _, _ in get_all_lexers(plugins=False)
        if aliases
    ]
    return sorted(rows, key=lambda row: row[1].casefold())
