"""The version of the kit, and of the specification that it checks."""

__version__ = "0.1.0"
SPEC_VERSION = "2.0"
