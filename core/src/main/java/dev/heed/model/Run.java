package dev.heed.model;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.DecodeState;
import dev.heed.attention.SharedKeys;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call of a model under way: what it was given, what it records, and what it gives so far. */
public final class Run implements AutoCloseable {
  private final ModelInput input;
  private final Trace trace;
  private final Wanted wanted;
  private final Map<String, Tensor> values = new LinkedHashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final List<Tensor> routers = new ArrayList<>();
  private final SharedKeys shared = new SharedKeys();
  private final Map<String, List<Tensor>> kept = new HashMap<>();
  private @Nullable Tensor companions;

  /**
   * What a caller wants besides the result.
   *
   * @param states each layer's hidden states
   * @param weights each layer's attention weights
   * @param last the last hidden states, and at the last layer's trace points every token: without
   *     them a model leaves out what its head does not read
   * @param scores what the head computes its loss from, where there are labels: without them it may
   *     give the loss alone
   */
  public record Wanted(boolean states, boolean weights, boolean last, boolean scores) {
    /** Besides the result and the last hidden states. */
    public Wanted(boolean states, boolean weights) {
      this(states, weights, true, true);
    }

    /** The result and the last hidden states. */
    public static final Wanted RESULT = new Wanted(false, false);

    /** What the head gives alone: scores, and a loss where there are labels. */
    public static final Wanted SCORES = new Wanted(false, false, false, true);

    /** The loss alone, for learning; scores where there are no labels. */
    public static final Wanted LOSS = new Wanted(false, false, false, false);

    /** Everything. */
    public static final Wanted ALL = new Wanted(true, true);
  }

  Run(ModelInput input, Trace trace, Wanted wanted) {
    this.input = input;
    this.trace = trace;
    this.wanted = wanted;
  }

  /** What the model was given. */
  public ModelInput input() {
    return input;
  }

  /** What the run records and changes, and whether it trains. */
  public Trace trace() {
    return trace;
  }

  /** What earlier calls left, or null for a single call. */
  public @Nullable DecodeState state() {
    return input.state();
  }

  /** What the caller wants besides the result. */
  public Wanted wanted() {
    return wanted;
  }

  /** Whether attention weights are wanted. */
  public boolean wantsWeights() {
    return wanted.weights();
  }

  /** A request for attention in this run, with weights if they are wanted. */
  public AttentionRequest request(@Nullable AttentionMask mask) {
    AttentionRequest request =
        AttentionRequest.of(mask, trace).withState(state()).withShared(shared);
    return wanted.weights() ? request.withWeights() : request;
  }

  /** Gives a value. */
  public void put(String name, Tensor value) {
    values.put(name, value);
  }

  /**
   * What an earlier part of the model gave.
   *
   * @throws IllegalArgumentException if nothing did
   */
  public Tensor value(String name) {
    Tensor value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("value " + name + ": expected one of " + values.keySet());
    }
    return value;
  }

  /** Gives the next hidden states of a series, for example {@code hidden_states}, if wanted. */
  public void state(String series, Tensor value) {
    if (wanted.states()) {
      next(series, value);
    }
    List<Tensor> own = kept.get(series);
    if (own != null) {
      own.add(value);
    }
  }

  /** Keeps the hidden states of a series from now on, for a head that reads all of them. */
  public void keepStates(String series) {
    kept.put(series, new ArrayList<>());
  }

  /** The hidden states that were kept of a series, in order. */
  public List<Tensor> keptStates(String series) {
    return List.copyOf(kept.getOrDefault(series, List.of()));
  }

  /** Gives the next attention weights of a series, for example {@code attentions}, if wanted. */
  public void weights(String series, @Nullable Tensor value) {
    if (wanted.weights() && value != null) {
      next(series, value);
    }
  }

  /** Gives the next value of a series. */
  public void next(String series, Tensor value) {
    values.put(series + "." + (counts.merge(series, 1, Integer::sum) - 1), value);
  }

  /** Keeps what a layer's router of experts gave, for losses; null for none. */
  public void routed(@Nullable Tensor logits) {
    if (logits != null) {
      routers.add(logits);
    }
  }

  /** What the layers' routers gave so far, {@code [B · T, experts]} each. */
  public List<Tensor> routers() {
    return Collections.unmodifiableList(routers);
  }

  /**
   * Says what accompanies the tokens in each layer, besides the states.
   *
   * @param each {@code [B, T, layers, size]}
   */
  public void accompany(Tensor each) {
    companions = each;
  }

  /** What accompanies the tokens in a layer, {@code [B, T, size]}, or null. */
  @Nullable Tensor companion(int layer) {
    return companions == null ? null : companions.select(2, layer);
  }

  /** Frees what the layers lent each other. */
  @Override
  public void close() {
    shared.close();
  }

  /** A value given before, or null. */
  public @Nullable Tensor given(String name) {
    return values.get(name);
  }

  ModelOutput output() {
    return new ModelOutput(values);
  }
}
