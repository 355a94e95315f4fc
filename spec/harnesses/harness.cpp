/* A harness for the text protocol of nnfs-spec, version 1 (spec/protocol.md of the project). Copy it, put your own
   functions in the place of those that network.hpp declares, and take out of HELLO what you do not have. From there
   it takes besides:

       using number = double;   // or float: what the network computes in
       struct matrix { std::size_t rows, columns; std::vector<number> values; };   // row after row
       struct refusal : std::runtime_error { std::string category; ... };   // thrown for arguments that are refused

   Build:  c++ -std=c++17 -O2 -o port harness.cpp network.cpp
   Check:  nnfs-spec check "exec:./port"                                                                            */
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "network.hpp"

static const std::string DTYPE = sizeof(number) == sizeof(double) ? "float64" : "float32";
static const std::string HELLO = "@ hello 1 operations dense relu softmax sample_losses loss accuracy layer "
                                 "spiral_data dtypes " + DTYPE + " features echo binary\n";

/* A vector is a matrix of one column, a single number one of one entry. Results are written in DTYPE. */
struct array : matrix { std::size_t dimensions = 2; std::string dtype = DTYPE; };

static bool binary = false; /* whether values go as bytes: leave out what asks for it, and the protocol is text alone */

[[noreturn]] static void give_up() { std::exit(2); }

template <typename T> static void read_bytes(array &a, std::size_t count) {
    for (T value; count > 0 && std::cin.read(reinterpret_cast<char *>(&value), sizeof value); count--)
        a.values.push_back(static_cast<number>(value));
}

static array read_array() {
    std::string line;
    array a;
    if (!(std::cin >> a.dtype >> a.dimensions >> a.rows >> a.columns)) give_up();
    for (std::size_t i = 2, more; i < a.dimensions && std::cin >> more; i++) a.columns *= more;
    std::getline(std::cin, line); /* the line feed */
    std::size_t count = a.rows * a.columns;
    if (!binary) {
        std::getline(std::cin, line);
        const char *next = line.c_str();
        for (char *end; a.values.size() < count; next = end) {
            a.values.push_back(static_cast<number>(std::strtod(next, &end)));
            if (end == next) give_up();
        }
    } else if (a.dtype == "float64") read_bytes<double>(a, count);
    else if (a.dtype == "float32") read_bytes<float>(a, count);
    else if (a.dtype == "int8") read_bytes<std::int8_t>(a, count);
    else if (a.dtype == "int16") read_bytes<std::int16_t>(a, count);
    else if (a.dtype == "int32") read_bytes<std::int32_t>(a, count);
    else if (a.dtype == "int64") read_bytes<std::int64_t>(a, count);
    else if (a.dtype == "uint16") read_bytes<std::uint16_t>(a, count);
    else if (a.dtype == "uint32") read_bytes<std::uint32_t>(a, count);
    else if (a.dtype == "uint64") read_bytes<std::uint64_t>(a, count);
    else read_bytes<std::uint8_t>(a, count); /* bool, too */
    if (a.values.size() != count) give_up();
    return a;
}

static void write_arrays(const std::vector<array> &arrays) {
    for (const array &a : arrays) {
        std::cout << ' ' << DTYPE << ' ' << a.dimensions << ' ' << a.rows << ' ' << a.columns;
        if (!binary)
            for (number value : a.values) std::cout << ' ' << value;
    }
}

static void write_bytes(const std::vector<array> &arrays) {
    for (const array &a : arrays) {
        std::streamsize size = static_cast<std::streamsize>(a.values.size() * sizeof(number));
        std::cout.write(reinterpret_cast<const char *>(a.values.data()), size);
    }
}

/* The arguments themselves are handed on, not copies, so that echo shows whether a function has written to them. */
static matrix &two_dimensional(array &a) {
    if (a.dimensions != 2 || a.columns == 0) throw refusal("shape", "two dimensions with columns are needed");
    return a;
}

static long long whole(const array &a) {
    if (a.values.size() != 1) throw refusal("shape", "a single number is needed");
    if (!(a.values[0] >= -1e15 && a.values[0] <= 1e15)) throw refusal("value", "no such number of things");
    return static_cast<long long>(a.values[0]);
}

static std::vector<array> answer(const std::string &operation, std::vector<array> &given) {
    if (operation == "layer" || operation == "spiral_data") {
        long long first = whole(given.at(0)), second = whole(given.at(1)), start = whole(given.at(2));
        if (start >= 0) seed(static_cast<std::uint64_t>(start));
        auto [one, other] = operation == "layer" ? new_layer(first, second) : spiral_data(first, second);
        return {array{one}, array{other, operation == "layer" ? 2u : 1u}};
    }
    matrix &x = two_dimensional(given.at(0));
    if (operation == "dense") return {array{dense(x, two_dimensional(given.at(1)), two_dimensional(given.at(2)))}};
    if (operation == "relu") return {array{relu(x)}};
    if (operation == "softmax") return {array{softmax(x)}};

    array &y = given.at(1);
    bool one_hot = y.dimensions == 2;
    if (!one_hot && y.dimensions != 1) throw refusal("shape", "labels have one or two dimensions");
    if (!one_hot && y.dtype.find("int") == std::string::npos) throw refusal("label", "sparse labels must be whole");
    if (operation == "sample_losses") return {array{sample_losses(x, y, one_hot), 1}};
    if (operation == "loss") return {array{{1, 1, {loss(x, y, one_hot)}}, 0}};
    if (operation == "accuracy") return {array{{1, 1, {accuracy(x, y, one_hot)}}, 0}};
    throw std::invalid_argument("no such operation");
}

int main() {
    std::ios::sync_with_stdio(false);
    std::cout << std::setprecision(17);
    for (std::string line, word, id, operation, echo; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::size_t count = 0;
        words >> word;
        if (word == "end") break;
        if (word == "hello") {
            std::cout << HELLO << std::flush;
        } else if (word == "framing") {
            binary = true;
        } else {
            if (word != "call" || !(words >> id >> operation >> count)) give_up();
            bool echoes = bool(words >> echo);
            std::vector<array> given, result;
            while (given.size() < count) given.push_back(read_array());
            try {
                result = answer(operation, given);
                if (echoes) std::move(given.begin(), given.end(), std::back_inserter(result));
                std::cout << "@ " << id << " ok";
                write_arrays(result);
                std::cout << '\n';
                if (binary) write_bytes(result);
            } catch (const refusal &why) {
                std::cout << "@ " << id << " error " << why.category << ' ' << why.what() << '\n';
            } catch (const std::exception &why) { /* too few arguments, or no memory */
                std::cout << "@ " << id << " unsupported " << why.what() << '\n';
            }
            std::cout << std::flush;
        }
    }
}
