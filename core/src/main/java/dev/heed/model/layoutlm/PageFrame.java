package dev.heed.model.layoutlm;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.RelativeBuckets;
import dev.heed.attention.score.ScoreBias;
import dev.heed.model.EncoderFrame;
import dev.heed.model.Run;
import dev.heed.nn.Initializer;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Words and patches in one sequence, whose scores gain biases by their distance in the text and on
 * the page (Huang et al. 2022, section 2.1, as in LayoutLMv2). The reference takes no gradients of
 * the biases; neither does Heed.
 */
final class PageFrame implements EncoderFrame {
  private final LayoutLmV3Config config;
  private final @Nullable PageImage image;
  private final @Nullable Bias text;
  private final @Nullable Bias across;
  private final @Nullable Bias down;

  /**
   * Biases by buckets of distances.
   *
   * @param table {@code [heads, buckets]}
   * @param buckets of distances
   */
  private record Bias(Tensor table, RelativeBuckets buckets) {
    static Bias of(Weights weights, int heads, int bins, int farthest) {
      Tensor table = weights.parameter("weight", Initializer.normal(0.02), heads, bins);
      return new Bias(table, new RelativeBuckets(true, bins, farthest));
    }

    /** {@code [B, heads, T, T]} of places i64 {@code [B, T]}. */
    Tensor of(Tensor places) {
      int rows = Math.toIntExact(places.size(0));
      int time = Math.toIntExact(places.size(1));
      long[] at = places.toLongArray();
      long[] index = new long[Math.multiplyExact(rows, Math.multiplyExact(time, time))];
      int next = 0;
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < time; i++) {
          for (int j = 0; j < time; j++) {
            long distance = at[row * time + j] - at[row * time + i];
            index[next++] = buckets.bucket(Math.toIntExact(distance));
          }
        }
      }
      return table
          .detach()
          .transpose(0, 1)
          .embedding(Tensor.of(index, rows, time, time), -1)
          .permute(0, 3, 1, 2);
    }
  }

  /**
   * With the tables {@code rel_pos_bias}, {@code rel_pos_x_bias} and {@code rel_pos_y_bias}.
   *
   * @param image where patches stand, or null without images
   * @param bins buckets of distances on the page
   * @param farthest the greatest of these
   */
  PageFrame(
      Weights encoder, LayoutLmV3Config config, @Nullable PageImage image, int bins, int farthest) {
    this.config = config;
    this.image = image;
    int heads = config.numAttentionHeads();
    boolean page = config.hasSpatialAttentionBias();
    text =
        config.hasRelativeAttentionBias()
            ? Bias.of(encoder.child("rel_pos_bias"), heads, config.relPosBins(), config.maxRelPos())
            : null;
    across = page ? Bias.of(encoder.child("rel_pos_x_bias"), heads, bins, farthest) : null;
    down = page ? Bias.of(encoder.child("rel_pos_y_bias"), heads, bins, farthest) : null;
  }

  @Override
  public IntFunction<AttentionRequest> requests(Run run, Tensor embedded) {
    Tensor ids = run.input().require("input_ids");
    Tensor there = run.input().truth("attention_mask");
    long patches = embedded.size(1) - ids.size(1);
    AttentionRequest request = run.request(there == null ? null : seen(there, patches));
    Tensor bias = bias(run, ids, patches);
    AttentionRequest changed = bias == null ? request : request.withModifier(new ScoreBias(bias));
    return layer -> changed;
  }

  private static AttentionMask seen(Tensor there, long patches) {
    Tensor all = Tensor.ones(Shape.of(there.size(0), patches), DType.I64);
    return AttentionMask.padding(Tensor.cat(List.of(there.to(DType.I64), all), 1).ne(0));
  }

  /**
   * {@code [B, heads, T, T]}, or null; distances on the page count only beside those in the text.
   */
  private @Nullable Tensor bias(Run run, Tensor ids, long patches) {
    if (text == null) {
      return null;
    }
    Tensor words = Tensor.arange(ids.size(1), DType.I64);
    Tensor all = Tensor.cat(List.of(words, Tensor.arange(patches, DType.I64)), 0);
    Tensor sum = text.of(all.unsqueeze(0));
    if (across != null && down != null) {
      Tensor boxes = LayoutLmFamily.boxes(run);
      if (patches > 0 && image != null) {
        Tensor own = image.boxes().unsqueeze(0).expand(ids.size(0), patches, 4);
        boxes = Tensor.cat(List.of(boxes, own), 1);
      }
      sum = sum.add(across.of(boxes.select(2, 0))).add(down.of(boxes.select(2, 3)));
    }
    return sum.div(Math.sqrt(config.bert().headSize()));
  }
}
