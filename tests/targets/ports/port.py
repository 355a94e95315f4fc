"""A port of relu and softmax in Python, with every way to go wrong that the protocol's page lists: one word says which.

It stands for programs in other languages, so it shares no code with the package.
"""

import math
import os
import signal
import sys
import time

MODE = sys.argv[1] if len(sys.argv) > 1 else "good"
HELLO = "@ hello 1 operations relu softmax dtypes float64"
HELLOS = {
    "float32": "@ hello 1 operations relu dtypes float32",
    "echo": HELLO + " features echo",
    "changes_arguments": HELLO + " features echo",
    "version": "@ hello 2 operations relu dtypes float64",
    "no_version": "@ hello",
    "no_hello": "@ 1 ok",
    "no_operations": "@ hello 1 dtypes float64",
    "no_dtypes": "@ hello 1 operations relu dtypes",
    "unknown_operation": "@ hello 1 operations relu tanh dtypes float64",
    "twice": "@ hello 1 operations relu relu dtypes float64",
    "unknown_word": "@ hello 1 layouts C operations relu dtypes float64",
}


def say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def numbers(values: list[float], shape: str = "") -> str:
    return " ".join(map(repr, values))


def relu(values: list[float], columns: int) -> list[float]:
    return [value if value > 0 or value != value else 0.0 for value in values]


def softmax(values: list[float], columns: int) -> list[float]:
    found: list[float] = []
    for start in range(0, len(values), columns):
        row = values[start : start + columns]
        terms = [math.exp(value - max(row)) if math.isfinite(value) else value for value in row]
        found += [term / math.fsum(terms) for term in terms]
    return found


def read_array() -> tuple[str, list[float]]:
    header = input()
    return header, [float(word) for word in input().split()]


def answer(id: str, operation: str, header: str, values: list[float]) -> None:
    _, dimensions, rows, columns, *_ = header.split()
    if dimensions != "2" or columns == "0":
        say(f"@ {id} error shape two dimensions with columns are needed\n")
        return
    result = {"relu": relu, "softmax": softmax}[operation](values, int(columns))
    described = f"float64 {dimensions} {rows} {columns}"
    good = f"@ {id} ok {described} {numbers(result)}"
    if MODE == "free_text":
        say(f"computing {operation}\n@mention is no answer\n{good}\r\nof \N{SNOWMAN}\n")
    elif MODE == "free_text_only":
        say("computing\n")
    elif MODE == "endless_text":
        while True:
            say("la " * 1000)
    elif MODE == "errors_on_stderr":
        sys.stderr.write(f"computing {operation}\n")
        sys.stderr.close()
        say(good + "\n")
    elif MODE == "exits":
        os._exit(3)
    elif MODE == "aborts":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif MODE == "leaves_a_copy":
        if os.fork() == 0:
            time.sleep(60)
        os._exit(4)
    elif MODE == "closes":
        os.close(1)
        time.sleep(60)
    elif MODE == "sleeps":
        time.sleep(60)
    elif MODE == "breaks_off":
        say(good[:12])
        os._exit(0)
    elif MODE == "breaks_off_and_sleeps":
        say(good[:12])
        time.sleep(60)
    elif MODE == "other_id":
        say(good.replace(id, "c99", 1) + "\n")
    elif MODE == "twice_answered":
        say(f"{good}\n{good}\n")
    elif MODE == "no_word":
        say(f"@ {id}\n")
    elif MODE == "other_word":
        say(f"@ {id} fine {described}\n")
    elif MODE == "category":
        say(f"@ {id} error sorry\n")
    elif MODE == "error":
        say(f"@ {id} error other I would rather not\n")
    elif MODE == "unsupported":
        say(f"@ {id} unsupported\n")
    elif MODE == "dtype":
        say(f"@ {id} ok float16 2 1 1 0.0\n")
    elif MODE == "dimensions":
        say(f"@ {id} ok float64 two 1 1 0.0\n")
    elif MODE == "many_dimensions":
        say(f"@ {id} ok float64 9 1 1 0.0\n")
    elif MODE == "length":
        say(f"@ {id} ok float64 2 1\n")
    elif MODE == "negative_length":
        say(f"@ {id} ok float64 2 -1 1 0.0\n")
    elif MODE == "rest":
        say(f"@ {id} ok float64 1 1 2 0.0 0.0\n")
    elif MODE == "too_few":
        say(f"@ {id} ok float64 2 2 3 1 2 3 4 5\n")
    elif MODE == "too_many":
        say(f"{good} 1.0\n")
    elif MODE == "word":
        say(f"@ {id} ok float64 2 1 1 abc\n")
    elif MODE == "underscore":
        say(f"@ {id} ok float64 2 1 1 1_0\n")
    elif MODE == "fraction":
        say(f"@ {id} ok int64 2 1 1 1.5\n")
    elif MODE == "overflow":
        say(f"@ {id} ok int8 2 1 1 300\n")
    elif MODE == "huge_number":
        say(f"@ {id} ok int64 2 1 1 99999999999999999999999\n")
    elif MODE == "no_array":
        say(f"@ {id} ok\n")
    elif MODE == "two_arrays":
        say(f"@ {id} ok float64 0 1 1 1.0 float64 0 1 1 1.0\n")
    elif MODE == "no_text":
        sys.stdout.buffer.write(b"@ \xff\xfe\n")
        sys.stdout.flush()
    elif MODE == "huge_claim":
        say(f"@ {id} ok float64 2 1000000 1000000 1.0\n")
    elif MODE == "huge_line":
        while True:
            say("@ " + "1.0 " * 10_000_000)
    elif MODE == "other_shape":
        say(f"@ {id} ok float64 1 1 1 1.0\n")
    elif MODE == "mark_alone":
        say("@\n")
    else:
        changed = numbers([value + (MODE == "changes_arguments") for value in values])
        echoed = f" {header.replace('float32', 'float64')} {changed}" if ECHO else ""
        say(f"{good}{echoed}\n")


ECHO = False
if MODE == "hello_first":
    say(HELLO + "\n")
if MODE == "answers_first":
    say(f"{HELLO}\n@ c1 ok float64 2 1 1 0.0\n")
if MODE == "no_reading":
    time.sleep(60)
while True:
    try:
        line = input().split()
    except EOFError:
        break
    if line[0] == "hello":
        if MODE == "silent":
            time.sleep(60)
        if MODE == "exits_at_once":
            os._exit(7)
        if MODE not in ("hello_first", "answers_first"):
            say(HELLOS.get(MODE, HELLO) + "\n")
        if MODE == "stops_reading":
            time.sleep(60)
    elif line[0] == "call":
        ECHO = line[-1] == "echo"
        for header, values in [read_array() for _ in range(int(line[3]))]:
            answer(line[1], line[2], header, values)
    elif line[0] == "end":
        if MODE == "stays":
            time.sleep(60)
        if MODE == "afterthought":
            say("@ c99 ok\n@ c100 ok\n")
        break
