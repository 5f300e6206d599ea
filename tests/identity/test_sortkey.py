"""Norwegian order in a plain ASCII key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identity.sortkey import person_sort_key, sort_key


@pytest.mark.parametrize(
    "ordered",
    [
        ["Andersen", "Bakke", "Zahl", "Ærø", "Ødegård", "Åsen"],
        ["Hansen", "Hanssen", "Hauge", "Hæstad", "Høyland", "Håland"],
        ["Dahl", "Đorđević", "Dr. Berg", "Nilsen", "Ŋunnán", "Olsen"],
        ["Šaddu", "Sara", "Somby", "Ŧearas", "Thomassen", "Ztest", "Žuuv"],
        ["Anne", "Anne Berit", "Anne-Lise", "Annebjørg", "Anniken"],
        ["12. trinn", "7. trinn", "Adresse", "Barnehage"],
        ["Mykland", "Müller", "Mørk", "Möse", "Mårvik"],
        ["Aas", "Åsen", "Юлия", "محمد"],
        ["Zahl", "Ärlig", "Öberg", "Østby", "Aaberg", "Åkre"],
    ],
)
def test_names_come_in_norwegian_order(ordered: list[str]) -> None:
    mixed = sorted(ordered, key=lambda name: name[::-1])
    assert sorted(mixed, key=sort_key) == ordered


@pytest.mark.parametrize(
    "same",
    [
        ("ÅSE", "åse", "Aase", "A\u030ase", " Åse "),
        ("André", "Andre"),
        ("O'Neil", "O’Neil", "Oneil"),
        ("Čájánas", "cajanas"),
        ("Anne-Lise", "Anne Lise", "Anne–Lise", "Anne  Lise"),
        ("Sjöberg", "Sjøberg"),
        ("Straße", "Strasse"),
    ],
)
def test_what_people_take_for_the_same_has_the_same_key(same: tuple[str, ...]) -> None:
    assert len({sort_key(name) for name in same}) == 1


def test_what_the_key_looks_like() -> None:
    assert sort_key("Åse-Marie Ødegård") == "}se-marie-|deg}rd"
    assert person_sort_key("Ødegård", "Åse Marie") == "|deg}rd }se-marie"


def test_the_family_name_decides_before_the_given_name() -> None:
    people = [("Berg", "Åse"), ("Berg Hansen", "Anne"), ("Bergan", "Anne"), ("Åberg", "Anne")]
    keys = [person_sort_key(*person) for person in people]
    assert sorted(keys) == keys


@pytest.mark.parametrize("nothing", ["", "  ", "-", "…", "'", "😀"])
def test_what_has_no_letters_has_an_empty_key(nothing: str) -> None:
    assert sort_key(nothing) == ""


@given(st.text(max_size=60))
def test_a_key_is_printable_ascii_and_its_own_key_of_upper_case(text: str) -> None:
    key = sort_key(text)
    assert key.isascii()
    assert key.isprintable()
    assert " " not in key
    assert sort_key(f"  {text}  ") == key
