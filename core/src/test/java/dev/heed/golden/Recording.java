package dev.heed.golden;

import dev.heed.nn.WeightSource;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One recording, as a case sees it in one precision: floating-point tensors have that type, and
 * those whose gradient is recorded require it.
 */
public final class Recording implements AutoCloseable {
  private final String name;
  private final RecordedTensors file;
  private final DType dtype;
  private final Map<String, Tensor> leaves = new LinkedHashMap<>();
  private final List<LeafSource> sources = new ArrayList<>();
  private final List<Weights> complete = new ArrayList<>();

  Recording(String name, RecordedTensors file, DType dtype) {
    this.name = name;
    this.file = file;
    this.dtype = dtype;
  }

  /** The name of the file, without its ending. */
  public String name() {
    return name;
  }

  /** The precision of this run: f64 or f32. */
  public DType dtype() {
    return dtype;
  }

  /** Whether an input was recorded. */
  public boolean hasInput(String input) {
    return has("input." + input);
  }

  /** An input; the same tensor at each call. */
  public Tensor input(String input) {
    return leaf("input." + input);
  }

  /** Whether a parameter was recorded. */
  public boolean hasParam(String param) {
    return has("param." + param);
  }

  /** A parameter or buffer; the same tensor at each call. */
  public Tensor param(String param) {
    return leaf("param." + param);
  }

  /** All parameters and buffers by name. */
  public Map<String, Tensor> params() {
    Map<String, Tensor> found = new LinkedHashMap<>();
    names("param").forEach(param -> found.put(param, param(param)));
    return found;
  }

  /** The names of one group, for example {@code output} or {@code input.grad_output}. */
  public SequencedSet<String> names(String group) {
    return file.keys().stream()
        .filter(key -> key.startsWith(group + "."))
        .map(key -> key.substring(group.length() + 1))
        .collect(Collectors.toCollection(java.util.LinkedHashSet::new));
  }

  /** The sizes of a recorded tensor by its full key, for example {@code output.y}. */
  public long[] sizes(String key) {
    return file.sizes(key);
  }

  /** All parameters under their names; the harness checks that the case used all of them. */
  public Weights weights() {
    return weights(params());
  }

  /** All parameters under other names. */
  public Weights weights(UnaryOperator<String> rename) {
    Map<String, Tensor> renamed = new LinkedHashMap<>();
    params().forEach((param, tensor) -> renamed.put(rename.apply(param), tensor));
    return weights(renamed);
  }

  /**
   * Tensors computed from {@link #param}, for example the three parts of a joint projection;
   * gradients flow through them to the recorded parameters.
   */
  public Weights weights(Map<String, Tensor> tensors) {
    LeafSource source = new LeafSource(Map.copyOf(tensors));
    sources.add(source);
    Weights weights = Weights.from((WeightSource) source);
    complete.add(weights);
    return weights;
  }

  /** A setting as text. */
  public String text(String setting) {
    String value = file.settings().get(setting);
    if (value == null) {
      throw new IllegalArgumentException(
          name + ": no setting " + setting + " among " + file.settings().keySet());
    }
    return value;
  }

  /** Whether there is a setting of this name. */
  public boolean hasSetting(String setting) {
    return file.settings().containsKey(setting);
  }

  /** A setting as a whole number. */
  public int integer(String setting) {
    return Integer.parseInt(text(setting));
  }

  /** A setting as a number. */
  public double number(String setting) {
    return Double.parseDouble(text(setting));
  }

  /** A setting as a truth value. */
  public boolean flag(String setting) {
    return switch (text(setting)) {
      case "true", "True" -> true;
      case "false", "False" -> false;
      default -> throw new IllegalArgumentException(name + ": " + setting + " is no truth value");
    };
  }

  /** A setting as JSON, for example a list. */
  public JsonNode json(String setting) {
    return JsonMapper.shared().readTree(text(setting));
  }

  boolean has(String key) {
    return file.has(key);
  }

  /** A recorded tensor as it is in the file. */
  Tensor stored(String key) {
    if (!has(key)) {
      throw new IllegalArgumentException(name + ": no tensor " + key + " among " + file.keys());
    }
    return file.read(key);
  }

  Tensor leaf(String key) {
    Tensor known = leaves.get(key);
    if (known == null) {
      Tensor stored = stored(key);
      known = stored.dtype().isFloating() ? stored.to(dtype).copy() : stored;
      known.requiresGrad(has("grad." + key));
      leaves.put(key, known);
    }
    return known;
  }

  /** Fails if a module asked for a parameter that is not there or left one over. */
  void requireAllUsed() {
    complete.forEach(Weights::requireAllUsed);
  }

  /** Frees the parameters of the modules that the case built. */
  @Override
  public void close() {
    sources.forEach(LeafSource::close);
  }
}
