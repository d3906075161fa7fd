package dev.heed.model.recurrent;

import dev.heed.attention.additive.CellKind;
import dev.heed.attention.additive.InputFeedingDecoder;
import dev.heed.attention.additive.LuongAttention;
import dev.heed.nn.Embedding;
import dev.heed.nn.Gru;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Recurrent.Layout;
import dev.heed.tensor.Recurrent.States;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.List;

/**
 * A bidirectional GRU of half the size each way reads, an {@link InputFeedingDecoder} with general
 * scores writes (Luong, Pham, Manning 2015, sections 3.1 and 3.3). Parameters: {@code src_embed},
 * {@code encoder.rnn}, {@code decoder}, {@code generator.proj}.
 */
final class LuongNetwork extends Module implements RecurrentTranslator.Network {
  private final RecurrentTranslatorConfig config;
  private final Embedding words;
  private final Gru encoder;
  private final InputFeedingDecoder decoder;
  private final Linear projection;

  LuongNetwork(Weights weights, RecurrentTranslatorConfig config) {
    super(weights);
    this.config = config;
    long size = config.hiddenSize();
    if (size % 2 != 0) {
      throw new IllegalArgumentException(
          "hidden_size: expected an even number, half of it for each way of reading, got " + size);
    }
    this.words = new Embedding(weights.child("src_embed"), config.vocabSize(), size, -1);
    this.encoder =
        new Gru(weights.child("encoder.rnn"), size, size / 2, new Layout(config.numLayers(), true));
    this.decoder =
        new InputFeedingDecoder(
            weights.child("decoder"),
            new InputFeedingDecoder.Config(
                config.vocabSize(),
                size,
                size,
                config.numLayers(),
                CellKind.GRU,
                LuongAttention.Score.GENERAL));
    this.projection = Linear.of(weights.child("generator.proj"), size, config.vocabSize(), false);
  }

  @Override
  public RecurrentTranslator.Scored apply(Tensor source, Tensor lengths, Tensor target) {
    Tensor embedded = words.apply(source);
    int layers = config.numLayers();
    long half = config.hiddenSize() / 2;
    Shape first = Shape.of(2L * layers, source.size(0), half);
    States read = encoder.apply(embedded, Tensor.zeros(first, embedded.dtype()), lengths);
    Tensor ends = read.hidden().unflatten(0, layers, 2);
    Tensor last = Tensor.cat(List.of(ends.select(1, 0), ends.select(1, 1)), -1);
    InputFeedingDecoder.Decoded decoded =
        decoder.apply(target, read.outputs(), lengths, last, last);
    return new RecurrentTranslator.Scored(projection.apply(decoded.outputs()), decoded.weights());
  }

  @Override
  public Tensor table() {
    return decoder.table();
  }
}
