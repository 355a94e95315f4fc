/* A harness for the text protocol of nnfs-spec, version 1 (spec/protocol.md of the project). Copy it, put your own
   methods in the place of those of Network, and take out of HELLO what you do not have. Matrices are arrays of rows,
   sparse labels an array of int. A method that refuses its arguments throws an unchecked exception, whose message may
   begin with the category of the error.

   Build:  javac -d port Harness.java Network.java
   Check:  nnfs-spec check "exec:java -cp port Harness"                                                            */
import java.io.*;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.StringTokenizer;

public class Harness {
    private static final String HELLO = "@ hello 1 operations dense relu softmax sample_losses loss accuracy layer "
            + "spiral_data dtypes float64 features echo binary\n";

    /** Any array as rows: a vector has one number in each, and a single number is the only one of the only row. */
    private record Array(String dtype, int dimensions, int rows, int columns, double[][] values) { }

    private static final DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
    private static final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private static boolean binary; // whether values go as bytes: leave out what asks for it, and all is text

    private static StringTokenizer readWords() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) throw new EOFException();
            line.write(next);
        }
        return new StringTokenizer(line.toString(StandardCharsets.US_ASCII));
    }

    private static int bytesOf(String dtype) {
        return dtype.endsWith("64") ? 8 : dtype.endsWith("32") ? 4 : dtype.endsWith("16") ? 2 : 1;
    }

    private static double number(String dtype, ByteBuffer bytes) {
        return switch (dtype) {
            case "float64" -> bytes.getDouble();
            case "float32" -> bytes.getFloat();
            case "int64" -> bytes.getLong();
            case "int32" -> bytes.getInt();
            case "int16" -> bytes.getShort();
            case "int8" -> bytes.get();
            case "uint64" -> Double.parseDouble(Long.toUnsignedString(bytes.getLong()));
            case "uint32" -> Integer.toUnsignedLong(bytes.getInt());
            case "uint16" -> Short.toUnsignedInt(bytes.getShort());
            default -> Byte.toUnsignedInt(bytes.get());
        };
    }

    private static Array readArray() throws IOException {
        StringTokenizer words = readWords();
        String dtype = words.nextToken();
        int dimensions = Integer.parseInt(words.nextToken()), rows = Integer.parseInt(words.nextToken()), columns = 1;
        while (words.hasMoreTokens()) columns *= Integer.parseInt(words.nextToken());
        double[][] values = new double[rows][columns];
        if (binary) {
            byte[] read = new byte[rows * columns * bytesOf(dtype)];
            in.readFully(read);
            ByteBuffer bytes = ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
            for (double[] row : values) Arrays.setAll(row, j -> number(dtype, bytes));
        } else {
            StringTokenizer numbers = readWords();
            for (double[] row : values) Arrays.setAll(row, j -> Double.parseDouble(numbers.nextToken()));
        }
        return new Array(dtype, dimensions, rows, columns, values);
    }

    /** What a method has returned, with its shape. A matrix without rows cannot tell how many columns it has. */
    private static Array newArray(Object values, int columnsOfNone) {
        if (values instanceof double[][] rows) {
            return new Array("float64", 2, rows.length, rows.length > 0 ? rows[0].length : columnsOfNone, rows);
        }
        double[] numbers = values instanceof double[] vector ? vector
                : values instanceof int[] labels ? Arrays.stream(labels).asDoubleStream().toArray()
                : new double[] {(double) values};
        double[][] rows = Arrays.stream(numbers).mapToObj(number -> new double[] {number}).toArray(double[][]::new);
        return new Array("float64", values instanceof Double ? 0 : 1, rows.length, 1, rows);
    }

    private static void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void writeArrays(String start, Array[] arrays) throws IOException {
        StringBuilder line = new StringBuilder(start);
        int count = 0;
        for (Array array : arrays) {
            line.append(" float64 " + array.dimensions + " " + array.rows + " " + array.columns);
            for (double[] row : array.values) {
                demand(row.length == array.columns, "other the rows of a result differ in length");
                count += row.length;
                if (!binary) for (double value : row) line.append(' ').append(value);
            }
        }
        write(line.append('\n').toString());
        if (!binary) return;
        ByteBuffer bytes = ByteBuffer.allocate(count * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (Array array : arrays) for (double[] row : array.values) for (double value : row) bytes.putDouble(value);
        out.write(bytes.array());
    }

    private static void demand(boolean holds, String problem) {
        if (!holds) throw new IllegalArgumentException(problem);
    }

    /** The results of a call. Throws where the arguments are refused. */
    private static Array[] answer(String operation, Array[] given) {
        Array x = given[0], y = given[Math.min(1, given.length - 1)], z = given[given.length - 1];
        double[][] first = x.values, second = y.values;
        if (operation.equals("layer") || operation.equals("spiral_data")) {
            int count = (int) first[0][0], others = (int) second[0][0];
            if (z.values[0][0] >= 0) Network.seed((long) z.values[0][0]);
            if (operation.equals("layer")) {
                Network.Layer layer = Network.new_layer(count, others);
                return new Array[] {newArray(layer.weights(), others), newArray(layer.biases(), others)};
            }
            Network.Data data = Network.spiral_data(count, others);
            return new Array[] {newArray(data.points(), 2), newArray(data.labels(), 1)};
        }
        demand(x.dimensions == 2 && x.columns > 0, "shape two dimensions with columns are needed");
        if (operation.equals("relu")) return new Array[] {newArray(Network.relu(first), x.columns)};
        if (operation.equals("softmax")) return new Array[] {newArray(Network.softmax(first), x.columns)};
        if (operation.equals("dense")) {
            demand(y.dimensions == 2 && y.rows == x.columns, "shape weights for inputs of another width");
            demand(z.dimensions == 2 && z.rows == 1 && z.columns == y.columns, "shape biases for other neurons");
            return new Array[] {newArray(Network.dense(first, second, z.values), y.columns)};
        }
        boolean sparse = y.dimensions == 1;
        demand((sparse || y.dimensions == 2) && y.rows == x.rows, "shape labels for other samples");
        demand(sparse || y.columns == x.columns, "shape one-hot labels of other classes");
        demand(!sparse || y.dtype.contains("int"), "label sparse labels must be whole");
        int[] labels = Arrays.stream(sparse ? second : new double[0][]).mapToInt(row -> (int) row[0]).toArray();
        Object result = switch (operation) {
            case "sample_losses" ->
                sparse ? Network.sample_losses(first, labels) : Network.sample_losses(first, second);
            case "loss" -> sparse ? Network.loss(first, labels) : Network.loss(first, second);
            default -> sparse ? Network.accuracy(first, labels) : Network.accuracy(first, second);
        };
        for (int i = 0; i < labels.length; i++) second[i][0] = labels[i]; // the echo shows what has become of them
        return new Array[] {newArray(result, 0)};
    }

    private static void answerCall(String id, String operation, Array[] given, boolean echo) throws IOException {
        try {
            Array[] results = answer(operation, given);
            Array[] all = Arrays.copyOf(results, results.length + (echo ? given.length : 0));
            System.arraycopy(given, 0, all, results.length, all.length - results.length);
            writeArrays("@ " + id + " ok", all);
        } catch (RuntimeException refused) {
            String problem = String.valueOf(refused.getMessage()).replaceAll("[^ -~]+", " "); // one line of ASCII
            if (!problem.matches("(shape|label|value|other) .*")) problem = "other " + problem;
            write("@ " + id + " error " + problem + "\n");
        }
    }

    public static void main(String[] arguments) throws IOException {
        try {
            for (String word = ""; !word.equals("end"); ) {
                StringTokenizer words = readWords();
                word = words.hasMoreTokens() ? words.nextToken() : "";
                if (word.equals("hello")) write(HELLO);
                if (word.equals("framing")) binary = true;
                if (!word.equals("call")) continue;
                String id = words.nextToken(), operation = words.nextToken();
                Array[] given = new Array[Integer.parseInt(words.nextToken())];
                for (int i = 0; i < given.length; i++) given[i] = readArray();
                answerCall(id, operation, given, words.hasMoreTokens());
            }
        } catch (EOFException ended) {
            return; // an input that ends without the word is as good as one with it
        }
    }
}
