package dev.heed.explorer;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.SequenceMixer;
import dev.heed.mixer.catalogue.MixerEntry;
import dev.heed.mixer.catalogue.MixerShape;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A mixer of the catalogue with parameters: those of a model where they fit, else drawn. */
final class BuiltMixer extends Module {
  private static final long SEED = 1;

  /** How mixers call the four maps that attention has. */
  private static final List<Set<String>> NAMES =
      List.of(
          Set.of("q_proj", "query", "query_global", "query_projection", "to_q"),
          Set.of("k_proj", "key", "key_global", "key_projection", "to_k"),
          Set.of("v_proj", "value", "value_global", "value_projection", "to_v"),
          Set.of("out_proj", "o_proj", "output", "out_projection", "to_out"));

  private final SequenceMixer mixer;

  private BuiltMixer(Weights weights, MixerEntry entry, MixerShape shape) {
    super(weights);
    mixer = entry.build(weights, shape);
  }

  /** With drawn parameters. */
  static BuiltMixer drawn(MixerEntry entry, MixerShape shape, DType dtype) {
    try (Generator generator = new Generator(SEED)) {
      return new BuiltMixer(Weights.initialise(generator, dtype), entry, shape);
    }
  }

  /**
   * Takes over the maps of a model's attention.
   *
   * @return the parameters that are the model's now
   */
  Set<String> takeOver(HeadProjections of) {
    Set<String> taken = new TreeSet<>();
    if (!(of instanceof HeadProjections.Separate separate)) {
      return taken;
    }
    for (Map.Entry<String, Tensor> parameter : parameters().entrySet()) {
      String name = parameter.getKey();
      int end = name.lastIndexOf('.');
      int which = end < 0 ? -1 : which(name.substring(0, end));
      Linear map =
          switch (which) {
            case 0 -> separate.query();
            case 1 -> separate.key();
            case 2 -> separate.value();
            case 3 -> separate.output();
            default -> null;
          };
      if (map != null && assigned(parameter.getValue(), name.substring(end + 1), map)) {
        taken.add(name);
      }
    }
    return taken;
  }

  private static int which(String map) {
    for (int i = 0; i < NAMES.size(); i++) {
      if (NAMES.get(i).contains(map)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean assigned(Tensor parameter, String part, Linear map) {
    try (TensorScope scope = TensorScope.inference()) {
      @Nullable Tensor value = part.equals("weight") ? map.effectiveWeight() : map.bias();
      if (value == null || !value.shape().equals(parameter.shape())) {
        return false;
      }
      Tensor converted = value.to(parameter.dtype());
      Gradients.disabled(() -> parameter.assign(converted));
      return true;
    }
  }

  Tensor apply(Tensor x) {
    return mixer.apply(x, AttentionRequest.plain()).output();
  }

  /** The mean of the heads' weights {@code [tokens, tokens]}, or null where it has none. */
  @Nullable Tensor weights(Tensor x) {
    try (Trace trace = Trace.record(point -> point.equals("pattern"))) {
      return TensorScope.run(() -> {
        mixer.apply(x, AttentionRequest.of(null, trace));
        return trace.values().isEmpty()
            ? null
            : trace.value("pattern").mean(1, false).select(0, 0).copy();
      });
    }
  }

  /**
   * How far each output moves with each token: {@code ‖∂y_i / ∂s_j‖} at one, where s scales token
   * j, by central differences.
   *
   * @param x f64 {@code [1, tokens, size]}
   * @return {@code [tokens, tokens]}
   */
  Tensor influence(Tensor x, double step, int together) {
    return TensorScope.run(() -> {
      int tokens = Math.toIntExact(x.size(1));
      Tensor[] columns = new Tensor[Math.ceilDiv(tokens, together)];
      for (int from = 0; from < tokens; from += together) {
        int count = Math.min(together, tokens - from);
        // row i of these scales token from + i, and leaves the others
        Tensor which = Tensor.eye(tokens, x.dtype()).narrow(0, from, count).unsqueeze(-1);
        Tensor change = x.expand(count, -1, -1).mul(which).mul(step);
        columns[from / together] =
            TensorScope.run(() ->
                apply(x.add(change))
                    .sub(apply(x.sub(change)))
                    .div(2 * step)
                    .square()
                    .sum(-1, false)
                    .sqrt());
      }
      return Tensor.cat(List.of(columns), 0).transpose(0, 1).contiguous();
    });
  }
}
