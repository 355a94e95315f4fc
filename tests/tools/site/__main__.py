"""``make site``."""

from tests import ROOT
from tests.tools.site import build

build(ROOT / "build" / "site")
print("build/site/site/index.html")
