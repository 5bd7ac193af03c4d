"""Pages of every operator's draw that is too large to be written out, and of arrays with channels."""

from functools import cache

from fullmarks import api
from fullmarks.document.blocks import Block, Document, Heading, Words
from fullmarks.marking.allocation import mark
from fullmarks.operators import load_operator, operator_names
from fullmarks.problem.adhoc import problem_from_operator
from fullmarks.problem.drawing import as_printed
from fullmarks.solution.solve import solve_instance
from operator_inputs import large_draw


@cache
def solutions() -> tuple[tuple[str, api.Solution], ...]:
    """Return every operator's large draw, worked."""
    worked = []
    for name in sorted(operator_names()):
        draw = None if load_operator(name).takes_quantities else large_draw(name)
        if draw is not None:
            instance = as_printed(problem_from_operator(name, dict(draw.values)))
            worked.append((name, api.Solution(mark(solve_instance(instance)))))
    return tuple(worked)


def together(kind: str) -> Document:
    """Return the solutions, questions or schemes of all large draws as one document."""
    blocks: list[Block] = []
    document = None
    for name, solution in solutions():
        document = api.composed(solution.marked, kind)
        blocks += [Heading((Words(name),)), *document.blocks]
    assert document is not None
    return Document("What is too large to be written out", tuple(blocks), kind=document.kind)
