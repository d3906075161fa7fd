package dev.heed.mixer.catalogue;

import dev.heed.mixer.statespace.H3;
import dev.heed.mixer.statespace.Hippo;
import dev.heed.mixer.statespace.Mamba2Block;
import dev.heed.mixer.statespace.Mamba2Config;
import dev.heed.mixer.statespace.MambaBlock;
import dev.heed.mixer.statespace.MambaConfig;
import dev.heed.mixer.statespace.S4;
import dev.heed.mixer.statespace.S4d;
import java.util.List;

/** Mixers that carry a linear state. */
final class StateSpaceMixers {
  static final List<MixerEntry> ALL =
      List.of(
          new MixerEntry(
              "s4",
              "s4",
              "S4",
              Growth.N_LOG_N,
              Exactness.NO_SOFTMAX,
              Direction.EITHER,
              true,
              false,
              (weights, shape) ->
                  new S4(weights, shape.size(), shape.state(), Hippo.LEGS, !shape.causal())),
          new MixerEntry(
              "s4d",
              "s4d",
              "S4D",
              Growth.N_LOG_N,
              Exactness.NO_SOFTMAX,
              Direction.CAUSAL,
              true,
              false,
              (weights, shape) -> new S4d(weights, shape.size(), shape.state())),
          new MixerEntry(
              "h3",
              "h3",
              "H3",
              Growth.N_LOG_N,
              Exactness.NO_SOFTMAX,
              Direction.CAUSAL,
              true,
              false,
              (weights, shape) ->
                  new H3(
                      weights,
                      shape.size(),
                      shape.state(),
                      shape.headSize(),
                      H3.FeatureOrder.HEADS_FIRST)),
          new MixerEntry(
              "mamba",
              "mamba",
              "Mamba",
              Growth.LINEAR,
              Exactness.NO_SOFTMAX,
              Direction.CAUSAL,
              true,
              false,
              (weights, shape) -> new MambaBlock(weights, mamba(shape))),
          new MixerEntry(
              "mamba-2",
              "mamba-2",
              "Mamba 2",
              Growth.LINEAR,
              Exactness.NO_SOFTMAX,
              Direction.CAUSAL,
              true,
              false,
              (weights, shape) ->
                  new Mamba2Block(
                      weights,
                      Mamba2Config.of(
                          shape.size(), shape.heads(), shape.headSize(), shape.state()))));

  private StateSpaceMixers() {}

  private static MambaConfig mamba(MixerShape shape) {
    MambaConfig published = MambaConfig.of(shape.size());
    return new MambaConfig(
        shape.size(), shape.state(), published.expand(), published.dtRank(), published.dConv());
  }
}
