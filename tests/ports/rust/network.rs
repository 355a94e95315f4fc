// The forward pass of the course, on matrices whose values lie row after row.

pub struct Matrix {
    pub rows: usize,
    pub columns: usize,
    pub values: Vec<f64>,
}

impl Matrix {
    fn zeros(rows: usize, columns: usize) -> Matrix {
        Matrix { rows, columns, values: vec![0.0; rows * columns] }
    }

    fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.columns..(i + 1) * self.columns]
    }
}

// A class for each sample, or a row of zeros and a one.
pub enum Labels<'a> {
    Sparse(&'a [f64]),
    OneHot(&'a Matrix),
}

// Why a function refuses its arguments. The category is "shape", "label" or "value".
#[derive(Debug)]
pub struct Error {
    pub category: &'static str,
    pub message: String,
}

fn require(holds: bool, category: &'static str, message: &str) -> Result<(), Error> {
    if holds {
        Ok(())
    } else {
        Err(Error { category, message: message.to_string() })
    }
}

// The standard library draws no numbers: this is splitmix64.
pub struct Generator {
    state: u64,
}

impl Generator {
    pub fn new(seed: u64) -> Generator {
        Generator { state: seed }
    }

    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

pub fn new_layer(generator: &mut Generator, n_inputs: i64, n_neurons: i64) -> Result<(Matrix, Matrix), Error> {
    require(n_inputs >= 1 && n_neurons >= 1, "value", "a layer has inputs and neurons")?;
    let mut weights = Matrix::zeros(n_inputs as usize, n_neurons as usize);
    for weight in &mut weights.values {
        *weight = 0.10 * generator.uniform();
    }
    Ok((weights, Matrix::zeros(1, n_neurons as usize)))
}

pub fn spiral_data(generator: &mut Generator, samples: i64, classes: i64) -> Result<(Matrix, Vec<f64>), Error> {
    require(samples >= 1 && classes >= 1, "value", "a spiral has samples and classes")?;
    let (mut points, mut labels) = (Matrix { rows: 0, columns: 2, values: vec![] }, vec![]);
    for arm in 0..classes {
        for place in 0..samples {
            let radius = if samples > 1 { place as f64 / (samples - 1) as f64 } else { 0.0 };
            let angle = 2.5 * (4.0 * (arm as f64 + radius) + 0.2 * generator.normal());
            points.values.extend([radius * angle.sin(), radius * angle.cos()]);
            points.rows += 1;
            labels.push(arm as f64);
        }
    }
    Ok((points, labels))
}

pub fn dense(inputs: &Matrix, weights: &Matrix, biases: &Matrix) -> Result<Matrix, Error> {
    require(inputs.columns == weights.rows, "shape", "as many inputs as rows of weights are needed")?;
    require(biases.rows == 1 && biases.columns == weights.columns, "shape", "one bias for each neuron is needed")?;
    let mut values = Vec::new();
    for i in 0..inputs.rows {
        for (j, bias) in biases.values.iter().enumerate() {
            let products = inputs.row(i).iter().enumerate().map(|(k, x)| x * weights.row(k)[j]);
            values.push(products.sum::<f64>() + bias);
        }
    }
    Ok(Matrix { rows: inputs.rows, columns: weights.columns, values })
}

pub fn relu(inputs: &Matrix) -> Matrix {
    // NaN is not below 0, and stays.
    let values = inputs.values.iter().map(|&x| if x < 0.0 { 0.0 } else { x }).collect();
    Matrix { values, ..*inputs }
}

pub fn softmax(inputs: &Matrix) -> Matrix {
    let mut values = Vec::new();
    for i in 0..inputs.rows {
        let largest = inputs.row(i).iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let powers: Vec<f64> = inputs.row(i).iter().map(|x| (x - largest).exp()).collect();
        let sum: f64 = powers.iter().sum();
        values.extend(powers.iter().map(|power| power / sum));
    }
    Matrix { values, ..*inputs }
}

// The class of each sample. Whatever is no label of these predictions is refused.
fn classes_of(y_pred: &Matrix, y_true: &Labels) -> Result<Vec<usize>, Error> {
    match y_true {
        Labels::Sparse(labels) => {
            require(labels.len() == y_pred.rows, "shape", "as many labels as predictions are needed")?;
            let known = labels.iter().all(|&label| label >= 0.0 && label < y_pred.columns as f64);
            require(known, "label", "no such class")?;
            Ok(labels.iter().map(|&label| label as usize).collect())
        }
        Labels::OneHot(labels) => {
            require(labels.rows == y_pred.rows, "shape", "as many labels as predictions are needed")?;
            require(labels.columns == y_pred.columns, "shape", "one-hot labels have a column for each class")?;
            let class_of = |i| {
                let row = labels.row(i);
                let ones = row.iter().filter(|&&value| value == 1.0).count();
                let zeros = row.iter().filter(|&&value| value == 0.0).count();
                require(ones == 1 && zeros == row.len() - 1, "label", "not one-hot")?;
                Ok(row.iter().take_while(|&&value| value == 0.0).count())
            };
            (0..labels.rows).map(class_of).collect()
        }
    }
}

pub fn sample_losses(y_pred: &Matrix, y_true: &Labels) -> Result<Vec<f64>, Error> {
    require(y_pred.values.iter().all(|p| (0.0..=1.0).contains(p)), "value", "probabilities lie from 0 to 1")?;
    let classes = classes_of(y_pred, y_true)?;
    let loss = |(i, class): (usize, usize)| -y_pred.row(i)[class].clamp(1e-7, 1.0 - 1e-7).ln();
    Ok(classes.into_iter().enumerate().map(loss).collect())
}

pub fn loss(y_pred: &Matrix, y_true: &Labels) -> Result<f64, Error> {
    let losses = sample_losses(y_pred, y_true)?;
    require(!losses.is_empty(), "value", "no samples have no mean")?;
    Ok(losses.iter().sum::<f64>() / losses.len() as f64)
}

pub fn accuracy(y_pred: &Matrix, y_true: &Labels) -> Result<f64, Error> {
    require(y_pred.values.iter().all(|score| score.is_finite()), "value", "scores must be finite")?;
    let classes = classes_of(y_pred, y_true)?;
    require(!classes.is_empty(), "value", "no samples have no accuracy")?;
    let is_right = |&(i, &class): &(usize, &usize)| {
        let row = y_pred.row(i);
        row.iter().all(|score| *score <= row[class]) && row[..class].iter().all(|score| *score < row[class])
    };
    Ok(classes.iter().enumerate().filter(is_right).count() as f64 / classes.len() as f64)
}
