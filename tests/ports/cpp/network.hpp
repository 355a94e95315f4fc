// The forward pass of the course, on matrices whose values lie row after row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#ifndef NUMBER
#define NUMBER double
#endif
using number = NUMBER;

struct matrix {
    std::size_t rows, columns;
    std::vector<number> values;
};

// What a function throws that refuses its arguments. The category is "shape", "label" or "value".
struct refusal : std::runtime_error {
    refusal(const char *category, const char *message) : std::runtime_error(message), category(category) {}
    std::string category;
};

void seed(std::uint64_t value);
std::pair<matrix, matrix> new_layer(long long n_inputs, long long n_neurons);  // weights, biases
std::pair<matrix, matrix> spiral_data(long long samples, long long classes);   // points, labels

matrix dense(const matrix &inputs, const matrix &weights, const matrix &biases);
matrix relu(const matrix &inputs);
matrix softmax(const matrix &inputs);

// Labels are a column of classes, or with one_hot a row of zeros and a one for each sample.
matrix sample_losses(const matrix &y_pred, const matrix &y_true, bool one_hot);
number loss(const matrix &y_pred, const matrix &y_true, bool one_hot);
number accuracy(const matrix &y_pred, const matrix &y_true, bool one_hot);
