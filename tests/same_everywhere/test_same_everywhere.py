"""What is printed and stored does not depend on the processor: a sample of all outputs, here and on an older one.

NumPy takes other instructions, with other last digits, where it is told that the processor lacks the newer ones.
`.ci/run` compares more outputs, and with other versions of NumPy and Python, too.
"""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).parent / "every_output.py"
PART = "33/160"  # of the outputs; `.ci/run` compares others


def newer_instructions() -> list[str]:
    """Return what this processor has, NumPy uses, and NumPy can be told not to use."""
    umath = import_module("numpy._core._multiarray_umath" if hasattr(np, "_core") else "numpy.core._multiarray_umath")
    return [name for name in umath.__cpu_dispatch__ if umath.__cpu_features__.get(name)]


def hashes(**environment: str) -> dict[str, str]:
    command = [sys.executable, str(SCRIPT), "--part", PART]
    done = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | environment, timeout=300, check=True
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_outputs_are_the_same_on_an_older_processor() -> None:
    features = newer_instructions()
    if not features:
        pytest.skip("NumPy uses no instructions here that it can do without")
    here, older = hashes(), hashes(NPY_DISABLE_CPU_FEATURES=" ".join(features))
    assert len(here) > 2
    assert [name for name in here if here[name] != older[name]] == []
