"""What discussions say: the effect of every named filter, gates near their ends, and a complete table of models."""

from typing import Any

import pytest

from fullmarks.errors import FullmarksError
from fullmarks.math.kernels import KERNELS
from fullmarks.operators import load_operator
from fullmarks.operators._binding import bind
from fullmarks.operators._models import MODELS, NEEDS, Fit
from fullmarks.operators._operator import Discussion, check_arguments
from fullmarks.operators.filter_effect import NAMES


def discussed(name: str, **values: Any) -> Discussion:
    operator = load_operator(name)
    assert operator.discuss is not None
    arguments = bind(name, operator.arguments, values)
    check_arguments(operator, arguments)
    return operator.discuss(**arguments)


def words(name: str, **values: Any) -> str:
    return " ".join(point.words for point in discussed(name, **values).points)


SAID_OF_FILTERS = {
    "sobel_x": ("detects vertical edges", "Sobel", "flat region (equal brightness everywhere) gives 0", "left side is"),
    "sobel_y": ("detects horizontal edges", "Sobel", "add to 0", "where the upper side is brighter", "middle column"),
    "prewitt_x": ("detects vertical edges", "Prewitt", "add to 0", "All rows weigh the same"),
    "prewitt_y": ("detects horizontal edges", "Prewitt", "add to 0", "All columns weigh the same"),
    "laplacian": ("edges of all directions", "Laplacian", "add to 0", "pixel is darker than its surroundings"),
    "box": ("smooths", "mean filter", "keeps its brightness", "All 9 coefficients are equal"),
    "gaussian": ("smooths", "Gaussian", "keeps its brightness", "middle coefficient is the largest"),
    "sharpen": ("sharpens", "sharpening filter", "keeps its brightness", "image plus its edges"),
    "identity": ("passed on unchanged", "identity filter"),
}


def test_every_named_kernel_has_a_name_in_words_and_a_discussion_here() -> None:
    assert set(KERNELS) == set(NAMES) == set(SAID_OF_FILTERS)


@pytest.mark.parametrize("kernel", sorted(KERNELS))
def test_the_discussion_of_a_named_filter_says_what_is_known_of_it(kernel: str) -> None:
    said = words("filter_effect", kernel=kernel)
    for phrase in SAID_OF_FILTERS[kernel]:
        assert phrase in said


def test_a_filter_that_detects_vertical_edges_is_not_said_to_detect_horizontal_ones() -> None:
    assert "detects horizontal" not in words("filter_effect", kernel="sobel_x")
    assert "Sobel filter for horizontal" not in words("filter_effect", kernel="sobel_x")


@pytest.mark.parametrize(
    ("kernel", "phrases"),
    [
        ([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], ("all signs reversed", "where the right side is brighter")),
        ([[1, -1]], ("The left column (1) and the right column (−1)", "where the left side is brighter")),
        ([[1, 0], [0, -1]], ("slanted edges", "where the upper left side is brighter than the lower right")),
        ([[-1, 2, -1]], ("vertical lines", "pixel is brighter than its surroundings")),
        ([[1, -1], [-1, 1]], ("straight vertical and horizontal edges both give 0",)),
        ([[0, 0], [0, 0]], ("output is 0 everywhere",)),
        ([[0, 0, 0.5]], ("image is shifted", "multiplied by 0.5")),
        ([[-1, -1], [-1, -1]], ("smooths", "multiplied by", "add to −4")),
        ([[3, -1], [0, 2]], ("positive coefficients add to 5 and the negative ones to −1", "add to 4")),
        ([[0, -1, 0], [-1, 6, -1], [0, -1, 0]], ("sharpens", "add to 2")),
    ],
)
def test_a_filter_without_a_name_is_argued_from_sums_and_signs(kernel: list[list[float]], phrases: tuple[str]) -> None:
    said = words("filter_effect", kernel=kernel)
    for phrase in phrases:
        assert phrase in said


def test_an_open_forget_gate_is_discussed_with_its_numbers() -> None:
    first = discussed("gate_effect", gate=[0.8320183851, 0.9002495109]).points[0]
    assert first.words == "0.832 and 0.900 are close to 1: most of the old memory is kept."


def test_a_gate_open_in_one_entry_and_closed_in_another_gets_a_point_for_each() -> None:
    said = [point.words for point in discussed("gate_effect", gate=[0.9, 0.1, 0.5], kind="input").points]
    assert said[0].startswith("0.9 is close to 1: most of the new information is written")
    assert said[1].startswith("0.1 is close to 0: hardly any")
    assert said[2].startswith("0.5 is well between")


@pytest.mark.parametrize("value", [1.6, -0.1])
def test_a_gate_outside_its_range_is_refused(value: float) -> None:
    with pytest.raises(FullmarksError, match=f"gate_effect: entry 2 of gate is {value}, expected numbers between 0"):
        discussed("gate_effect", gate=[0.5, value])


@pytest.mark.parametrize("model", sorted(MODELS))
def test_every_model_says_something_on_every_need(model: str) -> None:
    assert set(MODELS[model].facts) == set(NEEDS)
    for need, fact in MODELS[model].facts.items():
        assert fact.why.startswith(("it ", "its ")), need
        assert not fact.why.endswith("."), need


@pytest.mark.parametrize("need", sorted(NEEDS))
def test_every_need_is_met_by_some_model_and_not_by_every_one(need: str) -> None:
    fits = {model.facts[need].fit for model in MODELS.values()}
    assert Fit.MEETS in fits
    assert len(fits) > 1


def test_the_vision_transformer_is_chosen_for_images_with_attention_for_five_marks() -> None:
    discussion = discussed("choose_model", needs=["images", "attention"], candidates=["vgg", "vit", "lstm"])
    said = [point.words for point in discussion.points]
    assert said[0] == "The Vision Transformer (ViT) meets the needs best."
    assert [point.worth for point in discussion.points] == [1, 1, 1, 1, 1]
    assert discussion.needed == 5
    assert said[3].startswith("VGG is not the best choice, since it has no attention")
    assert said[4].startswith("LSTM is not the best choice")


def test_models_that_do_equally_well_are_both_right() -> None:
    discussion = discussed("choose_model", needs=["sequences"], candidates=["gru", "cnn", "lstm"])
    assert "GRU and LSTM meet the needs equally well" in discussion.points[0].words
    assert discussion.needed == 3  # the choice of one, its reason, and why not the CNN


@pytest.mark.parametrize(
    ("needs", "candidates", "message"),
    [
        (["images"], ["vgg"], "candidates has only 'vgg'"),
        (["images"], ["vgg", "vgg"], "candidates has 'vgg' twice"),
        (["images", "images"], ["vgg", "vit"], "needs has 'images' twice"),
        (["imags"], ["vgg", "vit"], "did you mean 'images'"),
    ],
)
def test_a_choice_that_is_none_is_refused(needs: list[str], candidates: list[str], message: str) -> None:
    with pytest.raises(FullmarksError, match=message):
        discussed("choose_model", needs=needs, candidates=candidates)


class _EachCase:
    """Draws every option in turn, so that all cases of a level are seen."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def choice(self, options: list[Any]) -> Any:
        self.seen = options
        return options[0]


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_every_sample_has_one_best_model(level: Any) -> None:
    operator, numbers = load_operator("choose_model"), _EachCase()
    assert operator.sample is not None
    operator.sample(level, numbers)  # type: ignore[arg-type]  # it draws choices only
    for needs, candidates in numbers.seen:
        assert "equally well" not in words("choose_model", needs=needs, candidates=candidates), (needs, candidates)
