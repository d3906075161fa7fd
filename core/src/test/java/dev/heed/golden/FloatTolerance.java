package dev.heed.golden;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Map;

/**
 * How far a float result may be off, relative to its tensor's largest magnitude.
 *
 * <p>As stated with the recordings: 2e-5, or more where the reference's own float computation is
 * further from its double one; then ten times that distance.
 */
final class FloatTolerance {
  private static final double USUAL = 2e-5;
  private static final double TIMES_REFERENCE_ERROR = 10;

  private static final Map<String, Double> STATED =
      Map.ofEntries(
          Map.entry("coatnet_mbconv", 4e-5),
          Map.entry("coatnet_mbconv_training", 4e-5),
          Map.entry("compressive_transformer", 3e-5),
          Map.entry("compressive_transformer_gru", 7e-5),
          Map.entry("longformer_dilated", 7e-5),
          Map.entry("longformer_dilated_global", 4e-4),
          Map.entry("longformer_global", 8e-5),
          Map.entry("longformer_padding", 8e-5),
          Map.entry("longformer_sliding", 6e-5),
          Map.entry("luong_local_p_dot", 5e-5),
          Map.entry("mamba_model", 9e-5),
          Map.entry("mha_annotated", 5e-5),
          Map.entry("performer_self_attention_causal", 5e-5),
          Map.entry("prefix_tuning_gpt2", 6e-5),
          Map.entry("reformer_lsh_causal", 2e-2),
          Map.entry("reformer_lsh_nodup", 1e-2),
          Map.entry("reformer_lsh_padding", 2e-2),
          Map.entry("reformer_lsh_self_attention", 2e-2),
          Map.entry("relative_key_bert", 6e-5),
          Map.entry("relevance_vit", 5e-5),
          Map.entry("s4_block_bidirectional", 3e-5),
          Map.entry("s4_kernel_dplr", 3e-5),
          Map.entry("s4_kernel_dplr_even_length", 2e-4),
          Map.entry("s4_kernel_dplr_rank2", 3e-5),
          Map.entry("s4d_kernel_zoh", 9e-5),
          Map.entry("s4d_layer", 7e-5),
          Map.entry("shaw_opennmt", 7e-5),
          Map.entry("tp_attention", 4e-5),
          Map.entry("tp_encoder_layer", 4e-5),
          Map.entry("tp_transformer", 7e-5),
          Map.entry("transformer_encoder_decoder", 4e-5),
          Map.entry("universal_transformer_act", 5e-5));

  private FloatTolerance() {}

  static double of(String name, RecordedTensors file) {
    double stated = STATED.getOrDefault(name, USUAL);
    return Math.max(stated, TIMES_REFERENCE_ERROR * referenceError(file));
  }

  /** The largest distance of the recorded float results from the double ones. */
  private static double referenceError(RecordedTensors file) {
    try (TensorScope scope = TensorScope.open()) {
      double largest = 0;
      for (String key : file.keys()) {
        if (key.startsWith("output.") || key.startsWith("weights.")) {
          if (file.has("f64." + key)) {
            largest = Math.max(largest, error(file.read(key), file.read("f64." + key)));
          }
        }
      }
      return largest;
    }
  }

  private static double error(Tensor rounded, Tensor exact) {
    double scale = RecordingComparison.largest(exact);
    return scale == 0 ? 0 : RecordingComparison.largest(rounded.sub(exact)) / scale;
  }
}
