package dev.heed.model.mpnet;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.score.BucketBias;
import dev.heed.attention.score.RelativeBuckets;
import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertEmbeddings;
import dev.heed.model.bert.BertLayers;
import dev.heed.model.bert.BertNames;
import dev.heed.model.bert.Places;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.model.head.Pooler;
import dev.heed.model.roberta.RobertaHeads;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.Weights;
import java.util.SequencedMap;
import java.util.Set;

/** MPNet checkpoints. */
public final class MpnetFamily implements ModelFamily {
  private static final int MAX_DISTANCE = 128;

  @Override
  public Set<String> modelTypes() {
    return Set.of("mpnet");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return RobertaHeads.architectures("MPNet", MpnetFamily::config, MpnetFamily::encoder);
  }

  @Override
  public int firstPosition(ModelConfig keys) {
    return config(keys).paddingRow() + 1;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("mpnet", "lm_head", "classifier", "qa_outputs");
  }

  private static BertConfig config(ModelConfig keys) {
    return keys.read(MpnetConfig.class).bert();
  }

  private static EncoderModel.Parts encoder(Weights root, ModelConfig keys, Pooler pooler) {
    BertConfig config = config(keys);
    Weights weights = root.child("mpnet");
    BertEmbeddings embeddings =
        new BertEmbeddings(
            weights.child("embeddings"),
            config,
            new BertEmbeddings.Plan(config.hiddenSize(), Places.AFTER_PADDING, true));
    int count = keys.read(MpnetConfig.class).relativeAttentionNumBuckets();
    Weights encoder = weights.child("encoder");
    Embedding distances =
        new Embedding(
            encoder.child("relative_attention_bias"), count, config.numAttentionHeads(), -1);
    RelativeBuckets buckets = new RelativeBuckets(true, count, MAX_DISTANCE);
    AttentionMechanism attention =
        new ScaledDotProduct(Double.NaN, new Dropout(config.attentionProbsDropoutProb()))
            .changed(() -> new BucketBias(buckets, distances.weight()));
    BertLayers layers = BertLayers.of(config).named(BertNames.MPNET).reading(self -> attention);
    return new EncoderModel.Parts(
        embeddings::apply,
        TransformerStack.of(layers.below(encoder)),
        pooler.at(weights.child("pooler.dense"), config.hiddenSize()),
        Head.NONE,
        embeddings.table());
  }
}
