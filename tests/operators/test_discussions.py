"""What discussions say: the effect of every named filter, gates near their ends, and a complete table of models."""

import re
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from fullmarks import api
from fullmarks.errors import FullmarksError
from fullmarks.math.kernels import KERNELS
from fullmarks.operators import load_operator
from fullmarks.operators._binding import bind
from fullmarks.operators._models import COMPARED, MODELS, NEEDS, Fit
from fullmarks.operators._operator import Discussion, check_arguments
from fullmarks.operators._topics import TOPICS
from fullmarks.operators.compare_models import comparable
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


@pytest.mark.parametrize(
    ("kernel", "phrase", "said_so"),
    [
        ([[0, 1, 2], [-1, 0, 1], [-2, -1, 0]], "3 at a horizontal one and 4 at one of 45°", True),
        ([[2, -1], [1, -2]], "detects slanted edges", False),  # it answers most to vertical ones
        ([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]], "slanted lines, from the upper right to the lower left", True),
        ([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], "slanted lines", False),
        ([[0, -1, 0], [0, 0, 0], [0, 1, 0]], "noise is not lessened", True),
        ([[0, 0, 0], [0, 0, 0], [0, 1, 0]], "shifted by 1 up", True),
        ([[3, -1, 2], [0, 1, -2], [-4, 1, 0]], "where the", False),  # the sign changes within the window
    ],
)
def test_what_is_said_of_directions_follows_from_the_outputs(
    kernel: list[list[float]], phrase: str, *, said_so: bool
) -> None:
    assert (phrase in words("filter_effect", kernel=kernel)) == said_so


SIDES = re.compile(r"positive where the (upper|lower|) ?(left|right|) ?side")


def test_the_side_said_to_be_brighter_gives_a_positive_output() -> None:
    generator, tried = np.random.default_rng(0), 0
    rows, columns = np.mgrid[-1:2, -1:2]
    towards = {"upper": -rows, "lower": rows, "left": -columns, "right": columns, "": 0 * rows}
    for _ in range(300):
        kernel = generator.integers(-3, 4, (3, 3))
        kernel[2, 2] -= kernel.sum()
        found = SIDES.search(words("filter_effect", kernel=kernel.tolist()))
        if found is not None:
            side = towards[found[1]] + towards[found[2]]
            outputs = [(kernel * (side > edge)).sum() for edge in range(-2, 2)]
            assert min(outputs) >= 0, kernel
            assert max(outputs) > 0, kernel
            tried += 1
    assert tried > 20


def test_an_open_forget_gate_is_discussed_with_its_numbers() -> None:
    first = discussed("gate_effect", gate=[0.8320183851, 0.9002495109]).points[0]
    assert first.words == "0.832 and 0.900 are close to 1: most of the old memory is kept."


def test_a_gate_open_in_one_entry_and_closed_in_another_gets_a_point_for_each() -> None:
    said = [point.words for point in discussed("gate_effect", gate=[0.9, 0.1, 0.5], kind="input").points]
    assert said[0].startswith("0.9 is close to 1: most of the new information is written")
    assert said[1].startswith("0.1 is close to 0: hardly any")
    assert said[2].startswith("0.5 is well between")


@pytest.mark.parametrize(("update", "open_gate"), [("keep", "is kept"), ("new", "is replaced by the candidate")])
def test_an_open_update_gate_keeps_the_state_or_replaces_it_as_the_convention_says(update: str, open_gate: str) -> None:
    said = [point.words for point in discussed("gate_effect", gate=[0.9, 0.9], kind="update", update=update).points]
    assert said[0] == f"0.9 and 0.9 are close to 1: most of the old hidden state {open_gate}."
    weight = r"\mathbf{z} \odot \mathbf{h}$: 1 keeps" if update == "keep" else r"\mathbf{z} \odot \mathbf{n}$: 0 keeps"
    assert weight in said[-1]


def test_a_closed_reset_gate_leaves_the_old_state_out_of_the_candidate() -> None:
    said = discussed("gate_effect", gate=[0.1], kind="reset").points[0].words
    assert said == "0.1 is close to 0: the candidate is made almost from the input alone."


def test_a_convention_of_the_update_gate_is_refused_for_another_gate() -> None:
    with pytest.raises(FullmarksError, match='update="new" belongs to kind="update", found kind="reset"'):
        discussed("gate_effect", gate=[0.5], kind="reset", update="new")


@pytest.mark.parametrize("value", [1.6, -0.1])
def test_a_gate_outside_its_range_is_refused(value: float) -> None:
    with pytest.raises(FullmarksError, match=f"gate_effect: entry 2 of gate is {value}, expected numbers between 0"):
        discussed("gate_effect", gate=[0.5, value])


@pytest.mark.parametrize("model", sorted(MODELS))
def test_every_model_says_how_well_it_meets_every_need(model: str) -> None:
    for need in NEEDS:
        assert MODELS[model].facts[need].fit is not None, need


@pytest.mark.parametrize("model", sorted(MODELS))
def test_every_fact_of_a_model_follows_the_word_it(model: str) -> None:
    for aspect, fact in MODELS[model].facts.items():
        assert re.match(r"(?!it )[a-z]+ .*[^.]$", fact.says), aspect
        assert fact.says.split()[0].endswith("s") or fact.says.startswith(("can ", "won ", "showed ", "improved ")), (
            aspect
        )


def test_no_aspect_is_there_that_nothing_uses() -> None:
    used = {aspect for headings in COMPARED.values() for aspect in headings} | set(NEEDS)
    used |= {aspect for model in MODELS.values() for aspect in (*model.advantages, *model.disadvantages)}
    assert {aspect for model in MODELS.values() for aspect in model.facts} == used


@pytest.mark.parametrize("model", sorted(MODELS))
def test_what_speaks_for_a_model_does_not_fail_a_need_and_what_speaks_against_it_does_not_meet_one(model: str) -> None:
    facts = MODELS[model].facts
    assert [aspect for aspect in MODELS[model].advantages if facts[aspect].fit is Fit.FAILS] == []
    assert [aspect for aspect in MODELS[model].disadvantages if facts[aspect].fit is Fit.MEETS] == []


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
    assert said[4].startswith("An LSTM is not the best choice")


def test_models_that_do_equally_well_are_both_right() -> None:
    discussion = discussed("choose_model", needs=["sequences"], candidates=["gru", "cnn", "lstm"])
    assert "A GRU and an LSTM meet the needs equally well" in discussion.points[0].words
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


def test_a_model_that_cannot_take_the_input_is_not_chosen_however_well_it_does_otherwise() -> None:
    needs = ["images", "real_time", "small_data", "low_memory", "streaming"]
    said = words("choose_model", needs=needs, candidates=["rnn", "vgg"])
    assert said.startswith("VGG meets the needs best, though no candidate meets every need.")


def test_a_model_that_meets_all_in_part_is_chosen_before_one_that_fails_a_need() -> None:
    said = words("choose_model", needs=["sequences", "long_range", "low_memory"], candidates=["transformer", "lstm"])
    assert said.startswith("An LSTM meets the needs best.")


def test_models_that_do_equally_well_for_the_same_reason_share_a_point() -> None:
    said = [point.words for point in discussed("choose_model", needs=["sequences"], candidates=["gru", "lstm"]).points]
    assert len(said) == 2
    assert said[1].startswith("A GRU or an LSTM, sequences as input: it hands a state")


@pytest.mark.parametrize("need", sorted(NEEDS))
def test_a_choice_for_one_need_argues_from_it_and_against_the_other_model(need: str) -> None:
    for a, b in combinations(sorted(MODELS), 2):
        discussion = discussed("choose_model", needs=[need], candidates=[a, b])
        verdict, first_reason, *rest = (point.words for point in discussion.points)
        assert NEEDS[need].lower() in first_reason.lower()
        objects = any("is not the best choice, since it" in words for words in rest)
        assert objects != ("equally well" in verdict), (a, b)
        assert discussion.needed == 2 + objects


PAIRS = [(a, b) for a, b in combinations(MODELS, 2) if comparable(a, b)]


@pytest.mark.parametrize(
    "pair",
    [
        {"lstm", "transformer"}, {"rnn", "lstm"}, {"cnn", "vit"}, {"vgg", "resnet"}, {"gru", "lstm"},
        {"alexnet", "vgg"}, {"rnn", "transformer"}, {"mlp", "cnn"}, {"mlp", "rnn"}, {"transformer", "vit"},
    ],
)  # fmt: skip
def test_what_lecturers_compare_can_be_compared(pair: set[str]) -> None:
    assert pair in [set(known) for known in PAIRS]


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_a_comparison_has_points_to_spare_and_each_names_both_or_says_that_there_is_no_difference(
    a: str, b: str
) -> None:
    discussion = discussed("compare_models", a=a, b=b)
    said = [point.words for point in discussion.points]
    assert len(said) > discussion.needed >= 4
    assert len({one.partition(":")[0] for one in said}) == len(said)
    for one in said:
        both = MODELS[a].title in one and MODELS[b].title in one
        assert both != ("no difference: each" in one)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_exchanging_two_models_only_exchanges_the_sides(a: str, b: str) -> None:
    def sides(first: str, second: str) -> list[set[str]]:
        splits = (
            re.split(r": |, whereas |; ", point.words.rstrip("."))
            for point in discussed("compare_models", a=first, b=second).points
        )
        return [set(split) for split in splits]  # fmt: skip

    assert sides(a, b) == sides(b, a)


@pytest.mark.parametrize(
    ("a", "b", "phrases"),
    [
        ("lstm", "transformer", ("needs the hidden state of one step", "all tokens together", "large data sets")),
        ("vgg", "resnet", ("3×3 filters only", "skip connections", "130 million", "16 or 19 layers")),
        ("rnn", "lstm", ("vanish or explode", "cell state for the long term", "four times the weights")),
        ("lstm", "gru", ("three sigmoid gates", "two sigmoid gates", "no difference: each needs the hidden state")),
        ("cnn", "vit", ("small window", "any two tokens directly", "locality and shared filters", "large data sets")),
        ("transformer", "vit", ("an encoder and a decoder", "an encoder only", "flattened image patches")),
    ],
)
def test_a_comparison_says_what_is_known_of_both(a: str, b: str, phrases: tuple[str, ...]) -> None:
    said = words("compare_models", a=a, b=b)
    for phrase in phrases:
        assert phrase in said


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        ("lstm", "lstm", "a and b are both 'lstm', expected two different models"),
        ("vgg", "lstm", "a is vgg, one of the image classifiers, and b is lstm, one of the kinds of networks"),
        ("cnn", "vgg", "vgg is itself a cnn, .* vgg can be compared with .*resnet"),
        ("vit", "rnn", "they serve different purposes; vit can be compared with .*transformer"),
        ("lstn", "rnn", "did you mean 'lstm'"),
    ],
)
def test_a_comparison_without_meaning_is_refused_with_the_reason(a: str, b: str, message: str) -> None:
    with pytest.raises(FullmarksError, match=message):
        discussed("compare_models", a=a, b=b)


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_every_topic_has_points_to_spare_all_different_and_whole_sentences(topic: str) -> None:
    discussion = discussed("explain", topic=topic)
    said = [point.words for point in discussion.points]
    assert len(said) > discussion.needed == 4
    assert len(set(said)) == len(said)
    for one in said:
        assert re.fullmatch(r"(Advantage: |Disadvantage: )?([A-Z0-9$]|f, i).*\.", one, re.DOTALL), one


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_every_topic_has_an_idea_and_something_for_or_against_it(topic: str) -> None:
    entry = TOPICS[topic]
    assert entry.idea
    assert entry.disadvantages
    assert entry.advantages or topic in ("vanishing_gradients", "exploding_gradients", "performance_metrics")


def test_no_sentence_is_used_for_two_methods() -> None:
    sentences = [
        sentence
        for name, entry in TOPICS.items() if name not in MODELS
        for sentence in (*entry.advantages, *entry.disadvantages)
    ]  # fmt: skip
    shared = {sentence for sentence in sentences if sentences.count(sentence) > 1}
    assert all(len(sentence.split()) < 15 for sentence in shared), shared


@pytest.mark.parametrize(
    ("inputs", "outputs", "phrases"),
    [
        ("image", "label", ("one-to-one", "neither is a sequence")),
        ("image", "words", ("one-to-many", "only the output is a sequence", "Image captioning")),
        ("words", "label", ("many-to-one", "only the input is a sequence", "last hidden state")),
        ("frames", "label", ("many-to-one", "Video classification")),
        ("frames", "labels", ("aligned input and output", "every frame")),
        ("words", "words", ("not aligned", "Machine translation", "encoder")),
        ("many", "many", ("many-to-many", "nothing is said")),
        (1, 20, ("one-to-many", "a single item", "a sequence of 20 items")),
        (20, 1, ("many-to-one",)),
        (30, 30, ("with aligned input and output", "lengths are equal")),
        (12, 9, ("not aligned", "a sequence of 12 items", "a sequence of 9 items")),
        (1, 1, ("one-to-one",)),
        (12, "label", ("many-to-one",)),
        ("image", 12, ("one-to-many", "one image", "12 items")),
    ],
)
def test_the_kind_of_sequence_task_is_argued_from_numbers(
    inputs: str | int, outputs: str | int, phrases: tuple[str, ...]
) -> None:
    said = words("sequence_task", inputs=inputs, outputs=outputs)
    for phrase in phrases:
        assert phrase in said


@pytest.mark.parametrize("number", [0, 2.5, -1])
def test_a_number_of_outputs_that_is_none_is_refused(number: float) -> None:
    with pytest.raises(FullmarksError, match=f"sequence_task: outputs is {number}, expected a whole number"):
        discussed("sequence_task", inputs=1, outputs=number)


@pytest.mark.parametrize(("kind", "letter"), [("forget", "f"), ("input", "i"), ("output", "o")])
def test_a_gate_is_called_by_its_own_letter(kind: str, letter: str) -> None:
    question = api.render(api.solve("gate_effect", gate=[0.9, 0.1], kind=kind), "md", "question")
    assert f"Comment on $\\mathbf{{{letter}}}$" in str(question)


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
