"""Figures that others have published, found again from the same numbers."""

import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fullmarks.math.expression import Expr
from fullmarks.problem.adhoc import problem_from_statements
from fullmarks.problem.drawing import as_printed
from fullmarks.problem.values import checked_value
from fullmarks.solution.solve import solve_instance

FILES = sorted((Path(__file__).parent / "cases" / "figures").glob("*.toml"))
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['title']}")
    for path in FILES
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]


@pytest.mark.parametrize("case", CASES)
def test_a_published_figure_is_found_again(case: dict[str, Any]) -> None:
    givens = {name: checked_value(value, name) for name, value in case.get("given", {}).items()}
    solution = solve_instance(as_printed(problem_from_statements(case["formula"], givens)))
    expected = case["expect"]
    if not isinstance(expected, dict):
        expected = {solution.parts[-1].part.find: expected}
    for name, figures in expected.items():
        value = solution.worked.quantities[name]
        assert isinstance(value, Expr)
        printed = np.array(figures, dtype=float)
        assert value.shape == printed.shape, f"{name} has shape {value.shape}, printed is {printed.shape}"
        half_a_unit = 0.5 * 10.0 ** -case["places"]
        assert np.abs(value.value - printed).max() <= half_a_unit * (1 + 1e-9), f"{name}: {value.value.tolist()}"


@pytest.mark.parametrize("case", CASES)
def test_a_figure_has_no_more_digits_than_it_is_compared_to(case: dict[str, Any]) -> None:
    expected = case["expect"]
    for figures in expected.values() if isinstance(expected, dict) else [expected]:
        for figure in np.array(figures, dtype=object).reshape(-1):
            scaled = Fraction(repr(figure)) * 10 ** case["places"]
            assert scaled.denominator == 1, f"{figure} has more than {case['places']} places"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_figures_names_its_source(path: Path) -> None:
    contents = tomllib.loads(path.read_text(encoding="utf-8"))
    assert contents["source"].strip()
    titles = [case["title"] for case in contents["case"]]
    assert len(set(titles)) == len(titles)
