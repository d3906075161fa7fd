package dev.heed.model;

import dev.heed.attention.DecodeState;
import dev.heed.checkpoint.Quoted;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a model is given in one call: tensors under the field's names, and what earlier calls left.
 *
 * <p>Names are those of Hugging Face's {@code forward}: {@code input_ids} i64 {@code [B, T]},
 * {@code attention_mask} {@code [B, T]} (not zero = a token, zero = padding), {@code
 * token_type_ids}, {@code position_ids}, {@code pixel_values} {@code [B, C, H, W]}, {@code
 * input_features}, {@code input_values}, {@code decoder_input_ids}, {@code decoder_attention_mask},
 * {@code labels} … Nested ones are joined by dots. An input that a model has no meaning for is
 * refused.
 *
 * {@snippet :
 * ModelOutput output = model.apply(ModelInput.of("input_ids", ids).with("attention_mask", mask));
 * }
 */
public final class ModelInput {
  private final Map<String, Tensor> tensors;
  private final Map<String, Boolean> flags;
  private final Set<String> offered;
  private final @Nullable DecodeState state;
  private final Set<String> asked = new TreeSet<>();

  private ModelInput(
      Map<String, Tensor> tensors,
      Map<String, Boolean> flags,
      Set<String> offered,
      @Nullable DecodeState state) {
    this.tensors = tensors;
    this.flags = flags;
    this.offered = offered;
    this.state = state;
  }

  /** One tensor. */
  public static ModelInput of(String name, Tensor value) {
    return of(Map.of(name, value));
  }

  /** Tensors by name. */
  public static ModelInput of(Map<String, Tensor> tensors) {
    return new ModelInput(new LinkedHashMap<>(tensors), Map.of(), Set.of(), null);
  }

  /** The same with one more tensor; null adds none. */
  public ModelInput with(String name, @Nullable Tensor value) {
    if (value == null) {
      return this;
    }
    Map<String, Tensor> more = new LinkedHashMap<>(tensors);
    more.put(name, value);
    return new ModelInput(more, flags, offered, state);
  }

  /** The same with a choice of the call, for example {@code interpolate_pos_encoding}. */
  public ModelInput with(String name, boolean value) {
    Map<String, Boolean> more = new LinkedHashMap<>(flags);
    more.put(name, value);
    return new ModelInput(tensors, more, offered, state);
  }

  /**
   * The same where one tensor or choice is a mere offer: a model that has no meaning for it leaves
   * it unread, as one without positions does with {@code position_ids}.
   *
   * @param name of what {@link #with} added
   */
  public ModelInput offering(String name) {
    Set<String> more = new TreeSet<>(offered);
    more.add(name);
    return new ModelInput(tensors, flags, more, state);
  }

  /** The names of what is a mere offer. */
  public Set<String> offered() {
    return Set.copyOf(offered);
  }

  /** The same without a tensor. */
  public ModelInput without(String name) {
    Map<String, Tensor> fewer = new LinkedHashMap<>(tensors);
    fewer.remove(name);
    return new ModelInput(fewer, flags, offered, state);
  }

  /** The same going on from earlier calls; null for a single call. */
  public ModelInput with(@Nullable DecodeState other) {
    return new ModelInput(tensors, flags, offered, other);
  }

  /** What earlier calls left, or null for a single call. */
  public @Nullable DecodeState state() {
    return state;
  }

  /** How many tokens earlier calls took. */
  public long past() {
    return state == null ? 0 : state.length();
  }

  /** Whether there is a tensor of this name. */
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /** The tensor of this name, or null. */
  public @Nullable Tensor get(String name) {
    asked.add(name);
    return tensors.get(name);
  }

  /**
   * The tensor of this name.
   *
   * @throws IllegalArgumentException if it is not given
   */
  public Tensor require(String name) {
    Tensor value = get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "model input: expected " + name + ", got " + tensors.keySet());
    }
    return value;
  }

  /** The tensors {@code name.0}, {@code name.1}, … in order. */
  public java.util.List<Tensor> series(String name) {
    java.util.List<Tensor> found = new java.util.ArrayList<>();
    for (int i = 0; tensors.containsKey(name + "." + i); i++) {
      found.add(require(name + "." + i));
    }
    return found;
  }

  /** A choice of the call, or what it is without one. */
  public boolean flag(String name, boolean otherwise) {
    asked.add(name);
    return flags.getOrDefault(name, otherwise);
  }

  /**
   * A mask as truth values {@code [B, T]}, or null where it is not given or hides nothing.
   *
   * @param name for example {@code attention_mask}
   */
  public @Nullable Tensor truth(String name) {
    Tensor mask = get(name);
    if (mask == null) {
      return null;
    }
    Tensor truth = mask.dtype() == DType.BOOL ? mask : mask.ne(0);
    return truth.not().sum().itemLong() == 0 ? null : truth;
  }

  /** All tensors by name. */
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /**
   * Refuses what nothing asked for.
   *
   * @throws IllegalArgumentException naming the inputs that the model has no meaning for
   */
  void requireAllAsked() {
    Set<String> left = new TreeSet<>(tensors.keySet());
    left.addAll(flags.keySet());
    left.removeAll(asked);
    left.removeAll(offered);
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "model input: expected some of "
              + asked
              + ", got also "
              + left.stream().map(Quoted::of).toList()
              + ", which this model has no meaning for");
    }
  }
}
