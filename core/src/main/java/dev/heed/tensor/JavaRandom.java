package dev.heed.tensor;

import java.util.function.DoubleSupplier;

/**
 * The Mersenne twister MT19937 (Matsumoto and Nishimura 1998), with numbers drawn from it as
 * LibTorch draws them on the CPU: a seed gives the same integers, and the same fractions but for
 * the rounding of logarithms.
 */
final class JavaRandom implements RandomSource {
  private static final int WORDS = 624;
  private static final int SHIFT = 397;
  private static final int STATE_BYTES = 4 * (WORDS + 1) + Long.BYTES;

  /** Normal numbers that LibTorch draws in one go. */
  private static final int GROUP = 16;

  private final int[] words = new int[WORDS];
  private int next = WORDS;

  /** The second of a pair of normal numbers, or NaN. */
  private double spare = Double.NaN;

  JavaRandom(long seed) {
    words[0] = (int) seed;
    for (int i = 1; i < WORDS; i++) {
      words[i] = 1812433253 * (words[i - 1] ^ (words[i - 1] >>> 30)) + i;
    }
  }

  private int bits() {
    if (next == WORDS) {
      twist();
      next = 0;
    }
    int y = words[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  private void twist() {
    for (int i = 0; i < WORDS; i++) {
      int mixed = (words[i] & 0x80000000) | (words[(i + 1) % WORDS] & 0x7fffffff);
      words[i] = words[(i + SHIFT) % WORDS] ^ (mixed >>> 1) ^ ((mixed & 1) == 0 ? 0 : 0x9908b0df);
    }
  }

  private long longBits() {
    long high = bits();
    return high << Integer.SIZE | (bits() & 0xffffffffL);
  }

  /** Of 53 bits. */
  private double fraction() {
    return (longBits() & ((1L << 53) - 1)) * 0x1.0p-53;
  }

  /** Of as many bits as the type holds. */
  private double fraction(DType dtype) {
    return switch (dtype) {
      case F64 -> fraction();
      case F16 -> (bits() & 0x7ff) * 0x1.0p-11;
      case BF16 -> (bits() & 0xff) * 0x1.0p-8;
      default -> (bits() & 0xffffff) * 0x1.0p-24;
    };
  }

  private long below(long bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("randint: expected a bound of 1 or more, got " + bound);
    }
    return bound <= 0xffffffffL
        ? (bits() & 0xffffffffL) % bound
        : Long.remainderUnsigned(longBits(), bound);
  }

  /** By Box and Muller. */
  private double gaussian() {
    double kept = spare;
    if (!Double.isNaN(kept)) {
      spare = Double.NaN;
      return kept;
    }
    double angle = 2 * Math.PI * fraction();
    double radius = Math.sqrt(-2 * Math.log1p(-fraction()));
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  @Override
  public Tensor normal(Shape shape, DType dtype) {
    if (shape.elements() < GROUP) {
      return filled(shape, dtype, this::gaussian);
    }
    Strided x = Strided.allocate(dtype, shape.toArray());
    long elements = x.elements();
    for (long i = 0; i < elements; i++) {
      Elements.set(x.data(), dtype, i, fraction(dtype));
    }
    for (long i = 0; i + GROUP <= elements; i += GROUP) {
      pairs(x, i);
    }
    if (elements % GROUP != 0) {
      for (long i = elements - GROUP; i < elements; i++) {
        Elements.set(x.data(), dtype, i, fraction(dtype));
      }
      pairs(x, elements - GROUP);
    }
    return Tensor.wrap(x);
  }

  /** Turns a group of uniform numbers into normal ones. */
  private static void pairs(Strided x, long at) {
    for (long i = at; i < at + GROUP / 2; i++) {
      double u = 1 - Elements.get(x.data(), x.type(), i);
      double angle = 2 * Math.PI * Elements.get(x.data(), x.type(), i + GROUP / 2);
      double radius = Math.sqrt(-2 * Math.log(u));
      Elements.set(x.data(), x.type(), i, radius * Math.cos(angle));
      Elements.set(x.data(), x.type(), i + GROUP / 2, radius * Math.sin(angle));
    }
  }

  @Override
  public Tensor uniform(Shape shape, DType dtype) {
    return filled(shape, dtype, () -> fraction(dtype));
  }

  @Override
  public Tensor integers(long bound, Shape shape) {
    return filled(shape, DType.I64, () -> below(bound));
  }

  private static Tensor filled(Shape shape, DType dtype, DoubleSupplier numbers) {
    Strided x = Strided.allocate(dtype, shape.toArray());
    long elements = x.elements();
    for (long i = 0; i < elements; i++) {
      Elements.set(x.data(), dtype, i, numbers.getAsDouble());
    }
    return Tensor.wrap(x);
  }

  @Override
  public Tensor permutation(long n) {
    long[] order = new long[Math.toIntExact(n)];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    for (int i = 0; i + 1 < order.length; i++) {
      int other = i + (int) ((bits() & 0xffffffffL) % (order.length - i));
      long kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return Tensor.wrap(longs(order, n));
  }

  private static Strided longs(long[] values, long... sizes) {
    Strided x = Strided.allocate(DType.I64, sizes);
    Elements.store(values, x.data(), DType.I64, 0, 1, values.length);
    return x;
  }

  @Override
  public Tensor bernoulli(Tensor like, double probability) {
    return filled(like.shape(), like.dtype(), () -> fraction() < probability ? 1 : 0);
  }

  @Override
  public Tensor multinomial(Tensor weights, long draws, boolean replacement) {
    if (weights.rank() < 1 || weights.rank() > 2 || !weights.dtype().isFloating()) {
      throw new ShapeException(
          "multinomial: expected weights [rows, choices], got " + weights.describe());
    }
    double[] all = weights.toDoubleArray();
    int size = Math.toIntExact(weights.size(-1));
    int rows = weights.rank() == 1 ? 1 : Math.toIntExact(weights.size(0));
    int count = Math.toIntExact(draws);
    for (int r = 0; r < rows; r++) {
      requireChoices(all, r * size, size, replacement ? Math.min(1, count) : count);
    }
    long[] drawn = new long[Math.multiplyExact(rows, count)];
    if (replacement) {
      for (int i = 0; i < drawn.length; i++) {
        drawn[i] = draw(all, i / count * size, size);
      }
    } else {
      exponentialRaces(all, size, rows, count, drawn);
    }
    return Tensor.wrap(weights.rank() == 1 ? longs(drawn, count) : longs(drawn, rows, count));
  }

  private static void requireChoices(double[] weights, int from, int size, int draws) {
    int choices = 0;
    for (int i = from; i < from + size; i++) {
      if (!(weights[i] >= 0) || weights[i] == Double.POSITIVE_INFINITY) {
        throw new TensorException(
            "multinomial: expected finite weights of 0 or more, got " + weights[i]);
      }
      choices += weights[i] > 0 ? 1 : 0;
    }
    if (choices < 1 || choices < draws) {
      throw new TensorException(
          "multinomial: expected " + Math.max(1, draws) + " weights above 0, got " + choices);
    }
  }

  /** The first choice whose running sum reaches a fraction of the whole. */
  private int draw(double[] weights, int from, int size) {
    double sum = 0;
    for (int i = from; i < from + size; i++) {
      sum += weights[i];
    }
    double wanted = fraction() * sum;
    double running = 0;
    int last = 0;
    for (int i = 0; i < size; i++) {
      running += weights[from + i];
      if (weights[from + i] > 0) {
        last = i;
        if (running > wanted) {
          break;
        }
      }
    }
    return last;
  }

  /** Without replacement: the largest of weights over exponential numbers (Efraimidis 2006). */
  private void exponentialRaces(double[] weights, int size, int rows, int count, long[] drawn) {
    double[] keys = new double[size];
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < size; i++) {
        keys[i] = weights[r * size + i] / -Math.log1p(-fraction());
      }
      for (int d = 0; d < count; d++) {
        int best = 0;
        for (int i = 1; i < size; i++) {
          best = keys[i] > keys[best] ? i : best;
        }
        drawn[r * count + d] = best;
        keys[best] = -1;
      }
    }
  }

  @Override
  public long nextSeed() {
    return Long.remainderUnsigned(longBits(), Long.MAX_VALUE);
  }

  @Override
  public Tensor state() {
    java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate(STATE_BYTES);
    for (int word : words) {
      bytes.putInt(word);
    }
    bytes.putInt(next).putDouble(spare);
    Strided x = Strided.allocate(DType.U8, STATE_BYTES);
    for (int i = 0; i < STATE_BYTES; i++) {
      Elements.setLong(x.data(), DType.U8, i, bytes.get(i) & 0xff);
    }
    return Tensor.wrap(x);
  }

  @Override
  public void setState(Tensor earlier) {
    byte[] stored = earlier.toByteArray();
    if (stored.length != STATE_BYTES) {
      throw new TensorException(
          "replay: expected a state of this generator, got " + earlier.describe());
    }
    java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(stored);
    for (int i = 0; i < WORDS; i++) {
      words[i] = bytes.getInt();
    }
    next = Math.clamp(bytes.getInt(), 0, WORDS);
    spare = bytes.getDouble();
  }

  @Override
  public void close() {
    // nothing is held
  }
}
