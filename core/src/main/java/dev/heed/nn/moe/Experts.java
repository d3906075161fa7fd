package dev.heed.nn.moe;

import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

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
    return new Listed(IntStream.range(0, count).mapToObj(make).toList());
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
