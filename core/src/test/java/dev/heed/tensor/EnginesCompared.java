package dev.heed.tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** Runs one computation on both engines and says where they differ. */
final class EnginesCompared {
  private static final long SEED = 20_26;

  /** The first of each kind, by what was computed and of which types. */
  private final Map<String, String> differences = new LinkedHashMap<>();

  private final double times;
  private int compared;

  EnginesCompared() {
    this(1);
  }

  /**
   * With more room for rounding.
   *
   * @param times the usual one
   */
  EnginesCompared(double times) {
    this.times = times;
  }

  /** What differed, for people. */
  List<String> differences() {
    return List.copyOf(differences.values());
  }

  /** How many results were compared, refusals included. */
  int compared() {
    return compared;
  }

  /**
   * Compares results, or that both refuse.
   *
   * @param inputs made anew for each engine
   */
  void compare(String what, List<Input> inputs, Function<List<Tensor>, List<Tensor>> computation) {
    List<Result> wanted = results(EngineChoice.Kind.LIBTORCH, inputs, computation);
    List<Result> got = results(EngineChoice.Kind.JAVA, inputs, computation);
    compared++;
    String where = what + inputs;
    String kind = what + inputs.stream().map(Input::type).toList();
    if (wanted.size() != got.size()) {
      differences.putIfAbsent(kind, where + ": " + wanted + " against " + got);
      return;
    }
    for (int i = 0; i < wanted.size(); i++) {
      String difference = wanted.get(i).differenceFrom(got.get(i), times);
      if (difference != null) {
        differences.putIfAbsent(kind, where + ": " + difference);
      }
    }
  }

  private static List<Result> results(
      EngineChoice.Kind kind, List<Input> inputs, Function<List<Tensor>, List<Tensor>> body) {
    return EngineChoice.during(
        kind,
        () -> {
          try (TensorScope scope = TensorScope.open()) {
            List<Tensor> tensors = new ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
              tensors.add(inputs.get(i).make(SEED + i));
            }
            return body.apply(tensors).stream().map(Result::of).toList();
          } catch (TensorException | IllegalArgumentException e) {
            return List.of(Result.refused(String.valueOf(e.getMessage())));
          }
        });
  }

  /** How a tensor lies in memory. */
  enum Layout {
    PLAIN,
    TRANSPOSED,
    EVERY_OTHER,
    PART,
    EXPANDED
  }

  /** An input: the same numbers on either engine. */
  record Input(DType type, Layout layout, double low, double high, long... sizes) {
    static Input of(DType type, long... sizes) {
      return new Input(type, Layout.PLAIN, -3, 3, sizes);
    }

    Input lying(Layout other) {
      return new Input(type, other, low, high, sizes);
    }

    Input within(double from, double to) {
      return new Input(type, layout, from, to, sizes);
    }

    Tensor make(long seed) {
      Random random = new Random(seed);
      int rank = sizes.length;
      if (rank == 0 || layout == Layout.PLAIN) {
        return filled(random, sizes);
      }
      long[] other = sizes.clone();
      return switch (layout) {
        case TRANSPOSED -> {
          other[0] = sizes[rank - 1];
          other[rank - 1] = sizes[0];
          yield filled(random, other).transpose(0, rank - 1);
        }
        case EVERY_OTHER -> {
          other[rank - 1] *= 2;
          yield filled(random, other).slice(rank - 1, 0, other[rank - 1], 2);
        }
        case PART -> {
          other[0] += 3;
          yield filled(random, other).narrow(0, 2, sizes[0]);
        }
        case EXPANDED -> {
          other[0] = 1;
          yield filled(random, other).expand(sizes);
        }
        case PLAIN -> throw new IllegalStateException();
      };
    }

    private Tensor filled(Random random, long... shape) {
      double[] values = new double[(int) Shape.of(shape).elements()];
      for (int i = 0; i < values.length; i++) {
        double value = low + (high - low) * random.nextDouble();
        values[i] = type.isFloating() ? value : Math.floor(value);
      }
      if (type == DType.U8) {
        for (int i = 0; i < values.length; i++) {
          values[i] = Math.abs(values[i]);
        }
      }
      if (type == DType.BOOL) {
        for (int i = 0; i < values.length; i++) {
          values[i] = values[i] > 0 ? 1 : 0;
        }
      }
      Tensor plain =
          values.length == 0
              ? Tensor.empty(Shape.of(shape), DType.F64)
              : shape.length == 0 ? Tensor.scalar(values[0], DType.F64) : Tensor.of(values, shape);
      return plain.to(type);
    }

    @Override
    public String toString() {
      return type.toString() + Shape.of(sizes) + (layout == Layout.PLAIN ? "" : " " + layout);
    }
  }

  /** A tensor in Java, or a refusal. */
  private record Result(String kind, double[] values) {
    static Result of(Tensor x) {
      return new Result(x.describe(), x.toDoubleArray());
    }

    static Result refused(String why) {
      return new Result("refused: " + why, new double[0]);
    }

    private boolean isRefusal() {
      return kind.startsWith("refused: ");
    }

    @org.jspecify.annotations.Nullable
    String differenceFrom(Result other, double times) {
      if (isRefusal() || other.isRefusal()) {
        return isRefusal() == other.isRefusal() ? null : kind + " against " + other.kind;
      }
      if (!kind.equals(other.kind)) {
        return kind + " against " + other.kind;
      }
      double scale = 0;
      for (double value : values) {
        scale = Double.isFinite(value) ? Math.max(scale, Math.abs(value)) : scale;
      }
      double allowed = scale * tolerance() * times + 1e-30;
      for (int i = 0; i < values.length; i++) {
        boolean same = Double.compare(values[i], other.values[i]) == 0;
        if (!same && !(Math.abs(values[i] - other.values[i]) <= allowed)) {
          return kind + " at " + i + ": " + values[i] + " against " + other.values[i];
        }
      }
      return null;
    }

    /** A few units in the last place, of the largest value. */
    private double tolerance() {
      return kind.startsWith("f64")
          ? 1e-13
          : kind.startsWith("f32")
              ? 2e-6
              : kind.startsWith("bf16") ? 1.6e-2 : kind.startsWith("f16") ? 2e-3 : 0;
    }
  }
}
