package dev.heed.mixer.catalogue;

import dev.heed.attention.SequenceMixer;
import dev.heed.mixer.recurrent.ConvolutionMixer;
import dev.heed.mixer.recurrent.RecurrentMixer;
import dev.heed.mixer.recurrent.RecurrentMixer.Cell;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.function.BiFunction;

/** What mixed sequences before attention. */
final class RecurrentMixers {
  static final List<MixerEntry> ALL =
      List.of(
          new MixerEntry(
              "rnn",
              "recurrent-networks",
              "Elman's recurrent network",
              Growth.LINEAR,
              Exactness.NO_SOFTMAX,
              Direction.EITHER,
              true,
              false,
              network(Cell.RNN)),
          new MixerEntry(
              "gru",
              "recurrent-networks",
              "Gated recurrent units",
              Growth.LINEAR,
              Exactness.NO_SOFTMAX,
              Direction.EITHER,
              true,
              false,
              network(Cell.GRU)),
          new MixerEntry(
              "lstm",
              "recurrent-networks",
              "Long short-term memory",
              Growth.LINEAR,
              Exactness.NO_SOFTMAX,
              Direction.EITHER,
              true,
              false,
              network(Cell.LSTM)),
          new MixerEntry(
              "cnn",
              "convolution",
              "Dilated convolution",
              Growth.LINEAR,
              Exactness.NO_SOFTMAX,
              Direction.EITHER,
              true,
              false,
              (weights, shape) ->
                  new ConvolutionMixer(weights, shape.size(), shape.window(), shape.causal())));

  private RecurrentMixers() {}

  private static BiFunction<Weights, MixerShape, SequenceMixer> network(Cell cell) {
    return (weights, shape) -> new RecurrentMixer(weights, shape.size(), cell, !shape.causal());
  }
}
