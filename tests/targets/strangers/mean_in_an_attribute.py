import numpy as np
class CCELoss:
    def compute(self, predictions, targets):
        q = np.clip(predictions, 1e-7, 1 - 1e-7)
        if targets.ndim == 2:
            targets = targets.argmax(axis=1)
        self.per_sample = -np.log(q[np.arange(len(q)), targets])
        self.value = self.per_sample.mean()
