"""Wrong calls of the real program: status 2, one message that says what to change, nothing printed, nothing written."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Refused = Callable[..., str]
X, K = "x=1 2; 3 4", "kernel=1 0; 0 1"
CONVOLUTION = ("solve", "conv2d", X, K)
POOLING = ("solve", "max_pool2d", X, "size=2")

COMMANDS = [
    (["sovle", "conv2d"], ["sovle", "solve"]),
    (["solve"], ["PROBLEM"]),
    (["solve", ""], ["is no bank id"]),
    (["solve", " "], ["is no bank id"]),
    (["show", "cnn"], ["cnn: is a topic, not a problem", "fullmarks list problems --topic cnn"]),
    (["solve", "gelu", "x=1", "--exact"], ["erf has no exact form here"]),
    (["solve", "conv3d"], ["'conv3d'", "did you mean 'conv2d'"]),
    (["solve", "cnn-pipelin"], ["did you mean 'cnn-pipeline'"]),
    (["solve", "x" * 5000], ["is no bank id"]),
    (["solve", "x/" * 3000], ["cannot be read"]),
    (["solve", "a\0b"], ["a\\x00b"]),
    (["solve", "a\0.toml"], ["a\\x00.toml"]),
    (["solve", "\udcff\udcfe"], ["\\xff\\xfe"]),
    (["solve", "\x1b[31mred"], ["\\x1b[31mred"]),
    (["solve", "-" * 10_000 + "x"], ["is no option"]),
    (["solve", "ee6427-part4"], ["is an exam", "fullmarks exam ee6427-part4"]),
    (["exam", "cnn-pipeline"], ["it is a problem", "fullmarks solve cnn-pipeline"]),
    (["exam", "ee6427-part5"], ["did you mean 'ee6427-part4'"]),
    (["exam", ""], ["no such blueprint"]),
    (["exam", "a\0b"], ["no such blueprint"]),
    (["exam", "x" * 5000], ["no such blueprint"]),
    (["exam", "ee6427-part4", "--format", "docx"], ["docx", "pdf, tex, md"]),
    (["exam", "ee6427-part4", "--format", ","], ["--format is empty"]),
    (["exam", "ee6427-part4", "--variants", "0"], ["--variants", "1"]),
    (["exam", "ee6427-part4", "--key-file", "no"], ["no", "no such file"]),
    (["exam", "ee6427-part4", "--key-file", "."], ["is a folder"]),
    (["exam", "ee6427-part4", "--seed", "1", "--key-file", "k"], ["--seed", "--key-file", "at most one"]),
    (["exam", "ee6427-part4", "--seed", "1", "-o", ""], ["-o is empty"]),
    (["list", "problms"], ["problms", "did you mean 'problems'"]),
    (["list", "problems", "--topic", "cn"], ["--topic cn", "did you mean 'cnn'"]),
    (["show", "conv3d"], ["did you mean 'conv2d'"]),
    (["generate", "nonsense"], ["'nonsense'"]),
    (["generate", "cnn", "--level", "impossible"], ["--level impossible", "easy, medium, hard"]),
    (["generate", "cnn", "--count", "0"], ["--count", "1"]),
    (["generate", "cnn", "--count", "9" * 30], ["--count", "10000"]),
    (["generate", "cnn", "--seed", "x"], ["--seed x", "whole number"]),
    (["generate", "cnn", "--seed", ""], ["--seed", "whole number"]),
    (["generate", "cnn", "--seed", "1.0"], ["--seed 1.0", "whole number"]),
    (["generate", "cnn", "--seed", "1_0"], ["--seed 1_0", "whole number"]),
    (["generate", "cnn", "--seed", "１"], ["whole number"]),
    (["generate", "cnn", "--seed", "1" * 5000], ["--seed", "at most 60 digits"]),
    ([*CONVOLUTION, "--places", "99"], ["--places", "12"]),
    ([*CONVOLUTION, "--places", "-1"], ["--places", "-1"]),
    ([*CONVOLUTION, "--places", "3", "--places", "4"], ["--places", "twice"]),
    ([*CONVOLUTION, "-f", "md", "--format", "tex"], ["--format", "twice"]),
    ([*CONVOLUTION, "--format", "dvi"], ["--format dvi", "terminal, md, tex, pdf"]),
    ([*CONVOLUTION, "--format", ""], ["--format", "terminal, md, tex, pdf"]),
    ([*CONVOLUTION, "--format", "\x1b[31m"], ["\\x1b[31m"]),
    ([*CONVOLUTION, "--bogus"], ["--bogus"]),
    ([*CONVOLUTION, "-o", ""], ["-o is empty"]),
    ([*CONVOLUTION, "-o", " "], ["-o is empty"]),
    ([*CONVOLUTION, "-o", "."], ["is a folder"]),
    ([*CONVOLUTION, "-o", "no/such/a.md"], ["no/such/a.md", "there is no folder"]),
    ([*CONVOLUTION, "-o", "a\0b.md"], ["cannot be written"]),
    ([*CONVOLUTION, "-o", "x" * 300 + ".md"], ["cannot be written"]),
    ([*CONVOLUTION, "-o", "a.docx"], [".docx", "--format"]),
]

ARGUMENTS = [
    ([X], ["kernel", "missing"]),
    ([X, K, "x=1"], ["x", "twice"]),
    ([X, K, "strid=2"], ["strid", "did you mean 'stride'"]),
    ([X, K, "X=1"], ["'X'", "it takes x, kernel"]),
    ([X, K, "=1"], ["cannot be a name"]),
    ([X, K, "for=1"], ["reserved word"]),
    ([X, K, "é=1"], ["cannot be a name"]),
    ([X, K, "nothing"], ["NAME=VALUE"]),
    ([X, K, ""], ["NAME=VALUE"]),
    ([X, "kernel="], ["kernel", "no value"]),
    ([X, "kernel=sobl_x"], ["kernel", "did you mean 'sobel_x'"]),
    ([X, "kernel=1 2 3; 4 5 6; 7 8 9"], ["3×3", "2×2"]),
    ([X, K, "stride=0"], ["stride is 0", "at least 1"]),
    ([X, K, "stride=-1"], ["stride is -1", "at least 1"]),
    ([X, K, "stride=1.5"], ["stride is 1.5", "whole number"]),
    ([X, K, "stride=1/2"], ["stride", "whole number"]),
    ([X, K, "stride=1 2 3"], ["stride", "[height, width]"]),
    ([X, K, "stride=true"], ["stride is true"]),
    ([X, K, "padding=-1"], ["padding is -1"]),
    ([X, K, "padding=sme"], ["padding", "did you mean 'same'"]),
    ([X, K, "padding=5000"], ["padded input", "100,040,004", "at most 1,000,000"]),
    ([X, K, "padding=500000000"], ["too large", "at most 1,000,000"]),
    ([X, K, "padding=100000000000000000000"], ["padding", "at most 1,000,000,000"]),
    ([X, K, "dilation=99999"], ["100000×100000", "2×2"]),
    ([X, K, "groups=0"], ["groups is 0"]),
    ([X, K, "bias=1 2 3"], ["bias", "3", "1"]),
    (["x=1 2; 3", K], ["x", "row 2"]),
    (["x=[[1],[2,3]]", K], ["x", "row 2", "2 entries"]),
    (["x=[[[[[1]]]]]", K], ["x", "at most 4 axes"]),
    (["x=[]", K], ["x", "empty"]),
    (["x=[[]]", K], ["x", "empty"]),
    (["x=1;;2", K], ["x", "row 2", "empty"]),
    (["x=;", K], ["x", "empty"]),
]

VALUES = [
    *(
        "nan",
        "inf",
        "-inf",
        "1e400",
        "-1e400",
        "1e-400",
        "0x10",
        "1_000",
        "10**5000",
        "1" * 5000,
        "0." + "0" * 400 + "1",
    ),
    *("1e", "--1", "1/0", "0/0", "1/3/4", "１", "\ufeff1", "1\0", "é", "a-b", "none", "true", "sobel_x", "1,2;3"),
    *("[", "[1", "{}", "[null]", "[true]", "[NaN]", "[Infinity]", "[1e400]", "[" * 5000, "[" * 5000 + "]" * 5000),
    *("$(id)", "<script>", "\x1b[31m", "@", "@/", "@.", "@nothing.csv", "@a\0.csv", "@a.txt"),
]

FORMULAS = [
    ("__import__('os')", "__import__"),
    ("open('/etc/passwd')", "there is no operator 'open'"),
    ("x.real + sigmoid(x)", "no operator's result"),
    ("sigmoid(x).real", "'.' reaches one result"),
    ("sigmoid([i for i in x])", "reserved word"),
    ("sigmoid((lambda: 1)())", "reserved word"),
    ("sigmoid(x < 1)", "comparison"),
    ("Y == sigmoid(x)", "comparison"),
    ("sigmoid(x**9**9**9)", "no power"),
    ("sigmoid(x)[0]", "single entries"),
    ("sigmoid(x) if x else x", "reserved word"),
    ("sigmoid(f'{x}')", "comma or an operation is missing"),
    ("sigmoid(*x)", "'*'"),
    ("sigmoid(**x)", "'**'"),
    ("sigmoid()()", "only an operator can be called"),
    ("Y := sigmoid(x)", "':'"),
    ("a = b = sigmoid(x)", "name = formula"),
    ("a.b = sigmoid(x)", "name = formula"),
    ("Y += sigmoid(x)", "name = formula"),
    ("sigmoid(", "never closed"),
    ("sigmoid(x y)", "is no formula"),
    ("relu(x) = y", "only a name stands before '='"),
    ("1 +", "something is missing or too much"),
    ("sigmoid(x) # note", "'#'"),
    ("sigmoid(x)\0", "\\x00"),
    ("sigmoid(ｘ)", "no ASCII letter"),
    ("sigmoid(x)é", "no ASCII letter"),
    ("sigmoid(1e400)", "too large"),
    ("sigmoid(0x10)", "number runs into"),
    ("sigmoid(1_000)", "number runs into"),
    ("sigmoid(1j)", "number runs into"),
    ("sigmoid(true)", "true"),
    ("sigmoid([])", "empty"),
    ("sigmoid([[1], [2, 3]])", "rows of equal length"),
    ("sigmoid([[[[[1]]]]])", "axes"),
    ("sigmoid([1, 2]) @ sigmoid([1, 2, 3])", "cannot join shapes 2 and 3"),
    ("sigmoid([1, 2]) + sigmoid([1, 2, 3])", "cannot join shapes 2 and 3"),
    ("sigmoid(1) / 0", "not finite"),
    ("sigmoid(1) * 1e300 * 1e300", "not finite"),
    ("sigmod(x)", "did you mean 'sigmoid'"),
    ("Y = sigmoid(x); Y = tanh(x)", "defined twice"),
    ("Y = sigmoid(Y)", "circle"),
    ("Y = sigmoid(Z); Z = tanh(Y)", "circle"),
    ("sigmoid = tanh(x)", "operator's name"),
    ("for = tanh(x)", "reserved word"),
    ("true = tanh(x)", "reserved word"),
    ("Y = sigmoid(x); Y.nope", "no 'nope'"),
    ("Y = attention(Q, K, V); Y.weigths", "did you mean 'weights'"),
    ("conv2d(x, x, x=1)", "twice"),
    ("conv2d(x)", "kernel"),
    ("max(x) + sigmoid(x)", "'require' only"),
    ("(" * 3000 + "x" + ")" * 3000, "nested deeper"),
    ("sigmoid(" * 100 + "x" + ")" * 100, "nested deeper"),
    ("sigmoid(" + "-" * 9_000 + "x)", "nested deeper"),
    ("sigmoid(x" + "x" * 100_000 + ")", "at most 10,000"),
]


@pytest.mark.parametrize(("call", "words"), COMMANDS)
def test_a_wrong_call_is_refused_with_what_to_change(call: list[str], words: list[str], refused: Refused) -> None:
    message = refused(*call)
    for word in words:
        assert word in message


@pytest.mark.parametrize(("arguments", "words"), ARGUMENTS)
def test_a_wrong_argument_is_refused_by_its_name(arguments: list[str], words: list[str], refused: Refused) -> None:
    message = refused("solve", "conv2d", *arguments)
    for word in words:
        assert word in message


@pytest.mark.parametrize("value", VALUES)
def test_a_value_that_is_no_number_is_refused_by_the_name_of_its_argument(value: str, refused: Refused) -> None:
    assert re.match(r"fullmarks: (sigmoid: )?x\b", refused("solve", "sigmoid", f"x={value}"))


@pytest.mark.parametrize(("formula", "words"), FORMULAS)
def test_a_formula_outside_the_language_is_refused_with_its_reason(formula: str, words: str, refused: Refused) -> None:
    assert words in refused("solve", formula)


def test_one_message_names_the_quantity_whose_operator_refuses(refused: Refused) -> None:
    call = ("solve", "Y = conv2d(A, F); P = max_pool2d(Y, size=9)", "A=1 2; 3 4", "F=1")
    assert "P: pooling: the window covers 9×9" in refused(*call)


def test_what_is_no_ordinary_file_is_refused_and_never_waited_for(tmp_path: Path, refused: Refused) -> None:
    for name in ("pipe.toml", "pipe.csv"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "dir.toml").mkdir()
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    (tmp_path / "loop.md").symlink_to("loop.md")
    (tmp_path / "binary.toml").write_bytes(b"\x00\xff\xfe\x80")
    with (tmp_path / "big.toml").open("wb") as big:
        big.truncate(100_000_000)
    assert "is no ordinary file" in refused("solve", "pipe.toml")
    assert "is no ordinary file" in refused("solve", "relu", "x=@pipe.csv")
    assert "is no ordinary file" in refused("exam", "pipe.toml")
    assert "is no ordinary file" in refused("exam", "ee6427-part4", "--key-file", "pipe.csv")
    assert "is no ordinary file" in refused(*POOLING, "--format", "md", "-o", "pipe.csv")
    assert "is a folder" in refused("solve", "dir.toml")
    assert "symbolic links" in refused("solve", "loop.toml")
    assert "cannot be written" in refused(*POOLING, "-o", "loop.md")
    assert "line 1: byte 0xff is not UTF-8" in refused("solve", "binary.toml")
    assert "larger than 1,000,000 bytes" in refused("solve", "big.toml")
    assert "there is no such file" in refused("solve", "nothing.toml")


def test_an_input_is_never_overwritten_under_whatever_name(tmp_path: Path, refused: Refused) -> None:
    (tmp_path / "p.toml").write_text('title = "P"\n[given]\nx = [1, 2]\n[where]\nY = "relu(x)"\n[[part]]\nfind = "Y"\n')
    (tmp_path / "x.csv").write_text("1,2\n3,4\n")
    (tmp_path / "link.md").symlink_to("p.toml")
    os.link(tmp_path / "p.toml", tmp_path / "hard.md")
    for output in ("p.toml", "./p.toml", str(tmp_path / "p.toml"), "link.md", "hard.md"):
        assert "is the input" in refused("solve", "p.toml", "--format", "md", "-o", output)
        assert "is the input" in refused("generate", "p.toml", "--seed", "1", "--format", "md", "-o", output)
    for value in ("x=@x.csv", "x= @x.csv", "x =@x.csv", "x=\t@./x.csv "):
        assert "x.csv itself" in refused("solve", "relu", value, "--format", "md", "-o", "x.csv")
    os.link(tmp_path / "p.toml", tmp_path / "quiz-2.md")
    assert "quiz-2.md: is the input" in refused("generate", "p.toml", "--count", "3", "-o", "quiz.md")


def test_several_files_are_written_all_or_none(tmp_path: Path, refused: Refused) -> None:
    (tmp_path / "quiz-2.md").mkdir()
    assert "quiz-2.md" in refused("generate", "cnn", "--seed", "1", "--count", "3", "-o", "quiz.md")
    (tmp_path / "out" / "schemes" / "paper-1.md").mkdir(parents=True)
    assert "paper-1.md" in refused("exam", "quiz", "--seed", "1", "--format", "md", "-o", "out")
    assert not (tmp_path / "out" / "papers").exists()
    (tmp_path / "file").write_text("")
    assert "cannot be written" in refused("exam", "quiz", "--seed", "1", "--format", "md", "-o", "file")
    assert not list(tmp_path.rglob(".fullmarks*"))


@pytest.mark.parametrize("suffix", ["npy", "csv", "json"])
def test_ten_million_entries_are_refused_before_they_are_read_one_by_one(
    suffix: str, tmp_path: Path, refused: Refused
) -> None:
    import numpy as np

    path = tmp_path / f"big.{suffix}"
    if suffix == "npy":
        np.save(path, np.zeros((1000, 10_000), dtype=np.int8))
    elif suffix == "csv":
        path.write_text("\n".join([",".join("1" * 10_000)] * 1000))
    else:
        path.write_text("[" + ",".join("1" * 10**7) + "]")
    assert "10,000,000 entries" in refused("solve", "relu", f"x=@{path.name}")


def test_arrays_that_are_no_arrays_of_numbers_are_refused(tmp_path: Path, refused: Refused) -> None:
    import numpy as np

    arrays = {
        "complex": (np.zeros(2, dtype=complex), "expected real numbers"),
        "object": (np.array([{}], dtype=object), "numpy.save"),
        "empty": (np.zeros((0, 3)), "empty"),
        "nan": (np.array([1.0, np.nan]), "nan or inf"),
        "five": (np.zeros((1, 1, 1, 1, 1)), "at most 4"),
        "words": (np.array(["a"]), "expected real numbers"),
        "unsigned": (np.array([2**63], dtype=np.uint64), "too large"),
    }
    for name, (array, _) in arrays.items():
        np.save(tmp_path / f"{name}.npy", array)
    promise = b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (999999,), }"
    (tmp_path / "promise.npy").write_bytes(promise.ljust(127) + b"\n")
    (tmp_path / "cut.npy").write_bytes((tmp_path / "nan.npy").read_bytes()[:20])
    for name, (_, words) in {**arrays, "promise": (None, "does not fit"), "cut": (None, "numpy.save")}.items():
        assert words in refused("solve", "relu", f"x=@{name}.npy")


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9))
resource.setrlimit(resource.RLIMIT_CPU, (40, 40))
from fullmarks.cli import main
sys.exit(max(main(["solve", "relu", f"x=@{path}"]) != 2 for path in sys.argv[1:]))
"""


def test_more_text_than_is_read_is_refused_within_a_gigabyte(tmp_path: Path) -> None:
    files = {
        "large.csv": b"1,2,3,4,5,6,7,8,9,0\n" * 2_450_000,  # 49 MB
        "many.csv": b"1,2,3,4,5,6,7,8,9,0\n" * 300_000,
        "words.json": b"[" + b'"word",' * 989_999 + b'"word"]',
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *(str(tmp_path / name) for name in files)],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "large.csv: is larger than 25,000,000 bytes" in done.stderr
    assert "many.csv: has 3,000,000 entries, which is too large" in done.stderr
    assert "words.json: has 990,000 words, which is too many" in done.stderr
