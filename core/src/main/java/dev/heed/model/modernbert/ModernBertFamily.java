package dev.heed.model.modernbert;

import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.EncoderArchitectures;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.model.head.Pooler;
import dev.heed.model.head.SequenceMean;
import dev.heed.model.head.SpanHead;
import dev.heed.model.head.TokenClassifierHead;
import dev.heed.model.head.WordTransform;
import dev.heed.model.modernbert.ModernBertConfig.Pooling;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.SequencedMap;
import java.util.Set;

/** ModernBERT checkpoints. */
public final class ModernBertFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("modernbert");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return new EncoderArchitectures("ModernBert", ModernBertFamily::encoder)
        .model()
        .maskedWords(ModernBertFamily::words)
        .sequences(Pooler.NONE, ModernBertFamily::sequences)
        .tokens((root, keys, encoder) -> {
          ModernBertConfig config = keys.read(ModernBertConfig.class);
          return TokenClassifierHead.of(root, config.hiddenSize(), keys, config.classifierDropout())
              .after(transform(root, config));
        })
        .answers((root, keys, encoder) -> {
          ModernBertConfig config = keys.read(ModernBertConfig.class);
          Linear outputs = Linear.of(root.child("classifier"), config.hiddenSize(), 2);
          return new SpanHead(outputs, new Dropout(config.classifierDropout()))
              .after(transform(root, config));
        })
        .builders();
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("model", "head", "decoder", "classifier");
  }

  @Override
  public Set<String> ignoredKeys() {
    // How weights begin, and how the reference's kernels run.
    return Set.of(
        "deterministic_flash_attn",
        "initializer_cutoff_factor",
        "position_embedding_type",
        "reference_compile",
        "repad_logits_with_grad");
  }

  private static EncoderModel.Parts encoder(Weights root, ModelConfig keys, Pooler pooler) {
    ModernBertConfig config = keys.read(ModernBertConfig.class);
    Weights weights = root.child("model");
    int padding = config.padTokenId() == null ? -1 : config.padTokenId();
    Embedding words =
        new Embedding(
            weights.child("embeddings.tok_embeddings"),
            config.vocabSize(),
            config.hiddenSize(),
            padding);
    LayerNorm norm = norm(weights.child("embeddings.norm"), config);
    Dropout dropout = new Dropout(config.embeddingDropout());
    ModernBertLayers plan = ModernBertLayers.of(config, keys);
    EncoderModel.Parts parts =
        new EncoderModel.Parts(
            run -> {
              Tensor sum = words.apply(run.input().require("input_ids"));
              return dropout.apply(norm.apply(sum), run.trace());
            },
            TransformerStack.of(plan.below(weights), norm(weights.child("final_norm"), config)),
            null,
            Head.NONE,
            words.weight());
    return parts.leavingPaddingOpen();
  }

  static LayerNorm norm(Weights weights, ModernBertConfig config) {
    return new LayerNorm(weights, config.hiddenSize(), config.normEps(), config.normBias());
  }

  /** What all heads do first. */
  private static WordTransform transform(Weights root, ModernBertConfig config) {
    Weights head = root.child("head");
    int size = config.hiddenSize();
    return new WordTransform(
        Linear.of(head.child("dense"), size, size, config.classifierBias()),
        Activation.named(config.classifierActivation()),
        norm(head.child("norm"), config));
  }

  private static Head words(Weights root, ModelConfig keys, EncoderModel.Parts encoder) {
    ModernBertConfig config = keys.read(ModernBertConfig.class);
    LanguageHead head =
        LanguageHead.own(
            transform(root, config),
            LanguageHead.output(
                root.child("decoder"),
                encoder.requireTable(),
                config.tieWordEmbeddings(),
                config.decoderBias()));
    return config.sparsePrediction()
        ? new SparseWordHead(head, config.sparsePredIgnoreIndex())
        : head;
  }

  private static Head sequences(Weights root, ModelConfig keys, EncoderModel.Parts encoder) {
    ModernBertConfig config = keys.read(ModernBertConfig.class);
    WordTransform transform = transform(root, config);
    Linear classifier =
        Linear.of(root.child("classifier"), config.hiddenSize(), keys.labels().size());
    Dropout dropout = new Dropout(config.classifierDropout());
    ClassifierHead head =
        new ClassifierHead(
            (run, state) -> classifier.apply(dropout.apply(transform.apply(state), run.trace())),
            ClassifierHead.Problem.of(keys));
    return config.classifierPooling() == Pooling.CLS
        ? head
        : (run, hidden, pooled) ->
            head.apply(run, hidden, SequenceMean.of(hidden, run.input().truth("attention_mask")));
  }
}
