"""What holds for whatever `generate` may print: many draws of every problem and of every operator's samples.

`make test` draws each problem 200 times and each sample 50 times; `pytest --draws 1000` (as `.ci/run` does) draws all
of them a thousand times. How many it was is printed at the end.
"""

import pytest

from fullmarks.exam.checking import MOST_REFUSED, Report, check_source
from fullmarks.exam.choosing import LEVELS, Source, find_source
from fullmarks.operators import load_operator, operator_names
from fullmarks.problem.bank import bank_ids
from fullmarks.problem.model import Level

DRAWS_OF_A_PROBLEM = 200
DRAWS_OF_A_SAMPLE = 50
SOLVED_WHOLE = 1  # of the draws; `tests/test_every_problem.py` and `tests/test_every_operator.py` solve more of them
SAMPLED = [name for name in sorted(operator_names()) if load_operator(name).sample is not None]
WITHOUT_SAMPLES = {"gradient": "it walks the graph of a problem, and one call has none"}


def checked(source: Source, request: pytest.FixtureRequest, usual: int) -> Report:
    report = check_source(source, request.config.getoption("--draws") or usual, whole=SOLVED_WHOLE)
    request.node.user_properties += [("draws", report.draws), ("refused", report.refused)]
    return report


@pytest.mark.parametrize("problem_id", bank_ids())
def test_every_draw_of_a_problem_can_be_set(problem_id: str, request: pytest.FixtureRequest) -> None:
    report = checked(find_source(problem_id, topics_too=False), request, DRAWS_OF_A_PROBLEM)
    assert report.faults == ()
    assert report.refused <= MOST_REFUSED
    assert report.draws >= DRAWS_OF_A_PROBLEM
    assert any(variety.drawn for variety in report.varieties)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", SAMPLED)
def test_every_sample_of_an_operator_can_be_set(name: str, level: Level, request: pytest.FixtureRequest) -> None:
    report = checked(find_source(name, level, topics_too=False), request, DRAWS_OF_A_SAMPLE)
    assert report.faults == ()
    assert report.draws >= DRAWS_OF_A_SAMPLE


def test_every_operator_has_samples_unless_there_is_a_reason() -> None:
    assert set(operator_names()) - set(SAMPLED) == set(WITHOUT_SAMPLES)
