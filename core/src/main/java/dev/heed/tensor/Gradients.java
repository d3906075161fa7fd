package dev.heed.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Gradients by automatic differentiation, and whether operations record what it needs. */
public final class Gradients {
  private Gradients() {}

  /**
   * The gradients of a scalar with respect to tensors it depends on.
   *
   * @param loss a scalar that {@linkplain Tensor#requiresGrad() requires gradients}
   * @param inputs the tensors {@code x} of {@code ∂loss/∂x}
   * @return one gradient an input, of its shape; zeros where the loss does not depend on it
   * @throws ShapeException if the loss is not a scalar
   */
  public static List<Tensor> of(Tensor loss, List<Tensor> inputs) {
    return of(loss, null, inputs);
  }

  /**
   * The gradients of {@code Σ output · weights} with respect to tensors the output depends on.
   *
   * @param output any shape
   * @param weights the shape of the output, or null for a scalar output and weight 1
   * @param inputs as for {@link #of(Tensor, List)}
   */
  public static List<Tensor> of(Tensor output, @Nullable Tensor weights, List<Tensor> inputs) {
    return of(output, weights, inputs, false);
  }

  /**
   * As {@link #of(Tensor, Tensor, List)}, for an output that is differentiated again later.
   *
   * @param again whether the graph is kept
   */
  public static List<Tensor> of(
      Tensor output, @Nullable Tensor weights, List<Tensor> inputs, boolean again) {
    List<Tensor> gradients = new ArrayList<>();
    List<@Nullable Tensor> found = reached(output, weights, inputs, again);
    for (int i = 0; i < inputs.size(); i++) {
      Tensor gradient = found.get(i);
      gradients.add(
          gradient == null ? Tensor.zeros(inputs.get(i).shape(), inputs.get(i).dtype()) : gradient);
    }
    return gradients;
  }

  /**
   * The gradients of a scalar, where there are any.
   *
   * @param loss a scalar that requires gradients
   * @param inputs the tensors {@code x} of {@code ∂loss/∂x}
   * @return one an input; null where the loss does not depend on it
   */
  public static List<@Nullable Tensor> reached(Tensor loss, List<Tensor> inputs) {
    return reached(loss, null, inputs, false);
  }

  /** As {@link #of(Tensor, Tensor, List)}; null where the output does not depend on an input. */
  static List<@Nullable Tensor> reached(
      Tensor output, @Nullable Tensor weights, List<Tensor> inputs) {
    return reached(output, weights, inputs, false);
  }

  private static List<@Nullable Tensor> reached(
      Tensor output, @Nullable Tensor weights, List<Tensor> inputs, boolean again) {
    LackingOperatorException.refuseJava("gradients", output);
    return BackwardRun.of(
        "gradients",
        output,
        () -> {
          try (TensorVector outputs = new TensorVector(output.handle());
              TensorVector targets = Conversions.vector(inputs);
              TensorVector seeds =
                  weights == null ? new TensorVector() : new TensorVector(weights.handle());
              BoolOptional keepGraph = new BoolOptional(again);
              TensorVector found = torch.grad(outputs, targets, seeds, keepGraph, false, true)) {
            List<@Nullable Tensor> gradients = new ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
              org.bytedeco.pytorch.Tensor gradient = found.get(i);
              gradients.add(
                  gradient.defined()
                      ? Tensor.wrap(new org.bytedeco.pytorch.Tensor(gradient))
                      : null);
            }
            return gradients;
          }
        });
  }

  /** Runs {@code body} without recording anything for gradients. */
  public static <T> T disabled(Supplier<T> body) {
    return with(false, body);
  }

  /** Runs {@code body} recording for gradients, also where an outer call disabled it. */
  public static <T> T enabled(Supplier<T> body) {
    return with(true, body);
  }

  /** Whether operations on this thread are recorded for gradients now. */
  public static boolean areEnabled() {
    return Engine.live().hasGradients() && RecordingMode.isRecording();
  }

  private static <T> T with(boolean recorded, Supplier<T> body) {
    if (!Engine.live().hasGradients()) {
      return body.get();
    }
    try (RecordingMode mode = RecordingMode.recording(recorded)) {
      return body.get();
    }
  }
}
