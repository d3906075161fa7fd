package dev.heed.model.clip;

import dev.heed.attention.MixerSwap;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelKind;
import dev.heed.model.Run;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Texts and images: {@code text_embeds [texts, P]}, {@code image_embeds [images, P]}, {@code
 * logits_per_text [texts, images]}, {@code logits_per_image}, and with {@code return_loss} the loss
 * of pairs in order. Given one of the two alone it gives that one's vectors.
 */
final class PairModel extends Model {
  private final TextTower texts;
  private final ImageTower images;
  private final Meeting meeting;

  /**
   * How the two meet.
   *
   * @param text from a text's pooled state to its vector
   * @param image from an image's pooled state to its vector
   * @param scores of normalised vectors of texts and images, {@code [texts, images]}
   * @param loss of those scores
   */
  record Meeting(
      UnaryOperator<Tensor> text,
      UnaryOperator<Tensor> image,
      BinaryOperator<Tensor> scores,
      UnaryOperator<Tensor> loss) {}

  PairModel(Weights weights, TextTower texts, ImageTower images, Meeting meeting) {
    super(weights);
    this.texts = texts;
    this.images = images;
    this.meeting = meeting;
  }

  @Override
  public ModelKind kind() {
    return ModelKind.ENCODER;
  }

  @Override
  public @Nullable Tensor tokenTable() {
    return texts.table();
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
      TextTower.Text read = texts.apply(run);
      run.put("text_model_output.last_hidden_state", read.states());
      run.put("text_model_output.pooler_output", read.pooled());
      text = unit(meeting.text().apply(read.pooled()));
      run.put("text_embeds", text);
    }
    if (input.has("pixel_values")) {
      ImageTower.Image seen = images.apply(run);
      Tensor pooled = java.util.Objects.requireNonNull(seen.pooled());
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
}
