package dev.heed.model.t5;

import dev.heed.model.DecoderStart;
import dev.heed.model.EncoderDecoderModel;
import dev.heed.model.Memory;
import dev.heed.model.MemoryEncoder;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.model.head.LanguageHead.Target;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/** T5, T5 1.1, mT5 and UMT5 checkpoints. */
public final class T5Family implements ModelFamily {
  private static final Map<String, String> MULTILINGUAL =
      Map.of(
          "vocab_size", "250112",
          "d_ff", "1024",
          "num_layers", "8",
          "num_heads", "6",
          "feed_forward_proj", "\"gated-gelu\"");

  @Override
  public Set<String> modelTypes() {
    return Set.of("t5", "mt5", "umt5");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    for (String kind : new String[] {"T5", "MT5", "UMT5"}) {
      builders.put(kind + "ForConditionalGeneration", T5Family::language);
      builders.put(kind + "Model", T5Family::model);
    }
    builders.put("T5WithLMHeadModel", T5Family::language);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain();
  }

  @Override
  public Set<String> ignoredKeys() {
    // T5 has no positions, whatever length old files name.
    return Set.of("n_positions", "tokenizer_class");
  }

  private static T5Config config(ModelConfig keys) {
    return switch (keys.json().path("model_type").asString("t5")) {
      case "mt5" ->
          keys.defaults(MULTILINGUAL)
              .defaults(Map.of("tie_word_embeddings", "false"))
              .read(T5Config.class);
      case "umt5" -> keys.defaults(MULTILINGUAL).read(T5Config.class);
      default -> keys.read(T5Config.class);
    };
  }

  private static Model model(Weights weights, ModelConfig keys) {
    return build(weights, config(keys), keys, table -> Head.NONE);
  }

  private static Model language(Weights weights, ModelConfig keys) {
    T5Config config = config(keys);
    return build(weights, config, keys, table -> head(weights, config, table));
  }

  private static LanguageHead head(Weights weights, T5Config config, Tensor table) {
    boolean tied = config.tieWordEmbeddings();
    double scale = Math.pow(config.dModel(), -0.5);
    return new LanguageHead(
        tied ? x -> x.mul(scale) : Norm.NONE,
        LanguageHead.output(weights.child("lm_head"), table, tied, false),
        Norm.NONE,
        Target.OWN);
  }

  private static Model build(
      Weights root, T5Config config, ModelConfig keys, Function<Tensor, Head> head) {
    boolean ownTables = keys.json().path("model_type").asString("t5").equals("umt5");
    Embedding words = new Embedding(root.child("shared"), config.vocabSize(), config.dModel(), -1);
    root.requireTied("encoder.embed_tokens.weight", words.weight());
    root.requireTied("decoder.embed_tokens.weight", words.weight());
    Dropout dropout = new Dropout(config.dropoutRate());
    T5Stack encoder = T5Stack.of(root, "encoder", config, ownTables);
    T5Stack decoder = T5Stack.of(root, "decoder", config, ownTables);
    MemoryEncoder reader =
        MemoryEncoder.of(
                run ->
                    new Memory(
                        dropout.apply(words.apply(run.input().require("input_ids")), run.trace()),
                        run.input().truth("attention_mask")),
                encoder.stack())
            .biased(encoder.bias());
    return new EncoderDecoderModel(
        root,
        new EncoderDecoderModel.Parts(
            reader,
            tokens -> dropout.apply(words.apply(tokens.ids()), tokens.run().trace()),
            decoder.stack(),
            Collections.nCopies(config.decoderLayers(), 0),
            decoder.bias(),
            DecoderStart.of(config.decoderStartTokenId(), config.padTokenId()),
            head.apply(words.weight()),
            words.weight()));
  }
}
