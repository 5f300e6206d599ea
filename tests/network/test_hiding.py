"""What is hidden cannot be worked out of what is shown, by any difference between cells.

Those not answered yet, other departments and other years are counted apart and in no sum: a row's answers and the part
of them that ended there are all that hangs together.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterator

import pytest

from network.hiding import SMALL, Hidden, Shown, part_shown, shown

# A row as it is: the answers, and how many of the answered ended there.
Row = tuple[int, ...]


def rows(answers: int, small: int, largest: int) -> Iterator[Row]:
    """Every row that can be, up to a number in each answer."""
    for numbers in itertools.product(range(largest + 1), repeat=answers):
        for ended in range(sum(numbers) + 1):
            yield (*numbers, ended)


def as_shown(row: Row, small: int) -> tuple[Shown, ...]:
    *answers, ended = row
    cells = [shown(answer, small) for answer in answers]
    return (*cells, part_shown(ended, cells, small))


@pytest.mark.parametrize(("answers", "small", "largest"), [(4, 3, 5), (3, SMALL, 7), (2, SMALL, 14)])
def test_no_difference_between_cells_gives_away_a_hidden_number(answers: int, small: int, largest: int) -> None:
    """Given every row that can be, by what is shown of it; when cells are added and subtracted in every way; then
    each sum that has a hidden cell in it can still be at least as many numbers as a hidden cell can."""
    alike: dict[tuple[Shown, ...], list[Row]] = defaultdict(list)
    for row in rows(answers, small, largest):
        alike[as_shown(row, small)].append(row)
    # One of each pair of opposites is enough.
    signs = [chosen for chosen in itertools.product((-1, 0, 1), repeat=answers + 1) if chosen > (0,) * len(chosen)]
    told = []
    for cells, same in alike.items():
        for chosen in signs:
            if not any(sign and isinstance(cell, Hidden) for sign, cell in zip(chosen, cells, strict=True)):
                continue
            sums = {sum(sign * number for sign, number in zip(chosen, row, strict=True)) for row in same}
            if len(sums) < small:
                told.append((cells, chosen, sums))
    assert not told
    assert any(isinstance(cells[-1], int) for cells in alike)


@pytest.mark.parametrize(("answers", "small", "largest"), [(4, 3, 5), (3, SMALL, 7)])
def test_what_is_hidden_can_be_any_small_number_and_the_rest_is_never_a_known_small_one(
    answers: int, small: int, largest: int
) -> None:
    """The rest is those attached to a referral: in no column, but a subtraction away."""
    alike: dict[tuple[Shown, ...], list[Row]] = defaultdict(list)
    for row in rows(answers, small, largest):
        alike[as_shown(row, small)].append(row)
    for cells, same in alike.items():
        for place, cell in enumerate(cells[:-1]):
            if isinstance(cell, Hidden):
                assert {row[place] for row in same} == set(range(small)), cells
        rest = {sum(row[:-1]) - row[-1] for row in same}
        assert min(rest) >= small or len(rest) >= small, cells


def test_examples() -> None:
    small, tells = Hidden.SMALL, Hidden.TELLS
    assert [shown(number) for number in (0, 4, 5)] == [small, small, 5]
    # All that is seen ended there but four: those four were attached.
    assert part_shown(16, [20, small, small, small]) is tells
    assert part_shown(15, [20, small, small, small]) == 15
    # Twelve more than what is shown: the three hidden ones would all be four.
    assert part_shown(22, [10, small, small, small]) is tells
    assert part_shown(0, [20, 20, 20, 20]) is small
    # Too little is shown to say anything: four small ones are fewer than five together, or not.
    assert {part_shown(part, [small] * 4) for part in range(17)} == {tells}
