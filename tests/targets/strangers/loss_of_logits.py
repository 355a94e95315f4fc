import numpy as np
class SoftmaxCrossEntropyLoss:
    def forward(self, logits, y):
        z = logits - logits.max(axis=1, keepdims=True)
        logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        if y.ndim == 2:
            y = y.argmax(axis=1)
        return -logp[np.arange(len(y)), y].mean()
def cross_entropy_with_logits(logits, y):
    z = logits - logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y])
