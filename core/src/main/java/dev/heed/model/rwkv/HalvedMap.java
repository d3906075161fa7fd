package dev.heed.model.rwkv;

import dev.heed.nn.Linear;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * A map into a stream that has been halved a few times, lest half precision overflows: {@code W x /
 * 2ⁿ}.
 *
 * <p>The reference halves the weights themselves while it does not train, and so reports gradients
 * of the halved ones; these are given here too. While training they are those of the stored ones.
 *
 * @param map W
 * @param halvings n
 */
record HalvedMap(Linear map, int halvings) {
  Tensor apply(Tensor x, Trace trace) {
    if (halvings == 0) {
      return map.apply(x);
    }
    return TensorScope.run(() -> {
      double scale = Math.scalb(1.0, -halvings);
      Tensor halved = map.apply(x).mul(scale);
      Tensor weight = map.stored();
      if (trace.dropoutGenerator() != null || !weight.requiresGrad()) {
        return halved;
      }
      // Zeros, whose gradient is what the weights' lacks.
      Tensor zeros = weight.sub(weight.detach()).mul(1 - scale);
      return halved.add(x.detach().linear(zeros, null));
    });
  }
}
