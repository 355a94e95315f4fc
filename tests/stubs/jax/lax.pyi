from enum import Enum

class Precision(Enum):
    HIGHEST = 2
