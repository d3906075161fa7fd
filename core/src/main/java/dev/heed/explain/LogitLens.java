package dev.heed.explain;

import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Logit lens: what a model would say if its output followed right after each layer (nostalgebraist,
 * interpreting GPT: the logit lens, 2020).
 *
 * <p>What comes after the last layer, a norm and the output map, is applied to the residual stream
 * before each layer, by running the model with the end of its stream replaced: so it works for
 * every family.
 *
 * @param logits {@code [layers + 1, batch, tokens, vocabulary]}: before each layer, then after the
 *     last
 */
public record LogitLens(Tensor logits) {
  /**
   * Looks through the lens.
   *
   * @param before the points of the residual stream before each layer, the first first
   * @param end the point of the stream after the last layer
   * @param logits runs the model with this trace and gives logits {@code [batch, tokens,
   *     vocabulary]}
   */
  public static LogitLens of(List<String> before, String end, Function<Trace, Tensor> logits) {
    return TensorScope.run(() -> {
      try (Trace recorded = Trace.record(before::contains)) {
        Tensor last = logits.apply(recorded);
        List<Tensor> all = new ArrayList<>();
        for (String point : before) {
          try (Trace trace = Trace.changing().patch(end, recorded.value(point))) {
            all.add(logits.apply(trace));
          }
        }
        all.add(last);
        return new LogitLens(Tensor.stack(all, 0));
      }
    });
  }

  /** The likeliest token at each place: i64 {@code [layers + 1, batch, tokens]}. */
  public Tensor top() {
    return logits.argmax(-1, false);
  }

  /**
   * How many tokens lie above the one the whole model chooses: {@code [layers + 1, batch, tokens]}.
   */
  public Tensor rankOfFinal() {
    return TensorScope.run(() -> {
      Tensor own = ofFinal(logits);
      return logits.gt(own).to(DType.I64).sum(-1, false);
    });
  }

  /**
   * The log-probability of the token the whole model chooses: {@code [layers + 1, batch, tokens]}.
   */
  public Tensor logProbabilityOfFinal() {
    return TensorScope.run(() -> ofFinal(logits.logSoftmax(-1)).squeeze(-1));
  }

  /** {@code KL(final | lens)} in nats: {@code [layers + 1, batch, tokens]}. */
  public Tensor divergenceFromFinal() {
    return TensorScope.run(() -> {
      Tensor logs = logits.logSoftmax(-1);
      Tensor last = logs.select(0, -1);
      return last.exp().mul(last.sub(logs)).sum(-1, false);
    });
  }

  /** The values of the final choice, {@code [layers + 1, batch, tokens, 1]}. */
  private Tensor ofFinal(Tensor values) {
    Tensor chosen = logits.select(0, -1).argmax(-1, false).unsqueeze(-1).unsqueeze(0);
    long[] sizes = values.shape().toArray();
    sizes[sizes.length - 1] = 1;
    return values.gather(-1, chosen.expand(sizes).contiguous());
  }
}
