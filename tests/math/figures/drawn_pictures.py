"""Pictures of the bank's problems and of operators' samples, and what makes a picture readable."""

import re
from functools import cache
from itertools import combinations, pairwise

import numpy as np

from fullmarks import api
from fullmarks.document.blocks import Picture
from fullmarks.document.question import picture
from fullmarks.exam.choosing import LEVELS, find_source, new_exercise
from fullmarks.math.figures import Box, Disc, Figure, Label, Place, Shape, Stroke
from fullmarks.math.figures.room import Rectangle, overlap
from fullmarks.math.figures.runs import SCRIPT_SIZE, WIDEST, runs, width_of
from fullmarks.problem.bank import bank_files
from fullmarks.solution.solve import Solution
from fullmarks.solution.walk import Step

SEEDS = range(3)
ASCENT, DESCENT = 0.7, 0.2  # of the size, above and below the base line
LEAST_SIZE = 10.0  # pixels
NUMBER = r"−?\d+(?:\.\d+)?"
Drawn = tuple[str, Step, Figure]


def pictures_in(name: str, solution: Solution, operators: tuple[str, ...]) -> list[Drawn]:
    found: list[Drawn] = []
    for part in solution.parts:
        step = solution.worked.step_of((part.part.find or "").partition(".")[0])
        if step is not None and step.operator is not None and step.operator.name in operators:
            blocks = [block for block in picture(part, solution) if isinstance(block, Picture)]
            found += [(f"{name} {part.label}", step, block.figure) for block in blocks]
    return found


@cache
def drawn_by(*operators: str) -> tuple[Drawn, ...]:
    """Return the pictures that operators draw for their samples, for the bank's problems and for a draw of these."""
    instances = {
        f"{operator} {level} {seed}": new_exercise(find_source(operator, level), seed)
        for operator in operators
        for level in LEVELS
        for seed in SEEDS
    }
    called = re.compile(rf"\b({'|'.join(operators)})\(")
    for name, path in bank_files().items():
        if called.search(path.read_text(encoding="utf-8")):
            instances |= {name: api.load(name), f"{name} drawn": api.load(name).draw(1)}
    found: list[Drawn] = []
    for name, instance in instances.items():
        found += pictures_in(name, api.solve(instance).marked.solution, operators)
    return tuple(found)


def figures_of(formulas: str, **values: object) -> list[Figure]:
    solution = api.solve(formulas, **values).marked.solution
    return [block.figure for part in solution.parts for block in picture(part, solution) if isinstance(block, Picture)]


def labels_of(figure: Figure) -> list[Label]:
    return [shape for shape in figure.shapes if isinstance(shape, Label)]


def letters(label: Label) -> str:
    return "".join(run.letters for run in runs(label.text)).replace("\u2009", " ")


def numbers(words: str) -> list[float]:
    return [float(one.replace("−", "-")) for one in re.findall(NUMBER, words)]


def label_box(label: Label) -> Rectangle:
    width = width_of(label.text, label.size)
    left = label.place[0] - {"start": 0.0, "middle": width / 2, "end": width}[label.anchor]
    low = DESCENT + 0.3 * SCRIPT_SIZE * any(run.level < 0 for run in runs(label.text))
    return left, label.place[1] - ASCENT * label.size, left + width, label.place[1] + low * label.size


def bounds(shape: Shape) -> Rectangle:
    match shape:
        case Box((x, y), width, height):
            return x - width / 2, y - height / 2, x + width / 2, y + height / 2
        case Disc((x, y), radius):
            return x - radius, y - radius, x + radius, y + radius
        case Stroke(points):
            across, down = zip(*points, strict=True)
            return min(across), min(down), max(across), max(down)
        case Label():
            return label_box(shape)


def meets(start: Place, end: Place, box: Rectangle) -> bool:
    """Tell whether a piece of line runs through a rectangle, tried at every half pixel."""
    count = int(2 * np.hypot(end[0] - start[0], end[1] - start[1])) + 2
    across, down = np.linspace(start[0], end[0], count), np.linspace(start[1], end[1], count)
    return bool(((box[0] < across) & (across < box[2]) & (box[1] < down) & (down < box[3])).any())


def assert_readable(name: str, figure: Figure) -> None:
    """Everything is inside, large enough, and no label touches another, a line, a dot or the edge of a box."""
    labels = [(letters(label), label_box(label)) for label in labels_of(figure)]
    for shape in figure.shapes:
        left, top, right, bottom = bounds(shape)
        assert min(left, top) >= 0, (name, shape)
        assert right <= figure.width, (name, shape)
        assert bottom <= figure.height, (name, shape)
    for (word, one), (other_word, other) in combinations(labels, 2):
        assert not overlap(one, other), (name, word, other_word)
    for shape in figure.shapes:
        for word, box in labels:
            match shape:
                case Disc():
                    assert not overlap(box, bounds(shape)), (name, word)
                case Stroke(points):
                    assert not any(meets(start, end, box) for start, end in pairwise(points)), (name, word)
                case Box():
                    left, top, right, bottom = bounds(shape)
                    within = left <= box[0] and box[2] <= right and top <= box[1] and box[3] <= bottom
                    assert within or not overlap(box, (left, top, right, bottom)), (name, word)
                case Label():
                    pass
    assert min(label.size for label in labels_of(figure)) >= LEAST_SIZE, name
    assert figure.width <= WIDEST, name
    assert figure.alt.endswith("."), name
