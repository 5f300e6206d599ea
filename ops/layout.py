"""Where things are: the project, its environment, and the folder one set of embedded services keeps its data in."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DEFAULT_DATA = ROOT / ".portal"


@dataclass(frozen=True)
class DataDir:
    """A folder with everything one demo or one test run keeps: secrets, state, logs, media, the queue's file."""

    root: Path

    @property
    def secrets(self) -> Path:
        """Generated keys, readable by the owner only."""
        return self.root / "secrets.json"

    @property
    def state(self) -> Path:
        """What the running services are called and where they listen, for other commands."""
        return self.root / "services.json"

    @property
    def logs(self) -> Path:
        """One file per process."""
        return self.root / "log"

    @property
    def media(self) -> Path:
        """Private files of the portal."""
        return self.root / "media"

    @property
    def static(self) -> Path:
        """Collected static files."""
        return self.root / "static"

    def ensure(self) -> None:
        """Make the folder, for its owner only. An existing folder keeps its permissions."""
        if not self.root.exists():
            self.root.mkdir(parents=True, mode=0o700)
        for folder in (self.logs, self.media, self.static):
            folder.mkdir(mode=0o700, exist_ok=True)

    def identity(self) -> str:
        """A name for this folder that survives being moved; made the first time."""
        path = self.root / "id"
        if not path.exists():
            path.write_text(secrets.token_hex(6), encoding="ascii")
        return path.read_text(encoding="ascii").strip()


def chosen_data_dir(value: str | None) -> DataDir:
    """The data folder of ``--data`` (relative to where the command was typed) or ``PORTAL_DATA``, else ``.portal/``."""
    value = value or os.environ.get("PORTAL_DATA")
    if not value:
        return DataDir(DEFAULT_DATA)
    return DataDir((Path(os.environ.get("PORTAL_CALLER_DIR", ".")) / Path(value).expanduser()).resolve())
