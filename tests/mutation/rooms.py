"""Which modules are mutated, which tests must notice it, and how many mutations may live."""

from tests.mutation.mutations import PACKAGE

STRICT = ("reference", "oracle", "properties")
"""Rooms of which every mutation is tried, and every survivor is argued in survivors.toml."""

LENIENT = {"engine": 0.05, "adapters": 0.05}
"""Rooms in which a share of what was tried may survive."""

FLOOR = {"reference": 160, "oracle": 1500, "properties": 1000, "engine": 650, "adapters": 1700}
"""How many mutations of a room must have been tried at least, so that a run that found nothing to do is noticed.

These rooms are run by ``make mutation``.
"""

TESTS: dict[str, tuple[str, ...]] = {
    "reference/output.py": ("test_relu", "test_course"),
    "reference/streaming.py": ("test_streaming", "test_streamed"),
    "oracle/balls.py": ("test_closely", "test_doubt"),
    "oracle/closely.py": ("test_closely", "test_doubt"),
    "oracle/doubt.py": ("test_doubt",),
    "oracle/rational.py": ("test_closely",),
    "oracle/streaming.py": ("test_streamed",),
    "oracle/ulps.py": ("test_ulps",),
    "oracle/__init__.py": ("test_oracle_figures", "test_oracle", "test_doubt"),
    "oracle/accuracy.py": ("test_oracle_figures", "test_oracle"),
    "oracle/relu.py": ("test_oracle_figures", "test_oracle"),
    "properties/general.py": ("test_general_edges", "test_properties"),
    "properties/registry.py": ("test_findings", "test_traceability"),
    "properties/streaming.py": ("test_stream_edges",),
    "engine/arithmetic.py": ("test_arithmetic",),
    "engine/blame.py": ("test_culprit",),
    "engine/budgets.py": ("test_plan",),
    "engine/events.py": ("test_events",),
    "engine/exhaust.py": ("test_exhaust",),
    "engine/measure.py": ("test_measuring",),
    "engine/plan.py": ("test_plan",),
    "engine/recall.py": ("test_recall",),
    "engine/reduce.py": ("test_reduce",),
    "engine/replay.py": ("test_trying_again",),
    "engine/run.py": ("test_run", "test_engine"),
    "engine/settle.py": ("test_settle", "test_engine"),
    "engine/shown.py": ("test_arithmetic", "test_reports"),
    "engine/standing.py": ("test_standing",),
    "engine/trial.py": ("test_standing", "test_engine"),
    "engine/verdict.py": ("test_standing",),
    "adapters/accumulators.py": ("test_forms", "test_streamed"),
    "adapters/arena.py": ("test_wire",),
    "adapters/candidates.py": ("test_forms",),
    "adapters/captured.py": ("test_wire",),
    "adapters/cells.py": ("test_source",),
    "adapters/child.py": ("test_host", "test_isolation"),
    "adapters/convert.py": ("test_arrays_of_others",),
    "adapters/course.py": ("test_forms",),
    "adapters/definitions.py": ("test_source",),
    "adapters/folders.py": ("test_source",),
    "adapters/forked.py": ("test_forked",),
    "adapters/functions.py": ("test_forms",),
    "adapters/generators.py": ("test_generators",),
    "adapters/greeting.py": ("test_host",),
    "adapters/guard.py": ("test_started",),
    "adapters/host.py": ("test_host", "test_isolation"),
    "adapters/isolated.py": ("test_isolated",),
    "adapters/job.py": ("test_wire",),
    "adapters/layers.py": ("test_forms",),
    "adapters/lines.py": ("test_lines",),
    "adapters/live.py": ("test_live", "test_arrays_of_others"),
    "adapters/load.py": ("test_live", "test_source"),
    "adapters/loading.py": ("test_source", "test_recognition"),
    "adapters/losses.py": ("test_forms", "test_recognition"),
    "adapters/mapping.py": ("test_forms",),
    "adapters/names.py": ("test_names",),
    "adapters/objects.py": ("test_forms", "test_recognition"),
    "adapters/parameters.py": ("test_parameters", "test_forms"),
    "adapters/port.py": ("test_port",),
    "adapters/protocol.py": ("test_protocol",),
    "adapters/sessions.py": ("test_wire",),
    "adapters/signatures.py": ("test_names", "test_parameters", "test_forms"),
    "adapters/source.py": ("test_source",),
    "adapters/standin.py": ("test_source",),
    "adapters/started.py": ("test_started", "test_lines"),
    "adapters/statements.py": ("test_source",),
    "adapters/temporary.py": ("test_started", "test_security"),
    "adapters/trace.py": ("test_lines",),
    "adapters/trying.py": ("test_forms", "test_recognition"),
    "adapters/waiting.py": ("test_wire", "test_lines"),
    "adapters/wire.py": ("test_wire",),
}
"""The tests of a module, quickest first, where they are not those of TESTS_OF_ROOM."""

TESTS_OF_ROOM: dict[str, tuple[str, ...]] = {
    "reference": ("test_{name}",),
    "oracle": ("test_pairs", "test_oracle_figures", "test_oracle", "test_properties"),
    "engine": ("test_engine", "test_blame"),
    "adapters": ("test_host", "test_isolation"),
    "properties": ("test_findings", "test_property_edges", "test_properties"),
}
"""The tests of every other module of a room; ``{name}`` is the module's own."""


def tests_of(module: str) -> tuple[str, ...]:
    """Return the test files that a mutation of ``module``, such as ``oracle/pairs.py``, must not pass."""
    room, _, file = module.partition("/")
    names = TESTS.get(module) or TESTS_OF_ROOM[room]
    return tuple(f"tests/{name.format(name=file.removesuffix('.py'))}.py" for name in names)


def is_strict(module: str) -> bool:
    """Tell whether no survivor of a module may go without an argument."""
    return module.partition("/")[0] in STRICT


def modules_of(*rooms: str) -> list[str]:
    """Return every module of the rooms that has code and may be changed, as ``oracle/pairs.py``."""
    found = (f"{room}/{path.name}" for room in rooms for path in sorted((PACKAGE / room).glob("*.py")))
    return [module for module in found if module not in (*WITHOUT_CODE, *NEVER_CHANGED)]


WITHOUT_CODE = ("reference/__init__.py", "properties/__init__.py", "engine/__init__.py", "adapters/__init__.py")
"""Modules that only name what others hold."""

NEVER_CHANGED = ("adapters/strays.py",)
"""Modules that choose which processes are ended: with one condition turned round, all of the user's."""
