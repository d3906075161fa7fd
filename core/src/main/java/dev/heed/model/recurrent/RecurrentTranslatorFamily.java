package dev.heed.model.recurrent;

import dev.heed.attention.additive.BahdanauEncoderDecoder;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamily;
import dev.heed.model.NameMap;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Heed's own family of recurrent translators: {@code attention} in the config says which.
 *
 * <p>Sources: Bahdanau, Cho, Bengio 2015; Luong, Pham, Manning 2015.
 */
public final class RecurrentTranslatorFamily implements ModelFamily {
  @Override
  public Set<String> modelTypes() {
    return Set.of("recurrent-translator");
  }

  @Override
  public SequencedMap<String, Builder> architectures() {
    SequencedMap<String, Builder> builders = new LinkedHashMap<>();
    builders.put(
        "RecurrentTranslatorForConditionalGeneration", RecurrentTranslatorFamily::translator);
    return builders;
  }

  @Override
  public NameMap names(String architecture) {
    return NameMap.plain();
  }

  @Override
  public Set<String> ignoredKeys() {
    return Set.of("eos_token_id");
  }

  private static Model translator(Weights weights, ModelConfig keys) {
    RecurrentTranslatorConfig config = keys.read(RecurrentTranslatorConfig.class);
    RecurrentTranslator.Network network =
        switch (config.attention()) {
          case "bahdanau" -> new Bahdanau(weights, config);
          case "luong" -> new LuongNetwork(weights, config);
          default ->
              throw new CheckpointException(
                  Kind.UNSUPPORTED,
                  keys.where(),
                  "attention: bahdanau or luong",
                  config.attention(),
                  "Correct the config.");
        };
    return new RecurrentTranslator(weights, network, config);
  }

  /**
   * The annotated encoder-decoder, whose scores are logarithms of probabilities.
   *
   * @param both networks
   * @param table of the words that are written
   */
  private record Bahdanau(BahdanauEncoderDecoder both, Tensor table)
      implements RecurrentTranslator.Network {
    Bahdanau(Weights weights, RecurrentTranslatorConfig config) {
      this(
          new BahdanauEncoderDecoder(
              weights,
              new BahdanauEncoderDecoder.Config(
                  config.vocabSize(),
                  config.vocabSize(),
                  config.hiddenSize(),
                  config.hiddenSize(),
                  config.numLayers())));
    }

    private Bahdanau(BahdanauEncoderDecoder both) {
      this(both, both.targetTable());
    }

    @Override
    public RecurrentTranslator.Scored apply(Tensor source, Tensor lengths, Tensor target) {
      BahdanauEncoderDecoder.Translated translated = both.apply(source, lengths, target);
      return new RecurrentTranslator.Scored(
          translated.logProbabilities(), translated.decoded().weights());
    }
  }
}
