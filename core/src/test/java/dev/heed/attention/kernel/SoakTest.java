package dev.heed.attention.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.kernel.Samples.Sizes;
import dev.heed.attention.kernel.Samples.Window;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** 100,000 calls, every tenth with gradients, leave memory as it was. */
@Tag("soak")
class SoakTest {
  private static final int CALLS = 100_000;
  private static final long ALLOWED_GROWTH = 48L << 20;

  @Test
  void memory_stays_flat() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(61)) {
      Sizes sizes = new Sizes(1, 2, 2, 33, 35, 16, 16);
      Tensor q = sizes.q(generator, DType.F32).requiresGrad(true);
      Tensor k = sizes.k(generator, DType.F32);
      Tensor v = sizes.v(generator, DType.F32);
      long handles = 0;
      long resident = 0;
      for (int call = 0; call < CALLS; call++) {
        if (call == CALLS / 4) {
          handles = TensorScope.liveHandles();
          resident = Backend.residentBytes();
        }
        AttentionSpec spec = AttentionSpec.plain().withMask(new Window(1 + call % 50));
        call(q, k, v, spec, call % 10 == 0);
      }
      assertThat(TensorScope.liveHandles()).isLessThanOrEqualTo(handles);
      assertThat(Backend.residentBytes() - resident).isLessThan(ALLOWED_GROWTH);
    }
  }

  private static void call(Tensor q, Tensor k, Tensor v, AttentionSpec spec, boolean gradients) {
    try (TensorScope step = TensorScope.open()) {
      if (gradients) {
        Gradients.of(ExactAttention.apply(q, k, v, spec).sum(), List.of(q));
      } else {
        ExactAttention.apply(q.detach(), k, v, spec);
      }
    }
  }
}
