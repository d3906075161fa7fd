package dev.heed.tensor.kernel;

/** Arrays that a thread uses again and again; what they hold before is anything. */
public final class Buffers {
  private final float[][] floats = new float[8][0];
  private final double[][] doubles = new double[4][0];
  private final long[][] longs = new long[4][0];
  private short[] shorts = new short[0];
  private byte[] bytes = new byte[0];

  private Buffers() {}

  /** The calling thread's. */
  public static Buffers of(Workspace workspace) {
    return workspace.of(Buffers.class, Buffers::new);
  }

  /**
   * An array of at least so many floats.
   *
   * @param which 0 to 7
   */
  public float[] floats(int which, int count) {
    if (floats[which].length < count) {
      floats[which] = new float[count];
    }
    return floats[which];
  }

  /** As {@link #floats}. */
  public double[] doubles(int which, int count) {
    if (doubles[which].length < count) {
      doubles[which] = new double[count];
    }
    return doubles[which];
  }

  /** As {@link #floats}. */
  public long[] longs(int which, int count) {
    if (longs[which].length < count) {
      longs[which] = new long[count];
    }
    return longs[which];
  }

  /** An array of at least so many shorts. */
  public short[] shorts(int count) {
    if (shorts.length < count) {
      shorts = new short[count];
    }
    return shorts;
  }

  /** An array of at least so many bytes. */
  public byte[] bytes(int count) {
    if (bytes.length < count) {
      bytes = new byte[count];
    }
    return bytes;
  }
}
