/* The forward pass of the course, on matrices of doubles that lie row after row. */
#include <stddef.h>
#include <stdint.h>

void seed(uint64_t value);
void new_layer(size_t k, size_t m, double *weights, double *biases);
void spiral_data(size_t samples, size_t classes, double *points, double *labels);

void dense(size_t n, size_t k, size_t m, const double *inputs, const double *weights, const double *biases, double *out);
void relu(size_t n, size_t c, const double *inputs, double *out);
void softmax(size_t n, size_t c, const double *inputs, double *out);

/* Labels are n classes, or with one_hot n rows of c numbers. */
void sample_losses(size_t n, size_t c, const double *y_pred, int one_hot, const double *y_true, double *out);
double loss(size_t n, size_t c, const double *y_pred, int one_hot, const double *y_true);
double accuracy(size_t n, size_t c, const double *y_pred, int one_hot, const double *y_true);

/* Tell what is wrong with the arguments, as "category text", or NULL. */
const char *check_labels(size_t n, size_t c, const double *y_pred, int one_hot, const double *y_true);
const char *check_probabilities(size_t n, size_t c, const double *y_pred);
