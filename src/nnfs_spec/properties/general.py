"""The properties of spec/general.md: what holds for every operation."""

from dataclasses import replace
from functools import partial

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.domains import ORDINARY, RELU_SPECIALS, Case, forms_of, in_layouts_of, whole, with_special, without_rows
from nnfs_spec.oracle import exact
from nnfs_spec.properties.finding import Finding, all_of, fact, holds, near, same_bits
from nnfs_spec.properties.refusals import refuses, told
from nnfs_spec.properties.registry import states
from nnfs_spec.properties.sessions import answered, asked_for_history, in_layouts, take
from nnfs_spec.subject.operations import BATCH_OPERATIONS, OPERATIONS, Argument, Shape, Values
from nnfs_spec.subject.protocol import Answer, Call, Outcome, Probe, Refusal, result_shape, well_formed

states_of_all = partial(states, scope="every operation")

EVERY_OPERATION = tuple(form for operation in BATCH_OPERATIONS for form in forms_of(operation))
IN_LAYOUTS = tuple(map(in_layouts_of, EVERY_OPERATION))
ROW_BY_ROW = tuple(form for form in EVERY_OPERATION if OPERATIONS[form.operation].row_wise)


@states_of_all("GEN-1", *IN_LAYOUTS, role="arguments unchanged")
def arguments_stay_as_they_were(subject: Probe, case: Case) -> Finding:
    """After the call every argument is what it was, bit for bit, however it lies in memory, and if it is refused."""
    calls = [call for call, _ in in_layouts(case)]
    first, *others = case.arguments
    spoilt = first.copy()
    spoilt[-1, -1] = np.nan
    last = replace(calls[0], arguments=(spoilt, *others))
    outcomes = [*subject.outcomes(*calls), *subject.outcomes(last)]
    if not any(isinstance(outcome, Answer) for outcome in outcomes):
        subject.answers(calls[0])
    findings: list[Finding] = []
    for call, outcome in zip([*calls, last], outcomes, strict=True):
        demand = f"arguments as they were before the call, for layout {call.layout}"
        if isinstance(outcome, Answer):
            pairs = zip(outcome.after, call.arguments, strict=True)
            findings += [same_bits(*pair, demand).about(call) for pair in pairs]
        elif isinstance(outcome, Refusal):
            was, changed = np.asarray("as they were"), np.asarray("changed")
            got = changed if outcome.changed else was
            findings.append(fact(not outcome.changed, got, was, f"{demand}, refused").about(call))
    return all_of(*findings)


AGAIN = {
    1: (0, "repeated at once"),
    3: (0, "after a call with other values in the same arrays"),
    5: (0, "after a call in another dtype, and after its result was overwritten"),
    8: (2, "after calls of other shapes"),
    9: (0, "after calls of other shapes"),
    10: (2, "on a new object"),
    11: (0, "on a new object"),
}
"""The places in the session where a call is made again, the place of the first such call, and what came between."""


@states_of_all("GEN-2", *EVERY_OPERATION, role="same bits")
def nothing_depends_on_earlier_calls(subject: Probe, case: Case) -> Finding:
    """The same arrays give the same bits, after other calls and on a new object."""
    _, answers = asked_for_history(subject, case)
    findings: list[Finding] = []
    for place, (first, after) in AGAIN.items():
        again, before = answers[place], answers[first]
        demand = f"the bits of the first such call, {after}"
        findings += [same_bits(again.results[0], before.results[0], demand)] if again and before else []
    return all_of(*findings)


@states_of_all("GEN-10", *EVERY_OPERATION)
def results_stay_as_they_were(subject: Probe, case: Case) -> Finding:
    """Every result is at the end what it was when it was given, though another one has been overwritten."""
    calls, answers = asked_for_history(subject, case)
    findings: list[Finding] = []
    for place, (call, answer) in enumerate(zip(calls, answers, strict=True)):
        if answer is not None and not call.overwritten:
            demand = f"result {place} of {len(calls)} as it was given, after later calls"
            findings.append(same_bits(answer.kept[0], answer.results[0], demand).about(call))
    return all_of(*findings)


@states_of_all("GEN-9", *IN_LAYOUTS)
def results_lie_in_memory_of_their_own(subject: Probe, case: Case) -> Finding:
    """No result shares memory with an argument."""
    calls = [call for call, _ in in_layouts(case)]
    answers = answered(subject, calls)
    findings: list[Finding] = []
    for call, answer in zip(calls, answers, strict=True):
        if answer is not None:
            own, shared = np.asarray("memory of its own"), np.asarray("memory of an argument")
            demand = f"a result in memory of its own, for layout {call.layout}"
            findings.append(fact(not answer.shared, shared if answer.shared else own, own, demand).about(call))
    return all_of(*findings)


@states_of_all("GEN-11", *IN_LAYOUTS)
def global_state_stays_as_it_was(subject: Probe, case: Case) -> Finding:
    """No call but the first changes what is global in its process."""
    _, *answers = answered(subject, [call for call, _ in in_layouts(case)])
    told = [", ".join(answer.disturbed) for answer in answers if answer is not None]
    worst = next(filter(None, told), "nothing")
    undisturbed = np.array([not one for one in told])
    nothing = np.asarray("nothing")
    return holds(undisturbed, np.asarray(worst), nothing, f"global state as it was before the call; changed: {worst}")


@states_of_all("GEN-12", *EVERY_OPERATION)
def threads_do_not_meet(subject: Probe, case: Case) -> Finding:
    """Calls on objects of their own that are made at once, in threads, give the bits of calls one after the other."""
    backwards = np.arange(len(case.arguments[0]))[::-1]
    calls = [Call(case.domain.operation, rows, fresh=True) for rows in (case.arguments, take(case, backwards))]
    alone = subject.results(*calls)
    together = subject.results(*(replace(call, together=True) for call in (*calls, *calls)))
    pairs = zip(together, (*alone, *alone), strict=True)
    return all_of(*(same_bits(got, expected, "the bits of the same call alone") for got, expected in pairs))


@states_of_all("GEN-3", *ROW_BY_ROW)
def rows_are_independent(subject: Probe, case: Case) -> Finding:
    """A row's result is the same alone and anywhere in a batch, within the two value bounds."""
    operation, n = case.domain.operation, len(case.arguments[0])
    batch = subject.ask(operation, *case.arguments)
    bound = 2 * exact(operation, case.arguments).bound
    backwards, some = np.arange(n)[::-1], sorted({0, n // 2, n - 1})
    chosen: list[Array | slice] = [backwards, *(slice(row, row + 1) for row in some)]
    turned, *each = subject.results(*(Call(operation, take(case, rows)) for rows in chosen))
    findings = [near(turned, batch[backwards], bound[backwards], "the row's result at its first position")]
    for row, alone in zip(some, each, strict=True):
        findings.append(near(alone, batch[row : row + 1], bound[row : row + 1], "the row's result inside the batch"))
    return all_of(*findings)


@states_of_all("GEN-4", *IN_LAYOUTS, role="any layout")
def the_memory_layout_does_not_matter(subject: Probe, case: Case) -> Finding:
    """However the arguments lie in memory, the result is that of C order within the two bounds."""
    calls = in_layouts(case)
    answers = answered(subject, [call for call, _ in calls])
    pairs = zip(calls, answers, strict=True)
    got = [None if answer is None else well_formed(call, answer) for (call, _), answer in pairs]
    findings: list[Finding] = []
    for (call, place), result in zip(calls, got, strict=True):
        plain = got[place]
        if result is not None and plain is not None:
            bound = (2 * exact(call.operation, call.arguments).bound).reshape(plain.shape)
            findings.append(
                near(result, plain, bound, f"the result of C-contiguous arguments, for layout {call.layout}")
            )
    return all_of(*findings)


@states_of_all(
    "GEN-5", *(whole(form) for form in ORDINARY if OPERATIONS[form.operation].keeps_dtype), about_dtypes=True
)
def the_dtype_is_kept(subject: Probe, case: Case) -> Finding:
    """float32 gives float32 and float64 gives float64; whole numbers compute in float64, of whatever integer type."""
    operation, arguments = case.domain.operation, case.arguments
    got = subject.ask(operation, *arguments)
    kept = fact(got.dtype == case.dtype, np.asarray(str(got.dtype)), np.asarray(str(case.dtype)), f"dtype {case.dtype}")
    if all(argument.values is not Values.WHOLE for argument in case.domain.arguments):
        return kept  # probabilities are no whole numbers
    findings = [kept]
    for numbers, dtype in ((arguments, np.int64), (tuple(map(np.abs, arguments)), np.uint8)):
        double = tuple(a.astype(np.float64) for a in numbers)
        call = Call(operation, tuple(a.astype(dtype) for a in numbers))
        (whole,) = subject.results(call)
        bound = 2 * exact(operation, double).bound
        sign = "absolute values of the " if dtype is np.uint8 else ""
        demand = f"the float64 result of the same numbers, for the {sign}arguments as {dtype.__name__}"
        findings.append(near(whole, subject.ask(operation, *double), bound, demand).about(call))
        double_type = np.asarray("float64")
        findings.append(fact(whole.dtype == np.float64, np.asarray(str(whole.dtype)), double_type, demand).about(call))
    return all_of(*findings)


WHOLE_NUMBERS = tuple(
    form for one in ORDINARY for form in (whole(one),) if all(a.values is Values.WHOLE for a in form.arguments)
)


@states_of_all("GEN-13", *WHOLE_NUMBERS)
def whole_numbers_are_computed_with(subject: Probe, case: Case) -> Finding:
    """int64 gives the values that the same numbers give as float64, or an error."""
    operation = case.domain.operation
    single, double, integer = (
        tuple(argument.astype(dtype) for argument in case.arguments) for dtype in (np.float32, np.float64, np.int64)
    )
    call = Call(operation, integer)
    (outcome,) = subject.outcomes(call)
    if not isinstance(outcome, Answer):
        return holds(np.array([True]), np.zeros(1), np.zeros(1), "an error", examined=np.array([False]))
    demand = "the values of the same numbers as float64, for the arguments as int64"
    bound = 2 * exact(operation, single).bound
    return near(well_formed(call, outcome), subject.ask(operation, *double), bound, demand)


@states_of_all("GEN-6", *(with_special(whole(form)) for form in ORDINARY), completely=(RELU_SPECIALS,))
def nan_and_infinity_are_not_laundered(subject: Probe, case: Case) -> Finding:
    """A NaN or infinity in an argument is an error, or shows in the results that depend on it."""
    if case.domain == RELU_SPECIALS:
        return _each_is_refused_or_shows(subject, case["inputs"])
    (special,) = case["special"].tolist()
    spoilt = [(call, place, special) for call, place in _spoilt(case, special)]
    spoilt += [(call, place, np.nan) for call, place in _mixed(case)]
    outcomes = subject.outcomes(*(call for call, _, _ in spoilt))
    pairs = zip(outcomes, spoilt, strict=True)
    shown = [_shows(call, outcome, place, special) for outcome, (call, place, special) in pairs]
    worst = shown.index(False) if False in shown else 0
    outcome = outcomes[worst]
    (got,) = outcome.results if isinstance(outcome, Answer) else (np.asarray("an error"),)
    demand = f"an error, or a result that shows it, for {told(spoilt[worst][0])}"
    return holds(np.array(shown), got, np.asarray("an error"), demand).about(spoilt[worst][0])


def _each_is_refused_or_shows(subject: Probe, specials: Array) -> Finding:
    """Judge a column of special numbers at once; where they are refused together, each of them by itself."""
    whole = Call("relu", (specials,))
    (outcome,) = subject.outcomes(whole)
    if isinstance(outcome, Answer):
        got = well_formed(whole, outcome)
        shows = ~np.isfinite(got) | ((specials == -np.inf) & (got == 0))
        return holds(shows, got, specials, "results that show what is not finite, or an error")
    calls = [Call("relu", (specials[row : row + 1],)) for row in range(len(specials))]
    outcomes = subject.outcomes(*calls)
    told = zip(calls, outcomes, specials.ravel().tolist(), strict=True)
    shown = [_shows(call, outcome, (0,), special) for call, outcome, special in told]
    return holds(np.array(shown), specials, specials, "an error, or a result that shows it, for each by itself")


def _spoilt(case: Case, special: float) -> list[tuple[Call, tuple[int | slice, ...]]]:
    """Return calls with the special number in one argument, and the place in the result that depends on it."""
    operation, definition = case.domain.operation, OPERATIONS[case.domain.operation]
    row = len(case.arguments[0]) // 2
    calls: list[tuple[Call, tuple[int | slice, ...]]] = []
    for place, argument in enumerate(definition.arguments):
        if argument.values is Values.LABEL:
            continue
        column = int(case["y_true"][row]) if definition.reads_target_only else -1
        where = (row if argument.shape[0] == "N" else -1, column)
        arguments = [*case.arguments]
        arguments[place] = arguments[place].copy()
        arguments[place][where] = special
        calls.append((Call(operation, tuple(arguments)), _dependent(argument, definition.results[0], row)))
    return calls


def _mixed(case: Case) -> list[tuple[Call, tuple[int | slice, ...]]]:
    """Return a call with a row of minus infinity but for a NaN at its end, such as a mask leaves, and its place."""
    operation, definition = case.domain.operation, OPERATIONS[case.domain.operation]
    first, *others = case.arguments
    if definition.reads_target_only or first.shape[1] < 2:
        return []
    row, mixed = len(first) // 2, first.copy()
    mixed[row], mixed[row, -1] = -np.inf, np.nan
    call = Call(operation, (mixed, *others))
    return [(call, _dependent(definition.arguments[0], definition.results[0], row))]


def _dependent(argument: Argument, result: Shape, row: int) -> tuple[int | slice, ...]:
    """Return the place in the result that depends on one row of an argument of rows, else on its last column."""
    if argument.shape[0] == "N":
        return (row,) if result[:1] == ("N",) else ()
    return tuple(-1 if symbol in argument.shape else slice(None) for symbol in result)


def _shows(call: Call, outcome: Outcome, place: tuple[int | slice, ...], special: float) -> bool:
    """Tell whether a special number was refused or shows; minus infinity may show as the limit 0."""
    if not isinstance(outcome, Answer):
        return True
    seen = np.atleast_1d(well_formed(call, outcome)[place]).astype(np.float64)
    has_limit = OPERATIONS[call.operation].zero_at_minus_infinity and special == -np.inf
    return not bool(np.isfinite(seen).all()) or (has_limit and seen[-1] == 0)


@states_of_all("GEN-7", *(without_rows(form) for form in ORDINARY if OPERATIONS[form.operation].row_wise))
def no_rows_give_no_rows(subject: Probe, case: Case) -> Finding:
    """A batch of no rows gives a result of no rows."""
    call = Call(case.domain.operation, case.arguments)
    (outcome,) = subject.outcomes(call)
    shape = result_shape(call)
    demand = f"a result of shape {shape}"
    if not isinstance(outcome, Answer):
        return fact(False, np.asarray("an error"), np.array(shape), demand)
    (got,) = outcome.results
    return fact(got.shape == shape, np.array(got.shape), np.array(shape), demand)


@states_of_all("GEN-8", *(whole(form) for form in ORDINARY if not OPERATIONS[form.operation].any_shape))
def arguments_of_another_form_are_refused(subject: Probe, case: Case) -> Finding:
    """An argument that is not two-dimensional, or has no columns, is an error."""
    operation, (first, *others) = case.domain.operation, case.arguments
    wrong = [first[0], np.stack([first, first]), first[:, :0]]
    return refuses(subject, *(Call(operation, (form, *others)) for form in wrong))
