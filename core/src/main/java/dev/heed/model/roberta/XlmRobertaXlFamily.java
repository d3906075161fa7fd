package dev.heed.model.roberta;

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
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Weights;
import java.util.SequencedMap;
import java.util.Set;

/**
 * XLM-RoBERTa-XL checkpoints: the norms stand before the blocks and after the last layer, and not
 * on the embeddings.
 */
public final class XlmRobertaXlFamily implements ModelFamily {
  private static final BertNames LAYER =
      BertNames.BERT.withNorms("attention.self_attn_layer_norm", "LayerNorm");

  @Override
  public Set<String> modelTypes() {
    return Set.of("xlm-roberta-xl");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return RobertaHeads.architectures(
        "XLMRobertaXL", XlmRobertaXlFamily::config, XlmRobertaXlFamily::of);
  }

  @Override
  public NameMap names(String architecture) {
    return RobertaHeads.NAMES;
  }

  private static BertConfig config(ModelConfig keys) {
    return keys.read(XlmRobertaXlConfig.class).bert();
  }

  private static EncoderModel.Parts of(Weights root, ModelConfig keys, Pooler pooler) {
    BertConfig config = config(keys);
    Weights weights = root.child("roberta");
    int size = config.hiddenSize();
    BertEmbeddings embeddings =
        new BertEmbeddings(
            weights.child("embeddings"),
            config,
            new BertEmbeddings.Plan(size, Places.AFTER_PADDING, false));
    Weights encoder = weights.child("encoder");
    return new EncoderModel.Parts(
        embeddings::apply,
        TransformerStack.of(
            BertLayers.of(config).named(LAYER).normedBefore().below(encoder),
            new LayerNorm(encoder.child("LayerNorm"), size, config.layerNormEps())),
        pooler.at(weights.child("pooler.dense"), size),
        Head.NONE,
        embeddings.table());
  }
}
