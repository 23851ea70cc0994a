"""The sample of a text is what datasketch would take of it: those that are kept stay comparable."""

from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st

from handins.computations.shingles import SAMPLE, sample_of, shingles_of, words_of

SHINGLES = st.sets(st.integers(min_value=0, max_value=2**63 - 1), min_size=1, max_size=300)


def of_datasketch(shingles: set[int]) -> list[int]:
    sketch = MinHash(num_perm=SAMPLE, seed=1, scheme="affine32", hashfunc=lambda data: int.from_bytes(data[-4:]))
    sketch.update_batch([shingle.to_bytes(8) for shingle in shingles])
    return [place << 32 | int(value) for place, value in enumerate(sketch.hashvalues)]


@given(SHINGLES)
def test_it_is_that_of_datasketch(shingles):
    assert sample_of(shingles) == of_datasketch(shingles)


def test_of_a_text_and_of_nothing():
    shingles = set(shingles_of(words_of("It was the best of times, it was the worst of times. " * 20), salt=7))
    assert sample_of(shingles) == of_datasketch(shingles)
    assert sample_of([]) == []
