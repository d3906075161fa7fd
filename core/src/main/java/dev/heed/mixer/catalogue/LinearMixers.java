package dev.heed.mixer.catalogue;

import dev.heed.attention.SequenceMixer;
import dev.heed.mixer.linear.GatedDeltaConfig;
import dev.heed.mixer.linear.GatedDeltaNet;
import dev.heed.mixer.linear.LightningAttention;
import dev.heed.mixer.linear.LinearTransformerAttention;
import dev.heed.mixer.linear.Linformer;
import dev.heed.mixer.linear.MemoryCompressedAttention;
import dev.heed.mixer.linear.NystromAttention;
import dev.heed.mixer.linear.PerformerSelfAttention;
import dev.heed.mixer.linear.PerformerSelfAttention.Kernel;
import dev.heed.mixer.linear.SoftmaxFeatures.KeyStabiliser;
import dev.heed.nn.Activation;
import dev.heed.nn.Initializer;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.function.BiFunction;

/** Attention by features, or over keys that were made fewer. */
final class LinearMixers {
  /** Liu et al. 2018, section 4.2.4. */
  private static final long COMPRESSION = 3;

  /** Xiong et al. 2021, section 4: six iterations towards the pseudo-inverse. */
  private static final int ITERATIONS = 6;

  /** Of the convolution beside the Nyströmformer's attention. */
  private static final int TAPS = 33;

  static final List<MixerEntry> ALL =
      List.of(
          new MixerEntry(
              "linear-transformer",
              "linear-transformer",
              "Linear Transformer",
              Growth.LINEAR,
              Exactness.NO_SOFTMAX,
              Direction.EITHER,
              true,
              true,
              (weights, shape) ->
                  new LinearTransformerAttention(
                      weights, shape.size(), shape.heads(), shape.causal())),
          new MixerEntry(
              "performer",
              "performer",
              "Performer",
              Growth.LINEAR,
              Exactness.APPROXIMATE,
              Direction.EITHER,
              true,
              true,
              performer(Kernel.SOFTMAX)),
          new MixerEntry(
              "performer-relu",
              "performer",
              "Performer with a ReLU kernel",
              Growth.LINEAR,
              Exactness.NO_SOFTMAX,
              Direction.EITHER,
              true,
              true,
              performer(Kernel.RELU)),
          new MixerEntry(
              "linformer",
              "linformer",
              "Linformer",
              Growth.LINEAR,
              Exactness.APPROXIMATE,
              Direction.BOTH_WAYS,
              false,
              true,
              linformer(false)),
          new MixerEntry(
              "linformer-shared",
              "linformer",
              "Linformer with shared projections",
              Growth.LINEAR,
              Exactness.APPROXIMATE,
              Direction.BOTH_WAYS,
              false,
              true,
              linformer(true)),
          new MixerEntry(
              "nystromformer",
              "nystromformer",
              "Nyströmformer",
              Growth.LINEAR,
              Exactness.APPROXIMATE,
              Direction.BOTH_WAYS,
              false,
              true,
              LinearMixers::nystrom),
          new MixerEntry(
              "memory-compressed",
              "memory-compressed",
              "Memory-compressed attention",
              Growth.QUADRATIC,
              Exactness.APPROXIMATE,
              Direction.EITHER,
              false,
              false,
              LinearMixers::memoryCompressed),
          new MixerEntry(
              "lightning-attention",
              "lightning-attention",
              "Lightning attention",
              Growth.LINEAR,
              Exactness.NO_SOFTMAX,
              Direction.CAUSAL,
              true,
              false,
              (weights, shape) ->
                  new LightningAttention(
                      weights,
                      shape.size(),
                      shape.heads(),
                      shape.headSize(),
                      Activation.SILU,
                      new LightningAttention.Depth(0, 1))),
          new MixerEntry(
              "gated-delta-net",
              "gated-delta-net",
              "Gated delta net",
              Growth.LINEAR,
              Exactness.NO_SOFTMAX,
              Direction.CAUSAL,
              true,
              false,
              (weights, shape) ->
                  new GatedDeltaNet(
                      weights,
                      GatedDeltaConfig.of(shape.size(), shape.heads(), shape.headSize()))));

  private LinearMixers() {}

  private static BiFunction<Weights, MixerShape, SequenceMixer> performer(Kernel kernel) {
    return (weights, shape) ->
        new PerformerSelfAttention(
            weights,
            new PerformerSelfAttention.Config(
                shape.size(),
                shape.heads(),
                shape.headSize(),
                shape.features(),
                shape.causal(),
                shape.causal() ? KeyStabiliser.NONE : KeyStabiliser.ALL_KEYS,
                kernel));
  }

  /** Shared projections: one for keys and values of all heads. */
  private static BiFunction<Weights, MixerShape, SequenceMixer> linformer(boolean shared) {
    return (weights, shape) ->
        new Linformer(
            weights,
            new Linformer.Config(
                shape.size(),
                shape.maxLength(),
                Math.min(shape.features(), shape.maxLength()),
                shape.heads(),
                shared,
                shared));
  }

  /** As many landmarks as features, and the skip convolution, which starts at zero. */
  private static SequenceMixer nystrom(Weights weights, MixerShape shape) {
    Tensor skip = weights.parameter("conv.weight", Initializer.ZEROS, shape.heads(), 1, TAPS);
    return SoftmaxMixers.heads(
        weights, shape, new NystromAttention(shape.features(), ITERATIONS, skip), null);
  }

  private static SequenceMixer memoryCompressed(Weights weights, MixerShape shape) {
    return new MemoryCompressedAttention(
        weights,
        new MemoryCompressedAttention.Config(
            shape.size(), shape.heads(), COMPRESSION, shape.causal()));
  }
}
