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
    "reference/output.py": (
        "test_relu",
        "test_course",
    ),
    "reference/streaming.py": (
        "test_streaming",
        "test_streamed",
    ),
    "oracle/ball_arithmetic.py": (
        "test_closely",
        "test_doubt",
    ),
    "oracle/refine.py": (
        "test_closely",
        "test_doubt",
    ),
    "oracle/borderline.py": ("test_doubt",),
    "oracle/rational.py": ("test_closely",),
    "oracle/streaming.py": ("test_streamed",),
    "oracle/ulps.py": ("test_ulps",),
    "oracle/__init__.py": (
        "test_oracle_figures",
        "test_oracle",
        "test_doubt",
    ),
    "oracle/accuracy.py": (
        "test_oracle_figures",
        "test_oracle",
    ),
    "oracle/relu.py": (
        "test_oracle_figures",
        "test_oracle",
    ),
    "properties/general.py": (
        "test_general_edges",
        "test_properties",
    ),
    "properties/registry.py": (
        "test_findings",
        "test_traceability",
    ),
    "properties/streaming.py": ("test_stream_edges",),
    "engine/worked_example.py": (
        "test_arithmetic",
        "test_reports",
    ),
    "engine/root_cause.py": ("test_culprit",),
    "engine/budget.py": ("test_plan",),
    "engine/events.py": (
        "test_events",
        "test_standing",
    ),
    "engine/exhaustive.py": ("test_exhaust",),
    "engine/accuracy.py": ("test_measuring",),
    "engine/plan.py": ("test_plan",),
    "engine/call_cache.py": ("test_recall",),
    "engine/shrink.py": ("test_reduce",),
    "engine/replay.py": ("test_trying_again",),
    "engine/run.py": (
        "test_run",
        "test_engine",
    ),
    "engine/results.py": (
        "test_settle",
        "test_engine",
    ),
    "engine/clause_state.py": ("test_standing",),
    "engine/trial.py": (
        "test_standing",
        "test_engine",
    ),
    "adapters/recognition/accumulators.py": (
        "test_forms",
        "test_streamed",
    ),
    "adapters/process/shared_memory.py": ("test_wire",),
    "adapters/recognition/candidates.py": ("test_forms",),
    "adapters/process/pipes.py": (
        "test_wire",
        "test_lines",
    ),
    "adapters/source/cells.py": ("test_source",),
    "adapters/process/child.py": (
        "test_host",
        "test_isolation",
    ),
    "adapters/convert.py": ("test_arrays_of_others",),
    "adapters/recognition/recognise.py": ("test_forms",),
    "adapters/source/definitions.py": ("test_source",),
    "adapters/options.py": (
        "test_source",
        "test_recognition",
    ),
    "adapters/recognition/fork.py": ("test_forked",),
    "adapters/recognition/functions.py": ("test_forms",),
    "adapters/random_state.py": ("test_generators",),
    "subject/protocol.py": ("test_host",),
    "adapters/process/limits.py": ("test_started",),
    "adapters/process/parent.py": (
        "test_host",
        "test_isolation",
    ),
    "adapters/isolated.py": ("test_isolated",),
    "adapters/process/messages.py": ("test_wire",),
    "adapters/recognition/layers.py": ("test_forms",),
    "adapters/executable/streams.py": ("test_lines",),
    "adapters/live.py": (
        "test_live",
        "test_arrays_of_others",
    ),
    "adapters/load.py": (
        "test_live",
        "test_source",
    ),
    "adapters/recognition/losses.py": (
        "test_forms",
        "test_recognition",
    ),
    "adapters/recognition/mapping.py": ("test_forms",),
    "adapters/recognition/names.py": ("test_names",),
    "adapters/recognition/objects.py": (
        "test_forms",
        "test_recognition",
    ),
    "adapters/recognition/parameters.py": (
        "test_parameters",
        "test_forms",
    ),
    "adapters/executable/port.py": ("test_port",),
    "adapters/executable/protocol.py": ("test_protocol",),
    "adapters/recognition/signatures.py": (
        "test_names",
        "test_parameters",
        "test_forms",
    ),
    "adapters/source/importer.py": ("test_source",),
    "adapters/source/missing_module.py": ("test_source",),
    "adapters/process/launch.py": (
        "test_started",
        "test_lines",
        "test_security",
    ),
    "adapters/source/statements.py": ("test_source",),
    "adapters/executable/trace.py": ("test_lines",),
    "adapters/recognition/trials.py": (
        "test_forms",
        "test_recognition",
    ),
    "adapters/process/frames.py": ("test_wire",),
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
    """Return the test files that a mutation of ``module``, such as ``oracle/double_double.py``, must not pass."""
    room, _, file = module.partition("/")
    names = TESTS.get(module) or TESTS_OF_ROOM[room]
    return tuple(f"tests/{name.format(name=file.removesuffix('.py'))}.py" for name in names)


def is_strict(module: str) -> bool:
    """Tell whether no survivor of a module may go without an argument."""
    return module.partition("/")[0] in STRICT


def modules_of(*rooms: str) -> list[str]:
    """Return every module of the rooms that has code and may be changed, as ``oracle/double_double.py``."""
    found = (f"{room}/{path.name}" for room in rooms for path in sorted((PACKAGE / room).glob("*.py")))
    return [module for module in found if module not in (*WITHOUT_CODE, *NEVER_CHANGED)]


WITHOUT_CODE = ("reference/__init__.py", "properties/__init__.py", "engine/__init__.py", "adapters/__init__.py")
"""Modules that only name what others hold."""

NEVER_CHANGED = ("adapters/process/launch.py",)
"""Modules that choose which processes are ended: with one condition turned round, all of the user's."""
