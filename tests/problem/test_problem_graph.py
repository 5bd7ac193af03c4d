import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullmarks.errors import FullmarksError
from fullmarks.problem.formula import Formula, parse_formula
from fullmarks.problem.graph import needed_for, steps


def _graph(**where: str) -> dict[str, Formula]:
    return {name: parse_formula(source) for name, source in where.items()}


def test_steps_follow_what_they_need_and_else_the_order_of_writing() -> None:
    assert steps(_graph(d="c + b", b="x", c="a.out", a="x", e="1")) == ["b", "a", "c", "d", "e"]
    assert steps(_graph(p="z", q="z", z="x", r="z")) == ["z", "p", "q", "r"]


def test_a_circle_is_refused_with_its_names() -> None:
    with pytest.raises(FullmarksError, match=re.escape("a needs c, c needs b, b needs a")):
        steps(_graph(a="c", b="a", c="b", d="a"))
    with pytest.raises(FullmarksError, match="a needs a"):
        steps(_graph(a="f(a)"))


def test_a_long_chain_is_ordered_without_recursion() -> None:
    where = {f"q{place}": parse_formula(f"q{place + 1}") for place in range(3_000)}
    assert steps(where)[0] == "q2999"


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefx"), max_size=3)))
def test_every_order_puts_needs_first_or_there_is_a_circle(needs: dict[str, list[str]]) -> None:
    where = {name: parse_formula(f"[{', '.join(others)}]") for name, others in needs.items()}
    try:
        ordered = steps(where)
    except FullmarksError as refusal:
        pairs = re.findall(r"(\w) needs (\w)", str(refusal))
        assert pairs[0][0] == pairs[-1][1]
        assert all(needed in needs[name] for name, needed in pairs)
        return
    assert sorted(ordered) == sorted(where)
    for place, name in enumerate(ordered):
        assert all(other in ordered[:place] for other in needs[name] if other in where)


def test_only_what_is_needed_is_needed() -> None:
    where = _graph(a="x", b="a", c="x", d="b")
    assert needed_for(["b"], where) == ["a", "b"]
    assert needed_for(["b.weights", "x"], where) == ["a", "b"]
