package dev.heed.nn;

import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.tensor.Recurrent.Layout;
import dev.heed.tensor.Recurrent.States;
import dev.heed.tensor.Tensor;
import java.util.List;

class RecurrentReferenceTest extends MechanismReference {
  private static final Layout ONE_LAYER = new Layout(1, false);

  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("gru", RecurrentReferenceTest::gru),
        ReferenceCase.of("gru_bidirectional", RecurrentReferenceTest::gru),
        ReferenceCase.of("gru_cell", RecurrentReferenceTest::gruCell),
        ReferenceCase.of("lstm", RecurrentReferenceTest::lstm),
        ReferenceCase.of("lstm_bidirectional", RecurrentReferenceTest::lstm),
        ReferenceCase.of("lstm_cell", RecurrentReferenceTest::lstmCell),
        ReferenceCase.of("rnn_tanh", RecurrentReferenceTest::rnn));
  }

  private static Layout layout(Recording ref) {
    return new Layout(ref.integer("layers"), ref.flag("bidirectional"));
  }

  private static Results gru(Recording ref) {
    Gru gru = new Gru(ref.weights(), ref.integer("input_size"), ref.integer("hidden"), layout(ref));
    States states = gru.apply(ref.input("x"), ref.input("h0"));
    return new Results().output("y", states.outputs()).output("h_n", states.hidden());
  }

  private static Results rnn(Recording ref) {
    Rnn rnn = new Rnn(ref.weights(), ref.integer("input_size"), ref.integer("hidden"), layout(ref));
    States states = rnn.apply(ref.input("x"), ref.input("h0"));
    return new Results().output("y", states.outputs()).output("h_n", states.hidden());
  }

  private static Results lstm(Recording ref) {
    Lstm lstm =
        new Lstm(ref.weights(), ref.integer("input_size"), ref.integer("hidden"), layout(ref));
    States states = lstm.apply(ref.input("x"), ref.input("h0"), ref.input("c0"));
    return new Results()
        .output("y", states.outputs())
        .output("h_n", states.hidden())
        .output("c_n", states.cell());
  }

  /** A cell is one step of one layer: its parameters are the layer's without the suffix. */
  private static Results gruCell(Recording ref) {
    Gru gru =
        new Gru(
            ref.weights(name -> name + "_l0"),
            ref.integer("input_size"),
            ref.integer("hidden"),
            ONE_LAYER);
    Tensor x = ref.input("x").unsqueeze(1);
    return new Results().output("h", gru.apply(x, ref.input("h").unsqueeze(0)).hidden().squeeze(0));
  }

  private static Results lstmCell(Recording ref) {
    Lstm lstm =
        new Lstm(
            ref.weights(name -> name + "_l0"),
            ref.integer("input_size"),
            ref.integer("hidden"),
            ONE_LAYER);
    Tensor x = ref.input("x").unsqueeze(1);
    States states = lstm.apply(x, ref.input("h").unsqueeze(0), ref.input("c").unsqueeze(0));
    return new Results()
        .output("h", states.hidden().squeeze(0))
        .output("c", states.cell().squeeze(0));
  }
}
