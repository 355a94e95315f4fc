"""The little of Keras that its peer uses; not installed in the gate. Tensors are those of whichever backend."""

from keras import losses as losses
from keras import metrics as metrics
from keras import ops as ops
