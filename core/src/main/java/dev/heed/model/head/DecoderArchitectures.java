package dev.heed.model.head;

import dev.heed.model.DecoderBody;
import dev.heed.model.DecoderModel;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily.Builder;
import dev.heed.model.NameMap;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Supplier;

/**
 * The heads that stand on a decoder, under the names that Llama and its descendants share: {@code
 * lm_head}, {@code score}, {@code qa_outputs} beside the base model's {@code model}.
 */
public final class DecoderArchitectures {
  private static final double USUAL_DROPOUT = 0.1;

  private DecoderArchitectures() {}

  /** Builds a decoder below the base model's path. */
  @FunctionalInterface
  public interface Body {
    /**
     * Builds it.
     *
     * @param weights the base model's path
     * @param keys whose keys it reads
     */
    DecoderBody build(Weights weights, ModelConfig keys);
  }

  /** A head on a built decoder. */
  private interface Stand {
    Head on(DecoderBody body, Weights root, ModelConfig keys);
  }

  /**
   * {@code XForCausalLM}, {@code XModel}, {@code XForSequenceClassification}, {@code
   * XForTokenClassification}, {@code XForQuestionAnswering}.
   *
   * @param name X of {@code ForCausalLM}
   * @param base X of the others
   */
  public static SequencedMap<String, Builder> of(String name, String base, Body body) {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put(name + "ForCausalLM", with(body, DecoderArchitectures::language));
    builders.put(base + "Model", with(body, DecoderArchitectures::bare));
    builders.put(base + "ForSequenceClassification", with(body, DecoderArchitectures::text));
    builders.put(base + "ForTokenClassification", with(body, DecoderArchitectures::tokens));
    builders.put(base + "ForQuestionAnswering", with(body, DecoderArchitectures::answers));
    return builders;
  }

  /** The names in their files; some question answering models call the base model otherwise. */
  public static NameMap names() {
    return NameMap.plain()
        .with("^transformer\\.", "model.")
        .base("model", "lm_head.", "score.", "qa_outputs.");
  }

  /** The token that stands for padding, or -1. */
  public static long padding(ModelConfig keys) {
    return keys.json().path("pad_token_id").asLong(-1);
  }

  private static Builder with(Body body, Stand head) {
    return (root, keys) -> {
      DecoderBody built = body.build(root.child("model"), keys);
      return model(root, built, head.on(built, root, keys));
    };
  }

  private static Model model(Weights root, DecoderBody body, Head head) {
    Supplier<DecoderBody> recorded = body.recorded();
    return new DecoderModel(
        root, parts(body, head), recorded == null ? null : () -> parts(recorded.get(), head));
  }

  private static DecoderModel.Parts parts(DecoderBody body, Head head) {
    return new DecoderModel.Parts(
        body.embed(), body.stack(), body.reaches(), body.bias(), head, body.table());
  }

  private static Head bare(DecoderBody body, Weights root, ModelConfig keys) {
    DecoderBody.Routing routing = body.routing();
    return routing == null ? Head.NONE : new RouterLoss(Head.NONE, null, routing.usual());
  }

  private static Head language(DecoderBody body, Weights root, ModelConfig keys) {
    DecoderBody.Output output = body.output();
    Linear map =
        LanguageHead.output(root.child("lm_head"), body.table(), output.tied(), output.bias());
    LanguageHead words =
        new LanguageHead(Norm.NONE, map, output.scores(), LanguageHead.Target.NEXT);
    DecoderBody.Routing routing = body.routing();
    return routing == null ? words : new RouterLoss(words, routing.balance(), routing.usual());
  }

  private static Head text(DecoderBody body, Weights root, ModelConfig keys) {
    Linear score = score(body, root, keys, false);
    ClassifierHead classes =
        new ClassifierHead((run, last) -> score.apply(last), ClassifierHead.Problem.of(keys));
    return new LastToken(classes, padding(keys));
  }

  private static Head tokens(DecoderBody body, Weights root, ModelConfig keys) {
    keys.known("classifier_dropout");
    double hidden = keys.json().path("hidden_dropout").asDouble(USUAL_DROPOUT);
    double dropout = keys.json().path("classifier_dropout").asDouble(hidden);
    return new TokenClassifierHead(score(body, root, keys, true), new Dropout(dropout));
  }

  private static Head answers(DecoderBody body, Weights root, ModelConfig keys) {
    Linear outputs = Linear.of(root.child("qa_outputs"), body.table().size(1), 2);
    return new SpanHead(outputs, new Dropout(0));
  }

  private static Linear score(DecoderBody body, Weights root, ModelConfig keys, boolean bias) {
    return Linear.of(root.child("score"), body.table().size(1), keys.labels().size(), bias);
  }
}
