// A harness for the text protocol of nnfs-spec, version 1 (spec/protocol.md of the project). Copy it, put your own
// functions in the place of those that network.go declares, and take out of hello what you do not have. From there it
// takes besides:
//
//	type Matrix struct { Rows, Columns int; Values []float64 } // row after row
//	type Refusal struct { Category, Message string }           // the error for arguments that are refused
//
// Build:  go build -o port harness.go network.go
// Check:  nnfs-spec check "exec:./port"
package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"log"
	"math"
	"os"
	"strconv"
	"strings"
)

const hello = "@ hello 1 operations dense relu softmax sample_losses loss accuracy layer spiral_data " +
	"dtypes float64 features echo binary\n"

// How many arguments each operation has.
var arguments = map[string]int{"dense": 3, "relu": 1, "softmax": 1, "sample_losses": 2, "loss": 2, "accuracy": 2,
	"layer": 3, "spiral_data": 3}

// A vector is a matrix of one column, a single number one of one entry. Results are written in float64.
type array struct {
	dtype      string
	dimensions int
	Matrix
}

var (
	input    = bufio.NewReader(os.Stdin)
	output   = bufio.NewWriter(os.Stdout)
	asBinary = false // whether values go as bytes: leave out what asks for it, and the protocol is text alone
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func readBytes[T int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | float32 | float64](a *array) {
	for left := a.Rows * a.Columns; left > 0; left-- {
		var value T
		must(0, binary.Read(input, binary.LittleEndian, &value))
		a.Values = append(a.Values, float64(value))
	}
}

var readers = map[string]func(*array){
	"float32": readBytes[float32], "float64": readBytes[float64], "bool": readBytes[uint8],
	"int8": readBytes[int8], "int16": readBytes[int16], "int32": readBytes[int32], "int64": readBytes[int64],
	"uint8": readBytes[uint8], "uint16": readBytes[uint16], "uint32": readBytes[uint32], "uint64": readBytes[uint64],
}

func readArray() (a array) {
	line := must(input.ReadString('\n'))
	must(fmt.Sscan(line, &a.dtype, &a.dimensions, &a.Rows, &a.Columns))
	for _, more := range strings.Fields(line)[4:] {
		a.Columns *= must(strconv.Atoi(more))
	}
	if read := readers[a.dtype]; read != nil && asBinary {
		read(&a)
	} else {
		for _, word := range strings.Fields(must(input.ReadString('\n'))) {
			a.Values = append(a.Values, must(strconv.ParseFloat(word, 64)))
		}
	}
	if len(a.Values) != a.Rows*a.Columns {
		log.Fatal("other values than the dimensions say")
	}
	return a
}

func writeArrays(arrays []array) {
	for _, a := range arrays {
		fmt.Fprintf(output, " float64 %d %d %d", a.dimensions, a.Rows, a.Columns)
		for i := 0; !asBinary && i < len(a.Values); i++ {
			output.WriteString(" " + strconv.FormatFloat(a.Values[i], 'g', -1, 64))
		}
	}
}

func writeBytes(arrays []array) {
	for _, a := range arrays {
		binary.Write(output, binary.LittleEndian, a.Values)
	}
}

// What a function gave, as arrays.
func matrix(m Matrix, err error) ([]array, error) { return []array{{"float64", 2, m}}, err }
func vector(m Matrix, err error) ([]array, error) { return []array{{"float64", 1, m}}, err }
func number(value float64, err error) ([]array, error) {
	return []array{{"float64", 0, Matrix{1, 1, []float64{value}}}}, err
}

func whole(a array) bool { return len(a.Values) == 1 && math.Abs(a.Values[0]) <= 1e15 }

// The arguments themselves are handed on, not copies, so that echo shows whether a function has written to them.
func answer(operation string, given []array) ([]array, error) {
	if len(given) == 0 || len(given) != arguments[operation] {
		return nil, errors.New("no such operation with so many arguments")
	}
	x, y, z := given[0], given[len(given)/2], given[len(given)-1] // of fewer than three, the last ones are the same
	if operation == "layer" || operation == "spiral_data" {
		if !whole(x) || !whole(y) || !whole(z) {
			return nil, Refusal{"value", "single whole numbers are needed"}
		}
		if z.Values[0] >= 0 {
			seed(int64(z.Values[0]))
		}
		if operation == "layer" {
			weights, biases, err := newLayer(int(x.Values[0]), int(y.Values[0]))
			return []array{{"float64", 2, weights}, {"float64", 2, biases}}, err
		}
		points, labels, err := spiralData(int(x.Values[0]), int(y.Values[0]))
		return []array{{"float64", 2, points}, {"float64", 1, labels}}, err
	}
	if x.dimensions != 2 || x.Columns == 0 || (operation == "dense" && (y.dimensions != 2 || z.dimensions != 2)) {
		return nil, Refusal{"shape", "two dimensions with columns are needed"}
	}
	oneHot := y.dimensions == 2
	if !oneHot && y.dimensions != 1 {
		return nil, Refusal{"shape", "labels have one or two dimensions"}
	}
	if !oneHot && !strings.Contains(y.dtype, "int") {
		return nil, Refusal{"label", "sparse labels must be whole"}
	}
	switch operation {
	case "dense":
		return matrix(dense(x.Matrix, y.Matrix, z.Matrix))
	case "relu":
		return matrix(relu(x.Matrix), nil)
	case "softmax":
		return matrix(softmax(x.Matrix), nil)
	case "sample_losses":
		return vector(sampleLosses(x.Matrix, y.Matrix, oneHot))
	case "loss":
		return number(loss(x.Matrix, y.Matrix, oneHot))
	default:
		return number(accuracy(x.Matrix, y.Matrix, oneHot))
	}
}

func main() {
	for line, err := input.ReadString('\n'); err == nil; line, err = input.ReadString('\n') {
		var word, id, operation, echo string
		var count int
		words, _ := fmt.Sscan(line, &word, &id, &operation, &count, &echo)
		switch {
		case word == "end":
			return
		case word == "hello":
			output.WriteString(hello)
		case word == "framing":
			asBinary = true
		case word == "call" && words >= 4:
			given := []array{}
			for len(given) < count {
				given = append(given, readArray())
			}
			result, err := answer(operation, given)
			refusal := Refusal{}
			if errors.As(err, &refusal) {
				fmt.Fprintf(output, "@ %s error %s %s\n", id, refusal.Category, refusal.Message)
			} else if err != nil {
				fmt.Fprintf(output, "@ %s unsupported %s\n", id, err)
			} else {
				if echo != "" {
					result = append(result, given...)
				}
				fmt.Fprintf(output, "@ %s ok", id)
				writeArrays(result)
				output.WriteString("\n")
				if asBinary {
					writeBytes(result)
				}
			}
		default:
			log.Fatalf("no line of the protocol: %q", line)
		}
		output.Flush()
	}
}
