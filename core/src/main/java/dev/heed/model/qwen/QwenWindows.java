package dev.heed.model.qwen;

import dev.heed.model.Default;
import dev.heed.model.LayerType;
import dev.heed.model.ModelConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which layers of a Qwen model see the last tokens only. */
final class QwenWindows {
  private QwenWindows() {}

  /**
   * What a config says about them.
   *
   * @param useSlidingWindow whether any does
   * @param slidingWindow keys that they see
   * @param maxWindowLayers the first of them, where there are no {@code layer_types}
   */
  record Config(
      @Default("false") boolean useSlidingWindow,
      @Default("4096") @Nullable Integer slidingWindow,
      @Default("28") int maxWindowLayers) {}

  /** How many keys a query sees in each layer, 0 for all before it. */
  static List<Integer> of(ModelConfig keys, int layers) {
    Config config = keys.read(Config.class);
    Integer width = config.useSlidingWindow() ? config.slidingWindow() : null;
    List<LayerType> types =
        LayerType.of(
            keys,
            layers,
            List.of(LayerType.FULL, LayerType.SLIDING),
            i ->
                width != null && i >= config.maxWindowLayers()
                    ? LayerType.SLIDING
                    : LayerType.FULL);
    return LayerType.windows(keys, types, width);
  }
}
