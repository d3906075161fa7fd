package dev.heed.model;

import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import java.util.function.Function;

/** What changes each run of a model that stays as it is, such as a trained prefix. */
public interface RunChange extends AutoCloseable {
  /**
   * What a model is called with.
   *
   * @param input its inputs
   * @param trace records and changes values on the way
   * @param wanted what the output holds besides the result
   */
  record Call(ModelInput input, Trace trace, Wanted wanted) {}

  /**
   * Runs the model.
   *
   * @param model that is asked
   * @param call as it was asked
   * @param computed the model's own computation
   * @return owned by the current scope
   */
  ModelOutput apply(Model model, Call call, Function<Call, ModelOutput> computed);

  /** How many positions it takes, which are not left for texts. */
  default int positions() {
    return 0;
  }

  @Override
  void close();
}
