// The forward pass of the course, on matrices whose values lie row after row.
package main

import (
	"math"
	"math/rand"
)

// Matrix holds its values row after row.
type Matrix struct {
	Rows, Columns int
	Values        []float64
}

// Refusal is the error of a function that refuses its arguments. The category is "shape", "label" or "value".
type Refusal struct{ Category, Message string }

func (r Refusal) Error() string { return r.Category + ": " + r.Message }

var generator = rand.New(rand.NewSource(1))

func seed(value int64) { generator.Seed(value) }

func zeros(rows, columns int) Matrix { return Matrix{rows, columns, make([]float64, rows*columns)} }

func (m Matrix) row(i int) []float64 { return m.Values[i*m.Columns : (i+1)*m.Columns] }

func newLayer(nInputs, nNeurons int) (weights, biases Matrix, err error) {
	if nInputs < 1 || nNeurons < 1 {
		return weights, biases, Refusal{"value", "a layer has inputs and neurons"}
	}
	weights, biases = zeros(nInputs, nNeurons), zeros(1, nNeurons)
	for i := range weights.Values {
		weights.Values[i] = 0.10 * generator.Float64()
	}
	return weights, biases, nil
}

func spiralData(samples, classes int) (points, labels Matrix, err error) {
	if samples < 1 || classes < 1 {
		return points, labels, Refusal{"value", "a spiral has samples and classes"}
	}
	points, labels = zeros(samples*classes, 2), zeros(samples*classes, 1)
	for n := range labels.Values {
		arm, radius := float64(n/samples), 0.0
		if samples > 1 {
			radius = float64(n%samples) / float64(samples-1)
		}
		angle := 2.5 * (4*(arm+radius) + 0.2*generator.NormFloat64())
		points.row(n)[0], points.row(n)[1] = radius*math.Sin(angle), radius*math.Cos(angle)
		labels.Values[n] = arm
	}
	return points, labels, nil
}

func dense(inputs, weights, biases Matrix) (Matrix, error) {
	if inputs.Columns != weights.Rows {
		return Matrix{}, Refusal{"shape", "as many inputs as rows of weights are needed"}
	}
	if biases.Rows != 1 || biases.Columns != weights.Columns {
		return Matrix{}, Refusal{"shape", "one bias for each neuron is needed"}
	}
	out := zeros(inputs.Rows, weights.Columns)
	for i := 0; i < out.Rows; i++ {
		row := out.row(i)
		for k, x := range inputs.row(i) {
			for j, w := range weights.row(k) {
				row[j] += x * w
			}
		}
		for j, b := range biases.Values {
			row[j] += b
		}
	}
	return out, nil
}

func relu(inputs Matrix) Matrix {
	out := zeros(inputs.Rows, inputs.Columns)
	for i, x := range inputs.Values {
		out.Values[i] = math.Max(0, x) // NaN for NaN
	}
	return out
}

func softmax(inputs Matrix) Matrix {
	out := zeros(inputs.Rows, inputs.Columns)
	for i := 0; i < out.Rows; i++ {
		largest, sum := math.Inf(-1), 0.0
		for _, x := range inputs.row(i) {
			largest = math.Max(largest, x)
		}
		row := out.row(i)
		for j, x := range inputs.row(i) {
			row[j] = math.Exp(x - largest)
			sum += row[j]
		}
		for j := range row {
			row[j] /= sum
		}
	}
	return out
}

// The class that a row of labels names: the number itself, or with oneHot the place of the one.
func class(row []float64, oneHot bool, classes int) (int, error) {
	if !oneHot {
		if !(row[0] >= 0 && row[0] < float64(classes)) {
			return 0, Refusal{"label", "no such class"}
		}
		return int(row[0]), nil
	}
	found := -1
	for j, value := range row {
		if value == 1 && found < 0 {
			found = j
		} else if value != 0 {
			return 0, Refusal{"label", "not one-hot"}
		}
	}
	if found < 0 {
		return 0, Refusal{"label", "not one-hot"}
	}
	return found, nil
}

// The class of each sample. Labels are a column of classes, or with oneHot a row of zeros and a one for each sample.
func classesOf(yPred, yTrue Matrix, oneHot bool) ([]int, error) {
	if yTrue.Rows != yPred.Rows {
		return nil, Refusal{"shape", "as many labels as predictions are needed"}
	}
	if oneHot && yTrue.Columns != yPred.Columns {
		return nil, Refusal{"shape", "one-hot labels have a column for each class"}
	}
	classes := make([]int, yTrue.Rows)
	for i := range classes {
		var err error
		if classes[i], err = class(yTrue.row(i), oneHot, yPred.Columns); err != nil {
			return nil, err
		}
	}
	return classes, nil
}

func sampleLosses(yPred, yTrue Matrix, oneHot bool) (Matrix, error) {
	for _, p := range yPred.Values {
		if !(p >= 0 && p <= 1) {
			return Matrix{}, Refusal{"value", "probabilities lie from 0 to 1"}
		}
	}
	classes, err := classesOf(yPred, yTrue, oneHot)
	if err != nil {
		return Matrix{}, err
	}
	losses := zeros(yPred.Rows, 1)
	for i, target := range classes {
		losses.Values[i] = -math.Log(math.Min(math.Max(yPred.row(i)[target], 1e-7), 1-1e-7))
	}
	return losses, nil
}

func loss(yPred, yTrue Matrix, oneHot bool) (float64, error) {
	losses, err := sampleLosses(yPred, yTrue, oneHot)
	if err != nil {
		return 0, err
	}
	if losses.Rows == 0 {
		return 0, Refusal{"value", "no samples have no mean"}
	}
	sum := 0.0
	for _, one := range losses.Values {
		sum += one
	}
	return sum / float64(losses.Rows), nil
}

func accuracy(yPred, yTrue Matrix, oneHot bool) (float64, error) {
	for _, score := range yPred.Values {
		if math.IsNaN(score) || math.IsInf(score, 0) {
			return 0, Refusal{"value", "scores must be finite"}
		}
	}
	classes, err := classesOf(yPred, yTrue, oneHot)
	if err != nil {
		return 0, err
	}
	if len(classes) == 0 {
		return 0, Refusal{"value", "no samples have no accuracy"}
	}
	right := 0
	for i, target := range classes {
		best := 0
		for j, score := range yPred.row(i) {
			if score > yPred.row(i)[best] {
				best = j
			}
		}
		if best == target {
			right++
		}
	}
	return float64(right) / float64(len(classes)), nil
}
