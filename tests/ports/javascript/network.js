/* The forward pass of the course. Matrices are arrays of rows; labels are an array of classes, or one-hot rows. */
'use strict';

let state = 1;

function seed(value) {
  state = value | 0;
}

/* 32 random bits: a counter whose bits are mixed as MurmurHash3 does at its end. */
function bits() {
  state = (state + 0x9e3779b9) | 0;
  let z = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/* A number from [0, 1) with all the bits that a double can hold. */
function uniform() {
  return ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) / 2 ** 53;
}

function normal() {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
  return radius * Math.cos(2 * Math.PI * uniform());
}

function new_layer(n_inputs, n_neurons) {
  if (n_inputs < 1 || n_neurons < 1) throw new RangeError('value a layer has inputs and neurons');
  const weights = Array.from({ length: n_inputs }, () => Array.from({ length: n_neurons }, () => 0.1 * uniform()));
  return [weights, [new Array(n_neurons).fill(0)]];
}

function spiral_data(samples, classes) {
  if (samples < 1 || classes < 1) throw new RangeError('value a spiral has samples and classes');
  const points = [];
  const labels = [];
  for (let k = 0; k < classes; k++) {
    for (let i = 0; i < samples; i++) {
      const along = samples > 1 ? i / (samples - 1) : 0;
      const angle = 2.5 * (4 * (k + along) + 0.2 * normal());
      points.push([along * Math.sin(angle), along * Math.cos(angle)]);
      labels.push(k);
    }
  }
  return [points, labels];
}

function dense(inputs, weights, biases) {
  return inputs.map((row) => biases[0].map((bias, j) => row.reduce((sum, x, k) => sum + x * weights[k][j], 0) + bias));
}

function relu(inputs) {
  return inputs.map((row) => row.map((x) => Math.max(0, x)));
}

function softmax(inputs) {
  return inputs.map((row) => {
    const largest = row.reduce((a, b) => Math.max(a, b));
    const exponentials = row.map((x) => Math.exp(x - largest));
    const sum = exponentials.reduce((a, b) => a + b);
    return exponentials.map((e) => e / sum);
  });
}

/* The class that each row's label names. Throws where one names none, or a prediction is not finite. */
function targets(y_pred, y_true) {
  if (!y_pred.flat().every(Number.isFinite)) throw new RangeError('value predictions that are not finite');
  return y_true.map((label, i) => {
    if (!Array.isArray(label)) {
      if (!(label >= 0 && label < y_pred[i].length)) throw new RangeError('label no such class');
      return label;
    }
    const ones = label.filter((value) => value === 1).length;
    const zeros = label.filter((value) => value === 0).length;
    if (ones !== 1 || ones + zeros !== label.length) throw new RangeError('label not one-hot');
    return label.indexOf(1);
  });
}

function sample_losses(y_pred, y_true) {
  const classes = targets(y_pred, y_true);
  if (y_pred.flat().some((p) => p < 0 || p > 1)) throw new RangeError('value no probabilities');
  return y_pred.map((row, i) => -Math.log(Math.min(Math.max(row[classes[i]], 1e-7), 1 - 1e-7)));
}

function loss(y_pred, y_true) {
  if (y_pred.length === 0) throw new RangeError('value the mean over no samples');
  return sample_losses(y_pred, y_true).reduce((a, b) => a + b) / y_pred.length;
}

function accuracy(y_pred, y_true) {
  if (y_pred.length === 0) throw new RangeError('value the mean over no samples');
  const classes = targets(y_pred, y_true);
  const first = (row) => row.reduce((best, score, j) => (score > row[best] ? j : best), 0);
  const right = y_pred.filter((row, i) => first(row) === classes[i]);
  return right.length / y_pred.length;
}

module.exports = { seed, new_layer, spiral_data, dense, relu, softmax, sample_losses, loss, accuracy };
