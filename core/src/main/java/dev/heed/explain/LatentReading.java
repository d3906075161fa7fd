package dev.heed.explain;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.explain.AttentionMap.Unit;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelLoader;
import dev.heed.model.Places;
import dev.heed.nn.Trace;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.text.Encoding;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the latents of a Perceiver read in a text: a fixed number of learned vectors that attend to
 * every token, once, before they attend to each other (Jaegle et al., Perceiver IO, 2022, section
 * 3.2).
 */
public final class LatentReading {
  private LatentReading() {}

  /** Whether a model reads by latents. */
  public static boolean isOf(ModelFiles files) {
    return files.json().path("model_type").asString("").equals("perceiver");
  }

  /**
   * Runs the model over a text.
   *
   * @param files of a model that {@linkplain #isOf reads by latents}, and a tokenizer
   * @param text as many tokens as the model has positions for, at most
   * @return from latents, named by their numbers, to tokens; of one layer
   * @throws CheckpointException for files that are missing or invalid
   * @throws ShapeException for a longer text
   */
  public static AttentionMap read(ModelFiles files, String text) {
    Encoding encoding = files.tokenizer().encode(text);
    int longest = Places.longest(new ModelConfig(files.describe(), files.json()));
    if (encoding.size() < 1 || encoding.size() > longest) {
      throw new ShapeException(
          "text: expected 1 to " + longest + " tokens, got " + encoding.size() + "; cut it");
    }
    try (Model model = ModelLoader.of(files).load();
        TensorScope scope = TensorScope.inference();
        Trace trace = Trace.record(AttentionMap::needs)) {
      model.apply(AttentionCapture.input(model, encoding.ids()), trace);
      Tensor read = trace.values().values().iterator().next(); // before latents read each other
      List<Unit> latents =
          IntStream.range(0, Math.toIntExact(read.size(2)))
              .mapToObj(i -> Unit.place("latent " + i, i))
              .toList();
      return AttentionMap.across(
          latents, AttentionMap.units(encoding), new float[][][][] {AttentionMap.heads(read)});
    }
  }
}
