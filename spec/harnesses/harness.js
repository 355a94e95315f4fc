/* A harness for the text protocol of nnfs-spec, version 1 (spec/protocol.md of the project). Copy it, put your own
   functions in the place of those that network.js exports, and take out of HELLO what you do not have. Matrices are
   arrays of rows, sparse labels an array of numbers. A function that refuses its arguments throws an error, whose
   message may begin with the category.

   Build:  nothing to build or install, Node 18 or later is enough; harness.js and network.js lie in one folder
   Check:  nnfs-spec check "exec:node harness.js"                                                                   */
'use strict';

const network = require('./network.js');

const HELLO = '@ hello 1 operations dense relu softmax sample_losses loss accuracy layer spiral_data ' +
  'dtypes float64 features echo binary\n';
const KINDS = {
  float32: Float32Array, float64: Float64Array, bool: Uint8Array,
  int8: Int8Array, int16: Int16Array, int32: Int32Array, int64: BigInt64Array,
  uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, uint64: BigUint64Array,
};

let binary = false; // whether values go as bytes: leave out what asks for it, and the protocol is text alone
let unread = Buffer.alloc(0);
const chunks = process.stdin[Symbol.asyncIterator]();

async function readMore() {
  const { value, done } = await chunks.next();
  if (done) await new Promise(() => {}); // nothing will come: the process ends by itself when all has been written
  unread = value;
}

async function readWords() {
  const parts = [];
  let end;
  while ((end = unread.indexOf('\n')) < 0) {
    parts.push(unread);
    await readMore();
  }
  parts.push(unread.subarray(0, end));
  unread = unread.subarray(end + 1);
  return Buffer.concat(parts).toString('latin1').match(/\S+/g) ?? [];
}

async function readBytes(count) {
  const parts = [];
  while (unread.length < count) {
    parts.push(unread);
    count -= unread.length;
    await readMore();
  }
  parts.push(unread.subarray(0, count));
  unread = unread.subarray(count);
  return new Uint8Array(Buffer.concat(parts)).buffer; // a copy, since numbers must lie at multiples of their size
}

async function readArray() {
  const [dtype, ...numbers] = await readWords();
  const [dimensions, ...lengths] = numbers.map(Number);
  const [rows, columns] = lengths;
  const size = lengths.reduce((count, length) => count * length, KINDS[dtype].BYTES_PER_ELEMENT);
  const values = Array.from(binary ? new KINDS[dtype](await readBytes(size)) : await readWords(), Number);
  const array = { dtype, dimensions, rows, columns, values };
  if (dimensions === 0) array.values = values[0];
  if (dimensions === 2) {
    array.values = Array.from({ length: rows }, (_, i) => values.slice(i * columns, (i + 1) * columns));
  }
  return array;
}

/* What a function has returned, with its shape. A matrix without rows cannot tell how many columns it has. */
function newArray(values, columnsOfNone) {
  if (typeof values === 'number') return { dimensions: 0, rows: 1, columns: 1, values };
  const rows = values.length;
  const columns = rows ? values[0].length : columnsOfNone;
  if (columns === undefined) return { dimensions: 1, rows, columns: 1, values };
  return { dimensions: 2, rows, columns, values };
}

function writeArrays(start, arrays) {
  let line = start;
  const written = arrays.map((array) => Float64Array.from([array.values].flat(2)));
  arrays.forEach(({ dimensions, rows, columns }, k) => {
    demand(written[k].length === rows * columns, 'other the rows of a result differ in length');
    line += ` float64 ${dimensions} ${rows} ${columns} ${binary ? '' : written[k].join(' ')}`;
  });
  process.stdout.write(`${line}\n`);
  if (binary) written.forEach((values) => process.stdout.write(new Uint8Array(values.buffer)));
}

function demand(holds, problem) {
  if (!holds) throw new Error(problem);
}

/* The results of a call. Throws where the arguments are refused. */
function answer(operation, x, y, z) {
  if (operation === 'layer' || operation === 'spiral_data') {
    if (z.values >= 0) network.seed(z.values);
    const make = operation === 'layer' ? network.new_layer : network.spiral_data;
    return make(x.values, y.values).map((values) => newArray(values));
  }
  demand(x.dimensions === 2 && x.columns > 0, 'shape two dimensions with columns are needed');
  if (operation === 'dense') {
    demand(y.dimensions === 2 && y.rows === x.columns, 'shape weights for inputs of another width');
    demand(z.dimensions === 2 && z.rows === 1 && z.columns === y.columns, 'shape biases for other neurons');
    return [newArray(network.dense(x.values, y.values, z.values), y.columns)];
  }
  if (operation === 'relu') return [newArray(network.relu(x.values), x.columns)];
  if (operation === 'softmax') return [newArray(network.softmax(x.values), x.columns)];
  const sparse = y.dimensions === 1;
  demand((sparse || y.dimensions === 2) && y.rows === x.rows, 'shape labels for other samples');
  demand(sparse || y.columns === x.columns, 'shape one-hot labels of other classes');
  demand(!sparse || y.dtype.includes('int'), 'label sparse labels must be whole');
  return [newArray(network[operation](x.values, y.values))]; // sample_losses, loss and accuracy
}

async function main() {
  for (;;) {
    const [word, id, operation, count, echo] = await readWords();
    if (word === 'end') break;
    if (word === 'hello') process.stdout.write(HELLO);
    if (word === 'framing') binary = true;
    if (word !== 'call') continue;
    const given = [];
    while (given.length < count) given.push(await readArray());
    try {
      const results = answer(operation, ...given);
      writeArrays(`@ ${id} ok`, echo ? [...results, ...given] : results);
    } catch (error) {
      const message = String(error?.message ?? error).replace(/[^ -~]+/g, ' '); // one line of ASCII
      const problem = /^(shape|label|value|other) /.test(message) ? message : `other ${message}`;
      process.stdout.write(`@ ${id} error ${problem}\n`);
    }
  }
  process.stdin.destroy(); // process.exit would lose what has not been written yet
}

main();
