from abc import ABC, abstractmethod
import numpy as np
class Activation(ABC):
    @abstractmethod
    def forward(self, x): ...
class Loss(ABC):
    @abstractmethod
    def forward(self, p, y): ...
    def calculate(self, p, y):
        return np.mean(self.forward(p, y))
class Softmax(Activation):
    def forward(self, x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)
class CrossEntropy(Loss):
    def forward(self, p, y):
        p = np.clip(p, 1e-7, 1 - 1e-7)
        if y.ndim == 1:
            return -np.log(p[np.arange(p.shape[0]), y])
        return -np.log(np.sum(p * y, 1))
