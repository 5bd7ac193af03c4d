import pytest

import golden


@pytest.mark.parametrize("name", golden.FILES)
def test_the_sample_looks_as_it_did_when_it_was_last_read(name: str) -> None:
    assert golden.rendered(name) == (golden.FOLDER / name).read_text(encoding="utf-8")


def test_every_golden_file_is_compared() -> None:
    assert {path.name for path in golden.FOLDER.iterdir()} == set(golden.FILES)
