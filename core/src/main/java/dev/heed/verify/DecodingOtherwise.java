package dev.heed.verify;

import dev.heed.attention.MixerSwap;
import dev.heed.model.Model;
import dev.heed.model.ModelKind;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A model that decodes as a reference did where it recorded something else than the model itself
 * computes; for comparing only. The model stays as it is and is not closed with this one.
 */
abstract class DecodingOtherwise extends Model {
  private final Model model;

  /** Over a model. */
  DecodingOtherwise(Model model) {
    super(model);
    this.model = model;
  }

  /** The model that it stands before. */
  final Model model() {
    return model;
  }

  /** The same before another model. */
  abstract Model before(Model other);

  @Override
  public final ModelKind kind() {
    return model.kind();
  }

  @Override
  public final @Nullable Tensor tokenTable() {
    return model.tokenTable();
  }

  @Override
  public final Model withMixers(MixerSwap swap) {
    return before(model.withMixers(swap));
  }
}
