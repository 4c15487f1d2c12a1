"""Likeness finds just the pairs that comparing each with each would find."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.generator.duplicates import LIKENESS, alike_pairs, pieces

NAMES = st.lists(st.text("abi", max_size=6) | st.sampled_from(["sitiaminah", "sitiaminatun"]))


def share(one: str, other: str) -> float:
    a, b = pieces(one), pieces(other)
    return len(a & b) / len(a | b)


@given(NAMES)
def test_no_pair_is_missed_and_none_made_up(texts: list[str]) -> None:
    every = {
        (i, j)
        for (i, one), (j, other) in combinations(enumerate(texts), 2)
        if share(one, other) >= LIKENESS
    }
    assert set(alike_pairs(texts)) == every
