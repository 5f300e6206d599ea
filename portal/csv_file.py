"""A table as a file for a spreadsheet: UTF-8 with its mark, semicolons as Norwegian spreadsheets want, and no cell that
a spreadsheet would run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula or a command, in its ordinary and its full-width form.
ACTING = ("=", "+", "-", "@", "\t", "\r", "\n", "=", "+", "-", "@")
TYPE = "text/csv; charset=utf-8"


def safe_cell(value: object) -> str:
    """The text of a cell, with an apostrophe before what would act: names and words are other people's."""
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(ACTING) or text.startswith(ACTING) else text


def csv_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows as a file, the heading first; each row is written as it is read."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
    return out.getvalue().encode("utf-8-sig")
