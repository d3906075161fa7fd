package dev.heed.model.xlnet;

import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.model.head.SpanHead;
import dev.heed.model.head.TokenClassifierHead;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/** XLNet checkpoints. */
public final class XlnetFamily implements ModelFamily {
  /** Makes what stands on the states. */
  @FunctionalInterface
  private interface HeadOf {
    Head of(Weights root, XlnetConfig config, ModelConfig keys, Tensor table);
  }

  @Override
  public Set<String> modelTypes() {
    return Set.of("xlnet");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put("XLNetLMHeadModel", builder(true, XlnetFamily::language));
    builders.put("XLNetModel", builder(false, (root, config, keys, table) -> Head.NONE));
    builders.put("XLNetForSequenceClassification", builder(false, XlnetFamily::classes));
    builders.put(
        "XLNetForTokenClassification",
        builder(
            false,
            (root, config, keys, table) ->
                new TokenClassifierHead(
                    Linear.of(root.child("classifier"), config.dModel(), keys.labels().size()),
                    new Dropout(0))));
    builders.put(
        "XLNetForQuestionAnsweringSimple",
        builder(false, (root, config, keys, table) -> SpanHead.of(root, config.dModel(), 0)));
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain()
        .base(
            "transformer",
            "lm_loss.",
            "sequence_summary.",
            "logits_proj.",
            "classifier.",
            "qa_outputs.");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Biases are stored for each layer whatever untie_r says; the others belong to training, to the
    // head for questions with beams, and to old files.
    return Set.of("end_n_top", "ff_dropout", "n_token", "start_n_top", "untie_r");
  }

  private static Builder builder(boolean writes, HeadOf head) {
    return (root, keys) -> {
      XlnetConfig config = keys.read(XlnetConfig.class);
      Weights weights = root.child("transformer");
      Embedding words =
          new Embedding(weights.child("word_embedding"), config.vocabSize(), config.dModel(), -1);
      Tensor blank = weights.parameter("mask_emb", Initializer.normal(0.02), 1, 1, config.dModel());
      List<XlnetLayer> layers = new ArrayList<>();
      for (int i = 0; i < config.nLayer(); i++) {
        layers.add(new XlnetLayer(weights.child("layer", i), config));
      }
      return new XlnetModel(
          root,
          new XlnetModel.Parts(
              config, words, blank, layers, head.of(root, config, keys, words.weight()), writes));
    };
  }

  private static Head language(Weights root, XlnetConfig config, ModelConfig keys, Tensor table) {
    return LanguageHead.own(
        Norm.NONE,
        LanguageHead.output(root.child("lm_loss"), table, config.tieWordEmbeddings(), true));
  }

  private static Head classes(Weights root, XlnetConfig config, ModelConfig keys, Tensor table) {
    XlnetSummary summary = XlnetSummary.of(root, config);
    Linear map = Linear.of(root.child("logits_proj"), config.dModel(), keys.labels().size());
    ClassifierHead head =
        new ClassifierHead((run, text) -> map.apply(text), ClassifierHead.Problem.of(keys));
    return (run, hidden, pooled) -> head.apply(run, hidden, summary.apply(run, hidden));
  }
}
