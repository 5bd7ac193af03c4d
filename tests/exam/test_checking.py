"""What `fullmarks check` finds: each way in which a problem or a blueprint is not fit to be set."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from fullmarks import api
from fullmarks.errors import FullmarksError
from fullmarks.exam import checking
from fullmarks.exam.checking import Report, check_marking, check_source, source_of
from fullmarks.exam.checking_papers import check_blueprint
from fullmarks.exam.choosing import find_source
from fullmarks.marking.allocation import MarkedSolution
from fullmarks.problem.bank import find_problem
from fullmarks.problem.reading import problem_from_text

GOOD = """
title = "Good"
require = ["max(y) > 0"]
[given.x]
value = [1, 2]
draw = { integers = [-4, 9] }
[where]
y = "relu(x)"
z = "y @ y"
[[part]]
find = "y"
marks = 2
[[part]]
find = "z"
marks = 3
"""
DRAWS = 100


def report(text: str, draws: int = DRAWS) -> Report:
    return check_source(source_of(problem_from_text(text, "p.toml")), draws, whole=5)


def test_a_good_problem_has_no_faults_and_every_part_its_variety() -> None:
    found = report(GOOD)
    assert found.faults == ()
    assert (found.draws, found.solved) == (DRAWS, 5)
    assert 0 < found.refused < 0.4
    assert [(one.part, one.asks_for, one.drawn) for one in found.varieties] == [
        ("part (i)", "y", True),
        ("part (ii)", "z", True),
    ]
    assert all(one.answers > 20 for one in found.varieties)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("integers = [-4, 9]", "integers = [-9, 1]"), ["require: refuses 8", "at most 60%"]),
        (("integers = [-4, 9]", "integers = [0, 1]"), ["part (ii): z has the same answer in 6", "such as seed 1"]),
        (("integers = [-4, 9]", "integers = [-9, 0]"), ["seed 1: ", "max(y) > 0", "none of 200 draws"]),
        (('"y @ y"', '"y @ y / (sum_x - 9)"\nsum_x = "x @ x"'), ["not finite", "seed "]),
        (('"relu(x)"', '"max_pool2d(x, size=3)"'), ["seed 1: ", "max_pool2d"]),
    ],
)
def test_a_bad_problem_is_found_and_the_fault_says_what_and_where(change: tuple[str, str], words: list[str]) -> None:
    faults = "\n".join(report(GOOD.replace(*change)).faults)
    for word in words:
        assert word in faults


def test_the_seed_of_a_fault_shows_it_again() -> None:
    text = GOOD.replace('"y @ y"', '"y @ y / (x @ x - 9)"')
    fault = report(text, 1000).faults[0]
    seed = int(fault.removeprefix("seed ").partition(":")[0])
    with pytest.raises(FullmarksError, match="not finite"):
        api.solve(api.Exercise(problem_from_text(text, "p.toml")).draw(seed))


def test_a_part_that_depends_on_nothing_drawn_may_stay_the_same() -> None:
    text = GOOD.replace("[where]", "[given.k]\nvalue = [3, 4]\n[where]").replace('"y @ y"', '"k @ k"')
    found = report(text)
    assert found.faults == ()
    assert [(one.drawn, one.answers) for one in found.varieties] == [(True, found.varieties[0].answers), (False, 1)]


def test_a_problem_without_a_draw_is_worked_once() -> None:
    found = report(GOOD.replace("draw = { integers = [-4, 9] }", ""))
    assert (found.draws, found.faults) == (1, ())


@pytest.mark.parametrize(("bounds", "fit"), [("[-5, 4]", True), ("[-2, 4]", False)])
def test_a_decision_between_two_may_be_a_little_one_sided(bounds: str, fit: bool) -> None:
    text = GOOD.replace("integers = [-4, 9]", f"integers = {bounds}").replace("value = [1, 2]", "value = 1")
    text = text.replace('require = ["max(y) > 0"]', "").replace('"relu(x)"', '"step(x)"').replace('"y @ y"', '"y * 1"')
    found = report(text)
    assert [one.answers for one in found.varieties] == [2, 2]
    assert (found.faults == ()) == fit


def test_shares_are_not_judged_from_a_handful_of_draws() -> None:
    text = GOOD.replace("integers = [-4, 9]", "integers = [0, 1]")
    assert report(text, 20).faults == ()


def test_routes_that_disagree_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right: Callable[..., Mapping[str, Any]] = checking.evaluate_instance

    def wrong(*arguments: Any) -> Mapping[str, Any]:
        found = dict(right(*arguments))
        return found | {"z": np.asarray(found["z"] + 1e-6)}

    monkeypatch.setattr(checking, "evaluate_instance", wrong)
    faults = report(GOOD).faults
    assert len(faults) == 5
    assert all("the two routes to z disagree" in fault for fault in faults)


def marked() -> MarkedSolution:
    return api.solve("lstm-forget-gate").marked


def test_marks_that_do_not_add_up_are_found() -> None:
    good = marked()
    check_marking(good)
    bad = replace(good, parts=(replace(good.parts[0], marks=good.parts[0].marks + 1), *good.parts[1:]))
    with pytest.raises(FullmarksError, match=r"part \(i\): its lines and points have \d+ marks, the part has \d+"):
        check_marking(bad)


def test_a_wrong_answer_that_would_be_accepted_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    good = marked()
    answers = checking.wrong_answers(good)
    first = good.parts[0].solved.answer
    assert first is not None
    answers[0][0] = replace(answers[0][0], value=first.value + 0.0009)
    monkeypatch.setattr(checking, "wrong_answers", lambda _marked: answers)
    with pytest.raises(FullmarksError, match=r"part \(i\): the wrong answer of '.*' is within what is accepted"):
        check_marking(good)


@pytest.mark.parametrize("seed", [2, 44, 60, 74, 79])
def test_the_scheme_names_no_wrong_answer_that_would_be_accepted(seed: int) -> None:
    """With these seeds a mistake is so small that nobody can tell it from rounding on the way."""
    check_marking(api.solve(api.load("rnn-two-steps").draw(seed)).marked)


def test_samples_of_an_operator_are_checked_as_problems_are() -> None:
    found = check_source(find_source("argmax", "easy", topics_too=False), DRAWS, whole=2)
    assert found.faults == ()
    assert found.varieties[0].drawn


BLUEPRINT = """
title = "Test"
total = 10
[[question]]
problem = "fc-softmax"
marks = 6
[[question]]
problem = "max-pooling"
marks = 4
numbers = "as printed"
"""


def test_a_blueprint_is_checked_with_all_its_problems_and_its_total(tmp_path: Path) -> None:
    path = tmp_path / "exam.toml"
    path.write_text(BLUEPRINT)
    found = check_blueprint(str(path), 10)
    assert [(one.source.name, one.draws) for one in found.problems] == [("fc-softmax", 10), ("max-pooling", 1)]
    assert (found.totals, found.faults) == ((10,), ())


def test_a_total_that_is_not_reached_is_found(tmp_path: Path) -> None:
    path = tmp_path / "exam.toml"
    path.write_text(BLUEPRINT.replace("total = 10", "total = 11"))
    assert "total is 11" in check_blueprint(str(path), 2).faults[0]


def test_papers_of_different_worth_are_found(tmp_path: Path) -> None:
    assert find_problem("max-pooling").parts != find_problem("rnn-two-steps").parts
    path = tmp_path / "exam.toml"
    path.write_text('title = "Test"\n[[question]]\npick = 1\ntopic = "rnn"\nlevel = "easy"\n')
    (fault,) = check_blueprint(str(path), 2).faults
    assert " marks; give every question its marks" in fault
