package dev.heed.model.block;

import dev.heed.attention.AttentionRequest;
import dev.heed.nn.Trace;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one layer is called with besides its states, and the attention weights it leaves. */
public final class LayerCall {
  private final AttentionRequest self;
  private @Nullable Tensor memory;
  private final AttentionRequest cross;
  private @Nullable Tensor start;
  private @Nullable Tensor selfWeights;
  private @Nullable Tensor globalWeights;
  private @Nullable Tensor crossWeights;
  private @Nullable Tensor routerLogits;
  private @Nullable Tensor companion;
  private @Nullable Tensor keep;

  /** Without a memory to attend to. */
  public LayerCall(AttentionRequest self) {
    this(self, null, self);
  }

  /**
   * A call.
   *
   * @param self for attention within the sequence
   * @param memory what cross-attention reads, {@code [B, Tk, H]}, or null
   * @param cross for attention to the memory
   */
  public LayerCall(AttentionRequest self, @Nullable Tensor memory, AttentionRequest cross) {
    this.self = self;
    this.memory = memory;
    this.cross = cross;
  }

  void began(Tensor x) {
    start = x;
  }

  /** What the layer began with. */
  Tensor start() {
    return Objects.requireNonNull(start);
  }

  /** For attention within the sequence. */
  public AttentionRequest self() {
    return self;
  }

  /** For attention to the memory. */
  public AttentionRequest cross() {
    return cross;
  }

  /**
   * What cross-attention reads.
   *
   * @throws IllegalStateException if there is none
   */
  public Tensor memory() {
    if (memory == null) {
      throw new IllegalStateException("cross-attention: expected a memory to attend to, got none");
    }
    return memory;
  }

  /** What the run records and changes, and whether it trains. */
  public Trace trace() {
    return self.trace();
  }

  void sawSelf(@Nullable Tensor weights, @Nullable Tensor global) {
    selfWeights = weights;
    globalWeights = global;
  }

  void sawCross(@Nullable Tensor weights) {
    crossWeights = weights;
  }

  /**
   * Says what accompanies the layer's tokens besides their states.
   *
   * @param other {@code [B, T, size]}, or null for nothing
   * @return this
   */
  public LayerCall accompaniedBy(@Nullable Tensor other) {
    companion = other;
    return this;
  }

  /**
   * What accompanies the layer's tokens.
   *
   * @throws IllegalStateException if there is nothing
   */
  Tensor companion() {
    if (companion == null) {
      throw new IllegalStateException("layer: expected inputs of its own, got none");
    }
    return companion;
  }

  /**
   * Says which of the call's own tokens are real.
   *
   * @param other truth values {@code [B, T]}, or null for all
   * @return this
   */
  public LayerCall keeping(@Nullable Tensor other) {
    keep = other;
    return this;
  }

  /** Which of the call's own tokens are real, truth values {@code [B, T]}; null for all. */
  @Nullable Tensor keep() {
    return keep;
  }

  void sawRouter(Tensor logits) {
    routerLogits = logits;
  }

  /** What a router of experts gave, {@code [B · T, experts]}, if there is one. */
  public @Nullable Tensor routerLogits() {
    return routerLogits;
  }

  /** Weights of attention within the sequence, if they were asked for and there are some. */
  public @Nullable Tensor selfWeights() {
    return selfWeights;
  }

  /** Weights of global tokens within the sequence, where attention keeps them apart. */
  public @Nullable Tensor globalWeights() {
    return globalWeights;
  }

  /** Weights of attention to the memory, if they were asked for and there are some. */
  public @Nullable Tensor crossWeights() {
    return crossWeights;
  }

  /** All weights and scores that the call saw, which outlive the layer. */
  public List<Tensor> seen() {
    return Stream.of(selfWeights, globalWeights, crossWeights, routerLogits)
        .filter(Objects::nonNull)
        .<Tensor>map(seen -> seen)
        .toList();
  }

  /** The states that a layer reads besides its own and that gradients flow to. */
  List<Tensor> sources() {
    return Stream.of(memory, companion).filter(Objects::nonNull).<Tensor>map(t -> t).toList();
  }

  /** Reads other tensors in place of the {@link #sources}, in their order. */
  void readFrom(List<Tensor> others) {
    int next = 0;
    if (memory != null) {
      memory = others.get(next++);
    }
    if (companion != null) {
      companion = others.get(next);
    }
  }
}
