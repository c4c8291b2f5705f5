"""Every folder and file the program uses by itself; nothing is created by importing."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from forgeapp.errors import HomeNotWritable


@dataclass(frozen=True, slots=True)
class Home:
    """One home: the folder that holds everything of one user, and may be moved as a whole."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "forgeapp.db"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def settings(self) -> Path:
        return self.root / "settings.json"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    def create(self) -> None:
        """Makes the folder, readable by its owner only. Raises HomeNotWritable."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise HomeNotWritable(path=self.root, reason=error.strerror or error) from error
        if not os.access(self.root, os.W_OK | os.X_OK):
            raise HomeNotWritable(path=self.root, reason="permission denied")


def find_home(home: str | Path | None = None) -> Home:
    """The home named by the caller, else by FORGEAPP_HOME, else the system's folder for user data."""
    named = home or os.environ.get("FORGEAPP_HOME")
    if named:
        try:
            return Home(Path(named).expanduser().absolute())
        except RuntimeError as error:
            raise HomeNotWritable(path=named, reason="there is no such user") from error
    from platformdirs import user_data_path

    return Home(user_data_path("forgeapp", appauthor=False))


def resource(*parts: str) -> Path:
    """A file of `resources/`: beside the package in a checkout, inside it in a wheel, unpacked in a frozen bundle."""
    package = Path(__file__).resolve().parent
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle:
        return Path(bundle, "resources", *parts)
    inside = package / "resources"
    return (inside if inside.is_dir() else package.parent / "resources").joinpath(*parts)
