"""Examples that fuzzing or probing once broke, each as it was found."""

import generators
import pytest
from test_fuzz import run

PROBLEM = b'title = "P"\n[given.x]\nvalue = [1, 2]\n%b\n[where]\nY = "relu(x)"\n[[part]]\nfind = "Y"\n'
REFUSED = [
    (["generate", "add", "--seed", "1", "-o", ".", "--count", "2"], "is a folder"),
    (["solve", "relu", "x=1", "-o", "a\0b"], "cannot be written"),
    (["solve", "positional_encoding", "positions=2", "d_model=10000000"], "d_model is 10000000"),
    (["solve", "conv2d_output_size", f"input_size={'9' * 32}", "kernel_size=3"], "at most 1,000,000,000"),
    (["solve", "conv2d", "x=1 2; 3 4", "kernel=1", "padding=5000"], "at most 1,000,000"),
    (["solve", "conv2d", "x=1 2; 3 4", "kernel=1", "padding=500000000"], "at most 1,000,000"),
    (["exam", "x" * 5000], "no such blueprint"),
    (["solve", "Y = relu(x); Z = Y / (Y - Y)", "x=1 2"], "not finite"),
]
SPOILT = [
    (b"draw = { decimals = [0, 1], step = 1e-300 }", "narrow the bounds"),
    (b"draw = { integers = [0, 99999999999999999999999999] }", "narrow the bounds"),
    (b"label = '$" + b"{" * 500 + b"}" * 500 + b"$'", "500 braces deep"),
    (b"a." * 50_000 + b"b = 1", "more than 50 dots"),
]


@pytest.mark.parametrize(("call", "words"), REFUSED, ids=range(len(REFUSED)))
def test_a_call_that_broke_the_program_is_refused(call: list[str], words: str) -> None:
    status, _, message = run(*call)
    assert status == 2
    assert words in message


@pytest.mark.parametrize(("line", "words"), SPOILT, ids=range(len(SPOILT)))
def test_a_file_that_broke_the_program_is_refused(line: bytes, words: str) -> None:
    status, _, message = run("generate", "p.toml", "--seed", "1", content=PROBLEM % line)
    assert status == 2
    assert words in message


def test_a_condition_on_lists_of_different_shapes_is_refused() -> None:
    content = b'require = ["[1, [2, 3]] > 0"]\n' + PROBLEM % b"draw = { integers = [0, 4] }"
    status, _, message = run("generate", "p.toml", "--seed", "1", content=content)
    assert status == 2
    assert "different shapes" in message


@pytest.mark.parametrize("size", ["100000", "1000000000", "9" * 40])
@pytest.mark.parametrize("operator", generators.operators())
def test_no_size_is_so_large_that_the_program_never_ends(operator: str, size: str) -> None:
    from fullmarks.operators import load_operator
    from fullmarks.operators._arguments import Padding, Pair, Sizes, Whole

    given = generators.sample(operator, 1)
    for argument in load_operator(operator).arguments:
        if isinstance(argument.kind, Whole | Pair | Sizes | Padding):
            # What `run` checks is all there is to ask: an end, and a result or one message.
            changed = {**given, argument.name: size}
            run("solve", operator, "-f", "json", *(f"{name}={value.strip(chr(34))}" for name, value in changed.items()))
