import logging
import threading
from collections import OrderedDict, defaultdict
import numpy as np
log = logging.getLogger("nn").getChild("layers")
_lock = threading.Lock()
_hits = defaultdict(int)
_seen = OrderedDict()
class ReLU:
    def forward(self, x):
        with _lock:
            _hits["relu"] += 1
        log.info("relu %s", x.shape)
        self.output = np.maximum(x, 0)
        return self.output
