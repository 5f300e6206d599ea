"""What every new version does to the database, once: ``python -m ops.release`` in the portal's environment, as owner.

Migrations, privileges, the directory and the guideline's editions. Two that start at once wait for each other.
"""

import os
import sys
import time

STEPS = (
    ("Oppdaterer databasen", ["migrate", "--no-input", "-v", "0"]),
    ("Setter rettigheter", ["grant_roles"]),
    ("Laster katalogen", ["load_directory"]),
    ("Laster retningslinjen", ["load_editions"]),
)
# Any number will do, as long as nobody else takes it: the letters "port".
LOCK = 0x706F7274


def main() -> None:
    """Run the steps under an advisory lock of the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    # Imported here: the rest of this package runs before these are installed.
    import django
    import psycopg
    from django.core.management import call_command

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as link:
        link.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        django.setup()
        for title, command in STEPS:
            started = time.monotonic()
            call_command(*command)
            sys.stdout.write(f"{title}: {time.monotonic() - started:.1f} s\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
