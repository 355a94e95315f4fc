// The arithmetic, compiled once for each instruction set, with LEVEL as the name of the table that it defines.
//
// All numbers are computed in packs of 64 bytes, which are one, two or four registers. So each lane meets the same
// operations in the same order on every processor, and the compiler may not contract a product and a sum into one
// (-ffp-contract=off): the bits of a result do not depend on the instruction set, nor on where a row lies in a batch.
// Everything is in an unnamed namespace, and nothing inline comes from a header: the linker would merge the copies.
#include "kernels.h"

#include <cstring>

namespace {

#define INLINED __attribute__((always_inline))
#define INLINE inline INLINED

#if defined(__AVX512F__)
constexpr int BYTES = 64;
#elif defined(__AVX2__)
constexpr int BYTES = 32;
#else
constexpr int BYTES = 16;
#endif
constexpr int PACK = 64;

template <class T, int SIZE = PACK, bool WHOLE = SIZE == BYTES> struct Pack;
template <class T, int SIZE> struct Pack<T, SIZE, true> {
    typedef T V __attribute__((vector_size(SIZE)));
    V v;
};
template <class T, int SIZE> struct Pack<T, SIZE, false> { Pack<T, SIZE / 2> lo, hi; };

#define BINARY(op)                                                                              \
    template <class T, int S> INLINE Pack<T, S> operator op(Pack<T, S> a, Pack<T, S> b) {       \
        if constexpr (S == BYTES) return {a.v op b.v};                                          \
        else return {a.lo op b.lo, a.hi op b.hi};                                               \
    }
BINARY(+) BINARY(-) BINARY(*) BINARY(/) BINARY(&) BINARY(|)
#undef BINARY

template <class T> struct Real;
template <> struct Real<double> {
    typedef int64_t Int;
    typedef uint64_t Bits;
    static constexpr int SHIFT = 52, TERMS = 10;
    static constexpr double LARGEST = 0x1.fffffffffffffp1023, MAGIC = 0x1.8p52, LOG2E = 0x1.71547652b82fep0;
    static constexpr double LN2_HI = 0x1.62e42fefp-1, LN2_LO = 0x1.473de6af278edp-34, LEAST = -708.39;
    static constexpr Int ONE = 0x3ff0000000000000, ROOT_HALF = 0x3fe6a09e667f3bcd;
    static constexpr double EXP[TERMS] = {
        0x1.5555555555556p-3,  0x1.5555555555555p-5,  0x1.11111111109b1p-7,  0x1.6c16c16c168b1p-10, 0x1.a01a01a7c5d61p-13,
        0x1.a01a01a409cf6p-16, 0x1.71de0da7b4129p-19, 0x1.27e4e35ab295dp-22, 0x1.af38b99681f34p-26, 0x1.1f63f7828cce2p-29};
    static constexpr double LOG[7] = {0x1.5555555555558p-1, 0x1.99999999952d7p-2, 0x1.2492492df281ap-2, 0x1.c71c62e3f11e5p-3,
                                      0x1.7462b51cb66eap-3, 0x1.39fe51a7c12d9p-3, 0x1.2b5900de57b3bp-3};
};
template <> struct Real<float> {
    typedef int32_t Int;
    typedef uint32_t Bits;
    static constexpr int SHIFT = 23, TERMS = 5;
    static constexpr float LARGEST = 0x1.fffffep127f, MAGIC = 0x1.8p23f, LOG2E = 0x1.715476p0f;
    static constexpr float LN2_HI = 0x1.62e4p-1f, LN2_LO = 0x1.7f7d1cp-20f, LEAST = -87.33f;
    static constexpr Int ONE = 0x3f800000, ROOT_HALF = 0x3f3504f3;
    static constexpr float EXP[TERMS] = {0x1.555556p-3f, 0x1.55551ap-5f, 0x1.1110f8p-7f, 0x1.6d111cp-10f, 0x1.a0f506p-13f};
    static constexpr float LOG[4] = {0x1.555556p-1f, 0x1.9999ecp-2f, 0x1.245c4p-2f, 0x1.ddcf72p-3f};
};

template <class T> using Int = typename Real<T>::Int;
template <class T> constexpr size_t LANES = PACK / sizeof(T);
template <class T> constexpr size_t BLOCK = 4 * LANES<T>;  // rows that are turned at a time
constexpr size_t FEW = 32;                                 // classes up to which they are

template <class T, int S = PACK> INLINE Pack<T, S> load(const T* from) {
    if constexpr (S == BYTES) {
        Pack<T, S> a;
        std::memcpy(&a.v, from, S);
        return a;
    } else
        return {load<T, S / 2>(from), load<T, S / 2>(from + S / 2 / sizeof(T))};
}
template <class T, int S> INLINE void store(T* to, Pack<T, S> a) {
    if constexpr (S == BYTES) std::memcpy(to, &a.v, S);
    else store(to, a.lo), store(to + S / 2 / sizeof(T), a.hi);
}
template <class T, int S = PACK> INLINE Pack<T, S> all(T x) {
    if constexpr (S == BYTES) return {x - typename Pack<T, S>::V{}};
    else return {all<T, S / 2>(x), all<T, S / 2>(x)};
}
template <class T, int S> INLINE Pack<Int<T>, S> bits(Pack<T, S> a) {
    if constexpr (S == BYTES) return {(typename Pack<Int<T>, S>::V)a.v};
    else return {bits(a.lo), bits(a.hi)};
}
template <class T, int S> INLINE Pack<T, S> number(Pack<Int<T>, S> a) {
    if constexpr (S == BYTES) return {(typename Pack<T, S>::V)a.v};
    else return {number<T>(a.lo), number<T>(a.hi)};
}
template <class T, int S> INLINE Pack<T, S> shift_left(Pack<T, S> a, int by) {
    if constexpr (S == BYTES) return {a.v << by};
    else return {shift_left(a.lo, by), shift_left(a.hi, by)};
}
template <class T, int S> INLINE Pack<Int<T>, S> shift_right(Pack<Int<T>, S> a, int by) {
    typedef typename Real<T>::Bits Bits;
    if constexpr (S == BYTES) return {(typename Pack<Int<T>, S>::V)((typename Pack<Bits, S>::V)a.v >> by)};
    else return {shift_right<T>(a.lo, by), shift_right<T>(a.hi, by)};
}
// where a > b: x, else y
template <class T, class X, int S> INLINE Pack<X, S> if_above(Pack<T, S> a, Pack<T, S> b, Pack<X, S> x, Pack<X, S> y) {
    if constexpr (S == BYTES) return {a.v > b.v ? x.v : y.v};
    else return {if_above(a.lo, b.lo, x.lo, y.lo), if_above(a.hi, b.hi, x.hi, y.hi)};
}
template <class T, int S> INLINE Pack<T, S> larger(Pack<T, S> a, Pack<T, S> b) { return if_above(a, b, a, b); }

// Folds the lanes by halves, always in this order.
template <class T, class F> INLINE T fold(Pack<T> a, F combine) {
    typedef T Quarter __attribute__((vector_size(16)));
    T lane[LANES<T>];
    store(lane, a);
    Quarter q[4];
    std::memcpy(q, lane, PACK);
    const Quarter last = combine(combine(q[0], q[2]), combine(q[1], q[3]));
    if constexpr (sizeof(T) == 8) return combine(last[0], last[1]);
    else return combine(combine(last[0], last[2]), combine(last[1], last[3]));
}
template <class T> INLINE T largest(Pack<T> a) {
    return fold(a, [](auto one, auto other) { return one > other ? one : other; });
}
template <class T> INLINE T sum(Pack<T> a) {
    return fold(a, [](auto one, auto other) { return one + other; });
}
template <class I> INLINE I any(Pack<I> a) {
    return fold(a, [](auto one, auto other) { return one | other; });
}

// x - x is zero, all its bits too, where x is finite, and a NaN elsewhere.
template <class T> INLINE Pack<Int<T>> not_finite(Pack<T> x) { return bits(x - x); }

template <class T> INLINE Pack<T> lanes_from(const T* from, size_t n, T rest) {
    T lane[LANES<T>];
    for (size_t i = 0; i < LANES<T>; i++) lane[i] = rest;
    std::memcpy(lane, from, n * sizeof(T));
    return load(lane);
}
template <class T> INLINE void lanes_to(T* to, size_t n, Pack<T> a) {
    T lane[LANES<T>];
    store(lane, a);
    std::memcpy(to, lane, n * sizeof(T));
}

// ---------------------------------------------------------------- exponential and logarithm (spec/kernels.md)

// The series of (e^r - 1 - r - r^2/2) / r^3, in a tree of pairs.
INLINE Pack<double> exp_series(Pack<double> r, Pack<double> r2) {
    const auto c = [](int i) INLINED { return all(Real<double>::EXP[i]); };
    const auto r4 = r2 * r2;
    const auto low = (c(0) + c(1) * r) + (c(2) + c(3) * r) * r2, middle = (c(4) + c(5) * r) + (c(6) + c(7) * r) * r2;
    return low + (middle + (c(8) + c(9) * r) * r4) * r4;
}
INLINE Pack<float> exp_series(Pack<float> r, Pack<float> r2) {
    const auto c = [](int i) INLINED { return all(Real<float>::EXP[i]); };
    return (c(0) + c(1) * r) + ((c(2) + c(3) * r) + c(4) * r2) * r2;
}

// e^x for x <= 0, minus infinity among them; 0 below LEAST, where the numbers end that have all their bits.
template <class T> INLINE Pack<T> exp(Pack<T> x) {
    typedef Real<T> R;
    const auto turned = x * all(R::LOG2E) + all(R::MAGIC), n = turned - all(R::MAGIC);
    const auto r = (x - n * all(R::LN2_HI)) - n * all(R::LN2_LO), r2 = r * r;
    const auto e = all(T(1)) + (r + r2 * (all(T(0.5)) + r * exp_series(r, r2)));
    const auto scaled = number<T>(bits(e) + shift_left(bits(turned), R::SHIFT));
    return if_above(x, all(R::LEAST), scaled, all(T(0)));
}

INLINE Pack<double> log_series(Pack<double> z) {
    const auto c = [](int i) INLINED { return all(Real<double>::LOG[i]); };
    const auto w = z * z;
    return z * ((c(0) + c(1) * z) + ((c(2) + c(3) * z) + ((c(4) + c(5) * z) + c(6) * w) * w) * w);
}
INLINE Pack<float> log_series(Pack<float> z) {
    const auto c = [](int i) INLINED { return all(Real<float>::LOG[i]); };
    return z * ((c(0) + c(1) * z) + (c(2) + c(3) * z) * (z * z));
}

// ln x of a normal number x > 0, as fdlibm does it.
template <class T> INLINE Pack<T> log(Pack<T> x) {
    typedef Real<T> R;
    typedef Int<T> I;
    const auto moved = bits(x) + all(I(R::ONE - R::ROOT_HALF));
    const auto m = number<T>((moved & all(I((I(1) << R::SHIFT) - 1))) + all(I(R::ROOT_HALF)));
    const auto shifted = shift_right<T>(moved, R::SHIFT);  // k, and what every exponent has besides
    const auto k = number<T>(shifted + bits(all(R::MAGIC))) - all(R::MAGIC + T(R::ONE >> R::SHIFT));
    const auto f = m - all(T(1)), s = f / (all(T(2)) + f), half = all(T(0.5)) * f * f;
    return k * all(R::LN2_HI) - ((half - (s * (half + log_series(s * s)) + k * all(R::LN2_LO))) - f);
}

template <class T> INLINE Pack<T> minus_log(Pack<T> x) { return all(T(0)) - log(x); }

// ---------------------------------------------------------------- turning rows into lanes

#if defined(__clang__)
#define SHUFFLE(I, a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLE(I, a, b, ...) __builtin_shuffle(a, b, I{__VA_ARGS__})
#endif

// A square of numbers, 16 bytes wide, with its rows as columns.
INLINE void turn_square(const double* from, size_t step, double* to, size_t to_step) {
    typedef double V __attribute__((vector_size(16)));
    typedef int64_t I __attribute__((vector_size(16)));
    V a, b;
    std::memcpy(&a, from, 16), std::memcpy(&b, from + step, 16);
    const V c = SHUFFLE(I, a, b, 0, 2), d = SHUFFLE(I, a, b, 1, 3);
    std::memcpy(to, &c, 16), std::memcpy(to + to_step, &d, 16);
}
INLINE void turn_square(const float* from, size_t step, float* to, size_t to_step) {
    typedef float V __attribute__((vector_size(16)));
    typedef int32_t I __attribute__((vector_size(16)));
    V a, b, c, d;
    std::memcpy(&a, from, 16), std::memcpy(&b, from + step, 16);
    std::memcpy(&c, from + 2 * step, 16), std::memcpy(&d, from + 3 * step, 16);
    const V ab = SHUFFLE(I, a, b, 0, 4, 1, 5), cd = SHUFFLE(I, c, d, 0, 4, 1, 5);
    const V ef = SHUFFLE(I, a, b, 2, 6, 3, 7), gh = SHUFFLE(I, c, d, 2, 6, 3, 7);
    const V first = SHUFFLE(I, ab, cd, 0, 1, 4, 5), second = SHUFFLE(I, ab, cd, 2, 3, 6, 7);
    const V third = SHUFFLE(I, ef, gh, 0, 1, 4, 5), fourth = SHUFFLE(I, ef, gh, 2, 3, 6, 7);
    std::memcpy(to, &first, 16), std::memcpy(to + to_step, &second, 16);
    std::memcpy(to + 2 * to_step, &third, 16), std::memcpy(to + 3 * to_step, &fourth, 16);
}

// (BLOCK, columns) to (columns, BLOCK), and back; the last square of a row overlaps the one before it.
template <class T> INLINE void turn_in(const T* x, size_t columns, T* t) {
    constexpr size_t B = BLOCK<T>, W = 16 / sizeof(T);
    if (columns < W)
        for (size_t r = 0; r < B; r++)
            for (size_t c = 0; c < columns; c++) t[c * B + r] = x[r * columns + c];
    else
        for (size_t r = 0; r < B; r += W)
            for (size_t c = 0; c < columns; c += W) {
                const size_t k = c + W <= columns ? c : columns - W;
                turn_square(x + r * columns + k, columns, t + k * B + r, B);
            }
}
template <class T> INLINE void turn_out(const T* t, size_t columns, T* y) {
    constexpr size_t B = BLOCK<T>, W = 16 / sizeof(T);
    if (columns < W)
        for (size_t r = 0; r < B; r++)
            for (size_t c = 0; c < columns; c++) y[r * columns + c] = t[c * B + r];
    else
        for (size_t r = 0; r < B; r += W)
            for (size_t c = 0; c < columns; c += W) {
                const size_t k = c + W <= columns ? c : columns - W;
                turn_square(t + k * B + r, B, y + r * columns + k, columns);
            }
}

// Calls work(rows of this block, where they are turned) for every block; the last one is filled up with zeros.
template <class T, class F> INLINE bool blocks(const T* x, size_t rows, size_t columns, T* t, F work) {
    constexpr size_t B = BLOCK<T>;
    size_t r = 0;
    for (; r + B <= rows; r += B) {
        if (columns == 2) turn_in(x + r * 2, 2, t);
        else if (columns == 3) turn_in(x + r * 3, 3, t);
        else turn_in(x + r * columns, columns, t);
        if (!work(r, B)) return false;
    }
    if (r == rows) return true;
    T last[WIDEST * B];
    std::memset(last, 0, columns * B * sizeof(T));
    std::memcpy(last, x + r * columns, (rows - r) * columns * sizeof(T));
    turn_in(last, columns, t);
    return work(r, rows - r);
}
template <class T> INLINE void put(const T* t, size_t columns, T* y, size_t rows) {
    if (rows == BLOCK<T>) {
        if (columns == 2) turn_out(t, 2, y);
        else if (columns == 3) turn_out(t, 3, y);
        else turn_out(t, columns, y);
        return;
    }
    T last[WIDEST * BLOCK<T>];
    turn_out(t, columns, last);
    std::memcpy(y, last, rows * columns * sizeof(T));
}

// ---------------------------------------------------------------- labels

// Reads every label once, into `at`, which is what is checked and used: another thread may write to the array.
template <class L> bool sparse(const L* y, size_t rows, size_t classes, int32_t* at) {
    bool outside = false;
    for (size_t r = 0; r < rows; r++) {
        const uint64_t label = (uint64_t)(int64_t)y[r];
        outside |= label >= classes;
        at[r] = (int32_t)label;
    }
    return !outside;
}

template <class U> bool one_hot(const U* y, size_t rows, size_t classes, U one, U minus_zero, int32_t* at) {
    constexpr size_t CHUNK = 2048;
    const size_t n = rows * classes;
    size_t row = 0, first = 0;  // the row that is next, and where it begins
    uint8_t flag[CHUNK];
    for (size_t start = 0; start < n; start += CHUNK) {
        const size_t m = n - start < CHUNK ? n - start : CHUNK;
        U other = 0;
        for (size_t i = 0; i < m; i++) {
            const U b = y[start + i];
            flag[i] = b == one;
            other |= (b != one) & (b != 0) & (b != minus_zero);
        }
        if (other) return false;
        for (size_t i = m; i % 8; i++) flag[i] = 0;
        for (size_t i = 0; i < m; i += 8) {
            uint64_t word;
            std::memcpy(&word, flag + i, 8);
            for (; word; word &= word - 1) {
                const size_t place = start + i + (size_t)__builtin_ctzll(word) / 8;
                if (row == rows || place - first >= classes) return false;
                at[row++] = (int32_t)(place - first);
                first += classes;
            }
        }
    }
    return row == rows;
}

// The class of each of the rows from `first`, at most TILE of them.
bool targets(const Labels& labels, size_t first, size_t rows, size_t classes, int32_t* at) {
#define SPARSE(NAME, L) \
    case Form::NAME: return sparse((const L*)labels.data + first, rows, classes, at);
#define HOT(NAME, U) \
    case Form::NAME: return one_hot((const U*)labels.data + first * classes, rows, classes, (U)labels.one, (U)labels.minus_zero, at);
    switch (labels.form) {
        SPARSE(I8, int8_t) SPARSE(I16, int16_t) SPARSE(I32, int32_t) SPARSE(I64, int64_t)
        SPARSE(U8, uint8_t) SPARSE(U16, uint16_t) SPARSE(U32, uint32_t) SPARSE(U64, uint64_t)
        HOT(HOT8, uint8_t) HOT(HOT16, uint16_t) HOT(HOT32, uint32_t) HOT(HOT64, uint64_t)
    }
    return false;
}

// Calls work(first row, rows, their classes) for every tile.
template <class F> INLINE bool tiles(const Labels& labels, size_t first, size_t last, size_t classes, F work) {
    int32_t at[TILE];
    for (; first < last; first += TILE) {
        const size_t rows = last - first < TILE ? last - first : TILE;
        if (!targets(labels, first, rows, classes, at) || !work(first, rows, at)) return false;
    }
    return true;
}

// ---------------------------------------------------------------- relu

template <class T> bool relu(const T* x, T* y, size_t n) {
    constexpr size_t N = LANES<T>;
    const auto zero = all(T(0));
    Pack<Int<T>> bad = bits(zero);
    size_t i = 0;
    for (; i + N <= n; i += N) {
        const auto a = load(x + i);
        bad = bad | not_finite(a);
        store(y + i, larger(a, zero));
    }
    const auto a = lanes_from(x + i, n - i, T(0));
    lanes_to(y + i, n - i, larger(a, zero));
    return !any(bad | not_finite(a));
}

template <class T> bool finite(const T* x, size_t n) {
    constexpr size_t N = LANES<T>;
    auto bad = not_finite(all(T(0)));
    size_t i = 0;
    for (; i + N <= n; i += N) bad = bad | not_finite(load(x + i));
    return !any(bad | not_finite(lanes_from(x + i, n - i, T(0))));
}

// ---------------------------------------------------------------- softmax

// Of columns (classes, BLOCK), one pack of rows: its maxima, the exponentials in their places, and the sums.
template <class T, bool KEEP> INLINE Pack<Int<T>> exponentials(T* t, size_t classes, Pack<T>& most, Pack<T>& total) {
    constexpr size_t B = BLOCK<T>;
    most = load(t);
    auto bad = not_finite(most);
    for (size_t c = 1; c < classes; c++) {
        const auto a = load(t + c * B);
        bad = bad | not_finite(a);
        most = larger(a, most);
    }
    total = all(T(0));
    for (size_t c = 0; c < classes; c++) {
        const auto e = exp(load(t + c * B) - most);
        if (KEEP) store(t + c * B, e);
        total = total + e;
    }
    return bad;
}

template <class T> INLINE bool softmax_of_columns(T* t, size_t classes) {
    constexpr size_t B = BLOCK<T>;
    auto bad = not_finite(all(T(0)));
    for (size_t lane = 0; lane < B; lane += LANES<T>) {
        Pack<T> most, total;
        bad = bad | exponentials<T, true>(t + lane, classes, most, total);
        const auto share = all(T(1)) / total;
        for (size_t c = 0; c < classes; c++) store(t + c * B + lane, load(t + c * B + lane) * share);
    }
    return !any(bad);
}

// Of a long row, its maximum, the sum of its exponentials and, if asked for, these in y.
template <class T, bool KEEP> INLINE bool exponentials_of_row(const T* x, T* y, size_t classes, T& most, T& total) {
    constexpr size_t N = LANES<T>;
    const size_t rest = classes % N, whole = classes - rest;
    const auto end = lanes_from(x + whole, rest, -Real<T>::LARGEST);
    auto m0 = end, m1 = end;
    auto bad = not_finite(end);
    size_t i = 0;
    for (; i + 2 * N <= whole; i += 2 * N) {
        const auto a = load(x + i), b = load(x + i + N);
        bad = bad | not_finite(a) | not_finite(b);
        m0 = larger(a, m0), m1 = larger(b, m1);
    }
    if (i < whole) {
        const auto a = load(x + i);
        bad = bad | not_finite(a);
        m0 = larger(a, m0);
    }
    if (any(bad)) return false;
    most = largest(larger(m0, m1));
    const auto m = all(most);
    auto s0 = all(T(0)), s1 = s0, s2 = s0, s3 = s0;
    const auto next = [&](size_t at) INLINED {
        const auto e = exp(load(x + at) - m);
        if (KEEP) store(y + at, e);
        return e;
    };
    for (i = 0; i + 4 * N <= whole; i += 4 * N) {
        s0 = s0 + next(i), s1 = s1 + next(i + N), s2 = s2 + next(i + 2 * N), s3 = s3 + next(i + 3 * N);
    }
    for (; i < whole; i += N) s0 = s0 + next(i);
    T lane[N];
    store(lane, exp(end - m));
    if (KEEP) std::memcpy(y + whole, lane, rest * sizeof(T));
    std::memset(lane + rest, 0, (N - rest) * sizeof(T));
    total = sum(((s0 + s1) + (s2 + s3)) + load(lane));
    return true;
}

template <class T> bool softmax(const T* x, T* y, size_t rows, size_t classes) {
    constexpr size_t N = LANES<T>;
    if (classes <= FEW) {
        T t[FEW * BLOCK<T>];
        return blocks(x, rows, classes, t, [&](size_t first, size_t n) INLINED {
            if (!(classes == 3 ? softmax_of_columns(t, 3) : softmax_of_columns(t, classes))) return false;
            put(t, classes, y + first * classes, n);
            return true;
        });
    }
    for (size_t r = 0; r < rows; r++, x += classes, y += classes) {
        T most, total;
        if (!exponentials_of_row<T, true>(x, y, classes, most, total)) return false;
        const T share = 1 / total;
        size_t i = 0;
        for (; i + N <= classes; i += N) store(y + i, load(y + i) * all(share));
        for (; i < classes; i++) y[i] *= share;
    }
    return true;
}

// ---------------------------------------------------------------- losses

// The ends of the clip.
template <class T> constexpr T LEAST_P = T(1e-7);
template <class T> constexpr T MOST_P = T(1 - 1e-7);

template <class T> INLINE void minus_logs(T* y, size_t n) {
    constexpr size_t N = LANES<T>;
    const auto one = [](Pack<T> p) INLINED {
        const auto low = all(LEAST_P<T>), high = all(MOST_P<T>);
        const auto clipped = if_above(low, p, low, p);
        return minus_log(if_above(clipped, high, high, clipped));
    };
    size_t i = 0;
    for (; i + N <= n; i += N) store(y + i, one(load(y + i)));
    lanes_to(y + i, n - i, one(lanes_from(y + i, n - i, T(1))));
}

// Tells whether all numbers are in [0, 1]: as whole numbers their bits are not negative, nor above those of 1.
template <class T> INLINE bool probabilities(const T* p, size_t n) {
    constexpr size_t N = LANES<T>;
    typedef Int<T> I;
    const auto one = all(I(Real<T>::ONE));
    auto bad = all(I(0));
    size_t i = 0;
    for (; i + N <= n; i += N) {
        const auto b = bits(load(p + i));
        bad = bad | b | (one - b);
    }
    const auto b = bits(lanes_from(p + i, n - i, T(0)));
    bad = bad | b | (one - b);
    if (any(bad) >= 0) return true;
    bool fine = true;  // -0 is a probability, though its bits are negative
    for (i = 0; i < n; i++) fine &= p[i] >= 0 && p[i] <= 1;
    return fine;
}

// The losses of a tile, p and y being those of its first row.
template <class T> INLINE bool losses_of(const T* p, const int32_t* at, T* y, size_t rows, size_t classes) {
    if (!probabilities(p, rows * classes)) return false;
    for (size_t r = 0; r < rows; r++) y[r] = p[r * classes + (size_t)at[r]];
    minus_logs(y, rows);
    return true;
}
template <class T> bool sample_losses(const T* p, const Labels& labels, T* y, size_t first, size_t last, size_t classes) {
    return tiles(labels, first, last, classes, [&](size_t row, size_t rows, const int32_t* at) INLINED {
        return losses_of(p + row * classes, at, y + row, rows, classes);
    });
}

// The sum of the losses of each tile, at its place among the tiles of the whole batch.
template <class T> bool loss(const T* p, const Labels& labels, double* sums, size_t first, size_t last, size_t classes) {
    return tiles(labels, first, last, classes, [&](size_t row, size_t rows, const int32_t* at) INLINED {
        T y[TILE];
        if (!losses_of(p + row * classes, at, y, rows, classes)) return false;
        double lane[8] = {0};
        size_t i = 0;
        for (; i + 8 <= rows; i += 8)
            for (size_t k = 0; k < 8; k++) lane[k] += (double)y[i + k];
        for (size_t k = 0; i + k < rows; k++) lane[k] += (double)y[i + k];
        sums[row / TILE] = ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
        return true;
    });
}

// ln(sum of e^(z - m)) + (m - z at the target), clipped where the loss of its softmax is.
template <class T> INLINE Pack<T> fused(Pack<T> total, Pack<T> distance) {
    const auto value = log(total) + distance;
    const auto low = minus_log(all(MOST_P<T>)), high = minus_log(all(LEAST_P<T>));
    const auto raised = if_above(low, value, low, value);
    return if_above(raised, high, high, raised);
}
// The maximum of each row of a tile, and the sum of its exponentials; there is room for a block more.
template <class T> INLINE bool totals(const T* x, T* most, T* total, size_t rows, size_t classes) {
    constexpr size_t B = BLOCK<T>;
    if (classes > FEW) {
        bool fine = true;
        for (size_t r = 0; fine && r < rows; r++)
            fine = exponentials_of_row<T, false>(x + r * classes, nullptr, classes, most[r], total[r]);
        return fine;
    }
    T t[FEW * B];
    return blocks(x, rows, classes, t, [&](size_t first, size_t) INLINED {
        auto bad = not_finite(all(T(0)));
        for (size_t lane = 0; lane < B; lane += LANES<T>) {
            Pack<T> m, s;
            bad = bad | exponentials<T, false>(t + lane, classes, m, s);
            store(most + first + lane, m), store(total + first + lane, s);
        }
        return !any(bad);
    });
}
template <class T> bool softmax_losses(const T* x, const Labels& labels, T* y, size_t first, size_t last, size_t classes) {
    return tiles(labels, first, last, classes, [&](size_t row, size_t rows, const int32_t* at) INLINED {
        constexpr size_t N = LANES<T>;
        const T* z = x + row * classes;
        T most[TILE + BLOCK<T>], total[TILE + BLOCK<T>];
        if (!totals(z, most, total, rows, classes)) return false;
        for (size_t r = 0; r < rows; r++) most[r] -= z[r * classes + (size_t)at[r]];
        size_t r = 0;
        for (; r + N <= rows; r += N) store(y + row + r, fused(load(total + r), load(most + r)));
        lanes_to(y + row + r, rows - r, fused(lanes_from(total + r, rows - r, T(1)), lanes_from(most + r, rows - r, T(0))));
        return true;
    });
}

// ---------------------------------------------------------------- accuracy

// The first of the largest entries of each row of columns (classes, BLOCK).
template <class T> INLINE bool first_largest(const T* t, size_t classes, Int<T>* found) {
    constexpr size_t B = BLOCK<T>;
    auto bad = not_finite(all(T(0)));
    for (size_t lane = 0; lane < B; lane += LANES<T>) {
        auto most = load(t + lane);
        auto where = all(Int<T>(0));
        bad = bad | not_finite(most);
        for (size_t c = 1; c < classes; c++) {
            const auto a = load(t + c * B + lane);
            bad = bad | not_finite(a);
            where = if_above(a, most, all(Int<T>(c)), where);
            most = larger(a, most);
        }
        store(found + lane, where);
    }
    return !any(bad);
}

// Tells whether the entry at the target is the first of the largest ones of a long row.
template <class T> INLINE bool is_first_largest(const T* x, size_t classes, size_t target, Pack<Int<T>>& bad) {
    constexpr size_t N = LANES<T>;
    auto most = all(-Real<T>::LARGEST);
    size_t i = 0;
    for (; i + N <= classes; i += N) {
        const auto a = load(x + i);
        bad = bad | not_finite(a);
        most = larger(a, most);
    }
    const auto a = lanes_from(x + i, classes - i, -Real<T>::LARGEST);
    bad = bad | not_finite(a);
    const T found = largest(larger(a, most));
    if (!(x[target] == found)) return false;
    bool before = false;
    for (i = 0; i < target; i++) before |= x[i] == found;
    return !before;
}

// Adds the number of rows of a tile that are right.
template <class T> INLINE bool add_right(const T* x, const int32_t* at, size_t* count, size_t rows, size_t classes) {
    size_t found = 0;
    bool fine;
    if (classes <= FEW) {
        T t[FEW * BLOCK<T>];
        Int<T> where[BLOCK<T>];
        fine = blocks(x, rows, classes, t, [&](size_t first, size_t n) INLINED {
            if (!first_largest(t, classes, where)) return false;
            for (size_t r = 0; r < n; r++) found += where[r] == at[first + r];
            return true;
        });
    } else {
        auto bad = not_finite(all(T(0)));
        for (size_t r = 0; r < rows; r++) found += is_first_largest(x + r * classes, classes, (size_t)at[r], bad);
        fine = !any(bad);
    }
    *count += found;
    return fine;
}
template <class T> bool right(const T* x, const Labels& labels, size_t* count, size_t first, size_t last, size_t classes) {
    return tiles(labels, first, last, classes, [&](size_t row, size_t rows, const int32_t* at) INLINED {
        return add_right(x + row * classes, at, count, rows, classes);
    });
}

// ---------------------------------------------------------------- dense

// M neurons, whose weights lie in packs (M, K rounded up), filled up with zeros: products added lane by lane.
template <class T, size_t M> INLINE Pack<Int<T>> products(const T* x, const T* w, const T* biases, size_t inputs, T* y) {
    constexpr size_t N = LANES<T>;
    const size_t whole = inputs / N * N, stride = (inputs + N - 1) / N * N;
    auto bad = not_finite(all(T(0)));
    Pack<T> sums[M];
    for (size_t m = 0; m < M; m++) sums[m] = all(T(0));
    for (size_t k = 0; k < whole; k += N) {
        const auto a = load(x + k);
        bad = bad | not_finite(a);
        for (size_t m = 0; m < M; m++) sums[m] = sums[m] + a * load(w + m * stride + k);
    }
    if (whole < inputs) {
        const auto a = lanes_from(x + whole, inputs - whole, T(0));
        bad = bad | not_finite(a);
        for (size_t m = 0; m < M; m++) sums[m] = sums[m] + a * load(w + m * stride + whole);
    }
    for (size_t m = 0; m < M; m++) y[m] = sum(sums[m]) + biases[m];
    return bad;
}
template <class T, size_t M> INLINE bool dense_of(const T* x, const T* w, const Layer<T>& layer, size_t first, T* y, size_t rows) {
    const size_t stride = (layer.inputs + LANES<T> - 1) / LANES<T> * LANES<T>;
    auto bad = not_finite(all(T(0)));
    T odd = 0;
    for (size_t r = 0; r < rows; r++) {
        T* to = y + r * layer.neurons + first;
        bad = bad | products<T, M>(x + r * layer.inputs, w + first * stride, layer.biases + first, layer.inputs, to);
        for (size_t m = 0; m < M; m++) odd += to[m] - to[m];
    }
    return !any(bad) && odd == 0;
}
template <class T> bool dense(const T* x, const Layer<T>& layer, T* y, size_t rows) {
    constexpr size_t N = LANES<T>, SOME = 64;
    const size_t inputs = layer.inputs, neurons = layer.neurons, stride = (inputs + N - 1) / N * N;
    if (!finite(layer.weights, inputs * neurons) || !finite(layer.biases, neurons)) return false;
    T* w = new T[neurons * stride]();
    for (size_t m = 0; m < neurons; m++)
        for (size_t k = 0; k < inputs; k++) w[m * stride + k] = layer.weights[k * neurons + m];
    bool fine = true;
    for (size_t r = 0; fine && r < rows; r += SOME, x += SOME * inputs, y += SOME * neurons) {
        const size_t n = rows - r < SOME ? rows - r : SOME;
        size_t m = 0;
        for (; m + 4 <= neurons; m += 4) fine = fine && dense_of<T, 4>(x, w, layer, m, y, n);
        if (neurons - m == 3) fine = fine && dense_of<T, 3>(x, w, layer, m, y, n);
        else if (neurons - m == 2) fine = fine && dense_of<T, 2>(x, w, layer, m, y, n);
        else if (neurons - m == 1) fine = fine && dense_of<T, 1>(x, w, layer, m, y, n);
    }
    delete[] w;
    return fine;
}

template <class T> bool add_row(T* x, const T* row, size_t rows, size_t columns) {
    constexpr size_t N = LANES<T>;
    auto bad = not_finite(all(T(0)));
    T odd = 0;
    for (size_t r = 0; r < rows; r++, x += columns) {
        size_t c = 0;
        for (; c + N <= columns; c += N) {
            const auto a = load(x + c) + load(row + c);
            bad = bad | not_finite(a);
            store(x + c, a);
        }
        for (; c < columns; c++) {
            x[c] += row[c];
            odd += x[c] - x[c];
        }
    }
    return !any(bad) && odd == 0;
}

// ---------------------------------------------------------------- forward

// R neurons from the j-th on, for a block of rows that stand in lanes: bias first, then one input after the other.
template <class T, size_t R> INLINE Pack<Int<T>> neurons(const T* in, const Layer<T>& layer, size_t j, T* out, bool rectify) {
    constexpr size_t B = BLOCK<T>;
    const T* w = layer.weights + j;
    auto bad = not_finite(all(T(0)));
    for (size_t lane = 0; lane < B; lane += LANES<T>) {
        Pack<T> sums[R];
        for (size_t i = 0; i < R; i++) sums[i] = all(layer.biases[j + i]);
        for (size_t k = 0; k < layer.inputs; k++) {
            const auto a = load(in + k * B + lane);
            for (size_t i = 0; i < R; i++) sums[i] = sums[i] + a * all(w[k * layer.neurons + i]);
        }
        for (size_t i = 0; i < R; i++) {
            bad = bad | not_finite(sums[i]);
            store(out + (j + i) * B + lane, rectify ? larger(sums[i], all(T(0))) : sums[i]);
        }
    }
    return bad;
}

template <class T> bool forward(const T* x, const Layer<T>* layers, size_t depth, T* y, size_t rows) {
    for (size_t i = 0; i < depth; i++)
        if (!finite(layers[i].weights, layers[i].inputs * layers[i].neurons) || !finite(layers[i].biases, layers[i].neurons)) return false;
    T one[WIDEST * BLOCK<T>], other[WIDEST * BLOCK<T>];
    const size_t width = layers[0].inputs, classes = layers[depth - 1].neurons;
    if (!finite(x, rows * width)) return false;
    return blocks(x, rows, width, one, [&](size_t first, size_t n) INLINED {
        T *in = one, *out = other;
        auto bad = not_finite(all(T(0)));
        for (size_t i = 0; i < depth; i++) {
            const bool rectify = i + 1 < depth;
            size_t j = 0;
            for (; j + 4 <= layers[i].neurons; j += 4) bad = bad | neurons<T, 4>(in, layers[i], j, out, rectify);
            for (; j < layers[i].neurons; j++) bad = bad | neurons<T, 1>(in, layers[i], j, out, rectify);
            T* given = in;
            in = out, out = given;
        }
        if (any(bad) || !softmax_of_columns(in, classes)) return false;
        put(in, classes, y + first * classes, n);
        return true;
    });
}

// ---------------------------------------------------------------- what is measured alone

template <class T> void exps(const T* x, T* y, size_t n) {
    constexpr size_t N = LANES<T>;
    size_t i = 0;
    for (; i + N <= n; i += N) store(y + i, exp(load(x + i)));
    lanes_to(y + i, n - i, exp(lanes_from(x + i, n - i, T(0))));
}
template <class T> void logs(const T* x, T* y, size_t n) {
    constexpr size_t N = LANES<T>;
    size_t i = 0;
    for (; i + N <= n; i += N) store(y + i, log(load(x + i)));
    lanes_to(y + i, n - i, log(lanes_from(x + i, n - i, T(1))));
}

template <class T> constexpr Kernels<T> TABLE = {relu<T>,  softmax<T>, sample_losses<T>, softmax_losses<T>, loss<T>, right<T>,
                                                dense<T>, forward<T>, finite<T>,        add_row<T>,        exps<T>, logs<T>};

}  // namespace

#define TEXT(name) #name
#define NAME_OF(name) TEXT(name)
extern const Level LEVEL;
const Level LEVEL = {NAME_OF(LEVEL), TABLE<double>, TABLE<float>};
