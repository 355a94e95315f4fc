#include "network.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

static std::mt19937_64 generator;

void seed(std::uint64_t value) { generator.seed(value); }

static matrix zeros(std::size_t rows, std::size_t columns) {
    return {rows, columns, std::vector<number>(rows * columns)};
}

std::pair<matrix, matrix> new_layer(long long n_inputs, long long n_neurons) {
    if (n_inputs < 1 || n_neurons < 1) throw refusal("value", "a layer has inputs and neurons");
    matrix weights = zeros(std::size_t(n_inputs), std::size_t(n_neurons)), biases = zeros(1, std::size_t(n_neurons));
    std::uniform_real_distribution<number> uniform(0, 1);
    for (number &weight : weights.values) weight = number(0.10) * uniform(generator);
    return {weights, biases};
}

std::pair<matrix, matrix> spiral_data(long long samples, long long classes) {
    if (samples < 1 || classes < 1) throw refusal("value", "a spiral has samples and classes");
    auto count = std::size_t(samples * classes);
    matrix points = zeros(count, 2), labels = zeros(count, 1);
    std::normal_distribution<number> normal(0, 1);
    for (std::size_t n = 0; n < count; n++) {
        auto arm = n / std::size_t(samples), place = n % std::size_t(samples);
        number radius = samples > 1 ? number(place) / number(samples - 1) : 0;
        number angle = number(2.5) * (4 * (number(arm) + radius) + number(0.2) * normal(generator));
        points.values[2 * n] = radius * std::sin(angle);
        points.values[2 * n + 1] = radius * std::cos(angle);
        labels.values[n] = number(arm);
    }
    return {points, labels};
}

matrix dense(const matrix &inputs, const matrix &weights, const matrix &biases) {
    if (inputs.columns != weights.rows) throw refusal("shape", "as many inputs as rows of weights are needed");
    if (biases.rows != 1 || biases.columns != weights.columns)
        throw refusal("shape", "one bias for each neuron is needed");
    matrix out = zeros(inputs.rows, weights.columns);
    for (std::size_t i = 0; i < out.rows; i++)
        for (std::size_t j = 0; j < out.columns; j++) {
            number sum = 0;
            for (std::size_t k = 0; k < inputs.columns; k++)
                sum += inputs.values[i * inputs.columns + k] * weights.values[k * weights.columns + j];
            out.values[i * out.columns + j] = sum + biases.values[j];
        }
    return out;
}

matrix relu(const matrix &inputs) {
    matrix out = inputs;
    for (number &value : out.values)
        if (value < 0) value = 0;  // NaN is not below 0, and stays
    return out;
}

matrix softmax(const matrix &inputs) {
    matrix out = inputs;
    for (auto row = out.values.begin(); row != out.values.end(); row += std::ptrdiff_t(out.columns)) {
        auto end = row + std::ptrdiff_t(out.columns);
        number largest = *std::max_element(row, end);
        std::transform(row, end, row, [=](number value) { return std::exp(value - largest); });
        number sum = std::accumulate(row, end, number(0));
        std::transform(row, end, row, [=](number value) { return value / sum; });
    }
    return out;
}

// The class of each sample. Whatever is no label of these predictions is refused.
static std::vector<std::size_t> classes_of(const matrix &y_pred, const matrix &y_true, bool one_hot) {
    if (y_true.rows != y_pred.rows) throw refusal("shape", "as many labels as predictions are needed");
    if (one_hot && y_true.columns != y_pred.columns)
        throw refusal("shape", "one-hot labels have a column for each class");
    std::vector<std::size_t> classes;
    for (std::size_t i = 0; i < y_true.rows; i++) {
        auto row = y_true.values.begin() + std::ptrdiff_t(i * y_true.columns);
        auto end = row + std::ptrdiff_t(y_true.columns);
        if (one_hot) {
            if (std::count(row, end, 1) != 1 || std::count(row, end, 0) != end - row - 1)
                throw refusal("label", "not one-hot");
            classes.push_back(std::size_t(std::find(row, end, 1) - row));
        } else {
            if (!(*row >= 0 && *row < number(y_pred.columns))) throw refusal("label", "no such class");
            classes.push_back(std::size_t(*row));
        }
    }
    return classes;
}

matrix sample_losses(const matrix &y_pred, const matrix &y_true, bool one_hot) {
    for (number p : y_pred.values)
        if (!(p >= 0 && p <= 1)) throw refusal("value", "probabilities lie from 0 to 1");
    std::vector<std::size_t> classes = classes_of(y_pred, y_true, one_hot);
    matrix losses = zeros(y_pred.rows, 1);
    for (std::size_t i = 0; i < y_pred.rows; i++) {
        number p = y_pred.values[i * y_pred.columns + classes[i]];
        losses.values[i] = -std::log(std::clamp(p, number(1e-7), number(1 - 1e-7)));
    }
    return losses;
}

number loss(const matrix &y_pred, const matrix &y_true, bool one_hot) {
    matrix losses = sample_losses(y_pred, y_true, one_hot);
    if (losses.rows == 0) throw refusal("value", "no samples have no mean");
    return std::accumulate(losses.values.begin(), losses.values.end(), number(0)) / number(losses.rows);
}

number accuracy(const matrix &y_pred, const matrix &y_true, bool one_hot) {
    for (number score : y_pred.values)
        if (!std::isfinite(score)) throw refusal("value", "scores must be finite");
    std::vector<std::size_t> classes = classes_of(y_pred, y_true, one_hot);
    if (classes.empty()) throw refusal("value", "no samples have no accuracy");
    std::size_t right = 0;
    for (std::size_t i = 0; i < y_pred.rows; i++) {
        auto row = y_pred.values.begin() + std::ptrdiff_t(i * y_pred.columns);
        right += std::size_t(std::max_element(row, row + std::ptrdiff_t(y_pred.columns)) - row) == classes[i];
    }
    return number(right) / number(classes.size());
}
