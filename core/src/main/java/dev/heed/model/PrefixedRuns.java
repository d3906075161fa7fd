package dev.heed.model;

import dev.heed.adapt.PrefixTuning;
import java.util.function.Function;

/**
 * Runs that read a trained prefix in every layer (Li and Liang 2021).
 *
 * @param prefix closed with the model
 */
public record PrefixedRuns(PrefixTuning prefix) implements RunChange {
  /** The prefix outlives the run, since gradients may have a layer computed again. */
  @Override
  public ModelOutput apply(Model model, Call call, Function<Call, ModelOutput> computed) {
    return computed.apply(
        new Call(call.input(), prefix.into(model, call.trace().branch()), call.wanted()));
  }

  @Override
  public void close() {
    prefix.close();
  }
}
