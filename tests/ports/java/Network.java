import java.util.Arrays;
import java.util.SplittableRandom;

/** The forward pass of the course. Matrices are arrays of rows; labels are classes, or one-hot rows. */
final class Network {
    record Layer(double[][] weights, double[][] biases) { }

    record Data(double[][] points, int[] labels) { }

    private static SplittableRandom random = new SplittableRandom(1);

    private Network() { }

    static void seed(long value) {
        random = new SplittableRandom(value);
    }

    static Layer new_layer(int inputs, int neurons) {
        demand(inputs >= 1 && neurons >= 1, "value a layer has inputs and neurons");
        double[][] weights = new double[inputs][neurons];
        for (double[] row : weights) Arrays.setAll(row, j -> 0.10 * random.nextDouble());
        return new Layer(weights, new double[1][neurons]);
    }

    static Data spiral_data(int samples, int classes) {
        demand(samples >= 1 && classes >= 1, "value a spiral has samples and classes");
        double[][] points = new double[samples * classes][];
        int[] labels = new int[samples * classes];
        for (int k = 0; k < classes; k++) {
            for (int i = 0; i < samples; i++) {
                double along = samples > 1 ? (double) i / (samples - 1) : 0.0;
                double angle = 2.5 * (4.0 * (k + along) + 0.2 * random.nextGaussian());
                points[k * samples + i] = new double[] {along * Math.sin(angle), along * Math.cos(angle)};
                labels[k * samples + i] = k;
            }
        }
        return new Data(points, labels);
    }

    static double[][] dense(double[][] inputs, double[][] weights, double[][] biases) {
        double[][] outputs = new double[inputs.length][biases[0].length];
        for (int i = 0; i < outputs.length; i++) {
            for (int k = 0; k < weights.length; k++) {
                for (int j = 0; j < outputs[i].length; j++) outputs[i][j] += inputs[i][k] * weights[k][j];
            }
            for (int j = 0; j < outputs[i].length; j++) outputs[i][j] += biases[0][j];
        }
        return outputs;
    }

    static double[][] relu(double[][] inputs) {
        double[][] outputs = new double[inputs.length][];
        Arrays.setAll(outputs, i -> Arrays.stream(inputs[i]).map(x -> Math.max(0.0, x)).toArray());
        return outputs;
    }

    static double[][] softmax(double[][] inputs) {
        double[][] outputs = new double[inputs.length][];
        for (int i = 0; i < inputs.length; i++) {
            double largest = Arrays.stream(inputs[i]).max().getAsDouble();
            double[] row = Arrays.stream(inputs[i]).map(x -> Math.exp(x - largest)).toArray();
            double sum = Arrays.stream(row).sum();
            outputs[i] = Arrays.stream(row).map(e -> e / sum).toArray();
        }
        return outputs;
    }

    static double[] sample_losses(double[][] predictions, int[] labels) {
        checkLabels(predictions, labels);
        for (double[] row : predictions) for (double p : row) demand(p >= 0.0 && p <= 1.0, "value no probabilities");
        double[] losses = new double[labels.length];
        Arrays.setAll(losses, i -> -Math.log(Math.min(Math.max(predictions[i][labels[i]], 1e-7), 1 - 1e-7)));
        return losses;
    }

    static double[] sample_losses(double[][] predictions, double[][] oneHot) {
        return sample_losses(predictions, classes(oneHot));
    }

    static double loss(double[][] predictions, int[] labels) {
        demand(labels.length > 0, "value the mean over no samples");
        return Arrays.stream(sample_losses(predictions, labels)).sum() / labels.length;
    }

    static double loss(double[][] predictions, double[][] oneHot) {
        return loss(predictions, classes(oneHot));
    }

    static double accuracy(double[][] predictions, int[] labels) {
        demand(labels.length > 0, "value the mean over no samples");
        checkLabels(predictions, labels);
        int right = 0;
        for (int i = 0; i < labels.length; i++) if (firstLargest(predictions[i]) == labels[i]) right++;
        return (double) right / labels.length;
    }

    static double accuracy(double[][] predictions, double[][] oneHot) {
        return accuracy(predictions, classes(oneHot));
    }

    private static int firstLargest(double[] row) {
        int best = 0;
        for (int j = 1; j < row.length; j++) if (row[j] > row[best]) best = j;
        return best;
    }

    /** The place of the one in each row. */
    private static int[] classes(double[][] oneHot) {
        int[] classes = new int[oneHot.length];
        for (int i = 0; i < classes.length; i++) {
            demand(Arrays.stream(oneHot[i]).allMatch(value -> value == 0.0 || value == 1.0), "label not one-hot");
            demand(Arrays.stream(oneHot[i]).sum() == 1.0, "label not one-hot");
            classes[i] = firstLargest(oneHot[i]);
        }
        return classes;
    }

    private static void checkLabels(double[][] predictions, int[] labels) {
        for (int i = 0; i < labels.length; i++) {
            demand(labels[i] >= 0 && labels[i] < predictions[i].length, "label no such class");
            for (double score : predictions[i]) demand(Double.isFinite(score), "value predictions that are not finite");
        }
    }

    private static void demand(boolean holds, String problem) {
        if (!holds) throw new IllegalArgumentException(problem);
    }
}
