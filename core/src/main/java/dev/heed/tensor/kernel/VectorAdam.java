package dev.heed.tensor.kernel;

import static dev.heed.tensor.kernel.FloatLanes.FLOATS;
import static dev.heed.tensor.kernel.FloatLanes.LENGTH;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** A step of Adam by vectors, straight on the tensors' memory: each number is read once. */
final class VectorAdam {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private VectorAdam() {}

  /**
   * Steps whole vectors of elements.
   *
   * @param from the first, in bytes
   * @return how many elements were stepped
   */
  static int run(AdamStep step, AdamStep.Memory at, long from, int count) {
    float factor = (float) step.factor();
    float limit = (float) step.limit();
    float decay = (float) step.decay();
    float shrink = (float) step.shrink();
    float beta1 = (float) step.beta1();
    float rest1 = (float) (1 - step.beta1());
    float beta2 = (float) step.beta2();
    float rest2 = (float) (1 - step.beta2());
    float rate = (float) step.rate();
    float root = (float) step.root();
    float epsilon = (float) step.epsilon();
    int whole = count - count % LENGTH;
    for (int i = 0; i < whole; i += LENGTH) {
      long place = from + (long) i * Float.BYTES;
      FloatVector p = FloatVector.fromMemorySegment(FLOATS, at.values(), place, ORDER);
      FloatVector g =
          FloatVector.fromMemorySegment(FLOATS, at.gradients(), place, ORDER)
              .mul(factor)
              .min(limit)
              .max(-limit)
              .add(p.mul(decay));
      FloatVector m =
          FloatVector.fromMemorySegment(FLOATS, at.means(), place, ORDER)
              .mul(beta1)
              .add(g.mul(rest1));
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, at.squares(), place, ORDER)
              .mul(beta2)
              .add(g.mul(g).mul(rest2));
      m.intoMemorySegment(at.means(), place, ORDER);
      v.intoMemorySegment(at.squares(), place, ORDER);
      FloatVector below = v.lanewise(VectorOperators.SQRT).mul(root).add(epsilon);
      p.mul(shrink).sub(m.mul(rate).div(below)).intoMemorySegment(at.values(), place, ORDER);
    }
    return whole;
  }
}
