// A harness for the text protocol of nnfs-spec, version 1 (spec/protocol.md of the project). Copy it, put your own
// functions in the place of those of network.rs, and take out of HELLO what you do not have. From there it takes
// besides:
//
//     pub struct Matrix { pub rows: usize, pub columns: usize, pub values: Vec<f64> } // row after row
//     pub enum Labels<'a> { Sparse(&'a [f64]), OneHot(&'a Matrix) }
//     pub struct Error { pub category: &'static str, pub message: String } // for arguments that are refused
//
// Build:  rustc -O -o port harness.rs
// Check:  nnfs-spec check "exec:./port"
use std::io::{self, BufRead, Write};
use std::str::FromStr;

mod network;
use network::{Error, Generator, Labels, Matrix};

const HELLO: &str = "@ hello 1 operations dense relu softmax sample_losses loss accuracy layer spiral_data \
                     dtypes float64 features echo binary";

// A vector is a matrix of one column, a single number one of one entry. Results are written in float64.
struct Array {
    dtype: String,
    dimensions: usize,
    matrix: Matrix,
}

fn bad(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn read_line(input: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    Ok(line)
}

fn read_word<T: FromStr>(words: &mut dyn Iterator<Item = &str>) -> io::Result<T> {
    let word = words.next().ok_or_else(|| bad("a line that breaks off"))?;
    word.parse().map_err(|_| bad(word))
}

fn read_array(input: &mut impl BufRead, binary: bool) -> io::Result<Array> {
    let line = read_line(input)?;
    let words = &mut line.split_ascii_whitespace();
    let (dtype, dimensions): (String, usize) = (read_word(words)?, read_word(words)?);
    let (rows, mut columns): (usize, usize) = (read_word(words)?, read_word(words)?);
    for _ in 2..dimensions {
        columns *= read_word::<usize>(words)?;
    }
    let mut values = Vec::new();
    macro_rules! read_bytes {
        ($number:ty) => {
            for _ in 0..rows * columns {
                let mut bytes = [0; std::mem::size_of::<$number>()];
                input.read_exact(&mut bytes)?;
                values.push(<$number>::from_le_bytes(bytes) as f64);
            }
        };
    }
    match dtype.as_str() {
        // Without `binary` and all that asks for it, the protocol is text alone.
        _ if !binary => {
            let line = read_line(input)?;
            let words = &mut line.split_ascii_whitespace();
            for _ in 0..rows * columns {
                values.push(read_word(words)?);
            }
        }
        "float64" => read_bytes!(f64),
        "float32" => read_bytes!(f32),
        "int8" => read_bytes!(i8),
        "int16" => read_bytes!(i16),
        "int32" => read_bytes!(i32),
        "int64" => read_bytes!(i64),
        "uint16" => read_bytes!(u16),
        "uint32" => read_bytes!(u32),
        "uint64" => read_bytes!(u64),
        _ => read_bytes!(u8), // bool, too
    }
    Ok(Array { dtype, dimensions, matrix: Matrix { rows, columns, values } })
}

fn write_arrays(output: &mut impl Write, arrays: &[Array], binary: bool) -> io::Result<()> {
    for Array { dimensions, matrix, .. } in arrays {
        write!(output, " float64 {} {} {}", dimensions, matrix.rows, matrix.columns)?;
        for value in matrix.values.iter().filter(|_| !binary) {
            write!(output, " {:e}", value)?;
        }
    }
    writeln!(output)?;
    for value in arrays.iter().flat_map(|array| &array.matrix.values).filter(|_| binary) {
        output.write_all(&value.to_le_bytes())?;
    }
    Ok(())
}

fn array(dimensions: usize, matrix: Matrix) -> Array {
    Array { dtype: "float64".to_string(), dimensions, matrix }
}

fn vector(values: Vec<f64>) -> Array {
    array(1, Matrix { rows: values.len(), columns: 1, values })
}

fn number(value: f64) -> Array {
    array(0, Matrix { rows: 1, columns: 1, values: vec![value] })
}

fn refusal<T>(category: &'static str, message: &str) -> Result<T, Error> {
    Err(Error { category, message: message.to_string() })
}

fn matrix(a: &Array) -> Result<&Matrix, Error> {
    if a.dimensions != 2 || a.matrix.columns == 0 {
        return refusal("shape", "two dimensions with columns are needed");
    }
    Ok(&a.matrix)
}

fn labels(a: &Array) -> Result<Labels<'_>, Error> {
    match a.dimensions {
        1 if a.dtype.contains("int") => Ok(Labels::Sparse(&a.matrix.values)),
        1 => refusal("label", "sparse labels must be whole"),
        2 => Ok(Labels::OneHot(&a.matrix)),
        _ => refusal("shape", "labels have one or two dimensions"),
    }
}

fn whole(a: &Array) -> Result<i64, Error> {
    match a.matrix.values[..] {
        [value] if value.abs() <= 1e15 => Ok(value as i64),
        _ => refusal("value", "a single whole number is needed"),
    }
}

// Answers with no arrays where there is no such operation. The arguments themselves are lent, not copies, so that echo
// shows whether a function has written to them.
fn answer(operation: &str, given: &[Array], generator: &mut Generator) -> Result<Vec<Array>, Error> {
    Ok(match (operation, given) {
        ("dense", [x, w, b]) => vec![array(2, network::dense(matrix(x)?, matrix(w)?, matrix(b)?)?)],
        ("relu", [x]) => vec![array(2, network::relu(matrix(x)?))],
        ("softmax", [x]) => vec![array(2, network::softmax(matrix(x)?))],
        ("sample_losses", [p, y]) => vec![vector(network::sample_losses(matrix(p)?, &labels(y)?)?)],
        ("loss", [p, y]) => vec![number(network::loss(matrix(p)?, &labels(y)?)?)],
        ("accuracy", [p, y]) => vec![number(network::accuracy(matrix(p)?, &labels(y)?)?)],
        ("layer" | "spiral_data", [first, second, seed]) => {
            let (first, second, seed) = (whole(first)?, whole(second)?, whole(seed)?);
            if seed >= 0 {
                *generator = Generator::new(seed as u64);
            }
            if operation == "layer" {
                let (weights, biases) = network::new_layer(generator, first, second)?;
                vec![array(2, weights), array(2, biases)]
            } else {
                let (points, classes) = network::spiral_data(generator, first, second)?;
                vec![array(2, points), vector(classes)]
            }
        }
        _ => vec![],
    })
}

fn main() -> io::Result<()> {
    let (input, output) = (&mut io::stdin().lock(), &mut io::BufWriter::new(io::stdout().lock()));
    let mut generator = Generator::new(1);
    let mut binary = false;
    loop {
        let line = read_line(input)?;
        let words = &mut line.split_ascii_whitespace();
        match words.next() {
            None | Some("end") => return Ok(()),
            Some("hello") => writeln!(output, "{}", HELLO)?,
            Some("framing") => binary = true,
            Some("call") => {
                let (id, operation): (String, String) = (read_word(words)?, read_word(words)?);
                let count: usize = read_word(words)?;
                let given = (0..count).map(|_| read_array(input, binary)).collect::<io::Result<Vec<_>>>()?;
                match answer(&operation, &given, &mut generator) {
                    Err(Error { category, message }) => writeln!(output, "@ {} error {} {}", id, category, message)?,
                    Ok(result) if result.is_empty() => writeln!(output, "@ {} unsupported", id)?,
                    Ok(mut result) => {
                        if words.next() == Some("echo") {
                            result.extend(given);
                        }
                        write!(output, "@ {} ok", id)?;
                        write_arrays(output, &result, binary)?;
                    }
                }
            }
            Some(word) => return Err(bad(word)),
        }
        output.flush()?;
    }
}
