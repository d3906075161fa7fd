package dev.heed.model.mamba;

import dev.heed.attention.StatefulMixer;
import dev.heed.model.DecoderBody;
import dev.heed.model.NameMap;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.head.DecoderArchitectures;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Both Mambas around their mixer: {@code x + mixer(norm(x))} a layer.
 *
 * @param vocabulary tokens
 * @param size of a token's vector
 * @param layers how many
 * @param epsilon of the norms
 * @param tied whether the token table also scores the vocabulary
 */
record MambaLayers(long vocabulary, long size, int layers, double epsilon, boolean tied) {
  /**
   * Keys that cannot change what is computed: how parameters start, the precision of the residual
   * stream where weights are halves, which program scans, and what the authors' configs repeat.
   */
  static final Set<String> IGNORED =
      Set.of(
          "d_inner",
          "d_model",
          "fused_add_norm",
          "n_layer",
          "pad_vocab_size_multiple",
          "rescale_prenorm_residual",
          "residual_in_fp32",
          "rms_norm",
          "ssm_cfg",
          "time_step_floor",
          "time_step_init_scheme",
          "time_step_max",
          "time_step_min",
          "time_step_scale",
          "use_associative_scan",
          "use_mambapy");

  /** Names in their files, those of the authors' own files too. */
  static NameMap names() {
    return DecoderArchitectures.names()
        .with("^backbone\\.", "model.")
        .with("^(model\\.)?embedding\\.", "$1embeddings.");
  }

  /** Builds the layers, each mixer at its path. */
  DecoderBody body(Weights weights, Function<Weights, StatefulMixer> mixer) {
    return DecoderBody.of(
            new Embedding(weights.child("embeddings"), vocabulary, size, -1),
            IntStream.range(0, layers)
                .mapToObj(i -> layer(weights.child("layers", i), mixer))
                .toList(),
            norm(weights.child("norm_f")),
            tied)
        .recordedAfterLayers();
  }

  private TransformerLayer layer(Weights weights, Function<Weights, StatefulMixer> mixer) {
    LayerBody body = LayerBody.stateful(mixer.apply(weights.child("mixer")));
    return new TransformerLayer(
        weights, Residual.pre(norm(weights.child("norm")), body, new Dropout(0)));
  }

  private RmsNorm norm(Weights weights) {
    return new RmsNorm(weights, size, epsilon);
  }
}
