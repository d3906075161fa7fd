package dev.heed.train.optim;

import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The part of an optimiser's parameters whose state one of several processes keeps and steps
 * (Rajbhandari et al. 2020, section 5.1: the states of optimisers are partitioned).
 *
 * @param rank which process, from 0
 * @param count how many there are
 */
public record Share(int rank, int count) {
  /** Everything. */
  public static final Share ALL = new Share(0, 1);

  /** Checks the ranges. */
  public Share {
    if (count < 1 || rank < 0 || rank >= count) {
      throw new IllegalArgumentException(
          "share: expected a rank from 0 and below the count, got " + rank + " and " + count);
    }
  }

  /**
   * Who steps which parameter: each goes to whom has the fewest elements by then.
   *
   * @return a rank for each name
   */
  Map<String, Integer> owners(Map<String, Tensor> parameters) {
    long[] held = new long[count];
    Map<String, Integer> owners = new LinkedHashMap<>();
    parameters.forEach((name, tensor) -> {
      int least = 0;
      for (int rank = 1; rank < count; rank++) {
        least = held[rank] < held[least] ? rank : least;
      }
      held[least] += tensor.elements();
      owners.put(name, least);
    });
    return owners;
  }
}
