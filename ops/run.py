"""Entry point of every script in ``bin/``: makes the project importable without installing it, then hands over."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from ops.cli import main  # noqa: E402  (the path must be set first)

sys.exit(main(sys.argv[1:]))
