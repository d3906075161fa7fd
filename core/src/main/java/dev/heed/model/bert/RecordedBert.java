package dev.heed.model.bert;

import dev.heed.checkpoint.ConfigReader;
import dev.heed.checkpoint.GoldenFile;
import dev.heed.model.RecordedModel;
import dev.heed.model.Verification;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** BERT and its heads, for recorded references. */
public final class RecordedBert implements RecordedModel {
  /** Runs a head and its loss. */
  private interface Head {
    BertOutput run(BertInput input, GoldenFile recorded, Trace trace, Map<String, Tensor> results);
  }

  private static final Map<String, BiFunction<Weights, BertConfig, Built>> ARCHITECTURES =
      Map.of(
          "BertModel", RecordedBert::encoder,
          "BertForPreTraining", RecordedBert::preTraining,
          "BertForSequenceClassification", RecordedBert::sequences,
          "BertForTokenClassification", RecordedBert::tokens,
          "BertForQuestionAnswering", RecordedBert::answers);

  @Override
  public Set<String> architectures() {
    return ARCHITECTURES.keySet();
  }

  @Override
  public Runnable build(String architecture, JsonNode config, Weights weights) {
    BiFunction<Weights, BertConfig, Built> builder = ARCHITECTURES.get(architecture);
    if (builder == null) {
      throw new IllegalArgumentException(
          "architecture: expected one of " + architectures() + ", got " + architecture);
    }
    return builder.apply(weights, ConfigReader.read("config.json", config, BertConfig.defaults()));
  }

  private record Built(Module module, Head head) implements Runnable {
    @Override
    public Map<String, Tensor> run(GoldenFile recorded) {
      Map<String, Tensor> results = new LinkedHashMap<>();
      Tensor mask = Verification.optional(recorded, "input.attention_mask");
      BertInput input =
          new BertInput(
              recorded.read("input.input_ids"),
              mask == null ? null : BertInput.truth(mask),
              Verification.optional(recorded, "input.token_type_ids"));
      try (Trace trace = Trace.record(p -> p.endsWith(".hidden") || p.endsWith(".pattern"))) {
        BertOutput encoded = head.run(input, recorded, trace, results);
        results.put("output.last_hidden_state", encoded.hidden());
        if (encoded.pooled() != null) {
          results.put("output.pooler_output", encoded.pooled());
        }
        traced(trace, results);
      }
      return results;
    }

    private static void traced(Trace trace, Map<String, Tensor> results) {
      int states = 0;
      int patterns = 0;
      for (Map.Entry<String, Tensor> point : trace.values().entrySet()) {
        Tensor value = point.getValue().detach();
        if (point.getKey().endsWith(".hidden")) {
          results.put("output.hidden_states." + states++, value);
        } else {
          results.put("output.attentions." + patterns++, value);
        }
      }
    }
  }

  private static Built encoder(Weights weights, BertConfig config) {
    BertModel model = new BertModel(weights, config, weights.has("pooler.dense.weight"));
    return new Built(model, (input, recorded, trace, results) -> model.apply(input, trace));
  }

  private static Built preTraining(Weights weights, BertConfig config) {
    BertForPreTraining model = new BertForPreTraining(weights, config);
    return new Built(
        model,
        (input, recorded, trace, results) -> {
          BertForPreTraining.Output output = model.apply(input, trace);
          results.put("output.prediction_logits", output.words());
          results.put("output.seq_relationship_logits", output.nextSentence());
          Tensor labels = Verification.optional(recorded, "input.labels");
          Tensor follows = Verification.optional(recorded, "input.next_sentence_label");
          loss(results, labels != null && follows != null ? output.loss(labels, follows) : null);
          return output.encoder();
        });
  }

  private static Built sequences(Weights weights, BertConfig config) {
    BertForSequenceClassification model = new BertForSequenceClassification(weights, config);
    return new Built(
        model,
        (input, recorded, trace, results) -> {
          BertForSequenceClassification.Output output = model.apply(input, trace);
          results.put("output.logits", output.logits());
          Tensor labels = Verification.optional(recorded, "input.labels");
          loss(results, labels == null ? null : model.loss(output.logits(), labels));
          return output.encoder();
        });
  }

  private static Built tokens(Weights weights, BertConfig config) {
    BertForTokenClassification model = new BertForTokenClassification(weights, config);
    return new Built(
        model,
        (input, recorded, trace, results) -> {
          BertForTokenClassification.Output output = model.apply(input, trace);
          results.put("output.logits", output.logits());
          Tensor labels = Verification.optional(recorded, "input.labels");
          loss(results, labels == null ? null : output.loss(labels));
          return output.encoder();
        });
  }

  private static Built answers(Weights weights, BertConfig config) {
    BertForQuestionAnswering model = new BertForQuestionAnswering(weights, config);
    return new Built(
        model,
        (input, recorded, trace, results) -> {
          BertForQuestionAnswering.Output output = model.apply(input, trace);
          results.put("output.start_logits", output.start());
          results.put("output.end_logits", output.end());
          Tensor starts = Verification.optional(recorded, "input.start_positions");
          Tensor ends = Verification.optional(recorded, "input.end_positions");
          loss(results, starts != null && ends != null ? output.loss(starts, ends) : null);
          return output.encoder();
        });
  }

  private static void loss(Map<String, Tensor> results, @Nullable Tensor loss) {
    if (loss != null) {
      results.put("output.loss", loss);
    }
  }
}
