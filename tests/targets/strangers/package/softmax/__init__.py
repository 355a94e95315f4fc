from .softmax import softmax
