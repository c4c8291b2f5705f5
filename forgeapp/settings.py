"""What the user can choose, frozen while in use; a docstring under each field says what it does."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from forgeapp.domain.number_look import LOOKS
from forgeapp.errors import HomeNotWritable, UnreadableFile, UsageError

CHOICES: Mapping[str, tuple[str, ...]] = {
    "theme": ("system", "light", "dark"),
    "model_changes": ("review", "take"),
    "number_look": ("content", "system", *LOOKS),
}
"""The words a setting in words takes."""


@dataclass(frozen=True, slots=True)
class Settings:
    attempts: int = 3
    """Attempts at one provider before the next takes over."""
    retry_waits_s: tuple[float, ...] = (2.0, 4.0)
    """Seconds between attempts, each varied by a quarter; a wait the provider asks for wins."""
    turn_deadline_s: float = 180.0
    """Seconds after which a turn asks nobody else."""
    read_timeout_s: float = 60.0
    """Seconds without a word after which a provider counts as fallen silent."""
    max_output_tokens: int = 16_000
    """The longest reply that is asked for."""
    history_tokens: int = 16_000
    """How much of a conversation goes along with a message."""
    attachment_tokens: int = 50_000
    """How much of the attachments goes along with a message."""
    current_tokens: int = 32_000
    """The longest artifact that is sent to a model to have it changed."""
    expected_output_tokens: int = 1_200
    """Length of a reply assumed for the estimate of a cost before sending."""
    worker_memory_mb: int = 1_500
    """Memory that formulas or an export may use."""
    formula_timeout_s: float = 10.0
    """Seconds after which the calculation of a workbook is ended."""
    export_timeout_s: float = 600.0
    """Seconds after which an export is ended."""
    exports_per_minute: int = 0
    """Exports that may begin within a minute, further ones wait; 0 is without limit."""
    quick_export_folder: str = ""
    """The folder for quick exports of what was never exported before; without one the first of them asks."""
    cache_days: int = 90
    """Days for which the reply to the very same prompt is given again for nothing."""
    least_output_tokens: int = 256
    """Under a budget replies are kept shorter; a call that could not even be this long is blocked."""
    app_key_usd_a_day: float = 1.00
    """What may be spent a day with the key that came with the program."""
    small_task_tokens: int = 1_500
    """A prompt of at most so many tokens is a small task, which goes to the cheap model where there is one."""
    number_look: str = "content"
    """How numbers and dates of spreadsheets look: as in the language of their content, as the system writes them, or
    everywhere like 1,234.56 (point), 1.234,56 (comma), 1 234,56 (space) or 1’234.56 (apostrophe)."""
    theme: str = "system"
    """The window's colours: system, light or dark."""
    model_changes: str = "review"
    """What the window does with a model's change of an open file: review it piece by piece, or take it at once."""
    ask_above_usd: float = 0.10
    """Above this estimate in USD, Send asks first."""


@lru_cache(maxsize=1)
def explanations() -> Mapping[str, str]:
    """What each setting does: the docstring under its field, by its name. A bundle without sources has none."""
    import ast
    import inspect

    try:
        (made,) = ast.parse(inspect.getsource(Settings)).body
    except (OSError, TypeError):
        return {}
    assert isinstance(made, ast.ClassDef)
    found: dict[str, str] = {}
    for field, below in zip(made.body, made.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                found[name] = " ".join(words.split())
    return found


def load_settings(path: Path) -> Settings:
    """The settings of a home, the defaults where there is no file. Raises UnreadableFile, naming what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise _unreadable(path, "it is not UTF-8 text") from error
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, f"it is not JSON ({error})") from error
    if not isinstance(data, dict):
        raise _unreadable(path, "it is not a JSON object")
    fields = {field.name: field for field in dataclasses.fields(Settings)}
    values: dict[str, object] = {}
    for name, value in data.items():
        if name not in fields:
            raise _unreadable(path, f"there is no setting {name!r}")
        try:
            values[name] = _checked(name, value, fields[name].default)
        except ValueError as error:
            raise _unreadable(path, str(error)) from error
    return Settings(**values)  # type: ignore[arg-type]


def save_settings(path: Path, settings: Settings) -> None:
    """Writes what differs from the defaults, all of it or nothing, readable by its owner only.

    Raises UsageError for a value a setting does not take, HomeNotWritable.
    """
    data: dict[str, object] = {}
    for field in dataclasses.fields(Settings):
        value = getattr(settings, field.name)
        if value == field.default:
            continue
        data[field.name] = list(value) if isinstance(value, tuple) else value
        try:
            _checked(field.name, data[field.name], field.default)
        except ValueError as error:
            raise UsageError(reason=f"{error}.") from error
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
            file.write(json.dumps(data, indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise HomeNotWritable(path=path.parent, reason=error.strerror or error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _checked(name: str, value: object, default: object) -> object:
    """The value as a setting holds it. Raises ValueError, in words, for one of another sort."""
    match default:
        case str() if name in CHOICES:
            if value in CHOICES[name]:
                return value
            raise ValueError(f"{name} is one of {', '.join(CHOICES[name])}")
        case str():
            if isinstance(value, str) and (not value or Path(value).is_absolute()):
                return value
            raise ValueError(f"{name} is the whole path of a folder, or nothing")
        case tuple():
            if isinstance(value, list) and all(_is_number(item) and item >= 0 for item in value):
                return tuple(value)
            raise ValueError(f"{name} is a list of numbers")
        case int():
            # What is 0 by default is off then.
            least = min(default, 1)
            if isinstance(value, int) and not isinstance(value, bool) and value >= least:
                return value
            raise ValueError(f"{name} is a whole number" + (" above 0" if least else ", 0 or more"))
        case _:
            if _is_number(value) and value > 0:  # type: ignore[operator]
                return value
            raise ValueError(f"{name} is a number above 0")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _unreadable(path: Path, reason: str) -> UnreadableFile:
    return UnreadableFile(source=path, reason=reason, remedy="Mend the file, or delete it to go back to the defaults.")
