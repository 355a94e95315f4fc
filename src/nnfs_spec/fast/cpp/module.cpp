// The kernels as a module of Python, by the limited API and the buffer protocol, so that one file serves every Python.
//
// A function takes plain arrays: exactly numpy.ndarray, C-contiguous, aligned, of the machine's byte order, float32 or
// float64. It answers None where an argument is anything else or a kernel refuses; what is wrong is for the reference
// to say.
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include <cstring>
#include <exception>
#include <initializer_list>
#include <thread>
#include <vector>

#include "kernels.h"

// NNFS_LEVELS names the instruction sets that the kernels were compiled for, the least first.
#define DECLARE(name) extern const Level name;
NNFS_LEVELS(DECLARE)
#undef DECLARE

namespace {

#define ADDRESS(name) &name,
const Level* const LEVELS[] = {NNFS_LEVELS(ADDRESS)};
#undef ADDRESS
const Level* level = nullptr;

PyObject *ndarray, *empty, *float32, *float64, *dtype_name;

// Tells whether the processor has an instruction set.
bool runs(const char* name) {
#if defined(__x86_64__)
    if (!std::strcmp(name, "sse4")) return __builtin_cpu_supports("sse4.1");
    if (!std::strcmp(name, "avx2")) return __builtin_cpu_supports("avx2");
    if (!std::strcmp(name, "avx512"))
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vl");
#endif
    return !std::strcmp(name, "plain");
}

// ---------------------------------------------------------------- arrays

struct Array {
    Py_buffer view;
    char kind = 0;  // the letter of the dtype in the buffer protocol
    bool held = false;
    Array() = default;
    Array(const Array&) = delete;
    ~Array() {
        if (held) PyBuffer_Release(&view);
    }
    // Takes an array of a kind that is known, or of any: NumPy takes its time to tell.
    bool take(PyObject* object, char known = 0, int flags = 0) {
        if ((PyObject*)Py_TYPE(object) != ndarray) return false;
        if (PyObject_GetBuffer(object, &view, PyBUF_C_CONTIGUOUS | (known ? 0 : PyBUF_FORMAT) | flags) < 0) {
            PyErr_Clear();
            return false;
        }
        held = true;
        if (!known && (!view.format || std::strlen(view.format) != 1)) return false;
        kind = known ? known : view.format[0];
        return (uintptr_t)view.buf % (size_t)view.itemsize == 0;
    }
    bool take_reals(PyObject* object, int flags = 0) {
        if ((PyObject*)Py_TYPE(object) != ndarray) return false;
        PyObject* dtype = PyObject_GetAttr(object, dtype_name);
        Py_XDECREF(dtype);  // of the two that count the module holds references
        return (dtype == float32 || dtype == float64) && take(object, dtype == float32 ? 'f' : 'd', flags);
    }
    bool take_matrix(PyObject* object, int flags = 0) { return take_reals(object, flags) && view.ndim == 2 && rows() && columns(); }
    char code() const { return kind; }
    size_t rows() const { return (size_t)view.shape[0]; }
    size_t columns() const { return (size_t)view.shape[1]; }
    template <class T> T* data() const { return (T*)view.buf; }
    bool apart_from(const Array& other) const {
        const char *a = (const char*)view.buf, *b = (const char*)other.view.buf;
        return a + view.len <= b || b + other.view.len <= a;
    }
};

// The result: `out` if it fits, or a new array.
struct Result {
    PyObject* object = nullptr;
    Array array;
    ~Result() { Py_XDECREF(object); }
    bool make(PyObject* out, char code, int ndim, size_t rows, size_t columns, std::initializer_list<const Array*> arguments) {
        if (out == Py_None) {
            PyObject* shape = PyTuple_New(ndim);
            if (shape && PyTuple_SetItem(shape, 0, PyLong_FromSize_t(rows)) < 0) Py_CLEAR(shape);
            if (shape && ndim == 2 && PyTuple_SetItem(shape, 1, PyLong_FromSize_t(columns)) < 0) Py_CLEAR(shape);
            if (shape) object = PyObject_CallFunctionObjArgs(empty, shape, code == 'f' ? float32 : float64, nullptr);
            Py_XDECREF(shape);
            if (object && array.take(object, code, PyBUF_WRITABLE)) return true;
            PyErr_Clear();  // no memory: the reference says so
            return false;
        }
        Py_INCREF(out);
        object = out;
        if (!array.take_reals(out, PyBUF_WRITABLE) || array.code() != code || array.view.ndim != ndim || array.rows() != rows) return false;
        if (ndim == 2 && array.columns() != columns) return false;
        for (const Array* argument : arguments)
            if (!array.apart_from(*argument)) return false;
        return true;
    }
    PyObject* give() {
        PyObject* given = object;
        object = nullptr;
        return given;
    }
};

bool take_labels(Array& array, PyObject* object, const Array& predictions, Labels& labels) {
    if (!array.take(object) || predictions.columns() > INT32_MAX) return false;
    const char code = array.code();
    const bool is_signed = std::strchr("bhilq", code), is_unsigned = std::strchr("BHILQ", code);
    const bool is_float = std::strchr("efd", code);
    const auto size = array.view.itemsize;
    const int width = size == 1 ? 0 : size == 2 ? 1 : size == 4 ? 2 : size == 8 ? 3 : -1;
    if (width < 0 || array.rows() != predictions.rows()) return false;
    labels.data = array.view.buf;
    if (array.view.ndim == 1 && (is_signed || is_unsigned)) {
        labels.form = (Form)((int)(is_signed ? Form::I8 : Form::U8) + width);
        return true;
    }
    if (array.view.ndim != 2 || array.columns() != predictions.columns() || !(is_signed || is_unsigned || is_float)) return false;
    labels.form = (Form)((int)Form::HOT8 + width);
    labels.one = code == 'e' ? 0x3c00 : code == 'f' ? 0x3f800000 : code == 'd' ? 0x3ff0000000000000 : 1;
    labels.minus_zero = is_float ? (uint64_t)1 << (8 * size - 1) : 0;
    return true;
}

// ---------------------------------------------------------------- threads

// The threads asked for, or 0 where `object` is no whole number of at least 1.
size_t workers_of(PyObject* object) {
    if (!PyLong_CheckExact(object)) return 0;
    const long n = PyLong_AsLong(object);
    if (n == -1 && PyErr_Occurred()) PyErr_Clear();
    return n < 1 ? 0 : (size_t)n;
}

constexpr size_t BIG = 1 << 15;      // entries from which on other threads of Python may run meanwhile
constexpr size_t ENOUGH = 1 << 17;   // entries that are worth a thread

// Calls work(first row, last row) for parts of the rows, which begin at multiples of TILE; true if all of them are.
template <class F> bool shared(size_t rows, size_t entries, size_t workers, F work) {
    size_t parts = entries / ENOUGH < workers ? entries / ENOUGH : workers;
    const size_t tiles = (rows + TILE - 1) / TILE;
    if (tiles < parts) parts = tiles;
    if (parts < 2) return work(0, rows);
    const auto start = [&](size_t part) { return part == parts ? rows : tiles * part / parts * TILE; };
    std::vector<char> fine(parts, 0);
    std::vector<std::thread> threads;
    threads.reserve(parts);
    const auto run = [&](size_t part) {
        try {
            fine[part] = work(start(part), start(part + 1));
        } catch (const std::exception&) {  // no memory: the reference says so
        }
    };
    size_t part = 1;
    try {
        for (; part < parts; part++) threads.emplace_back(run, part);
    } catch (const std::exception&) {  // the system has no more threads: this one does what is left
    }
    for (; part < parts; part++) run(part);
    run(0);
    bool all = true;
    for (auto& thread : threads) thread.join();
    for (const char one : fine) all = all && one;
    return all;
}

// Computes, without the lock where it takes long; None for what is refused.
template <class F> bool computed(size_t entries, F work) {
    PyThreadState* state = entries >= BIG ? PyEval_SaveThread() : nullptr;
    bool fine = false;
    try {
        fine = work();
    } catch (const std::exception&) {  // no memory: the reference says so
    }
    if (state) PyEval_RestoreThread(state);
    return fine;
}

template <class T> const Kernels<T>& kernels();
template <> const Kernels<double>& kernels() { return level->f64; }
template <> const Kernels<float>& kernels() { return level->f32; }

#define REFUSE Py_RETURN_NONE
#define BY_TYPE(code, call) ((code) == 'd' ? call<double> : call<float>)

// ---------------------------------------------------------------- operations

template <class T> bool run_relu(const Array& x, const Array& y, size_t workers) {
    return shared(x.rows(), x.rows() * x.columns(), workers, [&](size_t first, size_t last) {
        const size_t at = first * x.columns();
        return kernels<T>().relu(x.data<T>() + at, y.data<T>() + at, (last - first) * x.columns());
    });
}
template <class T> bool run_softmax(const Array& x, const Array& y, size_t workers) {
    return shared(x.rows(), 4 * x.rows() * x.columns(), workers, [&](size_t first, size_t last) {
        const size_t at = first * x.columns();
        return kernels<T>().softmax(x.data<T>() + at, y.data<T>() + at, last - first, x.columns());
    });
}
template <class Run> PyObject* entrywise(PyObject* const* given, Py_ssize_t n, Run run64, Run run32) {
    Array x;
    Result y;
    const size_t workers = n == 3 ? workers_of(given[2]) : 0;
    if (!workers || !x.take_matrix(given[0]) || !y.make(given[1], x.code(), 2, x.rows(), x.columns(), {&x})) REFUSE;
    const auto run = x.code() == 'd' ? run64 : run32;
    if (!computed(x.rows() * x.columns(), [&] { return run(x, y.array, workers); })) REFUSE;
    return y.give();
}
PyObject* relu(PyObject*, PyObject* const* given, Py_ssize_t n) { return entrywise(given, n, run_relu<double>, run_relu<float>); }
PyObject* softmax(PyObject*, PyObject* const* given, Py_ssize_t n) { return entrywise(given, n, run_softmax<double>, run_softmax<float>); }

template <class T, bool FUSED> bool run_losses(const Array& x, const Labels& labels, const Array& y, size_t workers) {
    return shared(x.rows(), x.rows() * x.columns(), workers, [&](size_t first, size_t last) {
        const auto kernel = FUSED ? kernels<T>().softmax_losses : kernels<T>().sample_losses;
        return kernel(x.data<T>(), labels, y.data<T>(), first, last, x.columns());
    });
}
template <bool FUSED> PyObject* losses(PyObject*, PyObject* const* given, Py_ssize_t n) {
    Array x, array;
    Labels labels;
    Result y;
    const size_t workers = n == 4 ? workers_of(given[3]) : 0;
    if (!workers || !x.take_matrix(given[0]) || !take_labels(array, given[1], x, labels)) REFUSE;
    if (!y.make(given[2], x.code(), 1, x.rows(), 0, {&x, &array})) REFUSE;
    const auto run = x.code() == 'd' ? run_losses<double, FUSED> : run_losses<float, FUSED>;
    if (!computed(x.rows() * x.columns(), [&] { return run(x, labels, y.array, workers); })) REFUSE;
    return y.give();
}

template <class T> bool run_loss(const Array& x, const Labels& labels, double* mean, size_t workers) {
    std::vector<double> sums((x.rows() + TILE - 1) / TILE);
    const bool fine = shared(x.rows(), x.rows() * x.columns(), workers, [&](size_t first, size_t last) {
        return kernels<T>().loss(x.data<T>(), labels, sums.data(), first, last, x.columns());
    });
    double sum = 0;
    for (const double one : sums) sum += one;
    *mean = sum / (double)x.rows();
    return fine;
}
template <class T> bool run_accuracy(const Array& x, const Labels& labels, double* share, size_t workers) {
    std::vector<size_t> counts((x.rows() + TILE - 1) / TILE);
    const bool fine = shared(x.rows(), x.rows() * x.columns(), workers, [&](size_t first, size_t last) {
        return kernels<T>().right(x.data<T>(), labels, &counts[first / TILE], first, last, x.columns());
    });
    size_t count = 0;
    for (const size_t one : counts) count += one;
    *share = (double)count / (double)x.rows();
    return fine;
}
template <class Run> PyObject* number(PyObject* const* given, Py_ssize_t n, Run run64, Run run32) {
    Array x, array;
    Labels labels;
    double value;
    const size_t workers = n == 3 ? workers_of(given[2]) : 0;
    if (!workers || !x.take_matrix(given[0]) || !take_labels(array, given[1], x, labels)) REFUSE;
    const auto run = x.code() == 'd' ? run64 : run32;
    if (!computed(x.rows() * x.columns(), [&] { return run(x, labels, &value, workers); })) REFUSE;
    return PyFloat_FromDouble(value);
}
PyObject* loss(PyObject*, PyObject* const* given, Py_ssize_t n) { return number(given, n, run_loss<double>, run_loss<float>); }
PyObject* accuracy(PyObject*, PyObject* const* given, Py_ssize_t n) { return number(given, n, run_accuracy<double>, run_accuracy<float>); }

// ---------------------------------------------------------------- layers

struct LayerArrays {
    Array weights, biases;
    bool take(PyObject* w, PyObject* b, char code, size_t inputs) {
        if (!weights.take_matrix(w) || weights.code() != code || weights.rows() != inputs) return false;
        if (!biases.take_reals(b) || biases.code() != code) return false;
        const auto& view = biases.view;
        const size_t width = weights.columns();
        return (view.ndim == 1 && biases.rows() == width) || (view.ndim == 2 && view.shape[0] == 1 && biases.columns() == width);
    }
    template <class T> Layer<T> layer() const {
        return {weights.data<T>(), biases.data<T>(), weights.rows(), weights.columns()};
    }
};

template <class T> bool run_dense(const Array& x, const LayerArrays& arrays, const Array& y, size_t workers) {
    const auto layer = arrays.layer<T>();
    return shared(x.rows(), x.rows() * layer.inputs * layer.neurons, workers, [&](size_t first, size_t last) {
        return kernels<T>().dense(x.data<T>() + first * layer.inputs, layer, y.data<T>() + first * layer.neurons, last - first);
    });
}
PyObject* dense(PyObject*, PyObject* const* given, Py_ssize_t n) {
    Array x;
    LayerArrays arrays;
    Result y;
    const size_t workers = n == 5 ? workers_of(given[4]) : 0;
    if (!workers || !x.take_matrix(given[0]) || !arrays.take(given[1], given[2], x.code(), x.columns())) REFUSE;
    const size_t neurons = arrays.weights.columns();
    if (neurons > FEW_NEURONS || !y.make(given[3], x.code(), 2, x.rows(), neurons, {&x, &arrays.weights, &arrays.biases})) REFUSE;
    const auto run = BY_TYPE(x.code(), run_dense);
    if (!computed(x.rows() * x.columns(), [&] { return run(x, arrays, y.array, workers); })) REFUSE;
    return y.give();
}

template <class T> bool run_forward(const Array& x, const std::vector<LayerArrays>& stack, const Array& y, size_t workers) {
    std::vector<Layer<T>> layers;
    size_t products = 0;
    for (const auto& arrays : stack) {
        layers.push_back(arrays.layer<T>());
        products += layers.back().inputs * layers.back().neurons;
    }
    const size_t classes = layers.back().neurons;
    return shared(x.rows(), x.rows() * products, workers, [&](size_t first, size_t last) {
        return kernels<T>().forward(x.data<T>() + first * x.columns(), layers.data(), layers.size(), y.data<T>() + first * classes, last - first);
    });
}
PyObject* forward(PyObject*, PyObject* const* given, Py_ssize_t n) {
    Array x;
    Result y;
    const size_t workers = n == 4 ? workers_of(given[3]) : 0;
    if (!workers || !x.take_matrix(given[0]) || x.columns() > WIDEST || !PyList_CheckExact(given[1])) REFUSE;
    const Py_ssize_t depth = PyList_Size(given[1]);
    std::vector<LayerArrays> stack((size_t)depth);
    size_t width = x.columns();
    for (Py_ssize_t i = 0; i < depth; i++) {
        PyObject* pair = PyList_GetItem(given[1], i);
        if (!PyTuple_CheckExact(pair) || PyTuple_Size(pair) != 2) REFUSE;
        auto& arrays = stack[(size_t)i];
        if (!arrays.take(PyTuple_GetItem(pair, 0), PyTuple_GetItem(pair, 1), x.code(), width)) REFUSE;
        width = arrays.weights.columns();
        if (width > WIDEST) REFUSE;
    }
    if (!depth || !y.make(given[2], x.code(), 2, x.rows(), width, {&x})) REFUSE;
    for (const auto& arrays : stack)
        if (!y.array.apart_from(arrays.weights) || !y.array.apart_from(arrays.biases)) REFUSE;
    const auto run = BY_TYPE(x.code(), run_forward);
    if (!computed(BIG, [&] { return run(x, stack, y.array, workers); })) REFUSE;
    return y.give();
}

// ---------------------------------------------------------------- beside BLAS, and for the test of exp and log

template <class T> bool run_finite(const Array& x) { return kernels<T>().finite(x.data<T>(), x.rows() * x.columns()); }
PyObject* finite(PyObject*, PyObject* object) {
    Array x;
    const bool fine = x.take_matrix(object) && computed(x.rows() * x.columns(), [&] { return BY_TYPE(x.code(), run_finite)(x); });
    return PyBool_FromLong(fine);
}
template <class T> bool run_add_row(const Array& x, const Array& row) {
    return kernels<T>().add_row(x.data<T>(), row.data<T>(), x.rows(), x.columns());
}
PyObject* add_row(PyObject*, PyObject* const* given, Py_ssize_t n) {
    Array x, row;
    bool fine = n == 2 && x.take_matrix(given[0], PyBUF_WRITABLE) && row.take_matrix(given[1]) && x.code() == row.code();
    fine = fine && row.rows() == 1 && row.columns() == x.columns();
    fine = fine && computed(x.rows() * x.columns(), [&] { return BY_TYPE(x.code(), run_add_row)(x, row); });
    return PyBool_FromLong(fine);
}
template <class T, bool EXP> bool run_function(const Array& x, const Array& y) {
    (EXP ? kernels<T>().exp : kernels<T>().log)(x.data<T>(), y.data<T>(), x.rows() * x.columns());
    return true;
}
template <bool EXP> PyObject* function(PyObject*, PyObject* object) {
    Array x;
    Result y;
    if (!x.take_matrix(object) || !y.make(Py_None, x.code(), 2, x.rows(), x.columns(), {})) REFUSE;
    const auto run = x.code() == 'd' ? run_function<double, EXP> : run_function<float, EXP>;
    if (!computed(x.rows() * x.columns(), [&] { return run(x, y.array); })) REFUSE;
    return y.give();
}

PyObject* levels(PyObject*, PyObject*) {
    PyObject* names = PyList_New(0);
    for (const Level* one : LEVELS)
        if (names && runs(one->name)) {
            PyObject* name = PyUnicode_FromString(one->name);
            if (!name || PyList_Append(names, name) < 0) Py_CLEAR(names);
            Py_XDECREF(name);
        }
    return names;
}
PyObject* use(PyObject*, PyObject* wanted) {
    for (const Level* one : LEVELS) {
        if (!PyUnicode_Check(wanted) || PyUnicode_CompareWithASCIIString(wanted, one->name) != 0 || !runs(one->name)) continue;
        PyObject* before = PyUnicode_FromString(level->name);
        if (before) level = one;
        return before;
    }
    PyErr_Format(PyExc_ValueError, "%R is no instruction set that this processor has", wanted);
    return nullptr;
}

#define FAST(name, function) {name, (PyCFunction)(void (*)(void))function, METH_FASTCALL, nullptr}
PyMethodDef METHODS[] = {FAST("relu", relu),
                         FAST("softmax", softmax),
                         FAST("sample_losses", losses<false>),
                         FAST("softmax_losses", losses<true>),
                         FAST("loss", loss),
                         FAST("accuracy", accuracy),
                         FAST("dense", dense),
                         FAST("forward", forward),
                         FAST("add_row", add_row),
                         {"finite", finite, METH_O, nullptr},
                         {"exp", function<true>, METH_O, nullptr},
                         {"log", function<false>, METH_O, nullptr},
                         {"levels", levels, METH_NOARGS, nullptr},
                         {"use", use, METH_O, nullptr},
                         {nullptr, nullptr, 0, nullptr}};

PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, "kernels", nullptr, -1, METHODS, nullptr, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_kernels() {
    for (const Level* one : LEVELS)
        if (runs(one->name)) level = one;
    PyObject* numpy = level ? PyImport_ImportModule("numpy") : nullptr;
    if (!level) PyErr_SetString(PyExc_ImportError, "the processor has none of the instruction sets of these kernels");
    if (!numpy) return nullptr;
    ndarray = PyObject_GetAttrString(numpy, "ndarray"), empty = PyObject_GetAttrString(numpy, "empty");
    float32 = PyObject_CallMethod(numpy, "dtype", "s", "f4"), float64 = PyObject_CallMethod(numpy, "dtype", "s", "f8");
    dtype_name = PyUnicode_InternFromString("dtype");
    Py_DECREF(numpy);
    if (!dtype_name || !ndarray || !empty || !float32 || !float64) return nullptr;
    PyObject* made = PyModule_Create(&MODULE);
    if (made && PyModule_AddStringConstant(made, "source", NNFS_SOURCE) < 0) Py_CLEAR(made);
    return made;
}
