/* A port that three beginner's mistakes have got into: the right functions step aside under other names, and wrong
   ones take their place. To be compiled with harness.c in the place of network.c, which it includes.               */
#include "network.h"

#define dense right_dense
#define softmax right_softmax
#define sample_losses right_sample_losses
#define loss right_loss
#include "network.c"
#undef dense
#undef softmax
#undef sample_losses
#undef loss

/* Forgets the biases. */
void dense(size_t n, size_t k, size_t m, const double *inputs, const double *weights, const double *biases, double *out) {
    double *zeros = calloc(m, sizeof(double));
    (void)biases;
    right_dense(n, k, m, inputs, weights, zeros, out);
    free(zeros);
}

/* Subtracts the largest logit of the whole batch, which lets all of a small row underflow. */
void softmax(size_t n, size_t c, const double *inputs, double *out) {
    double largest = -INFINITY;
    for (size_t i = 0; i < n * c; i++) largest = fmax(largest, inputs[i]);
    for (size_t i = 0; i < n; i++, inputs += c, out += c) {
        double sum = 0.0;
        for (size_t j = 0; j < c; j++) sum += out[j] = exp(inputs[j] - largest);
        for (size_t j = 0; j < c; j++) out[j] /= sum;
    }
}

/* Does not clip, so that a probability of 0 costs infinity and one of 1 nothing. */
void sample_losses(size_t n, size_t c, const double *y_pred, int one_hot, const double *y_true, double *out) {
    for (size_t i = 0; i < n; i++) out[i] = -log(y_pred[i * c + target(i, c, one_hot, y_true)]);
}

double loss(size_t n, size_t c, const double *y_pred, int one_hot, const double *y_true) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) sum -= log(y_pred[i * c + target(i, c, one_hot, y_true)]);
    return sum / (double)n;
}
