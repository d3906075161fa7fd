package dev.heed.model.clip;

import dev.heed.attention.MixerSwap;
import dev.heed.model.Model;
import dev.heed.model.ModelKind;
import dev.heed.model.Run;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One of the two encoders alone. */
final class TowerModel extends Model {
  private final Consumer<Run> reading;
  private final @Nullable Tensor table;

  /**
   * A model of a text or an image.
   *
   * @param reading runs the tower and gives its values
   * @param table the token table, or null
   */
  TowerModel(Weights weights, Consumer<Run> reading, @Nullable Tensor table) {
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
