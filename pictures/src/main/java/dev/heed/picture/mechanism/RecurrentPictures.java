package dev.heed.picture.mechanism;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.SequenceMixer;
import dev.heed.mixer.catalogue.MixerCatalogue;
import dev.heed.mixer.catalogue.MixerShape;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** The baselines without attention: how strongly what was read still moves what is said. */
final class RecurrentPictures {
  private static final int SIZE = 12;

  private RecurrentPictures() {}

  static void addTo(Map<String, MechanismPictures.Recipe> recipes) {
    recipes.put(
        "recurrent-networks",
        sample ->
            List.of(influence(sample, "rnn"), influence(sample, "gru"), influence(sample, "lstm")));
    recipes.put("convolution", sample -> List.of(influence(sample, "cnn")));
  }

  /** The causal mixer of this name in the catalogue, with a window of 8 where it has one. */
  private static MapPanel influence(Sample sample, String name) {
    MixerShape shape = MixerShape.of(SIZE, 1, Sample.LENGTH).asCausal().withWindow(8);
    SequenceMixer mixer = MixerCatalogue.named(name).build(sample.weights(name), shape);
    Tensor map =
        EffectiveMap.influence(
            x -> mixer.apply(x, AttentionRequest.plain()).output(), sample.vectors(SIZE));
    return MapPanel.of(
        name + ", seeded, untrained",
        MapKind.INFLUENCE,
        Sample.words("outputs"),
        Sample.words("inputs"),
        map);
  }
}
