// What the kernels give to the module: one table of functions for each instruction set and each dtype.
//
// A function answers false where it meets something that the reference would refuse, or that only the reference can
// tell; what it has written then means nothing.
#pragma once
#include <cstddef>
#include <cstdint>

enum class Form { I8, I16, I32, I64, U8, U16, U32, U64, HOT8, HOT16, HOT32, HOT64 };

// Sparse labels, or one-hot rows whose entries are the bit patterns of 1, 0 and -0 (which whole numbers have not).
struct Labels {
    const void* data;
    Form form;
    uint64_t one, minus_zero;
};

// Weights (inputs, neurons) and biases (neurons).
template <class T> struct Layer {
    const T *weights, *biases;
    size_t inputs, neurons;
};

template <class T> struct Kernels {
    bool (*relu)(const T* x, T* y, size_t n);
    bool (*softmax)(const T* x, T* y, size_t rows, size_t classes);
    bool (*sample_losses)(const T* p, const Labels&, T* y, size_t first, size_t last, size_t classes);
    bool (*softmax_losses)(const T* x, const Labels&, T* y, size_t first, size_t last, size_t classes);
    bool (*loss)(const T* p, const Labels&, double* sum, size_t first, size_t last, size_t classes);
    bool (*right)(const T* x, const Labels&, size_t* count, size_t first, size_t last, size_t classes);
    bool (*dense)(const T* x, const Layer<T>&, T* y, size_t rows);
    bool (*forward)(const T* x, const Layer<T>*, size_t layers, T* y, size_t rows);
    bool (*finite)(const T* x, size_t n);
    bool (*add_row)(T* x, const T* row, size_t rows, size_t columns);
    void (*exp)(const T* x, T* y, size_t n);
    void (*log)(const T* x, T* y, size_t n);
};

struct Level {
    const char* name;
    Kernels<double> f64;
    Kernels<float> f32;
};

constexpr size_t TILE = 1024;        // rows whose losses are added before those of other rows are
constexpr size_t FEW_NEURONS = 8;    // more are left to BLAS
constexpr size_t WIDEST = 128;       // neurons of a layer in a network that runs block by block
