# Finds a Python that is new enough and sets PY. Sourced by the scripts in bin/.
# PORTAL_PYTHON decides alone when it is set.
PY=""
for candidate in ${PORTAL_PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        PY="$candidate"
        break
    fi
done
if [ -z "$PY" ]; then
    echo "Fant ingen Python 3.11 eller nyere${PORTAL_PYTHON:+ (PORTAL_PYTHON er $PORTAL_PYTHON)}." >&2
    echo "Installer en, for eksempel: sudo apt-get install -y python3 python3-venv" >&2
    echo "eller pek på en du har: PORTAL_PYTHON=/sti/til/python3 $0" >&2
    exit 1
fi
PORTAL_CALLER_DIR="$PWD"
export PORTAL_CALLER_DIR
cd "$root"
