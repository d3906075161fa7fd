package dev.heed.model.bart;

import dev.heed.model.DecoderStart;
import dev.heed.model.EncoderDecoderModel;
import dev.heed.model.EncoderFrame;
import dev.heed.model.Memory;
import dev.heed.model.MemoryEncoder;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.head.ClassifierHead;
import dev.heed.model.head.Head;
import dev.heed.model.head.LanguageHead;
import dev.heed.model.head.LanguageHead.Target;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.Collections;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts a model of BART's tradition together.
 *
 * @param style how it departs from BART
 * @param base what its tensors' names begin with
 * @param encoder makes an encoder's layer, or null for BART's
 * @param frame what the encoder's layers see, or null for all that is no padding
 * @param filling of the encoder's tokens, before they are embedded
 */
record BartAssembly(
    BartStyle style,
    String base,
    @Nullable EncoderLayers encoder,
    @Nullable EncoderFrame frame,
    UnaryOperator<Tensor> filling) {
  /** Makes a layer of the encoder. */
  @FunctionalInterface
  interface EncoderLayers {
    TransformerLayer layer(Weights weights, BartConfig config, int number);
  }

  static BartAssembly of(BartStyle style) {
    return new BartAssembly(style, "model", null, null, ids -> ids);
  }

  Model model(Weights weights, BartConfig config) {
    return build(weights, config, table -> Head.NONE);
  }

  Model language(Weights weights, BartConfig config) {
    return build(weights, config, table -> head(weights, config, table));
  }

  /** Which class a text is of, by the decoder's state at the text's last end token. */
  Model sequences(Weights weights, BartConfig config, ModelConfig keys) {
    ClassifierHead classes =
        ClassifierHead.dense(
            weights.child("classification_head"),
            config.dModel(),
            keys,
            Activation.TANH,
            new Dropout(config.classifierDropout()));
    Head head = new EndTokenHead(classes, config.eosTokenId());
    return build(weights, config, table -> head, DecoderStart::ofInput);
  }

  private LanguageHead head(Weights weights, BartConfig config, Tensor table) {
    int words = config.decoderVocabulary();
    Linear output =
        LanguageHead.output(weights.child("lm_head"), table, config.tieWordEmbeddings(), false);
    if (!style.outputBias()) {
      return new LanguageHead(Norm.NONE, output, Norm.NONE, Target.OWN);
    }
    Tensor bias = weights.buffer("final_logits_bias", Initializer.ZEROS, 1, words);
    return new LanguageHead(Norm.NONE, output, scores -> scores.add(bias), Target.OWN);
  }

  private Model build(Weights root, BartConfig config, Function<Tensor, Head> head) {
    return build(root, config, head, DecoderStart::orInput);
  }

  private Model build(
      Weights root,
      BartConfig config,
      Function<Tensor, Head> head,
      UnaryOperator<DecoderStart> begin) {
    Weights weights = root.child(base);
    Embedding read;
    Embedding written;
    if (config.shareEncoderDecoderEmbeddings()) {
      read = table(weights.child("shared"), config.vocabSize(), config);
      written = read;
      weights.requireTied("encoder.embed_tokens.weight", read.weight());
      weights.requireTied("decoder.embed_tokens.weight", read.weight());
    } else {
      read = table(weights.child("encoder.embed_tokens"), config.vocabSize(), config);
      written = table(weights.child("decoder.embed_tokens"), config.decoderVocabulary(), config);
    }
    BartHalf encoder = BartHalf.encoder(weights.child("encoder"), config, this, read);
    BartHalf decoder = BartHalf.decoder(weights.child("decoder"), config, style, written);
    MemoryEncoder reader =
        MemoryEncoder.of(
                run -> {
                  Tensor ids = filling.apply(run.input().require("input_ids"));
                  Tensor places = Tensor.arange(ids.size(1), DType.I64);
                  return new Memory(
                      encoder.embed(ids, places, run.trace()), run.input().truth("attention_mask"));
                },
                encoder.stack())
            .in(frame);
    Integer start = config.decoderStartTokenId();
    return new EncoderDecoderModel(
        root,
        new EncoderDecoderModel.Parts(
            reader,
            tokens -> decoder.embed(tokens.ids(), tokens.positions(), tokens.run().trace()),
            decoder.stack(),
            Collections.nCopies(config.decoderLayers(), 0),
            layer -> null,
            begin.apply(DecoderStart.of(start == null ? -1 : start, config.padTokenId())),
            head.apply(written.weight()),
            written.weight()));
  }

  private static Embedding table(Weights weights, int words, BartConfig config) {
    return new Embedding(weights, words, config.dModel(), config.padTokenId());
  }
}
