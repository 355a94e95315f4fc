"""The shapes in which people write the course's operations, each right in its way; and wrong ones in these shapes."""

from dataclasses import dataclass

LAYER_BODY = "return np.dot(inputs, self.weights) + self.biases"
STABLE = "np.exp(x - np.max(x, axis=1, keepdims=True))"
LOSS_BODY = """
        p = np.clip(y_pred, 1e-7, 1 - 1e-7)
        picked = p[range(len(p)), y_true] if np.ndim(y_true) == 1 else np.sum(p * y_true, axis=1)
        losses = -np.log(picked)
"""


@dataclass(frozen=True)
class Shape:
    """Code, what the report says was taken for each operation, and clauses that speak of these operations."""

    name: str
    code: str
    taken: tuple[str, ...]
    clauses: tuple[str, ...]


def layer(name: str, told: str, clauses: tuple[str, ...] = ("DENSE-1", "DENSE-6", "DENSE-7"), **parts: str) -> Shape:
    """Return a dense layer put together from parts."""
    title = parts.get("title", "Layer_Dense")
    code = f"""
class {title}:
    def __init__(self, {parts.get("sizes", "n_inputs, n_neurons")}):
        {parts.get("made", "self.weights = 0.1 * np.random.rand(n_inputs, n_neurons)")}
        {parts.get("biases", "self.biases = np.zeros((1, n_neurons))")}
    def {parts.get("forward", "forward(self, inputs)")}:
        {parts.get("body", LAYER_BODY)}
"""
    return Shape(name, code, (told,), clauses)


def relu(name: str, told: str, code: str) -> Shape:
    """Return a relu in a shape of its own."""
    return Shape(name, code, (told,), ("RELU-1", "RELU-7", "GEN-1"))


def softmax(name: str, told: str, code: str) -> Shape:
    """Return a softmax in a shape of its own."""
    return Shape(name, code, (told,), ("SOFTMAX-1", "SOFTMAX-4", "SOFTMAX-11"))


def loss(name: str, told: tuple[str, ...], code: str, clauses: tuple[str, ...]) -> Shape:
    """Return a loss in a shape of its own; BODY stands for the losses of the samples."""
    return Shape(name, code.replace("BODY", LOSS_BODY.strip()), told, clauses)


SAMPLE_CLAUSES, MEAN_CLAUSES = ("LOSS-1", "LOSS-2"), ("LOSS-8",)

SHAPES = (
    layer(
        "the course's layer",
        "dense: `Layer_Dense.forward`; weights attribute `weights`; biases attribute `biases`; its output is `.output`",
        body="self.output = np.dot(inputs, self.weights) + self.biases",
    ),
    layer(
        "weights called w and biases a vector",
        "dense: `DenseLayer.forward`; weights attribute `w`; biases attribute `b` of shape (n,); returns its output",
        title="DenseLayer",
        made="self.w = 0.1 * np.random.rand(n_inputs, n_neurons)",
        biases="self.b = np.zeros(n_neurons)",
        body="return inputs @ self.w + self.b",
    ),
    layer(
        "weights turned and biases a column",
        "dense: `Dense1.forward`; weights attribute `W` of shape (n_neurons, n_inputs); "
        "biases attribute `b` of shape (n, 1); its output is `.outputs`",
        title="Dense1",
        made="self.W = np.random.randn(n_neurons, n_inputs)",
        biases="self.b = np.zeros((n_neurons, 1))",
        body="self.outputs = (self.W @ inputs.T + self.b).T",
    ),
    layer(
        "sizes the other way round, by name",
        "dense: `Layer.forward`; takes (n_neurons, n_inputs); weights attribute `weights`; "
        "biases attribute `biases`; returns its output",
        title="Layer",
        sizes="n_neurons, n_inputs",
    ),
    layer(
        "sizes the other way round, by shape",
        "dense: `LayerDense.forward`; takes (n_neurons, n_inputs); weights attribute `weights`; "
        "biases attribute `bias`; returns its output",
        title="LayerDense",
        sizes="a, b",
        made="self.weights = np.random.randn(b, a)",
        biases="self.bias = np.zeros((1, a))",
        body="return inputs @ self.weights + self.bias",
    ),
    layer(
        "turned weights, by shape",
        "dense: `Layer_Dense.forward`; weights attribute `weights` of shape (n_neurons, n_inputs); "
        "biases attribute `biases`; returns its output",
        sizes="a, b",
        made="self.weights = np.random.randn(b, a)",
        biases="self.biases = np.zeros((1, b))",
        body="return inputs @ self.weights.T + self.biases",
    ),
    layer(
        "a forward that asks for training, misspelt",
        "dense: `FullyConnectedLayer.foward`; training=False; weights attribute `weight_matrix`; "
        "biases attribute `bias_vector`; its output is `.z`",
        title="FullyConnectedLayer",
        made="self.weight_matrix = np.random.rand(n_inputs, n_neurons)",
        biases="self.bias_vector = np.zeros((1, n_neurons))",
        forward="foward(self, inputs, training)",
        body="self.inputs = inputs; self.z = inputs @ self.weight_matrix + self.bias_vector",
    ),
    layer(
        "called like a function, with an activation to choose",
        "dense: `Dense.__call__`; activation=None; weights attribute `kernel`; biases attribute `bias`; "
        "returns its output",
        title="Dense",
        sizes="input_size, units, activation",
        made="self.kernel = np.random.rand(input_size, units); self.act = activation",
        biases="self.bias = np.zeros((1, units))",
        forward="__call__(self, x)",
        body="z = x @ self.kernel + self.bias; return z if self.act is None else self.act(z)",
    ),
    layer(
        "an activation that must be callable",
        "dense: `Dense.forward`; activation=identity; weights attribute `weights`; biases attribute `biases`; "
        "returns its output",
        title="Dense",
        sizes="n_inputs, n_neurons, activation",
        made="self.weights = np.random.rand(n_inputs, n_neurons); self.activation = activation",
        body="return self.activation(inputs @ self.weights + self.biases)",
    ),
    layer(
        "a learning rate that must be given",
        "dense: `DenseLayer.forward`; learning_rate=0.0; weights attribute `weights`; biases attribute `biases`; "
        "returns its output",
        title="DenseLayer",
        sizes="n_inputs, n_neurons, learning_rate",
    ),
    layer(
        "a flag that must be given",
        "dense: `DenseLayer.forward`; training=False; weights attribute `weights`; biases attribute `biases`; "
        "returns its output",
        title="DenseLayer",
        sizes="n_inputs, n_neurons, training",
    ),
    layer(
        "private names",
        "dense: `LayerDense.forward_pass`; weights attribute `_LayerDense__weights`; "
        "biases attribute `_bias`; its output is `.result`",
        title="LayerDense",
        made="self.__weights = np.random.rand(n_inputs, n_neurons)",
        biases="self._bias = np.zeros((1, n_neurons))",
        forward="forward_pass(self, inputs)",
        body="self.result = inputs @ self.__weights + self._bias",
    ),
    layer(
        "parameters known by their shapes alone",
        "dense: `Layer_Dense.forward`; weights attribute `theta`; biases attribute `offset`; returns its output",
        made="self.theta = np.random.rand(n_inputs, n_neurons)",
        biases="self.offset = np.zeros((1, n_neurons))",
        body="return inputs @ self.theta + self.offset",
    ),
    layer(
        "the only other method",
        "dense: `LayerDense.fire`; weights attribute `weights`; biases attribute `biases`; returns its output",
        title="LayerDense",
        forward="fire(self, inputs)",
    ),
    layer(
        "slots",
        "dense: `Layer_Dense.forward`; weights attribute `weights`; biases attribute `biases`; its output is `.value`",
        made="self.weights = np.random.rand(n_inputs, n_neurons)",
        body="self.value = inputs @ self.weights + self.biases\n    __slots__ = ('weights', 'biases', 'value')",
    ),
    layer(
        "made with its parameters",
        "dense: `Layer.forward`; made with its weights and biases; its output is `.output`",
        ("DENSE-1",),
        title="Layer",
        sizes="weights, biases",
        made="self.weights = weights",
        biases="self.biases = biases",
        body="self.output = inputs @ self.weights + self.biases",
    ),
    Shape(
        "a dense function in the usual order",
        "def dense(x, w, b): return x @ w + b\n",
        ("dense: `dense`",),
        ("DENSE-1", "GEN-4"),
    ),
    Shape(
        "a dense function that names another order",
        "def dense_forward(weights, inputs, biases): return inputs @ weights + biases\n",
        ("dense: `dense_forward`; takes (weights, inputs, biases)",),
        ("DENSE-1",),
    ),
    Shape(
        "a dense function in another order, by shape",
        "def dense_layer(p, q, r): return r @ p + q\n",
        ("dense: `dense_layer`; takes (weights, biases, inputs)",),
        ("DENSE-1",),
    ),
    Shape(
        "a dense function over single neurons",
        "def dense(inputs, weights, biases):\n"
        "    return [[sum(x * w for x, w in zip(row, ws)) + b for ws, b in zip(weights, biases)] for row in inputs]\n",
        (
            "dense: `dense`; weights of shape (n_neurons, n_inputs); biases of shape (n,)",
            "dense: results are list, converted to NumPy",
        ),
        ("DENSE-1",),
    ),
    Shape(
        "a dense function that returns a cache too",
        "def affine_forward(x, w, b): return x @ w + b, (x, w, b)\n",
        ("dense: `affine_forward`; the first of the 2 it returns",),
        ("DENSE-1",),
    ),
    relu("a function", "relu: `ReLU`", "def ReLU(x): return np.maximum(0, x)\n"),
    relu("a function with another name", "relu: `relu_function`", "def relu_function(z): return z * (z > 0)\n"),
    relu("a lambda", "relu: `relu`", "relu = lambda x: np.maximum(0, x)\n"),
    relu(
        "a class with static methods",
        "relu: `ActivationRelu.forward`; returns its output",
        "class ActivationRelu:\n    @staticmethod\n    def forward(x): return np.maximum(x, 0)\n"
        "    @staticmethod\n    def backward(x): return x > 0\n",
    ),
    relu(
        "a class whose method is called activate",
        "relu: `ReLU_Activation.activate`; its output is `.activated`",
        "class ReLU_Activation:\n    def activate(self, x):\n        self.x = x\n"
        "        self.activated = np.maximum(x, 0)\n",
    ),
    relu(
        "a class that keeps other arrays",
        "relu: `Rectified_Linear_Unit.forward`; its output is `.activated`",
        "class Rectified_Linear_Unit:\n    def __init__(self): self.table = np.ones((4, 3))\n"
        "    def forward(self, x): self.activated = np.maximum(x, 0)\n",
    ),
    relu(
        "a class that returns itself",
        "relu: `Activation_Relu.forward`; training=False; its output is `.output`",
        "class Activation_Relu:\n    def forward(self, x, training):\n"
        "        self.output = np.maximum(x, 0)\n        return self\n",
    ),
    relu(
        "a misspelt class",
        "relu: `Activaton_ReLU.forward`; its output is `.output`",
        "class Activaton_ReLU:\n    def forward(self, inputs):\n        self.output = np.maximum(inputs, 0)\n",
    ),
    Shape(
        "classes and methods in a class that only names them",
        "class Activations:\n    class ReLU:\n        def forward_pass(self, x): self.output = np.maximum(0, x)\n"
        "    @staticmethod\n    def accuracy(y_pred, y_true): return (y_pred.argmax(axis=1) == y_true).mean()\n"
        f"    def softmax(self, x):\n        e = {STABLE}\n        return e / e.sum(axis=1, keepdims=True)\n"
        "    def loss(self, x): return None\n    dense = None\n",
        (
            "relu: `Activations.ReLU.forward_pass`; its output is `.output`",
            "softmax: `Activations.softmax`; returns its output",
            "accuracy: `Activations.accuracy`",
        ),
        ("RELU-1", "SOFTMAX-4", "ACC-4"),
    ),
    softmax(
        "a softmax function",
        "softmax: `stable_softmax`",
        f"def stable_softmax(x):\n    e = {STABLE}\n    return e / e.sum(axis=1, keepdims=True)\n",
    ),
    softmax(
        "a class called SoftMax",
        "softmax: `SoftMax.__call__`; returns its output",
        f"class SoftMax:\n    def __call__(self, x):\n        e = {STABLE}\n"
        f"        return e / e.sum(axis=1, keepdims=True)\n",
    ),
    softmax(
        "a misspelt softmax",
        "softmax: `Activation_Sofmax.forward`; its output is `.output`",
        f"class Activation_Sofmax:\n    def forward(self, x):\n        e = {STABLE}\n"
        f"        self.output = e / e.sum(axis=1, keepdims=True)\n",
    ),
    softmax(
        "fused with the loss",
        "softmax: `Activation_Softmax_Loss_CategoricalCrossentropy.forward`; its output is `.output`; "
        "given labels besides",
        f"""
class Activation_Softmax_Loss_CategoricalCrossentropy:
    def forward(self, x, y_true):
        e = {STABLE}
        self.output = e / e.sum(axis=1, keepdims=True)
        return -np.log(np.clip(self.output[range(len(x)), y_true], 1e-7, 1 - 1e-7)).mean()
    def backward(self, dvalues, y_true): pass
""",
    ),
    loss(
        "the course's loss of the later chapters",
        (
            "sample_losses: `Loss_CategoricalCrossentropy.forward`; returns its output",
            "loss: `Loss_CategoricalCrossentropy.calculate`; called after `new_pass`",
        ),
        """
class Loss:
    def calculate(self, output, y, *, include_regularization=False):
        losses = self.forward(output, y)
        self.accumulated_sum += np.sum(losses)
        if not include_regularization: return np.mean(losses)
        return np.mean(losses), self.regularization_loss()
    def new_pass(self): self.accumulated_sum = 0
class Loss_CategoricalCrossentropy(Loss):
    def forward(self, y_pred, y_true):
        BODY
        return losses
""",
        SAMPLE_CLAUSES + MEAN_CLAUSES,
    ),
    loss(
        "a forward that stores, and a calculate of what it stored",
        (
            "sample_losses: `CategoricalCrossEntropy.forward`; its output is `.output`",
            "loss: `CategoricalCrossEntropy.calculate`; called after `forward`",
        ),
        """
class CategoricalCrossEntropy:
    def forward(self, y_pred, y_true):
        BODY
        self.output = losses
    def calculate(self): return np.mean(self.output)
""",
        SAMPLE_CLAUSES + MEAN_CLAUSES,
    ),
    loss(
        "a forward that gives the mean",
        ("loss: `CCE.forward`; returns its output",),
        "class CCE:\n    def forward(self, y_pred, y_true):\n        BODY\n        return np.mean(losses)\n",
        MEAN_CLAUSES,
    ),
    loss(
        "truth first, by name",
        ("loss: `cross_entropy_loss`; takes (y_true, y_pred)",),
        "def cross_entropy_loss(y_true, y_pred):\n        BODY\n        return np.mean(losses)\n",
        MEAN_CLAUSES,
    ),
    loss(
        "truth first, by form",
        ("sample_losses: `crossentropy`; takes (y_true, y_pred)",),
        "def crossentropy(one, other):\n        y_pred, y_true = other, one\n        BODY\n        return losses\n",
        SAMPLE_CLAUSES,
    ),
    loss(
        "y and t",
        ("loss: `cross_entropy_error`", "loss: results are float, converted to NumPy"),
        "def cross_entropy_error(y, t):\n        y_pred, y_true = y, t\n        BODY\n"
        "        return float(np.mean(losses))\n",
        MEAN_CLAUSES,
    ),
    Shape(
        "accuracy of probabilities, truth first",
        "def accuracy(y_true, y_pred):\n"
        "    y = y_true if y_true.ndim == 1 else y_true.argmax(axis=1)\n"
        "    return np.mean(y_pred.argmax(axis=1) == y)\n",
        ("accuracy: `accuracy`; takes (y_true, y_pred)",),
        ("ACC-1", "ACC-3", "ACC-4"),
    ),
    Shape(
        "accuracy given classes",
        "def calculate_accuracy(predictions, y):\n"
        "    return np.mean(predictions == (y if y.ndim == 1 else y.argmax(axis=1)))\n",
        ("accuracy: `calculate_accuracy`; given the class of the highest entry, the first of tied ones",),
        ("ACC-1", "ACC-3"),
    ),
    Shape(
        "the course's accuracy of the later chapters",
        """
class Accuracy:
    def calculate(self, predictions, y):
        comparisons = self.compare(predictions, y)
        self.accumulated_sum += np.sum(comparisons)
        return np.mean(comparisons)
    def new_pass(self): self.accumulated_sum = 0
class Accuracy_Categorical(Accuracy):
    def compare(self, predictions, y):
        if len(y.shape) == 2: y = np.argmax(y, axis=1)
        return predictions == y
""",
        (
            "accuracy: `Accuracy_Categorical.calculate`; called after `new_pass`; "
            "given the class of the highest entry, the first of tied ones",
        ),
        ("ACC-1", "ACC-3"),
    ),
    Shape(
        "spiral data by another name and order",
        "def create_data(classes, points):\n"
        "    X, y = np.zeros((points * classes, 2)), np.zeros(points * classes, dtype='uint8')\n"
        "    for c in range(classes):\n"
        "        ix = range(points * c, points * (c + 1))\n"
        "        r = np.linspace(0.0, 1, points)\n"
        "        t = np.linspace(c * 4, (c + 1) * 4, points) + np.random.randn(points) * 0.2\n"
        "        X[ix] = np.c_[r * np.sin(t * 2.5), r * np.cos(t * 2.5)]\n"
        "        y[ix] = c\n"
        "    return X, y\n",
        ("spiral_data: `create_data`; takes (classes, samples)",),
        ("DATA-1", "DATA-2"),
    ),
)


@dataclass(frozen=True)
class WrongPort:
    """Code that is wrong, in a shape that has to be inferred, and the clauses that must notice."""

    name: str
    code: str
    clauses: tuple[str, ...]


WRONG_PORTS = (
    WrongPort(
        "a layer without biases",
        layer("", "", title="DenseLayer", biases="pass", body="return inputs @ self.weights").code,
        ("DENSE-1",),
    ),
    WrongPort(
        "a layer that ignores its vector of biases",
        layer("", "", title="Dense", biases="self.b = np.zeros(n_neurons)", body="return inputs @ self.weights").code,
        ("DENSE-1",),
    ),
    WrongPort(
        "a layer whose weights lie on their side",
        layer("", "", made="self.weights = np.random.rand(n_neurons, n_inputs)").code,
        ("DENSE-6",),
    ),
    WrongPort(
        "a layer with as many biases as inputs",
        layer("", "", title="LayerDense", biases="self.biases = np.zeros((1, n_inputs))").code,
        ("DENSE-7",),
    ),
    WrongPort(
        "a layer that adds its column of biases to the inputs",
        layer(
            "",
            "",
            title="Dense",
            biases="self.b = np.zeros((n_neurons, 1))",
            body="return inputs @ self.weights + self.b.sum()",
        ).code,
        ("DENSE-1",),
    ),
    WrongPort(
        "a layer that multiplies the wrong way round",
        layer("", "", title="LayerDense", body="return np.dot(self.weights, inputs) + self.biases").code,
        ("DENSE-1",),
    ),
    WrongPort(
        "a dense function that forgets the biases",
        "def dense_forward(weights, inputs, biases): return inputs @ weights\n",
        ("DENSE-1",),
    ),
    WrongPort(
        "a leaky relu called relu",
        "class ReLU:\n    def __call__(self, x): return np.where(x > 0, x, 0.01 * x)\n",
        ("RELU-1",),
    ),
    WrongPort("a relu the wrong way", "def relu_function(x): return np.minimum(0, x)\n", ("RELU-1",)),
    WrongPort(
        "a relu that gives one number", "class ReLU:\n    def forward(self, x): self.out = np.max(x)\n", ("RELU-7",)
    ),
    WrongPort("a relu that writes over its argument", "def ReLU(x):\n    x[x < 0] = 0\n    return x\n", ("GEN-1",)),
    WrongPort(
        "a relu that always raises",
        "class Activation_Relu:\n    def forward(self, x): return self.missing\n",
        ("RELU-1",),
    ),
    WrongPort(
        "a softmax down the columns",
        "def soft_max(z):\n    e = np.exp(z - z.max(axis=0))\n    return e / e.sum(axis=0)\n",
        ("SOFTMAX-1",),
    ),
    WrongPort(
        "a softmax over the whole batch",
        "class SoftMax:\n    def forward(self, z):\n        e = np.exp(z - z.max())\n"
        "        self.output = e / e.sum()\n",
        ("SOFTMAX-1",),
    ),
    WrongPort(
        "a softmax that overflows",
        "def softmax_function(z):\n    e = np.exp(z)\n    return e / e.sum(axis=1, keepdims=True)\n",
        ("SOFTMAX-3",),
    ),
    WrongPort(
        "a fused softmax that forgets to normalise",
        f"class SoftmaxWithLoss:\n    def forward(self, x, t):\n        self.y = {STABLE}\n        return 0.0\n",
        ("SOFTMAX-1",),
    ),
    WrongPort(
        "a loss of the truth, with the names the wrong way round",
        "def cross_entropy(y_true, y_pred):\n"
        "    p = np.clip(y_true, 1e-7, 1 - 1e-7)\n    return -np.sum(y_pred * np.log(p), axis=1)\n",
        ("LOSS-1", "LOSS-2"),
    ),
    WrongPort(
        "a loss that does not clip",
        "class CCE:\n    def forward(self, p, y):\n"
        "        return np.mean(-np.log(p[range(len(p)), y] if y.ndim == 1 else (p * y).sum(axis=1)))\n",
        ("LOSS-8",),
    ),
    WrongPort(
        "a loss that sums instead of taking the mean",
        loss(
            "",
            (),
            "class CategoricalCrossEntropyLoss:\n    def forward(self, y_pred, y_true):\n        BODY\n"
            "        return losses\n"
            "    def calculate(self, output, y): return np.sum(self.forward(output, y))\n",
            (),
        ).code,
        ("LOSS-8",),
    ),
    WrongPort(
        "a loss that sums over one-hot labels of the whole batch",
        "class CCE:\n    def forward(self, p, y):\n        p = np.clip(p, 1e-7, 1 - 1e-7)\n"
        "        return -np.log(p[range(len(p)), y]) if y.ndim == 1 else -np.sum(y * np.log(p))\n",
        ("LOSS-2",),
    ),
    WrongPort(
        "a loss without its minus",
        loss("", (), "def categorical_crossentropy(y_true, y_pred):\n        BODY\n        return -losses\n", ()).code,
        ("LOSS-1",),
    ),
    WrongPort(
        "an accuracy of one-hot labels only",
        "def accuracy(y_true, y_pred): return np.mean(y_pred.argmax(axis=1) == y_true.argmax(axis=1))\n",
        ("ACC-1", "ACC-3"),
    ),
    WrongPort(
        "an accuracy that counts what is wrong",
        "class Accuracy:\n    def calculate(self, predictions, y): return np.mean(predictions != (y if "
        "y.ndim == 1 else y.argmax(axis=1)))\n",
        ("ACC-1",),
    ),
    WrongPort(
        "an accuracy that takes the last of tied entries",
        "def compute_accuracy(y, y_hat):\n"
        "    y = y if y.ndim == 1 else y.argmax(axis=1)\n    c = y_hat.shape[1]\n"
        "    return np.mean(c - 1 - y_hat[:, ::-1].argmax(axis=1) == y)\n",
        ("ACC-4",),
    ),
)
