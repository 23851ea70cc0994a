"""The map: the same every time, nothing on top of something else, and what has a place keeps it."""

import random
import time
from itertools import combinations

import pytest

from gardening.layout import Node, layout, wrapped


def nodes_and_edges(count: int) -> tuple[list[Node], list[tuple[int, int]]]:
    draw = random.Random(count)
    words = ["listening", "to", "people", "after", "an", "incident", "checklist", "sleep"]
    nodes = [
        Node(key, " ".join(draw.choices(words, k=draw.randint(1, 7))), draw.choice([17, 20, 26, 34]))
        for key in range(count)
    ]
    return nodes, [(key, draw.randrange(key)) for key in range(1, count)]


def overlaps(nodes: list[Node], places: dict[int, tuple[float, float]]) -> list[tuple[int, int]]:
    def box(node):
        (x, y), (left, right, above, below) = places[node.key], node.box
        return x - left, y - above, x + right, y + below

    found = []
    for one, two in combinations(nodes, 2):
        a, b = box(one), box(two)
        if a[0] < b[2] - 0.2 and b[0] < a[2] - 0.2 and a[1] < b[3] - 0.2 and b[1] < a[3] - 0.2:
            found.append((one.key, two.key))
    return found


@pytest.mark.parametrize("count", [1, 2, 20, 60, 150])
def test_labels_never_overlap_and_the_map_is_the_same_each_time(count):
    nodes, edges = nodes_and_edges(count)
    places = layout(nodes, edges)
    assert overlaps(nodes, places) == []
    assert layout(nodes, edges) == places


def test_new_elements_find_a_gap_and_the_others_stay():
    nodes, edges = nodes_and_edges(60)
    places = layout(nodes, edges)
    kept = [Node(node.key, node.label, node.radius, places[node.key]) for node in nodes]
    new = [Node(100 + at, "Something new", 20) for at in range(4)]
    after = layout([*kept, *new], [*edges, (100, 0), (101, 0), (102, 1)])
    assert {key: after[key] for key in places} == places
    assert overlaps([*kept, *new], after) == []


def test_nodes_at_the_same_place_come_apart():
    nodes = [Node(key, "Same", 20) for key in range(6)]
    assert overlaps(nodes, layout(nodes, [])) == []


def test_the_largest_map_is_quick():
    nodes, edges = nodes_and_edges(150)
    began = time.process_time()
    layout(nodes, edges)
    assert time.process_time() - began < 3  # below one second on an idle core; room for a busy one


def test_no_node_no_map():
    assert layout([], []) == {}


def test_long_labels_end_in_an_ellipsis():
    assert wrapped("What stress is for") == ["What stress is", "for"]
    assert wrapped("One two three four five six seven eight") == ["One two three", "four five six…"]
    assert all(len(line) <= 20 for line in wrapped("Donaudampfschifffahrtsgesellschaft"))
