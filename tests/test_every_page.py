"""The contract of every operator's pages: its samples, and what is too large to be written out, in every format."""

import json
import tomllib
from typing import Any

import pytest

from fullmarks import api
from fullmarks.document.blocks import Document
from fullmarks.marking.allocation import mark
from fullmarks.operators import load_operator, operator_names
from fullmarks.operators._arguments import Tensor
from fullmarks.problem.adhoc import problem_from_operator
from fullmarks.problem.drawing import as_printed
from fullmarks.render import render_document
from fullmarks.solution.solve import solve_instance
from operator_inputs import SAMPLES_A_LEVEL, Draw, large_draw, sample_draws

NAMES = sorted(name for name in operator_names() if not load_operator(name).takes_quantities)
ON_ARRAYS = [
    name
    for name in NAMES
    if load_operator(name).working is not None
    and any(isinstance(argument.kind, Tensor) and argument.required for argument in load_operator(name).arguments)
]
PAGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("terminal", {"width": 80}), ("terminal", {"width": 120}), ("md", {}), ("tex", {}), ("pdf", {}), ("html", {}),
)  # fmt: skip
SHORTEST = 60  # characters of a page that is not empty
LEFT_OUT = ("⋮", "…", "⋯", "⋱")


def solved(name: str, draw: Draw) -> api.Solution:
    return api.Solution(mark(solve_instance(as_printed(problem_from_operator(name, dict(draw.values))))))


def print_in_every_format(solution: api.Solution, draw: Draw) -> None:
    for kind in api.DOCUMENTS:
        document = api.composed(solution.marked, kind)
        assert isinstance(document, Document)
        for format_name, options in PAGES:
            try:
                page = render_document(document, format_name, **options)
            except Exception as crash:
                raise AssertionError(f"{draw}: the {kind} cannot be printed as {format_name} {options}") from crash
            assert len(page) > SHORTEST, f"{draw}: the {kind} is empty as {format_name}"
    for kind in ("question", "solution"):  # a scheme is the same data as its solution
        assert json.loads(api.render(solution, "json", kind))["parts"], draw
        assert tomllib.loads(str(api.render(solution, "toml", kind)))["part"], draw


@pytest.mark.parametrize("name", NAMES)
def test_samples_are_printed_in_every_format(name: str) -> None:
    for draw in sample_draws(name)[:: 2 * SAMPLES_A_LEVEL]:
        print_in_every_format(solved(name, draw), draw)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_too_large_to_be_written_out_is_printed_in_every_format(name: str) -> None:
    draw = large_draw(name)
    if draw is None:
        assert name not in ON_ARRAYS, f"{name}: none of its samples can be enlarged"
        return
    solution = solved(name, draw)
    page = str(api.render(solution, "terminal"))
    assert any(sign in page for sign in LEFT_OUT), f"{draw}: everything is written out"
    print_in_every_format(solution, draw)
