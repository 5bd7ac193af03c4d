from hypothesis import given
from hypothesis import strategies as st

import fullmarks as fm
from fullmarks.marking.allocation import share


@given(st.integers(0, 100), st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_shares_are_whole_add_up_and_stay_within_one_of_their_proportion(total: int, weights: list[int]) -> None:
    shares = share(total, weights)
    assert sum(shares) == total
    for part, weight in zip(shares, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1


def test_equal_remainders_go_to_accuracy_first() -> None:
    assert share(1, [1, 1], [False, True]) == [0, 1]
    assert share(1, [1, 1], [False, False]) == [1, 0]


def test_a_part_without_marks_is_worth_its_natural_weights() -> None:
    solution = fm.solve("max_pool2d", x=[[1, 2], [3, 4]], size=2)
    (part,) = solution.marked.parts
    assert part.marks == 2
    assert [(mark.code, mark.worth) for line in part.lines for mark in line.marks] == [("M", 1), ("A", 1)]


def test_scaling_a_question_keeps_its_total_whole() -> None:
    from fullmarks.marking.allocation import mark

    solution = fm.solve(
        "Y = conv2d(x, k); P = max_pool2d(Y, size=2)", x=[[1, 2, 0], [3, 4, 1], [0, 1, 5]], k=[[1, 0], [0, 1]]
    )
    for total in range(1, 30):
        marked = mark(solution.marked.solution, total)
        assert marked.total == total
        for part in marked.parts:
            earned = sum(one.worth for line in part.lines for one in line.marks)
            assert earned == part.marks


def test_where_marks_are_scarce_the_answer_gets_one_before_the_values_on_the_way() -> None:
    from fullmarks.marking.allocation import mark

    solution = fm.solve("square_loss", prediction=[0.1], target=[1])
    (part,) = mark(solution.marked.solution, 2).parts
    assert [(place, one.code) for place, line in enumerate(part.lines) for one in line.marks] == [(0, "A"), (2, "A")]
