package dev.heed.model.t5;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.model.DecoderStart;
import dev.heed.model.EncoderDecoderModel;
import dev.heed.model.EncoderFrame;
import dev.heed.model.EncoderModel;
import dev.heed.model.Masks;
import dev.heed.model.Memory;
import dev.heed.model.MemoryEncoder;
import dev.heed.model.Model;
import dev.heed.model.Run;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.model.head.LanguageHead.Target;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.Collections;
import java.util.function.Function;

/**
 * Puts a model of T5's tradition together.
 *
 * @param config its sizes
 * @param ownTables whether every layer has a table of score biases of its own
 * @param reading how the encoder's layers attend
 */
record T5Assembly(T5Config config, boolean ownTables, T5Reading reading) {
  /** Without a head. */
  Model model(Weights root) {
    return build(root, table -> Head.NONE);
  }

  /** With scores of the vocabulary. */
  Model language(Weights root) {
    return build(root, table -> head(root, table));
  }

  /** The encoder alone. */
  Model encoder(Weights root) {
    Embedding shared = shared(root);
    Embedding words = words(root, "encoder", shared);
    Dropout dropout = new Dropout(config.dropoutRate());
    T5Stack encoder = T5Stack.of(root, false, config, ownTables, reading);
    EncoderFrame frame =
        (run, embedded) -> {
          AttentionRequest plain = run.request(Masks.present(run.input()));
          AttentionMask pattern = reading.pattern();
          AttentionRequest seen = pattern == null ? plain : plain.narrowedTo(pattern);
          return layer -> seen.withModifier(encoder.bias().apply(layer));
        };
    EncoderModel.Parts parts =
        new EncoderModel.Parts(
                run -> embed(words, dropout, run), encoder.stack(), null, Head.NONE, words.weight())
            .in(frame);
    return new EncoderModel(root, whole() ? parts : parts.leavingPaddingOpen());
  }

  /** Whether padding sees what all tokens see. */
  private boolean whole() {
    return reading == T5Reading.FULL;
  }

  private LanguageHead head(Weights weights, Tensor table) {
    boolean tied = config.tieWordEmbeddings();
    double scale = Math.pow(config.dModel(), -0.5);
    return new LanguageHead(
        tied ? x -> x.mul(scale) : Norm.NONE,
        LanguageHead.output(weights.child("lm_head"), table, tied, false),
        Norm.NONE,
        Target.OWN);
  }

  private Embedding shared(Weights root) {
    return new Embedding(root.child("shared"), config.vocabSize(), config.dModel(), -1);
  }

  /** The token table of a half: the shared one, unless words are not tied and the file has two. */
  private Embedding words(Weights root, String part, Embedding shared) {
    String name = part + ".embed_tokens";
    if (config.tieWordEmbeddings() || root.isTied(name + ".weight", shared.weight())) {
      root.requireTied(name + ".weight", shared.weight());
      return shared;
    }
    return new Embedding(root.child(name), config.vocabSize(), config.dModel(), -1);
  }

  private static Tensor embed(Embedding words, Dropout dropout, Run run) {
    return dropout.apply(words.apply(run.input().require("input_ids")), run.trace());
  }

  private Model build(Weights root, Function<Tensor, Head> head) {
    Embedding shared = shared(root);
    Embedding read = words(root, "encoder", shared);
    Embedding written = words(root, "decoder", shared);
    Dropout dropout = new Dropout(config.dropoutRate());
    T5Stack encoder = T5Stack.of(root, false, config, ownTables, reading);
    T5Stack decoder = T5Stack.of(root, true, config, ownTables, T5Reading.FULL);
    MemoryEncoder reader =
        MemoryEncoder.of(
                run -> new Memory(embed(read, dropout, run), run.input().truth("attention_mask")),
                encoder.stack().named("encoder_"))
            .biased(encoder.bias())
            .seeing(layer -> reading.pattern());
    EncoderDecoderModel.Parts parts =
        new EncoderDecoderModel.Parts(
            whole() ? reader : reader.leavingPaddingOpen(),
            tokens -> dropout.apply(written.apply(tokens.ids()), tokens.run().trace()),
            decoder.stack().named("decoder_"),
            Collections.nCopies(config.decoderLayers(), 0),
            decoder.bias(),
            DecoderStart.of(config.decoderStartTokenId(), config.padTokenId()),
            head.apply(written.weight()),
            written.weight());
    return new EncoderDecoderModel(root, parts);
  }
}
