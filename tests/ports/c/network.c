#include "network.h"

#include <math.h>
#include <stdlib.h>

static uint64_t state = 1;

void seed(uint64_t value) { state = value; }

/* A number from [0, 1): splitmix64. */
static double uniform(void) {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static double normal(void) {
    double radius = sqrt(-2.0 * log(1.0 - uniform()));
    return radius * cos(6.283185307179586 * uniform());
}

void new_layer(size_t k, size_t m, double *weights, double *biases) {
    for (size_t i = 0; i < k * m; i++) weights[i] = 0.10 * uniform();
    for (size_t j = 0; j < m; j++) biases[j] = 0.0;
}

void spiral_data(size_t samples, size_t classes, double *points, double *labels) {
    for (size_t k = 0; k < classes; k++)
        for (size_t i = 0; i < samples; i++, points += 2) {
            double along = samples > 1 ? (double)i / (double)(samples - 1) : 0.0;
            double angle = 2.5 * (4.0 * ((double)k + along) + 0.2 * normal());
            points[0] = along * sin(angle);
            points[1] = along * cos(angle);
            *labels++ = (double)k;
        }
}

void dense(size_t n, size_t k, size_t m, const double *inputs, const double *weights, const double *biases, double *out) {
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m; j++) {
            double sum = 0.0;
            for (size_t l = 0; l < k; l++) sum += inputs[i * k + l] * weights[l * m + j];
            out[i * m + j] = sum + biases[j];
        }
}

void relu(size_t n, size_t c, const double *inputs, double *out) {
    for (size_t i = 0; i < n * c; i++) out[i] = inputs[i] > 0.0 || isnan(inputs[i]) ? inputs[i] : 0.0;
}

void softmax(size_t n, size_t c, const double *inputs, double *out) {
    for (size_t i = 0; i < n; i++, inputs += c, out += c) {
        double largest = inputs[0], sum = 0.0;
        for (size_t j = 1; j < c; j++)
            if (inputs[j] > largest) largest = inputs[j];
        for (size_t j = 0; j < c; j++) sum += out[j] = exp(inputs[j] - largest);
        for (size_t j = 0; j < c; j++) out[j] /= sum;
    }
}

/* The class that a row of labels names: the sparse label itself, or the place of the one. */
static size_t target(size_t i, size_t c, int one_hot, const double *y_true) {
    if (!one_hot) return (size_t)y_true[i];
    size_t j = 0;
    while (y_true[i * c + j] != 1.0) j++;
    return j;
}

void sample_losses(size_t n, size_t c, const double *y_pred, int one_hot, const double *y_true, double *out) {
    for (size_t i = 0; i < n; i++) {
        double p = y_pred[i * c + target(i, c, one_hot, y_true)];
        out[i] = -log(p < 1e-7 ? 1e-7 : p > 1 - 1e-7 ? 1 - 1e-7 : p);
    }
}

double loss(size_t n, size_t c, const double *y_pred, int one_hot, const double *y_true) {
    double *losses = malloc(n * sizeof(double)), sum = 0.0;
    if (!losses) return NAN;
    sample_losses(n, c, y_pred, one_hot, y_true, losses);
    for (size_t i = 0; i < n; i++) sum += losses[i];
    free(losses);
    return sum / (double)n;
}

double accuracy(size_t n, size_t c, const double *y_pred, int one_hot, const double *y_true) {
    size_t right = 0;
    for (size_t i = 0; i < n; i++) {
        const double *row = y_pred + i * c;
        size_t best = 0;
        for (size_t j = 1; j < c; j++)
            if (row[j] > row[best]) best = j;
        right += best == target(i, c, one_hot, y_true);
    }
    return (double)right / (double)n;
}

const char *check_labels(size_t n, size_t c, const double *y_pred, int one_hot, const double *y_true) {
    for (size_t i = 0; i < n * c; i++)
        if (!isfinite(y_pred[i])) return "value predictions that are not finite";
    for (size_t i = 0; i < n; i++) {
        if (!one_hot) {
            if (!(y_true[i] >= 0 && y_true[i] < (double)c)) return "label no such class";
            continue;
        }
        size_t ones = 0;
        for (size_t j = 0; j < c; j++) {
            double value = y_true[i * c + j];
            if (value != 0.0 && value != 1.0) return "label not one-hot";
            ones += value == 1.0;
        }
        if (ones != 1) return "label not one-hot";
    }
    return NULL;
}

const char *check_probabilities(size_t n, size_t c, const double *y_pred) {
    for (size_t i = 0; i < n * c; i++)
        if (y_pred[i] < 0.0 || y_pred[i] > 1.0) return "value no probabilities";
    return NULL;
}
