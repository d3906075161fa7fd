package dev.heed.tensor;

import java.util.List;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** LibTorch's recurrent networks over a whole sequence, {@code [B, T, in]}. */
public final class Recurrent {
  /**
   * How the layers are arranged.
   *
   * @param layers stacked layers, from 1
   * @param bidirectional whether a second pass runs backwards; its output follows the first's
   */
  public record Layout(int layers, boolean bidirectional) {}

  /**
   * What a recurrent network gives.
   *
   * @param outputs the top layer's state at each step, {@code [B, T, directions · hidden]}
   * @param hidden the last states, {@code [layers · directions, B, hidden]}
   * @param cell the last cell states of an LSTM; of the others the hidden states again
   */
  public record States(Tensor outputs, Tensor hidden, Tensor cell) {}

  private Recurrent() {}

  /**
   * Gated recurrent units: {@code n = tanh(W x + b + r · (U h + c))}, {@code h' = (1-z)·n + z·h}.
   *
   * @param x {@code [B, T, in]}
   * @param h0 {@code [layers · directions, B, hidden]}
   * @param weights a layer and direction: W [3·hidden, in], U [3·hidden, hidden], b, c; gates r, z,
   *     n
   */
  public static States gru(Tensor x, Tensor h0, List<Tensor> weights, Layout layout) {
    LackingOperatorException.refuseJava("gru", x);
    return Native.run(
        "gru",
        () -> {
          try (TensorVector flat = Conversions.vector(weights);
              T_TensorTensor_T pair =
                  torch.gru(
                      x.handle(),
                      h0.handle(),
                      flat,
                      true,
                      layout.layers(),
                      0,
                      false,
                      layout.bidirectional(),
                      true)) {
            return states(pair);
          }
        },
        x,
        h0);
  }

  /**
   * Gated recurrent units over sequences of unequal length: each ends, and is read backwards from,
   * its own last step.
   *
   * @param x {@code [B, T, in]}; what stands beyond a length is not looked at
   * @param lengths i64 {@code [B]}, each in [1, T]
   * @return outputs that are zero beyond each length
   * @throws ShapeException if a length is out of range
   */
  public static States gru(
      Tensor x, Tensor lengths, Tensor h0, List<Tensor> weights, Layout layout) {
    return TensorScope.run(() -> {
      Packing packing = Packing.of(lengths.toLongArray(), x.size(1));
      Tensor first = h0.indexSelect(1, packing.order());
      States packed = packedGru(packing.pack(x), packing, first, weights, layout);
      Tensor hidden = packed.hidden().indexSelect(1, packing.inverse());
      return new States(packing.unpack(packed.outputs(), x.size(0), x.size(1)), hidden, hidden);
    });
  }

  private static States packedGru(
      Tensor data, Packing packing, Tensor h0, List<Tensor> weights, Layout layout) {
    LackingOperatorException.refuseJava("gru", data);
    return Native.run(
        "gru",
        () -> {
          try (TensorVector flat = Conversions.vector(weights);
              T_TensorTensor_T pair =
                  torch.gru(
                      data.handle(),
                      packing.batchSizes().handle(),
                      h0.handle(),
                      flat,
                      true,
                      layout.layers(),
                      0,
                      false,
                      layout.bidirectional())) {
            return states(pair);
          }
        },
        data,
        h0);
  }

  /** Elman's network: {@code h' = tanh(W x + b + U h + c)}; parameters as for {@link #gru}. */
  public static States tanh(Tensor x, Tensor h0, List<Tensor> weights, Layout layout) {
    LackingOperatorException.refuseJava("tanh", x);
    return Native.run(
        "tanh",
        () -> {
          try (TensorVector flat = Conversions.vector(weights);
              T_TensorTensor_T pair =
                  torch.rnn_tanh(
                      x.handle(),
                      h0.handle(),
                      flat,
                      true,
                      layout.layers(),
                      0,
                      false,
                      layout.bidirectional(),
                      true)) {
            return states(pair);
          }
        },
        x,
        h0);
  }

  /**
   * Long short-term memory: {@code c' = f·c + i·g}, {@code h' = o·tanh(c')}; gates i, f, g, o.
   *
   * @param c0 the first cell states, of the shape of {@code h0}
   */
  public static States lstm(Tensor x, Tensor h0, Tensor c0, List<Tensor> weights, Layout layout) {
    LackingOperatorException.refuseJava("lstm", x);
    return Native.run(
        "lstm",
        () -> {
          try (TensorVector flat = Conversions.vector(weights);
              TensorVector first = Conversions.vector(List.of(h0, c0));
              T_TensorTensorTensor_T triple =
                  torch.lstm(
                      x.handle(),
                      first,
                      flat,
                      true,
                      layout.layers(),
                      0,
                      false,
                      layout.bidirectional(),
                      true)) {
            return new States(
                Tensor.wrap(new org.bytedeco.pytorch.Tensor(triple.get0())),
                Tensor.wrap(new org.bytedeco.pytorch.Tensor(triple.get1())),
                Tensor.wrap(new org.bytedeco.pytorch.Tensor(triple.get2())));
          }
        },
        x,
        h0,
        c0);
  }

  private static States states(T_TensorTensor_T pair) {
    Tensor outputs = Tensor.wrap(new org.bytedeco.pytorch.Tensor(pair.get0()));
    Tensor hidden = Tensor.wrap(new org.bytedeco.pytorch.Tensor(pair.get1()));
    return new States(outputs, hidden, hidden);
  }
}
