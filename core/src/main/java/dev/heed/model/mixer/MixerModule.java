package dev.heed.model.mixer;

import dev.heed.attention.SequenceMixer;
import dev.heed.attention.StatefulMixer;
import dev.heed.mixer.catalogue.MixerEntry;
import dev.heed.mixer.catalogue.MixerShape;
import dev.heed.model.block.LayerBody;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;

/** A mixer of the catalogue at its path. */
final class MixerModule extends Module {
  private final SequenceMixer mixer;

  MixerModule(Weights weights, MixerEntry entry, MixerShape shape) {
    super(weights);
    mixer = entry.build(weights, shape);
  }

  /** With a state of its own where it has one. */
  LayerBody body() {
    return LayerBody.stateful(
        mixer instanceof StatefulMixer own ? own : new RememberingMixer(mixer, path() + ".read"));
  }
}
