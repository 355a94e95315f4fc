"""The little of ONNX that the peer of its runtime uses; not installed in the gate."""

from onnx import checker as checker
from onnx import helper as helper

class NodeProto: ...
class GraphProto: ...
class OperatorSetIdProto: ...
class ValueInfoProto: ...

class ModelProto:
    def SerializeToString(self) -> bytes: ...

class TensorProto:
    FLOAT: int
    DOUBLE: int
    INT64: int
