package dev.heed.model.esm;

import dev.heed.attention.HeadChange;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.EncoderModel;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.RotaryConfig;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertLayers;
import dev.heed.model.bert.BertNames;
import dev.heed.model.block.TransformerStack;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.EncoderArchitectures;
import dev.heed.model.head.Head;
import dev.heed.model.head.Pooler;
import dev.heed.model.head.TokenClassifierHead;
import dev.heed.model.roberta.RobertaHeads;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Weights;
import java.util.SequencedMap;
import java.util.Set;

/** ESM checkpoints. */
public final class EsmFamily implements ModelFamily {
  private static final double USUAL_BASE = 10_000;
  private static final BertNames LAYER =
      BertNames.BERT.withNorms("attention.LayerNorm", "LayerNorm");

  @Override
  public Set<String> modelTypes() {
    return Set.of("esm");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    return new EncoderArchitectures("Esm", EsmFamily::encoder)
        .model()
        .maskedWords((root, keys, encoder) -> RobertaHeads.words(root, config(keys), keys, encoder))
        .sequences(
            Pooler.NONE,
            (root, keys, encoder) -> {
              BertConfig config = config(keys);
              return ClassifierHead.dense(
                  root.child("classifier"),
                  config.hiddenSize(),
                  keys,
                  Activation.TANH,
                  new Dropout(config.hiddenDropoutProb()));
            })
        .tokens((root, keys, encoder) -> {
          BertConfig config = config(keys);
          return TokenClassifierHead.of(
              root, config.hiddenSize(), keys, config.hiddenDropoutProb());
        })
        .builders();
  }

  @Override
  public int firstPosition(ModelConfig keys) {
    return keys.read(EsmConfig.class).padTokenId() + 1;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain().base("esm", "lm_head", "classifier");
  }

  @Override
  public Set<String> ignoredKeys() {
    // Of the folding model and the tokenizer; the activation is GELU whatever hidden_act says.
    return Set.of("classifier_dropout", "esmfold_config", "hidden_act", "vocab_list");
  }

  private static BertConfig config(ModelConfig keys) {
    return keys.read(EsmConfig.class).bert();
  }

  private static EncoderModel.Parts encoder(Weights root, ModelConfig keys, Pooler pooler) {
    EsmConfig choices = keys.read(EsmConfig.class);
    BertConfig config = choices.bert();
    Weights weights = root.child("esm");
    EsmEmbeddings embeddings = new EsmEmbeddings(weights.child("embeddings"), choices);
    Weights encoder = weights.child("encoder");
    // Guesses of contacts stand on weights and are no part of the outputs; the frequencies are
    // computed.
    weights.ignoreBelow("contact_head");
    encoder.ignore("layer.*.attention.self.rotary_embeddings.inv_freq");
    BertLayers layers = BertLayers.of(config).named(LAYER).normedBefore();
    RotaryConfig rotary = RotaryConfig.of(keys, USUAL_BASE, config.maxPositionEmbeddings());
    if (choices.rotary()) {
      RotaryPositions positions = rotary.positions(PairLayout.HALF_SPLIT, config.headSize());
      layers = layers.with(HeadChange.rotary(positions));
    }
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      encoder.ignore("layer." + i + ".attention.self.rotary_embeddings.inv_freq");
    }
    return new EncoderModel.Parts(
        embeddings::apply,
        TransformerStack.of(
            layers.below(encoder),
            new LayerNorm(
                encoder.child("emb_layer_norm_after"), config.hiddenSize(), config.layerNormEps())),
        pooler.at(weights.child("pooler.dense"), config.hiddenSize()),
        Head.NONE,
        embeddings.table());
  }
}
