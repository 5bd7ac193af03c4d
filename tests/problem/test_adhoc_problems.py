from pathlib import Path

import pytest
from problem_sample import SAMPLE

from fullmarks.errors import FullmarksError
from fullmarks.problem import bank
from fullmarks.problem.formula import Call, Name, Word
from fullmarks.problem.loading import kind_of_source, load_problem, load_problem_with_texts

X = [[4, 0, 1], [4, 0, 2], [0, 2, 2]]


def test_each_statement_is_a_part_in_order() -> None:
    problem = load_problem(
        "Y = conv2d(A, F, padding=1); max_pool2d(Y, size=2); max_pool2d(Y, size=1); A @ Y; max_pool2d",
        {"A": X, "F": X},
    )
    assert [part.find for part in problem.parts] == ["Y", "max_pool2d", "max_pool2d_2", "result", "max_pool2d"]
    assert list(problem.given) == ["A", "F"]


def test_a_statement_may_ask_for_one_result_of_another() -> None:
    problem = load_problem("Z = attention(Q, Q, Q, mask=causal); Z.weights", {"Q": X})
    assert [part.find for part in problem.parts] == ["Z", "Z.weights"]
    assert problem.where["Z"] == Call("attention", (Name("Q"),) * 3, (("mask", Word("causal")),))


def test_an_operator_alone_is_one_part_called_by_its_name() -> None:
    problem = load_problem_with_texts("conv2d", {"x": "4 0 1; 4 0 2; 0 2 2", "kernel": "sobel_x", "padding": "same"})
    assert [part.find for part in problem.parts] == ["conv2d"]
    assert problem.given["x"].value == X
    assert problem.given["kernel"].value == [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    assert problem.given["padding"].value == "same"


@pytest.mark.parametrize(
    ("source", "givens", "message"),
    [
        ("conv2d", {}, "conv2d: x is missing: image.*; give x=…"),
        ("conv2d", {"x": X, "kernel": X, "strid": 1}, "no argument 'strid'; did you mean 'stride'"),
        ("Y = conv2d(A, F)", {"A": X}, "F: is missing; conv2d takes it as kernel: filter"),
        ("Y = conv2d(A, F)", {"A": X, "F": X, "G": X}, "G: is given, but no formula uses it"),
        ("Y = conv2d(A, F)", {"A": X, "F": X, "Y": X}, "Y: is given and computed"),
        ("Y = conv2d(A, A); Y = conv2d(A, A)", {"A": X}, "Y: is defined twice"),
        ("Y = conv2d(A, Z); Z = conv2d(A, Y)", {"A": X}, "goes round in a circle: Y needs Z, Z needs Y"),
        ("conv2d = conv2d(A, A)", {"A": X}, "is an operator's name"),
        ("Y = conv3d(A, A)", {"A": X}, "Y: there is no operator 'conv3d'; did you mean 'conv2d'"),
        ("Z = attention(A, A, A); Z.wights", {"A": X}, "no 'wights'; did you mean 'weights'"),
        ("Z = A + A; Z.weights", {"A": X}, "'Z' is no operator's result"),
        ("Z = A + 1; z", {"A": X}, "z: is not computed"),
        ("Y = lstm_gate(x, h, W, activation=sigmod)", {}, "'sigmod' is none of its options; did you mean 'sigmoid'"),
        ("conv3d", {}, "'conv3d': is no bank id, file, operator or formula; did you mean 'conv2d'"),
        ("conv2d", {"x": [[1, 2], [3]], "kernel": X}, "x: row 2 has 1 entry"),
    ],
)
def test_what_does_not_fit_together_is_refused(source: str, givens: dict[str, object], message: str) -> None:
    with pytest.raises(FullmarksError, match=message):
        load_problem(source, givens)


def test_what_a_problem_is_follows_from_how_it_is_written(tmp_path: Path) -> None:
    assert kind_of_source("conv2d") == "operator"
    assert kind_of_source("-") == kind_of_source("x.toml") == kind_of_source(str(tmp_path)) == "file"
    assert kind_of_source("A @ B") == kind_of_source("conv2d(A, F)") == "formulas"


def test_the_bank_is_found_by_id_and_blueprints_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("cnn/cnn-pipeline.toml", "rnn/another.toml", "exams/paper.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(SAMPLE, encoding="utf-8")
    monkeypatch.setattr(bank, "bank_folder", lambda: tmp_path)
    assert bank.bank_ids() == ["cnn-pipeline", "another"]
    assert bank.topics() == ["cnn", "rnn"]
    assert list(bank.blueprint_files()) == ["paper"]
    assert load_problem("cnn-pipeline", {"A": X}).given["A"].draw is None
    with pytest.raises(FullmarksError, match="no problem 'cnn-pipelin' in the bank; did you mean 'cnn-pipeline'"):
        bank.find_problem("cnn-pipelin")


def test_a_given_of_a_file_is_replaced_as_typed(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text(SAMPLE, encoding="utf-8")
    problem = load_problem_with_texts(str(path), {"F": "prewitt_y", "stride": "1"})
    assert problem.given["F"].value == [[1, 1, 1], [0, 0, 0], [-1, -1, -1]]
    assert problem.given["stride"].value == 1
    with pytest.raises(FullmarksError, match="there is no given 'G'"):
        load_problem_with_texts(str(path), {"G": "1"})
    with pytest.raises(FullmarksError, match="stride: 'fast' is neither a number"):
        load_problem_with_texts(str(path), {"stride": "fast"})
