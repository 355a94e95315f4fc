/* A port that three beginner's mistakes have got into. It lies beside harness.js and network.js and takes the place
   of harness.js: it puts wrong functions over the right ones, and then starts the harness.

   Check:  nnfs-spec check "exec:node wrong.js"                                                                     */
'use strict';

const network = require('./network.js');

const { softmax, accuracy } = network;
const transposed = (rows) => (rows.length ? rows[0].map((_, j) => rows.map((row) => row[j])) : []);
const reversed = (row) => [...row].reverse();

Object.assign(network, {
  // Lets a hundredth of a negative number pass.
  relu: (inputs) => inputs.map((row) => row.map((x) => (x > 0 ? x : 0.01 * x))),

  // Normalises along the wrong axis.
  softmax: (inputs) => transposed(softmax(transposed(inputs))),

  // Looks for the largest score from the end, so that of ties the last one counts.
  accuracy: (y_pred, y_true) => {
    const last = (i) => y_pred[i].length - 1;
    return accuracy(y_pred.map(reversed), y_true.map((y, i) => (Array.isArray(y) ? reversed(y) : last(i) - y)));
  },
});

require('./harness.js');
