package dev.heed.model.bigbird;

import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertEmbeddings;
import dev.heed.model.bert.BertFamily;
import dev.heed.model.bert.BertLayers;
import dev.heed.model.bert.Places;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.EncoderArchitectures;
import dev.heed.model.head.Head;
import dev.heed.model.head.Pooler;
import dev.heed.model.head.TokenClassifierHead;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * BigBird checkpoints. Texts of more than {@code (5 + 2·num_random_blocks)·block_size} tokens are
 * seen in blocks; {@code rand_attn.N} i64 {@code [heads, blocks - 2, random]} says which random
 * ones, and without it all are the first block, as the reference has it outside of training.
 */
public final class BigBirdFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("big_bird");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return new EncoderArchitectures("BigBird", BigBirdFamily::encoder)
        .model()
        .with(
            "ForPreTraining",
            Pooler.REQUIRED,
            (root, keys, parts) ->
                BertFamily.preTraining(root.child("cls"), config(keys), parts, keys))
        .maskedWords((root, keys, parts) -> {
          BertConfig config = config(keys);
          root.ignoreBelow("cls.seq_relationship");
          return BertFamily.words(
              root.child("cls.predictions"),
              config,
              config.hiddenSize(),
              parts.requireTable(),
              keys);
        })
        .sequences(
            Pooler.NONE,
            (root, keys, parts) -> {
              BertConfig config = config(keys);
              return ClassifierHead.dense(
                  root.child("classifier"),
                  config.hiddenSize(),
                  keys,
                  Activation.named(config.hiddenAct()),
                  new Dropout(config.headDropout()));
            })
        .tokens((root, keys, parts) -> {
          BertConfig config = config(keys);
          return TokenClassifierHead.of(root, config.hiddenSize(), keys, config.headDropout());
        })
        .builders();
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("bert", "cls", "classifier", "qa_classifier");
  }

  private static BertConfig config(ModelConfig keys) {
    return keys.read(BigBirdConfig.class).bert();
  }

  private static EncoderModel.Parts encoder(Weights root, ModelConfig keys, Pooler pooler) {
    BigBirdConfig choices = keys.read(BigBirdConfig.class);
    BertConfig config = choices.bert();
    int size = config.hiddenSize();
    Weights weights = root.child("bert");
    double scale = choices.rescaleEmbeddings() ? Math.sqrt(size) : 1;
    BertEmbeddings embeddings =
        new BertEmbeddings(
            weights.child("embeddings"),
            config,
            new BertEmbeddings.Plan(size, Places.FROM_ZERO, false, scale));
    LayerNorm norm =
        new LayerNorm(weights.child("embeddings.LayerNorm"), size, config.layerNormEps());
    BigBirdFrame frame = choices.frame();
    BertLayers plan = BertLayers.of(config);
    List<TransformerLayer> layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> {
              Weights layer = weights.child("encoder.layer", i);
              return plan.layer(layer, attention(layer.child("attention"), choices));
            })
            .toList();
    return new EncoderModel.Parts(
            // Here dropout stands before the norm.
            run -> norm.apply(embeddings.apply(run, sum -> sum, frame::fill)),
            TransformerStack.of(layers),
            pooler.at(weights.child("pooler"), size),
            Head.NONE,
            embeddings.table())
        .in(frame);
  }

  private static MultiHeadAttention attention(Weights weights, BigBirdConfig config) {
    int size = config.hiddenSize();
    boolean bias = config.useBias();
    Weights self = weights.child("self");
    return new MultiHeadAttention(
        self,
        HeadProjections.queryKeyValue(self, weights.child("output.dense"), size, bias, bias),
        config.numAttentionHeads(),
        List.of(),
        new ScaledDotProduct(Double.NaN, new Dropout(config.attentionProbsDropoutProb())));
  }
}
