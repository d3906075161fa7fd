package dev.heed.model.head;

import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily.Builder;
import dev.heed.model.MultipleChoiceModel;
import dev.heed.nn.Weights;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The architectures of a family that is an encoder with heads: {@code XModel}, {@code
 * XForMaskedLM}, {@code XForSequenceClassification} …
 */
public final class EncoderArchitectures {
  private final String name;
  private final Encoder encoder;
  private final SequencedMap<String, Builder> builders = new LinkedHashMap<>();

  /** Builds the encoder that all heads stand on. */
  @FunctionalInterface
  public interface Encoder {
    /** Its parts, under the root of a model's weights. */
    EncoderModel.Parts build(Weights root, ModelConfig keys, Pooler pooler);
  }

  /** Builds a head. */
  @FunctionalInterface
  public interface HeadBuilder {
    /** The head that stands on an encoder, under the root of a model's weights. */
    Head build(Weights root, ModelConfig keys, EncoderModel.Parts encoder);
  }

  /**
   * None yet.
   *
   * @param name what the class names begin with, for example {@code Roberta}
   * @param encoder what they stand on
   */
  public EncoderArchitectures(String name, Encoder encoder) {
    this.name = name;
    this.encoder = encoder;
  }

  /** One more, called {@code name + suffix}. */
  public EncoderArchitectures with(String suffix, Pooler pooler, HeadBuilder head) {
    builders.put(
        name + suffix,
        (root, keys) -> {
          // Heads with a table of words ask for it again.
          keys.known("tie_word_embeddings");
          EncoderModel.Parts parts = encoder.build(root, keys, pooler);
          return new EncoderModel(root, parts.with(head.build(root, keys, parts)));
        });
    return this;
  }

  /** Which of several texts is the right one: a head that gives each text one score. */
  public EncoderArchitectures choices(Pooler pooler, HeadBuilder head) {
    with("ForMultipleChoice", pooler, head);
    builders.computeIfPresent(
        name + "ForMultipleChoice",
        (architecture, builder) ->
            (root, keys) -> new MultipleChoiceModel((EncoderModel) builder.build(root, keys)));
    return this;
  }

  /** The encoder alone, with its pooler if it is stored. */
  public EncoderArchitectures model() {
    return with("Model", Pooler.IF_STORED, (root, keys, parts) -> Head.NONE);
  }

  /** Which word a mask hides. */
  public EncoderArchitectures maskedWords(HeadBuilder head) {
    return with("ForMaskedLM", Pooler.NONE, head);
  }

  /** Which class a text is of. */
  public EncoderArchitectures sequences(Pooler pooler, HeadBuilder head) {
    return with("ForSequenceClassification", pooler, head);
  }

  /** Which class each token is of. */
  public EncoderArchitectures tokens(HeadBuilder head) {
    return with("ForTokenClassification", Pooler.NONE, head);
  }

  /** Where an answer stands in a text. */
  public EncoderArchitectures answers(HeadBuilder head) {
    return with("ForQuestionAnswering", Pooler.NONE, head);
  }

  /** All so far, by class name. */
  public SequencedMap<String, Builder> builders() {
    return Collections.unmodifiableSequencedMap(builders);
  }
}
