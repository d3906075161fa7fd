package dev.heed.model.nomic;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections.Fused;
import dev.heed.attention.HeadProjections.Layout;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.EncoderArchitectures;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.model.head.Pooler;
import dev.heed.model.head.TokenClassifierHead;
import dev.heed.model.head.WordTransform;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/** Nomic BERT checkpoints, under the names of transformers and of the authors. */
public final class NomicBertFamily implements ModelFamily {
  private static final double USUAL_BASE = 1_000;

  @Override
  public Set<String> modelTypes() {
    return Set.of("nomic_bert");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return new EncoderArchitectures("NomicBert", NomicBertFamily::encoder)
        .model()
        .maskedWords(NomicBertFamily::words)
        .sequences(
            Pooler.REQUIRED,
            (root, keys, encoder) -> {
              NomicBertConfig config = config(keys);
              Dropout dropout = new Dropout(config.headDropout());
              return ClassifierHead.of(
                  root.child("classifier"), config.hiddenSize(), keys, dropout);
            })
        .tokens((root, keys, encoder) -> {
          NomicBertConfig config = config(keys);
          return TokenClassifierHead.of(root, config.hiddenSize(), keys, config.headDropout());
        })
        .builders();
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain()
        .with("predictions\\.transform\\.LayerNorm\\.", "predictions.transform.layer_norm.")
        .base("nomic_bert", "cls", "classifier");
  }

  private static NomicBertConfig config(ModelConfig keys) {
    return PublishedNomicConfig.read(keys).read(NomicBertConfig.class);
  }

  private static EncoderModel.Parts encoder(Weights root, ModelConfig keys, Pooler pooler) {
    ModelConfig read = PublishedNomicConfig.read(keys);
    NomicBertConfig config = read.read(NomicBertConfig.class);
    Weights weights = root.child("nomic_bert");
    int size = config.hiddenSize();
    int padding = config.padTokenId() == null ? -1 : config.padTokenId();
    Weights tables = weights.child("embeddings");
    Embedding words =
        new Embedding(tables.child("word_embeddings"), config.vocabSize(), size, padding);
    Embedding types =
        new Embedding(tables.child("token_type_embeddings"), config.typeVocabSize(), size, -1);
    LayerNorm norm = new LayerNorm(weights.child("emb_ln"), size, config.layerNormEps());
    Dropout dropout = new Dropout(config.hiddenDropoutProb());
    RotaryPositions rotary =
        RotaryConfig.of(read, USUAL_BASE, config.maxPositionEmbeddings())
            .positions(PairLayout.HALF_SPLIT, config.headSize());
    keys.known("rope_theta", "rope_scaling", "rope_parameters");
    List<TransformerLayer> layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights.child("encoder.layers", i), config, rotary))
            .toList();
    return new EncoderModel.Parts(
        run -> {
          Tensor sum = words.apply(run.input().require("input_ids"));
          Tensor segments = run.input().get("token_type_ids");
          sum = sum.add(segments == null ? types.weight().select(0, 0) : types.apply(segments));
          return dropout.apply(norm.apply(sum), run.trace());
        },
        TransformerStack.of(layers),
        pooler.at(weights.child("pooler.dense"), size),
        Head.NONE,
        words.weight());
  }

  private static TransformerLayer layer(
      Weights weights, NomicBertConfig config, RotaryPositions rotary) {
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    int heads = config.numAttentionHeads();
    long all = (long) heads * config.headSize();
    Dropout dropout = new Dropout(config.hiddenDropoutProb());
    Weights attention = weights.child("attn");
    MultiHeadAttention self =
        new MultiHeadAttention(
            attention,
            new Fused(
                Linear.of(attention.child("Wqkv"), size, 3 * all, false),
                Layout.BLOCKS,
                heads,
                Linear.of(attention.child("out_proj"), all, size, false)),
            heads,
            List.of(HeadChange.rotary(rotary)),
            new ScaledDotProduct(Double.NaN, new Dropout(config.attentionProbsDropoutProb())));
    Weights mlp = weights.child("mlp");
    GatedFeedForward feedForward =
        new GatedFeedForward(
            mlp,
            Linear.of(mlp.child("fc12"), size, inner, false),
            Linear.of(mlp.child("fc11"), size, inner, false),
            Linear.of(mlp.child("fc2"), inner, size, false),
            Activation.named(config.hiddenAct()),
            new Dropout(0));
    return new TransformerLayer(
        weights,
        Residual.post(
            new LayerNorm(weights.child("norm1"), size, config.layerNormEps()),
            LayerBody.self(self),
            dropout),
        Residual.post(
            new LayerNorm(weights.child("norm2"), size, config.layerNormEps()),
            LayerBody.each(feedForward::apply),
            dropout));
  }

  private static Head words(Weights root, ModelConfig keys, EncoderModel.Parts encoder) {
    NomicBertConfig config = config(keys);
    Weights head = root.child("cls.predictions");
    int size = config.hiddenSize();
    WordTransform transform =
        new WordTransform(
            Linear.of(head.child("transform.dense"), size, size),
            Activation.named(config.hiddenAct()),
            new LayerNorm(head.child("transform.layer_norm"), size, config.layerNormEps()));
    boolean tied = keys.flag("tie_word_embeddings", true);
    return LanguageHead.own(transform, LanguageHead.decoder(head, encoder.requireTable(), tied));
  }
}
