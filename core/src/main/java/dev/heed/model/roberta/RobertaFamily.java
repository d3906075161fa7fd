package dev.heed.model.roberta;

import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertEmbeddings;
import dev.heed.model.bert.BertLayers;
import dev.heed.model.bert.Places;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.Head;
import dev.heed.model.head.Pooler;
import dev.heed.nn.Weights;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/** RoBERTa checkpoints, and those of XLM-RoBERTa and CamemBERT, which differ from it in name. */
public final class RobertaFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("roberta", "xlm-roberta", "camembert");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    for (String name : new String[] {"Roberta", "XLMRoberta", "Camembert"}) {
      builders.putAll(RobertaHeads.architectures(name, RobertaFamily::config, RobertaFamily::of));
    }
    return builders;
  }

  @Override
  public boolean packsTexts() {
    return true;
  }

  @Override
  public int firstPosition(ModelConfig keys) {
    return config(keys).paddingRow() + 1;
  }

  @Override
  public NameMap names(String architecture) {
    return RobertaHeads.NAMES;
  }

  private static BertConfig config(ModelConfig keys) {
    return keys.read(RobertaConfig.class).bert();
  }

  private static EncoderModel.Parts of(Weights root, ModelConfig keys, Pooler pooler) {
    BertConfig config = config(keys);
    Weights weights = root.child("roberta");
    BertEmbeddings embeddings =
        new BertEmbeddings(
            weights.child("embeddings"),
            config,
            new BertEmbeddings.Plan(config.hiddenSize(), Places.AFTER_PADDING, true));
    return new EncoderModel.Parts(
        embeddings::apply,
        TransformerStack.of(BertLayers.of(config).below(weights.child("encoder"))),
        pooler.at(weights.child("pooler.dense"), config.hiddenSize()),
        Head.NONE,
        embeddings.table());
  }
}
