package dev.heed.model;

import dev.heed.attention.MixerSwap;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An encoder whose layers keep their own attention: a pyramid of images, a tower of a pair. */
public final class SealedModel extends Model {
  private final Consumer<Run> reading;
  private final @Nullable Tensor table;

  /**
   * A model that is what it computes.
   *
   * @param reading runs the layers and gives values
   * @param table the token table, or null
   */
  public SealedModel(Weights weights, Consumer<Run> reading, @Nullable Tensor table) {
    super(weights);
    this.reading = reading;
    this.table = table;
  }

  @Override
  public ModelKind kind() {
    return ModelKind.ENCODER;
  }

  @Override
  public @Nullable Tensor tokenTable() {
    return table;
  }

  @Override
  public Model withMixers(MixerSwap swap) {
    throw new UnsupportedOperationException("mixers: this encoder keeps its own attention");
  }

  @Override
  protected void run(Run run) {
    reading.accept(run);
  }
}
