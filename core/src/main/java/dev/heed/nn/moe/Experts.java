package dev.heed.nn.moe;

import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Networks of which each token goes through a few. */
public interface Experts {
  /** E, how many there are. */
  int count();

  /**
   * Runs one expert.
   *
   * @param expert in {@code [0, E)}
   * @param x {@code [n, H]}, the tokens that chose it
   * @return {@code [n, H]}
   */
  Tensor apply(int expert, Tensor x);

  /** Gated networks with parameters of their own. */
  static Experts listed(int count, IntFunction<GatedFeedForward> make) {
    // One by one: a wrong count is found by what the checkpoint lacks before memory runs out.
    List<GatedFeedForward> networks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      networks.add(make.apply(i));
    }
    return new Listed(networks);
  }

  /**
   * Gated networks with parameters of their own.
   *
   * @param networks in order
   */
  record Listed(List<GatedFeedForward> networks) implements Experts {
    @Override
    public int count() {
      return networks.size();
    }

    @Override
    public Tensor apply(int expert, Tensor x) {
      return networks.get(expert).apply(x, Trace.NONE);
    }
  }
}
