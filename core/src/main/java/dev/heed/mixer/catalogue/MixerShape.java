package dev.heed.mixer.catalogue;

/**
 * The sizes and options that a mixer is built from; each takes those that it has a meaning for.
 *
 * @param size of a token's vector, in and out
 * @param heads a divisor of the size
 * @param maxLength the longest sequence it will see
 * @param causal whether a token sees only what does not come after it
 * @param window tokens that a window spans, the query's own included, or steps of a memory
 * @param block tokens a block, bucket, segment or stretch
 * @param features random features of a Performer, rows that Linformer keeps
 * @param state numbers of state a channel of a state space, even
 * @param seed of what is drawn once: random blocks, hash rotations
 */
public record MixerShape(
    int size,
    int heads,
    int maxLength,
    boolean causal,
    int window,
    int block,
    int features,
    int state,
    long seed) {
  /** Checks the sizes. */
  public MixerShape {
    int smallest = Math.min(Math.min(size, heads), Math.min(maxLength, window));
    if (Math.min(Math.min(smallest, block), Math.min(features, state)) < 1) {
      throw new IllegalArgumentException(
          "mixer shape: expected sizes from 1, got size "
              + size
              + ", heads "
              + heads
              + ", longest "
              + maxLength
              + ", window "
              + window
              + ", block "
              + block
              + ", features "
              + features
              + ", state "
              + state);
    }
    if (size % heads != 0) {
      throw new IllegalArgumentException(
          "mixer shape: expected heads that divide the size " + size + ", got " + heads);
    }
  }

  /**
   * Looking both ways, with a window of 128 tokens, blocks of 64, 64 features, a state of 16 and
   * seed 1.
   */
  public static MixerShape of(int size, int heads, int maxLength) {
    return new MixerShape(size, heads, maxLength, false, 128, 64, 64, 16, 1);
  }

  /** The same, looking at earlier tokens only. */
  public MixerShape asCausal() {
    return withCausal(true);
  }

  /** The same, looking at earlier tokens only or both ways. */
  public MixerShape withCausal(boolean other) {
    return new MixerShape(size, heads, maxLength, other, window, block, features, state, seed);
  }

  /** The same for sequences of another greatest length. */
  public MixerShape withMaxLength(int other) {
    return new MixerShape(size, heads, other, causal, window, block, features, state, seed);
  }

  /** The same with another window. */
  public MixerShape withWindow(int other) {
    return new MixerShape(size, heads, maxLength, causal, other, block, features, state, seed);
  }

  /** The same with other blocks. */
  public MixerShape withBlock(int other) {
    return new MixerShape(size, heads, maxLength, causal, window, other, features, state, seed);
  }

  /** The same with another number of features. */
  public MixerShape withFeatures(int other) {
    return new MixerShape(size, heads, maxLength, causal, window, block, other, state, seed);
  }

  /** The same with another state size. */
  public MixerShape withState(int other) {
    return new MixerShape(size, heads, maxLength, causal, window, block, features, other, seed);
  }

  /** The same with another seed. */
  public MixerShape withSeed(long other) {
    return new MixerShape(size, heads, maxLength, causal, window, block, features, state, other);
  }

  /** Features a head. */
  public int headSize() {
    return size / heads;
  }
}
