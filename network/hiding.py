"""Small numbers are hidden, so that no person can be read out of a statistic (design: cells under 5 hidden).

A row is four answers, those not answered yet, and «ended there», which is a part of the answered. The first five are
disjoint and never added up, so each can be hidden by itself: what is shown in one says nothing of another.
"""

import enum
from collections.abc import Sequence

# Nought is small too: a row of noughts and a row of fours look the same.
SMALL = 5


class Hidden(enum.Enum):
    """Why a number is not shown."""

    SMALL = "small"
    # Whatever it is, large or small: shown, it could let a small number be worked out.
    TELLS = "tells"


Shown = int | Hidden


def shown(count: int, small: int = SMALL) -> Shown:
    """A number that stands alone, or that it is small."""
    return count if count >= small else Hidden.SMALL


def part_shown(part: int, whole: Sequence[Shown], small: int = SMALL) -> Shown:
    """The part of a whole whose disjoint cells are shown as given: shown only where it tells nothing they hide.

    The rest (the whole less the part) is a number too, that of those attached to a referral, and a part larger than
    what is shown gives away the hidden cells: with three answers hidden and the part 12 above the fourth, all three
    are 4. So the cells that are shown must leave a rest that is not small, whatever the hidden ones hold. Where they
    are too small for that, not even «small» is said: a part that is not would tell of the sum of the hidden ones.
    """
    seen = sum(cell for cell in whole if isinstance(cell, int))
    if seen < 2 * small:
        return Hidden.TELLS
    if part < small:
        return Hidden.SMALL
    return part if seen - part >= small else Hidden.TELLS
