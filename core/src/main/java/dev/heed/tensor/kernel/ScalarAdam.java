package dev.heed.tensor.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

/** A step of Adam by a plain loop, to the same bits as {@link VectorAdam}. */
final class ScalarAdam {
  private final float factor;
  private final float limit;
  private final float decay;
  private final float shrink;
  private final float beta1;
  private final float rest1;
  private final float beta2;
  private final float rest2;
  private final float rate;
  private final float root;
  private final float epsilon;

  ScalarAdam(AdamStep step) {
    factor = (float) step.factor();
    limit = (float) step.limit();
    decay = (float) step.decay();
    shrink = (float) step.shrink();
    beta1 = (float) step.beta1();
    rest1 = (float) (1 - step.beta1());
    beta2 = (float) step.beta2();
    rest2 = (float) (1 - step.beta2());
    rate = (float) step.rate();
    root = (float) step.root();
    epsilon = (float) step.epsilon();
  }

  /**
   * Steps some elements.
   *
   * @param from the first, in bytes
   */
  void run(AdamStep.Memory at, long from, int count) {
    for (int i = 0; i < count; i++) {
      long place = from + (long) i * Float.BYTES;
      float p = at.values().get(JAVA_FLOAT_UNALIGNED, place);
      float g = factor * at.gradients().get(JAVA_FLOAT_UNALIGNED, place);
      g = Math.max(-limit, Math.min(limit, g)) + decay * p;
      float m = beta1 * at.means().get(JAVA_FLOAT_UNALIGNED, place) + rest1 * g;
      float v = beta2 * at.squares().get(JAVA_FLOAT_UNALIGNED, place) + rest2 * (g * g);
      at.means().set(JAVA_FLOAT_UNALIGNED, place, m);
      at.squares().set(JAVA_FLOAT_UNALIGNED, place, v);
      p = shrink * p - rate * m / ((float) Math.sqrt(v) * root + epsilon);
      at.values().set(JAVA_FLOAT_UNALIGNED, place, p);
    }
  }
}
