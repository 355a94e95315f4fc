/* A harness for the text protocol of nnfs-spec, version 1 (spec/protocol.md of the project). Copy it, put your own
   functions in the place of those that network.h declares, and take out of HELLO what you do not have.

   Build:  cc -O2 -o port harness.c network.c -lm
   Check:  nnfs-spec check "exec:./port"                                                                            */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "network.h"

#ifndef FEATURES
#define FEATURES "echo binary"
#endif
#define HELLO "@ hello 1 operations dense relu softmax sample_losses loss accuracy layer spiral_data " \
              "dtypes float64 features " FEATURES "\n"

/* A vector is a matrix of one column, a single number one of one entry. Results are written in float64. */
typedef struct { char dtype[8]; size_t dimensions, rows, columns; double *values; } array;

static int binary;      /* whether values go as bytes: leave out what asks for it, and the protocol is text alone */
static array given[3];  /* the arguments of the call */
static array result[2]; /* what it is answered with */

static int is(const char *one, const char *other) { return strcmp(one, other) == 0; }

static void give_up(void) { exit(2); }

static void *room_for(size_t count) {
    void *room = calloc(count + 1, sizeof(double));
    if (!room) give_up();
    return room;
}

static array new_array(size_t dimensions, size_t rows, size_t columns) {
    return (array){"float64", dimensions, rows, columns, room_for(rows * columns)};
}

#define READ_BYTES(type)                                            \
    for (size_t i = 0; i < count; i++) {                            \
        type value;                                                 \
        if (fread(&value, sizeof value, 1, stdin) != 1) give_up();  \
        a.values[i] = (double)value;                                \
    }

static array read_array(void) {
    array a;
    if (scanf("%7s %zu %zu %zu", a.dtype, &a.dimensions, &a.rows, &a.columns) != 4) give_up();
    for (size_t i = 2, more; i < a.dimensions && scanf("%zu", &more) == 1; i++) a.columns *= more;
    getchar(); /* the line feed */
    size_t count = a.rows * a.columns;
    a.values = room_for(count);
    if (!binary) {
        for (size_t i = 0; i < count; i++)
            if (scanf("%lf", &a.values[i]) != 1) give_up();
    }
    else if (is(a.dtype, "float64")) READ_BYTES(double)
    else if (is(a.dtype, "float32")) READ_BYTES(float)
    else if (is(a.dtype, "int8")) READ_BYTES(int8_t)
    else if (is(a.dtype, "int16")) READ_BYTES(int16_t)
    else if (is(a.dtype, "int32")) READ_BYTES(int32_t)
    else if (is(a.dtype, "int64")) READ_BYTES(int64_t)
    else if (is(a.dtype, "uint16")) READ_BYTES(uint16_t)
    else if (is(a.dtype, "uint32")) READ_BYTES(uint32_t)
    else if (is(a.dtype, "uint64")) READ_BYTES(uint64_t)
    else READ_BYTES(uint8_t) /* bool, too */
    return a;
}

static void write_arrays(const array *arrays, size_t count) {
    for (size_t k = 0; k < count; k++) {
        printf(" float64 %zu %zu %zu", arrays[k].dimensions, arrays[k].rows, arrays[k].columns);
        if (binary) continue;
        for (size_t i = 0; i < arrays[k].rows * arrays[k].columns; i++) printf(" %.17g", arrays[k].values[i]);
    }
}

static void write_bytes(const array *arrays, size_t count) {
    for (size_t k = 0; k < count; k++)
        fwrite(arrays[k].values, sizeof(double), arrays[k].rows * arrays[k].columns, stdout);
}

/* What is wrong with predictions and labels, as "category text", or NULL. */
static const char *labels_problem(const array *p, const array *y, int mean) {
    if (mean && p->rows == 0) return "value the mean over no samples";
    if (y->dimensions < 1 || y->dimensions > 2 || y->rows != p->rows) return "shape labels for other samples";
    if (y->dimensions == 2 && y->columns != p->columns) return "shape one-hot labels of other classes";
    if (y->dimensions == 1 && !strstr(y->dtype, "int")) return "label sparse labels must be whole";
    return check_labels(p->rows, p->columns, p->values, y->dimensions == 2, y->values);
}

/* Answers a call in result[]; returns what is wrong with its arguments, as "category text", or NULL. */
static const char *answer(const char *operation) {
    const array *x = &given[0], *y = &given[1], *z = &given[2];
    if (is(operation, "layer") || is(operation, "spiral_data")) {
        for (size_t i = 0; i < 3; i++)
            if (given[i].rows * given[i].columns != 1) return "shape single numbers are needed";
        if (!(x->values[0] >= 1 && x->values[0] <= 1e9 && y->values[0] >= 1 && y->values[0] <= 1e9))
            return "value at least one of each is needed";
        size_t first = (size_t)x->values[0], second = (size_t)y->values[0];
        if (z->values[0] >= 0) seed((uint64_t)z->values[0]);
        if (is(operation, "layer")) {
            result[0] = new_array(2, first, second), result[1] = new_array(2, 1, second);
            new_layer(first, second, result[0].values, result[1].values);
        } else {
            result[0] = new_array(2, first * second, 2), result[1] = new_array(1, first * second, 1);
            spiral_data(first, second, result[0].values, result[1].values);
        }
        return NULL;
    }
    size_t n = x->rows, c = x->columns;
    if (x->dimensions != 2 || c == 0) return "shape two dimensions with columns are needed";
    if (is(operation, "dense")) {
        if (y->dimensions != 2 || z->dimensions != 2) return "shape two dimensions are needed";
        if (y->rows != c || z->rows != 1 || z->columns != y->columns) return "shape widths differ";
        result[0] = new_array(2, n, y->columns);
        dense(n, c, y->columns, x->values, y->values, z->values, result[0].values);
    } else if (is(operation, "relu")) {
        result[0] = new_array(2, n, c);
        relu(n, c, x->values, result[0].values);
    } else if (is(operation, "softmax")) {
        result[0] = new_array(2, n, c);
        softmax(n, c, x->values, result[0].values);
    } else {
        const char *problem = labels_problem(x, y, !is(operation, "sample_losses"));
        if (!problem && !is(operation, "accuracy")) problem = check_probabilities(n, c, x->values);
        if (problem) return problem;
        if (is(operation, "sample_losses")) {
            result[0] = new_array(1, n, 1);
            sample_losses(n, c, x->values, y->dimensions == 2, y->values, result[0].values);
        } else {
            result[0] = new_array(0, 1, 1);
            result[0].values[0] = is(operation, "loss") ? loss(n, c, x->values, y->dimensions == 2, y->values)
                                                        : accuracy(n, c, x->values, y->dimensions == 2, y->values);
        }
    }
    return NULL;
}

int main(void) {
    char word[16], id[64], operation[32], rest[32];
    size_t count;
    while (scanf("%15s", word) == 1 && !is(word, "end")) {
        if (is(word, "hello")) {
            if (scanf("%31s", rest) != 1) give_up();
            printf(HELLO);
        } else if (is(word, "framing")) {
            if (scanf("%31s", rest) != 1) give_up();
            binary = 1;
        } else {
            if (scanf("%63s %31s %zu", id, operation, &count) != 3 || count > 3) give_up();
            if (!fgets(rest, sizeof rest, stdin)) give_up();
            for (size_t i = 0; i < count; i++) given[i] = read_array();
            size_t echoed = strstr(rest, "echo") ? count : 0;
            const char *problem = answer(operation);
            if (problem) {
                printf("@ %s error %s\n", id, problem);
            } else {
                size_t results = result[1].values ? 2 : 1;
                printf("@ %s ok", id);
                write_arrays(result, results), write_arrays(given, echoed);
                printf("\n");
                if (binary) write_bytes(result, results), write_bytes(given, echoed);
            }
            for (size_t i = 0; i < 3; i++) free(given[i].values), given[i] = (array){0};
            for (size_t i = 0; i < 2; i++) free(result[i].values), result[i] = (array){0};
        }
        fflush(stdout);
    }
    return 0;
}
