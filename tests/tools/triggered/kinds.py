"""Every kind of trigger."""

from collections.abc import Mapping, Sequence

from nnfs_spec.subject.operations import Operation
from tests.tools.triggered import calls, dtypes, layouts, sizes, values
from tests.tools.triggered.trigger import LABELLED, Drawn

ALL_OPERATIONS: tuple[Operation, ...] = ("dense", "relu", "softmax", *LABELLED)

KINDS: Mapping[str, tuple[Drawn, Sequence[Operation]]] = {
    "rows above k": (sizes.rows_above, ALL_OPERATIONS),
    "rows below k": (sizes.rows_below, ALL_OPERATIONS),
    "rows equal to k": (sizes.rows_equal, ALL_OPERATIONS),
    "rows in blocks": (sizes.rows_in_blocks, ALL_OPERATIONS),
    "width above k": (sizes.width_above, ALL_OPERATIONS),
    "width equal to k": (sizes.width_equal, ALL_OPERATIONS),
    "width in blocks": (sizes.width_in_blocks, ALL_OPERATIONS),
    "square": (sizes.square, ALL_OPERATIONS),
    "layout": (layouts.layout, ALL_OPERATIONS),
    "layout of labels": (layouts.label_layout, LABELLED),
    "dtype": (dtypes.dtype, ALL_OPERATIONS),
    "dtype of labels": (dtypes.label_dtype, LABELLED),
    "value": (values.value, ALL_OPERATIONS),
    "pair of values": (values.pair_of_values, ALL_OPERATIONS),
    "value of labels": (values.label_value, LABELLED),
    "later call": (calls.later_call, ALL_OPERATIONS),
    "after another size": (calls.after_another_size, ALL_OPERATIONS),
    "same shape again": (calls.same_shape_again, ALL_OPERATIONS),
    "after another dtype": (calls.after_another_dtype, ALL_OPERATIONS),
}
"""Every kind of trigger: how one is drawn, and of which operations."""
