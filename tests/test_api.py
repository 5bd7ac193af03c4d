import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import fullmarks as fm
from fullmarks.errors import FullmarksError

README = Path(__file__).parents[1] / "README.md"


def test_a_solution_gives_arrays_points_and_named_results() -> None:
    solution = fm.solve("Z = attention(Q, K, V); filter_effect(F)", Q=[[1, 0]], K=[[1, 1]], V=[[2, 3]], F="sobel_x")
    assert any("Sobel" in point for point in solution["filter_effect"])
    np.testing.assert_allclose(solution["Z"], [[2, 3]])
    np.testing.assert_allclose(solution["Z.output"], solution["Z"])
    np.testing.assert_allclose(solution["Z.scores"], [[1 / np.sqrt(2)]])


def test_numpy_arrays_are_taken_as_they_are() -> None:
    image = np.arange(9, dtype=np.float32).reshape(3, 3)
    answer = fm.solve("conv2d", x=image, kernel=np.array([[0, 1], [2, 3]]))["conv2d"]
    np.testing.assert_array_equal(answer, [[19, 25], [37, 43]])


def test_rendering_works_more_than_once() -> None:
    solution = fm.solve("max_pool2d", x=[[1, 2], [3, 4]], size=2)
    assert fm.render(solution, "md") == fm.render(solution, "md")
    assert fm.render(solution, "terminal", width=60) != fm.render(solution, "md")


@pytest.mark.parametrize("document", ["question", "solution", "scheme"])
def test_every_document_is_rendered_in_every_format(document: str) -> None:
    solution = fm.solve("max_pool2d", x=[[1, 2], [3, 4]], size=2)
    for format_name in ("terminal", "md", "tex", "pdf", "json"):
        assert fm.render(solution, format_name, document)


def test_the_latex_of_an_answer_has_the_places_asked_for() -> None:
    (part, *_) = fm.solve(
        "Z = attention(Q, K, V); Z @ V", Q=[[1, 0]], K=[[1, 1], [0, 1]], V=[[2, 3], [1, 5]]
    ).to_dict()["parts"]
    assert part["latex"] == r"\begin{bmatrix} 1.670 & 3.660 \end{bmatrix}"


def test_an_unknown_quantity_format_or_document_is_refused() -> None:
    solution = fm.solve("max_pool2d", x=[[1, 2], [3, 4]], size=2)
    with pytest.raises(fm.FullmarksError, match=r"'max_pool'.*did you mean 'max_pool2d'"):
        solution["max_pool"]
    with pytest.raises(fm.FullmarksError, match="docx"):
        fm.render(solution, "docx")
    with pytest.raises(fm.FullmarksError, match="answers"):
        fm.render(solution, "md", "answers")


def test_drawing_is_the_same_for_ever_and_differs_between_seeds() -> None:
    first, again, other = (fm.load("rnn-two-steps").draw(seed) for seed in (7, 7, 8))
    assert first.values == again.values
    assert first.values != other.values


def test_the_first_command_of_the_readme_prints_what_stands_below_it() -> None:
    _, command, _, printed = README.read_text().split("```")[:4]
    words = shlex.split(command.strip().removeprefix("$ fullmarks "))
    done = subprocess.run([sys.executable, "-m", "fullmarks", *words], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == printed.strip()


def test_the_operator_of_the_contributing_guide_works_as_printed(tmp_path: Path) -> None:
    guide = README.with_name("CONTRIBUTING.md").read_text()
    source = guide.split("```python\n")[1].split("```")[0]
    path = tmp_path / "half_square_loss.py"
    path.write_text(source)
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("half_square_loss", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    from fullmarks.operators._binding import bind
    from fullmarks.operators._operator import wrong_result

    operator = module.operator
    bound = bind("half_square_loss", operator.arguments, {"prediction": [0.5, 0.2], "target": [1, 0]})
    assert operator.working(**bound).value == pytest.approx(0.145)
    assert operator.evaluate(**{name: value.value for name, value in bound.items()}) == pytest.approx(0.145)
    wrong = [wrong_result(operator, mistake, bound) for mistake in operator.mistakes]
    assert all(one is not None and one.value != pytest.approx(0.145) for one in wrong)


def test_a_problem_file_is_solved_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text('title = "One"\n[given]\nx = 2\n[where]\ny = "x * x"\n[[part]]\nfind = "y"\n')
    assert fm.solve(path)["y"] == 4
    assert fm.solve(path, x=3)["y"] == 9


BLUEPRINT = "problem_bank/exams/ee6427-part4.toml"
SOLUTION = fm.solve("relu", x=1)
WRONG_CALLS = {
    "places below 0": (lambda: fm.solve("relu", places=-1, x=1), "places is -1; expected a whole number from 0 to 12"),
    "places above 12": (lambda: fm.solve("relu", places=13, x=1), "places is 13"),
    "places that are no number": (lambda: fm.solve("relu", places="3", x=1), "places is '3'"),
    "nothing to solve": (lambda: fm.solve(None), "there is nothing to solve in None"),
    "nothing to load": (lambda: fm.load(5), "there is nothing to load in 5"),
    "no variants": (lambda: fm.build_exam(BLUEPRINT, variants=0), "variants is 0; expected a whole number from 1"),
    "half a variant": (lambda: fm.build_exam(BLUEPRINT, variants=1.5), "variants is 1.5"),
    "far too many variants": (lambda: fm.build_exam(BLUEPRINT, variants=10**400), "variants is 10000"),
    "no blueprint": (lambda: fm.build_exam(None), "the blueprint is None"),
    "a list for a seed": (lambda: fm.build_exam(BLUEPRINT, seed=[1]), r"seed is \[1\]"),
    "a long seed": (lambda: fm.load("cnn-pipeline").draw(10**5000), "seed is .*; expected a whole number"),
    "an index below 0": (lambda: fm.load("cnn-pipeline").draw(1, -1), "index is -1"),
    "no name of a quantity": (lambda: SOLUTION[None], "there is no quantity None"),
    "nothing to render": (lambda: fm.render("relu"), "there is nothing to render in 'relu'"),
    "no format": (lambda: fm.render(SOLUTION, None), "the format is None"),
    "no document": (lambda: fm.render(SOLUTION, "md", document=None), "the document is None; expected one of "),
    "an array for a document": (lambda: fm.render(SOLUTION, document=np.zeros(2)), "the document is array"),
    "no width": (lambda: fm.render(SOLUTION, "terminal", width="x"), "width is 'x'"),
    "an unknown option": (lambda: fm.render(SOLUTION, "terminal", widht=9), r"did you mean 'width'\?"),
}


@pytest.mark.parametrize("call", WRONG_CALLS)
def test_a_wrong_call_from_python_is_refused(call: str) -> None:
    function, message = WRONG_CALLS[call]
    with pytest.raises(FullmarksError, match=message):
        function()
