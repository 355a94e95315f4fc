"""The reference of spec/relu.md: results, types and errors."""

import numpy as np
import pytest

from nnfs_spec import Activation_ReLU, OutputNotReadyError, relu


def test_the_result_never_shares_memory_with_the_input() -> None:
    """Not even where nothing changes."""
    x = np.array([[1.0, 2.0]])
    assert not np.shares_memory(relu(x), x)


def test_the_class_keeps_its_output() -> None:
    """``output`` is what ``forward`` returned."""
    activation = Activation_ReLU()
    returned = activation.forward([[-1.0, 1.0]])
    assert activation.output is returned
    assert returned.tolist() == [[0.0, 1.0]]


def test_reading_the_output_too_early_says_so() -> None:
    """And counts as a missing attribute."""
    with pytest.raises(OutputNotReadyError) as caught:
        _ = Activation_ReLU().output
    assert str(caught.value) == (
        "Activation_ReLU: output is not there yet but must be read after forward(inputs) [RELU-7]"
    )
