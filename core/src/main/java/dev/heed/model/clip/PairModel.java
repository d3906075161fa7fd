package dev.heed.model.clip;

import dev.heed.attention.MixerSwap;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.Run;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Texts and images: {@code text_embeds [texts, P]}, {@code image_embeds [images, P]}, {@code
 * logits_per_text [texts, images]}, {@code logits_per_image}, and with {@code return_loss} the loss
 * of pairs in order. Given one of the two alone it gives that one's vectors.
 */
public final class PairModel extends Model {
  private final Function<Run, Reading> texts;
  private final Function<Run, Reading> images;
  private final Tensor table;
  private final Meeting meeting;

  /**
   * How the two meet.
   *
   * @param text from a text's pooled state to its vector
   * @param image from an image's pooled state to its vector
   * @param scores of normalised vectors of texts and images, {@code [texts, images]}
   * @param loss of those scores
   */
  public record Meeting(
      UnaryOperator<Tensor> text,
      UnaryOperator<Tensor> image,
      BinaryOperator<Tensor> scores,
      UnaryOperator<Tensor> loss) {}

  /**
   * What one of the two encoders gives.
   *
   * @param states {@code [B, T, H]}
   * @param pooled {@code [B, H]}, or null where nothing pools
   */
  public record Reading(Tensor states, @Nullable Tensor pooled) {
    /**
     * What stands for the whole.
     *
     * @throws IllegalStateException if nothing pools
     */
    public Tensor requirePooled() {
      if (pooled == null) {
        throw new IllegalStateException("expected an encoder that pools, got one that does not");
      }
      return pooled;
    }
  }

  /**
   * A model of both.
   *
   * @param texts reads {@code input_ids}
   * @param images reads {@code pixel_values}
   * @param table the token table
   */
  public PairModel(
      Weights weights,
      Function<Run, Reading> texts,
      Function<Run, Reading> images,
      Tensor table,
      Meeting meeting) {
    super(weights);
    this.texts = texts;
    this.images = images;
    this.table = table;
    this.meeting = meeting;
  }

  @Override
  public ModelKind kind() {
    return ModelKind.ENCODER;
  }

  @Override
  public @Nullable Tensor tokenTable() {
    return table;
  }

  @Override
  public Model withMixers(MixerSwap swap) {
    throw new UnsupportedOperationException(
        "mixers: expected a model of one encoder, got one of two; load its text or image model");
  }

  @Override
  protected void run(Run run) {
    ModelInput input = run.input();
    boolean wantsLoss = input.flag("return_loss", false);
    Tensor text = null;
    Tensor image = null;
    if (input.has("input_ids") || !input.has("pixel_values")) {
      Reading read = texts.apply(run);
      run.put("text_model_output.last_hidden_state", read.states());
      run.put("text_model_output.pooler_output", read.requirePooled());
      text = unit(meeting.text().apply(read.requirePooled()));
      run.put("text_embeds", text);
    }
    if (input.has("pixel_values")) {
      Reading seen = images.apply(run);
      Tensor pooled = seen.requirePooled();
      run.put("vision_model_output.last_hidden_state", seen.states());
      run.put("vision_model_output.pooler_output", pooled);
      image = unit(meeting.image().apply(pooled));
      run.put("image_embeds", image);
    }
    if (text != null && image != null) {
      Tensor scores = meeting.scores().apply(text, image);
      run.put("logits_per_text", scores);
      run.put("logits_per_image", scores.transpose(0, 1));
      if (wantsLoss) {
        run.put("loss", meeting.loss().apply(scores));
      }
    }
  }

  private static Tensor unit(Tensor vectors) {
    return vectors.div(vectors.norm(-1, true));
  }

  /** Each text's image and each image's text among all (Radford et al. 2021, figure 3). */
  public static Tensor contrast(Tensor scores) {
    Tensor own = Tensor.arange(scores.size(0), DType.I64);
    return Loss.crossEntropy(scores, own)
        .add(Loss.crossEntropy(scores.transpose(0, 1).contiguous(), own))
        .div(2);
  }
}
