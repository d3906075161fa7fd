package dev.heed.nn.moe;

import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A mixture of experts: {@code y = Σ wₑ · expertₑ(x)} over the experts that a router chose for each
 * token (Shazeer et al. 2017), plus perhaps what every token goes through.
 *
 * <p>Tokens are sorted by expert, so that each expert runs once on the tokens that chose it, and
 * not at all if none did. Trace point: {@code router_logits} {@code [N, E]}.
 */
public final class MixtureOfExperts extends Module {
  private final Router router;
  private final Experts experts;
  private final Weighted weighted;
  private final @Nullable UnaryOperator<Tensor> shared;

  /** Where the router's weights are multiplied. */
  public enum Weighted {
    /** With what the experts give. */
    OUTPUT,
    /** With what they are given (Llama 4). */
    INPUT
  }

  /**
   * What a mixture gives.
   *
   * @param y the shape of x
   * @param logits of the router, {@code [N, E]}
   */
  public record Output(Tensor y, Tensor logits) {}

  /** Experts weighted in what they give, and nothing besides. */
  public MixtureOfExperts(Weights weights, Router router, Experts experts) {
    this(weights, router, experts, Weighted.OUTPUT, null);
  }

  /**
   * A mixture.
   *
   * @param shared what every token goes through besides, from {@code [N, H]} to the same, or null
   */
  public MixtureOfExperts(
      Weights weights,
      Router router,
      Experts experts,
      Weighted weighted,
      @Nullable UnaryOperator<Tensor> shared) {
    super(weights);
    this.router = router;
    this.experts = experts;
    this.weighted = weighted;
    this.shared = shared;
  }

  /** Maps {@code [..., H]} to {@code [..., H]}. */
  public Output apply(Tensor x, Trace trace) {
    return TensorScope.run(() -> {
      Tensor tokens = x.flatten(0, -2);
      Router.Routing routing = router.route(tokens);
      Tensor logits = trace.visit(point("router_logits"), routing.logits());
      Tensor mixed = mixed(tokens, routing);
      Tensor all = shared == null ? mixed : mixed.add(shared.apply(tokens));
      return new Output(all.reshape(x.shape().toArray()), logits);
    });
  }

  private Tensor mixed(Tensor tokens, Router.Routing routing) {
    ByExpert order = ByExpert.of(routing.experts().toLongArray(), experts.count());
    if (order.places().length == 0) {
      return tokens;
    }
    int chosen = Math.toIntExact(routing.experts().size(1));
    Tensor rows = Tensor.of(order.rows(chosen), order.places().length);
    Tensor places = Tensor.of(order.places(), order.places().length);
    Tensor weights =
        routing.weights().flatten(0, 1).indexSelect(0, places).to(tokens.dtype()).unsqueeze(-1);
    Tensor given = tokens.indexSelect(0, rows);
    Tensor results = run(weighted == Weighted.INPUT ? given.mul(weights) : given, order);
    return Tensor.zeros(tokens.shape(), tokens.dtype())
        .indexAdd(0, rows, weighted == Weighted.OUTPUT ? results.mul(weights) : results);
  }

  /** Each expert on its part of the rows. */
  private Tensor run(Tensor rows, ByExpert order) {
    List<Tensor> results = new ArrayList<>();
    long from = 0;
    for (int expert = 0; expert < experts.count(); expert++) {
      long count = order.counts()[expert];
      if (count > 0) {
        results.add(experts.apply(expert, rows.narrow(0, from, count)));
        from += count;
      }
    }
    return Tensor.cat(results, 0);
  }

  /**
   * Choices in the order of their experts.
   *
   * @param places in the row-major {@code [N, k]} of choices
   * @param counts of tokens for each expert
   */
  private record ByExpert(long[] places, long[] counts) {
    static ByExpert of(long[] choices, int experts) {
      long[] counts = new long[experts];
      for (long expert : choices) {
        counts[Math.toIntExact(expert)]++;
      }
      int[] next = new int[experts];
      for (int expert = 1; expert < experts; expert++) {
        next[expert] = next[expert - 1] + Math.toIntExact(counts[expert - 1]);
      }
      long[] places = new long[choices.length];
      for (int place = 0; place < choices.length; place++) {
        places[next[(int) choices[place]]++] = place;
      }
      return new ByExpert(places, counts);
    }

    /** The token of each choice. */
    long[] rows(int chosen) {
      long[] rows = new long[places.length];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = places[i] / chosen;
      }
      return rows;
    }
  }
}
