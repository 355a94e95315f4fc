"""What each flag of a case stands for: the bug that it catches, and what that bug causes."""

NOTES: dict[str, tuple[str, str]] = {
    "again": (
        "State left over from earlier calls: a buffer used again, a cache keyed by shape, a running maximum.",
        "The first batch is right and a later one is not, or an earlier result changes in the caller's hands.",
    ),
    "batch-maximum": (
        "One maximum for the whole batch instead of one for each row.",
        "Every exponential of a row far below the largest underflows, and 0/0 is NaN.",
    ),
    "bias": (
        "A bias that is left out, added twice, added to one row only, or added to the weights.",
        "Nothing shows while biases are zero, as they are in a new layer; a trained layer computes something else.",
    ),
    "clip": (
        "A clip that is missing, at one end only, at other ends than 1e-7 and 1 - 1e-7, or replaced by an addition.",
        "The loss of a sure and wrong prediction is infinite, and so is the mean of the batch.",
    ),
    "draw": (
        "Weights that are not a tenth of a uniform draw from [0, 1).",
        "Logits of another spread than the course's.",
    ),
    "dtype": (
        "A result of another dtype than the arguments.",
        "Memory doubles, or half of the digits are lost on the way.",
    ),
    "equal": ("A divisor padded by a small number, or probabilities kept off 0 and 1.", "Rows do not sum to one."),
    "form": (
        "A vector, a stack of matrices, or a matrix without columns that is answered nevertheless.",
        "A caller's mistake turns into numbers that nobody asked for.",
    ),
    "half-precision": ("Sums held in half precision.", "Whole numbers above 2048 come out rounded."),
    "integers": (
        "Whole numbers computed in their own type.",
        "Bytes wrap around at 256, and unsigned ones below 0.",
    ),
    "label-form": (
        "Sparse and one-hot labels told apart by anything but the number of dimensions.",
        "Some batches are read in the wrong form.",
    ),
    "label-type": (
        "Positions computed in the integer type of the labels, or labels of one type only.",
        "Row times C plus label overflows a byte from the 128th entry on, and reads another sample's probability.",
    ),
    "large": (
        "A cap on large values, or an overflow where none is due.",
        "Large activations are cut or become infinite.",
    ),
    "layout": (
        "Arrays read as if they always lay row after row in memory.",
        "A transposed or sliced batch is read in another order.",
    ),
    "logarithm": ("Another logarithm than the natural one.", "Losses are too small by 2.3 or too large by 1.4."),
    "many-rows": (
        "A batch worked off in blocks, the remainder of which is treated otherwise.",
        "All is right up to 128 or 256 rows.",
    ),
    "mean": (
        "A sum, a median or a mean over another count in the place of the mean over the samples.",
        "The loss depends on the size of the batch.",
    ),
    "monotone": ("A smooth curve in the place of the kink.", "The activation dips or rises where it must be 0."),
    "negative": ("Negative numbers that pass, as a leak or as absolute values.", "Neurons that should be silent fire."),
    "no-label": (
        "Labels that are no labels and are used as an index, a mask or a weight.",
        "Another class's loss, or N x N numbers, are taken for the result.",
    ),
    "no-probability": (
        "Predictions outside [0, 1] that the clip makes plausible.",
        "Logits are taken for probabilities.",
    ),
    "no-rows": (
        "A batch without rows that crashes, or a mean over nothing that is NaN or 0.",
        "The last batch of an epoch fails.",
    ),
    "no-size": (
        "A count below one that makes something of no size.",
        "The mistake shows far from its cause, or never.",
    ),
    "not-finite": ("NaN or infinity replaced by a plausible number.", "A network that has diverged looks well."),
    "one-class": ("A single class that is not normalised.", "Its probability is not one."),
    "one-row": (
        "A result of one row or one column that loses a dimension.",
        "The next layer takes it for something else.",
    ),
    "order": ("A result that depends on where a class or a sample stands.", "Probabilities go to the wrong classes."),
    "overflow": (
        "Exponentials of the logits as they are, or less another number than the largest of the row.",
        "Beyond 709, or 88 in float32, the exponential is infinite, and inf/inf is NaN.",
    ),
    "precision": ("Scores compared in single precision.", "Two different scores tie, and the first one counts."),
    "quantised": ("Weights held in eight bits.", "A small weight beside a large one disappears."),
    "renormalised": ("Predictions made to sum to one before the loss is taken.", "The loss depends on other classes."),
    "scores": (
        "A threshold, or probabilities expected where any scores may come.",
        "Accuracy differs before and after softmax.",
    ),
    "share": ("A count, a percentage, the share of errors, or a rounded share.", "Accuracy means something else."),
    "shift": (
        "Logits clipped or scaled instead of shifted.",
        "Adding one number to all logits changes the probabilities.",
    ),
    "sign": ("A sign that is turned, or dropped.", "The least likely class wins, or less confidence costs less."),
    "small-losses": ("Losses rounded, or computed in single precision.", "Small losses are 0."),
    "small-shares": ("Small probabilities cut to 0, or exponentials in half precision.", "The tail of a row is lost."),
    "subnormal": ("Subnormal numbers flushed to 0.", "What is positive becomes 0."),
    "target": (
        "The loss of the class that the network believes in, not of the target.",
        "Wrong predictions cost nothing.",
    ),
    "threshold": ("Small numbers that count as 0.", "Small activations are lost."),
    "ties": (
        "Ties broken towards the last class, or by splitting.",
        "Accuracy and order differ from everybody else's.",
    ),
    "transposed": (
        "Weights, biases or sums that are used the other way round where a square shape allows it.",
        "Only square layers are wrong.",
    ),
    "underflow": (
        "A search for the maximum that starts at 0, or at another number that a whole row can lie below.",
        "Every exponential underflows, and 0/0 is NaN.",
    ),
    "widths": (
        "Inputs of another width that are cut, padded or spread.",
        "A network put together wrongly computes all the same.",
    ),
    "wrong-axis": (
        "Maxima or sums along the batch instead of along the classes.",
        "On square batches nothing fails; columns sum to one.",
    ),
    "zero": ("Zero that counts as active.", "A silent neuron is not silent."),
}
