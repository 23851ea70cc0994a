"""Who reviews whom, whatever the numbers: properties of the pure allocation."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from handins.computations.allocation import pairs_missing

EACH = st.integers(1, 6)
SEED = st.integers(0, 2**48)


def alone(count: int) -> dict[int, set[int]]:
    return {100 + n: {n} for n in range(count)}


@given(count=st.integers(2, 40), each=EACH, seed=SEED)
def test_everybody_gives_and_gets_as_many(count, each, seed):
    works = alone(count)
    pairs = pairs_missing(works=works, reviewers=range(count), each=each, seed=seed)
    least = min(each, count - 1)
    assert len(set(pairs)) == len(pairs)
    assert all(person not in works[work] for work, person in pairs)
    assert set(Counter(person for _work, person in pairs).values()) == {least}
    assert set(Counter(work for work, _person in pairs).values()) == {least}
    if count > 2 * each:
        made = set(pairs)
        assert not [pair for pair in made if (100 + pair[1], pair[0] - 100) in made], "two review each other"
    assert pairs == pairs_missing(works=works, reviewers=range(count), each=each, seed=seed)


@given(sizes=st.lists(st.integers(1, 5), min_size=2, max_size=12), each=EACH, seed=SEED)
def test_teams_review_other_teams(sizes, each, seed):
    people = iter(range(1000))
    works = {100_000 + n: {next(people) for _one in range(size)} for n, size in enumerate(sizes)}
    everybody = {one for inside in works.values() for one in inside}
    pairs = pairs_missing(works=works, reviewers=everybody, each=each, seed=seed)
    least = min(each, len(works) - 1)
    assert len(set(pairs)) == len(pairs)
    assert all(person not in works[work] for work, person in pairs)
    assert set(Counter(person for _work, person in pairs).values()) == {least}
    got = Counter(work for work, _person in pairs)
    assert all(got[work] >= least for work in works)


@given(count=st.integers(2, 20), late=st.integers(1, 6), each=EACH, seed=SEED, data=st.data())
def test_latecomers_join_and_those_who_drop_out_are_replaced(count, late, each, seed, data):
    pairs = pairs_missing(works=alone(count), reviewers=range(count), each=each, seed=seed)
    gone = data.draw(st.sets(st.integers(0, count - 1), max_size=max(0, count - 2)))
    barred = [pair for pair in pairs if pair[1] in gone]
    kept = [pair for pair in pairs if pair[1] not in gone]
    works, here = alone(count + late), set(range(count + late)) - gone
    more = pairs_missing(works=works, reviewers=here, existing=kept, barred=barred, each=each, seed=seed)
    made = kept + more
    assert len(set(made)) == len(made)
    assert not set(made) & set(barred)
    assert all(person in here - set(works[work]) for work, person in made)
    got, given_by = Counter(work for work, _p in made), Counter(person for _w, person in made)
    for work, inside in works.items():
        assert got[work] >= min(each, len(here - inside)), "each work has its reviewers"
    for person in here:
        assert given_by[person] >= min(each, count + late - 1), "each gives theirs"
    assert not pairs_missing(works=works, reviewers=here, existing=made, barred=barred, each=each, seed=seed)


@given(count=st.integers(8, 30), each=st.integers(1, 3), seed=SEED)
def test_one_who_comes_late_asks_little_of_the_others(count, each, seed):
    pairs = pairs_missing(works=alone(count), reviewers=range(count), each=each, seed=seed)
    more = pairs_missing(works=alone(count + 1), reviewers=range(count + 1), existing=pairs, each=each, seed=seed)
    given_by = Counter(person for _work, person in pairs + more)
    assert max(given_by.values()) <= each + 1
    assert len(more) == 2 * each


def test_seeds_differ():
    draws = {tuple(pairs_missing(works=alone(12), reviewers=range(12), each=3, seed=seed)) for seed in range(20)}
    assert len(draws) == 20


def test_one_alone_reviews_nobody():
    assert pairs_missing(works=alone(1), reviewers=[0], each=3, seed=1) == []
