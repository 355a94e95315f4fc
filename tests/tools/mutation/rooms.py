"""Which modules are mutated, which tests must notice it, and how many mutations may live."""

from tests.tools.mutation.mutations import PACKAGE

STRICT = ("reference", "oracle", "properties")
"""Rooms of which every mutation is tried, and every survivor is argued in survivors.toml."""

LENIENT = {"engine": 0.05, "adapters": 0.05}
"""Rooms in which a share of what was tried may survive."""

FLOOR = {"reference": 160, "oracle": 1500, "properties": 1000, "engine": 650, "adapters": 1700}
"""How many mutations of a room must have been tried at least, so that a run that found nothing to do is noticed.

These rooms are run by ``make mutation``.
"""

TESTS: dict[str, tuple[str, ...]] = {
    "reference/npy_file.py": ("reference/test_streaming",),
    "reference/output.py": (
        "reference/test_relu",
        "public/test_course_scripts",
    ),
    "reference/streaming.py": (
        "reference/test_streaming",
        "subject/test_stream",
    ),
    "oracle/ball_arithmetic.py": (
        "oracle/test_refine",
        "oracle/test_borderline",
    ),
    "oracle/refine.py": (
        "oracle/test_refine",
        "oracle/test_borderline",
    ),
    "oracle/borderline.py": ("oracle/test_borderline",),
    "oracle/rational.py": ("oracle/test_refine",),
    "oracle/streaming.py": ("subject/test_stream",),
    "oracle/ulps.py": ("oracle/test_ulps",),
    "oracle/__init__.py": (
        "oracle/test_bounds",
        "oracle/test_oracle",
        "oracle/test_borderline",
    ),
    "oracle/accuracy.py": (
        "oracle/test_bounds",
        "oracle/test_oracle",
    ),
    "oracle/relu.py": (
        "oracle/test_bounds",
        "oracle/test_oracle",
    ),
    "properties/general.py": (
        "properties/test_general_edges",
        "properties/test_properties",
    ),
    "properties/registry.py": (
        "properties/test_finding",
        "spec/test_traceability",
    ),
    "properties/streaming.py": ("properties/test_stream_edges",),
    "engine/worked_example.py": (
        "engine/test_worked_example",
        "reports/test_reports",
    ),
    "engine/root_cause.py": ("engine/test_root_cause",),
    "engine/budget.py": ("engine/test_plan",),
    "engine/events.py": (
        "engine/test_events",
        "engine/test_clause_state",
    ),
    "engine/exhaustive.py": ("engine/test_exhaustive",),
    "engine/accuracy.py": ("engine/test_accuracy",),
    "engine/plan.py": ("engine/test_plan",),
    "engine/call_cache.py": ("engine/test_call_cache",),
    "engine/shrink.py": ("engine/test_shrink",),
    "engine/replay.py": ("engine/test_replay",),
    "engine/run.py": (
        "engine/test_run",
        "engine/test_engine",
    ),
    "engine/results.py": (
        "engine/test_results",
        "engine/test_engine",
    ),
    "engine/clause_state.py": ("engine/test_clause_state",),
    "engine/trial.py": (
        "engine/test_clause_state",
        "engine/test_engine",
    ),
    "adapters/recognition/accumulators.py": (
        "adapters/recognition/test_recognise",
        "subject/test_stream",
    ),
    "adapters/process/shared_memory.py": ("adapters/process/test_frames",),
    "adapters/recognition/candidates.py": ("adapters/recognition/test_recognise",),
    "adapters/process/pipes.py": (
        "adapters/process/test_frames",
        "adapters/executable/test_streams",
    ),
    "adapters/source/cells.py": ("adapters/source/test_importer",),
    "adapters/process/child.py": (
        "adapters/process/test_parent",
        "adapters/process/test_child",
    ),
    "adapters/convert.py": ("adapters/test_convert",),
    "adapters/recognition/recognise.py": ("adapters/recognition/test_recognise",),
    "adapters/source/definitions.py": ("adapters/source/test_importer",),
    "adapters/options.py": (
        "adapters/source/test_importer",
        "adapters/recognition/test_shapes",
    ),
    "adapters/recognition/fork.py": ("adapters/recognition/test_fork",),
    "adapters/recognition/functions.py": ("adapters/recognition/test_recognise",),
    "adapters/random_state.py": ("adapters/test_random_state",),
    "subject/protocol.py": ("adapters/process/test_parent",),
    "adapters/process/limits.py": ("adapters/process/test_launch",),
    "adapters/process/parent.py": (
        "adapters/process/test_parent",
        "adapters/process/test_child",
    ),
    "adapters/isolated.py": ("adapters/test_isolated",),
    "adapters/process/messages.py": ("adapters/process/test_frames",),
    "adapters/recognition/layers.py": ("adapters/recognition/test_recognise",),
    "adapters/executable/streams.py": ("adapters/executable/test_streams",),
    "adapters/live.py": (
        "adapters/test_live",
        "adapters/test_convert",
    ),
    "adapters/load.py": (
        "adapters/test_live",
        "adapters/source/test_importer",
    ),
    "adapters/recognition/losses.py": (
        "adapters/recognition/test_recognise",
        "adapters/recognition/test_shapes",
    ),
    "adapters/recognition/mapping.py": ("adapters/recognition/test_recognise",),
    "adapters/recognition/names.py": ("adapters/recognition/test_names",),
    "adapters/recognition/objects.py": (
        "adapters/recognition/test_recognise",
        "adapters/recognition/test_shapes",
    ),
    "adapters/recognition/parameters.py": (
        "adapters/recognition/test_parameters",
        "adapters/recognition/test_recognise",
    ),
    "adapters/executable/port.py": ("adapters/executable/test_port",),
    "adapters/executable/protocol.py": ("adapters/executable/test_protocol",),
    "adapters/recognition/signatures.py": (
        "adapters/recognition/test_names",
        "adapters/recognition/test_parameters",
        "adapters/recognition/test_recognise",
    ),
    "adapters/source/importer.py": ("adapters/source/test_importer",),
    "adapters/source/missing_module.py": ("adapters/source/test_importer",),
    "adapters/process/launch.py": (
        "adapters/process/test_launch",
        "adapters/executable/test_streams",
        "checking/test_security",
    ),
    "adapters/source/statements.py": ("adapters/source/test_importer",),
    "adapters/executable/trace.py": ("adapters/executable/test_streams",),
    "adapters/recognition/trials.py": (
        "adapters/recognition/test_recognise",
        "adapters/recognition/test_shapes",
    ),
    "adapters/process/frames.py": ("adapters/process/test_frames",),
}
"""The tests of a module, quickest first, where they are not those of TESTS_OF_ROOM."""

TESTS_OF_ROOM: dict[str, tuple[str, ...]] = {
    "reference": ("reference/test_{name}",),
    "oracle": ("oracle/test_double_double", "oracle/test_bounds", "oracle/test_oracle", "properties/test_properties"),
    "engine": ("engine/test_engine", "engine/test_blocked"),
    "adapters": ("adapters/process/test_parent", "adapters/process/test_child"),
    "properties": ("properties/test_finding", "properties/test_edges", "properties/test_properties"),
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
