package dev.heed.task;

import dev.heed.generate.search.Generated;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Arrays;
import java.util.List;

/**
 * How a model read while it wrote: for each token that it wrote, its attention to each token that
 * was given, the mean over all layers and heads.
 *
 * <p>An encoder-decoder's is its cross-attention (Bahdanau et al. 2015, section 3.1); a decoder's
 * its own attention to the prompt.
 */
final class ReadAttention {
  private ReadAttention() {}

  /**
   * The attention of a text that was written.
   *
   * @param given what was read: the encoder's tokens, or a decoder's prompt
   * @return {@code [written][given]}
   * @throws IllegalArgumentException for a model without attention weights of that kind
   */
  static double[][] of(Model model, int[] given, Generated generated) {
    int[] all = generated.tokens().toArray();
    int[] fed = Arrays.copyOf(all, all.length - 1);
    boolean reads = model.kind() == ModelKind.ENCODER_DECODER;
    try (TensorScope scope = TensorScope.inference()) {
      ModelInput input =
          reads
              ? ModelInput.of("input_ids", row(given)).with("decoder_input_ids", row(fed))
              : ModelInput.of("input_ids", row(fed));
      List<Tensor> layers =
          model
              .apply(input, Trace.NONE, new Wanted(false, true))
              .series(reads ? "cross_attentions" : "attentions");
      int written = all.length - generated.prompt();
      List<Tensor> means =
          layers.stream()
              .filter(layer -> layer.rank() == 4 && layer.size(2) == fed.length)
              .map(layer -> layer.to(DType.F64).mean(1, false).select(0, 0))
              .toList();
      if (means.isEmpty()) {
        throw new IllegalArgumentException(
            "attention: expected a model whose layers attend from each token to each, got one"
                + " without");
      }
      double[][] rows = new double[written][given.length];
      for (Tensor mean : means) {
        int width = Math.toIntExact(mean.size(1));
        double[] flat = mean.contiguous().toDoubleArray();
        for (int w = 0; w < written; w++) {
          int from = (generated.prompt() - 1 + w) * width;
          for (int g = 0; g < Math.min(given.length, width); g++) {
            rows[w][g] += flat[from + g] / means.size();
          }
        }
      }
      return rows;
    }
  }

  private static Tensor row(int[] ids) {
    return Tensor.of(Arrays.stream(ids).asLongStream().toArray(), 1, ids.length);
  }
}
