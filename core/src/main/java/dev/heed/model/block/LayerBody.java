package dev.heed.model.block;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.CrossMixer;
import dev.heed.attention.MixerSwap;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.StatefulMixer;
import dev.heed.attention.Sublayer;
import dev.heed.nn.Norm;
import dev.heed.nn.moe.MixtureOfExperts;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;

/** What a residual block computes: {@code f} in {@code x + f(x)}. */
public sealed interface LayerBody {
  /**
   * What the body computes within a residual block: neither norm nor sum.
   *
   * @param x {@code [B, T, H]}
   * @return {@code [B, T, H]}, owned by the current scope
   */
  Tensor apply(Tensor x, LayerCall call);

  /** Self-attention or a peer of it. */
  static LayerBody self(SequenceMixer mixer) {
    return new Self(mixer);
  }

  /** A peer of self-attention that carries a state instead of keys. */
  static LayerBody stateful(StatefulMixer mixer) {
    return new Stateful(mixer);
  }

  /** Attention to the call's memory. */
  static LayerBody cross(CrossMixer attention) {
    return new Cross(attention);
  }

  /**
   * Attention to the call's memory, which stands in front of the sequence, and to the sequence
   * (Transformer-XL).
   *
   * @param before a norm of both, or {@link Norm#NONE}
   */
  static LayerBody behind(MultiHeadAttention attention, Norm before) {
    return new Behind(attention, before);
  }

  /** What happens to each position alone, for example {@code feedForward::apply}. */
  static LayerBody each(Sublayer sublayer) {
    return new Each(sublayer);
  }

  /** What happens to places of an image together, for example a convolution. */
  static LayerBody overGrid(GridSublayer sublayer) {
    return new OverGrid(sublayer);
  }

  /** What is made of the layer's own input, whatever the blocks before this one made of it. */
  static LayerBody fromStart(Sublayer sublayer) {
    return new FromStart(sublayer);
  }

  /**
   * From each position's state and what accompanies it in this layer.
   *
   * @param function of the states {@code [B, T, H]} and {@code [B, T, size]}
   */
  static LayerBody accompanied(BinaryOperator<Tensor> function) {
    return new Accompanied(function);
  }

  /** Several one after the other, each given what the one before made. */
  static LayerBody chain(Block... parts) {
    return new Chain(List.of(parts));
  }

  /** Each position through a few experts. */
  static LayerBody routed(MixtureOfExperts mixture) {
    return new Routed(mixture);
  }

  /**
   * Self-attention or a peer of it.
   *
   * @param mixer which
   */
  record Self(SequenceMixer mixer) implements LayerBody {
    @Override
    public Tensor apply(Tensor x, LayerCall call) {
      AttentionOutput mixed = mixer.apply(x, call.self());
      call.sawSelf(mixed.weights(), mixed.global());
      return mixed.output();
    }
  }

  /**
   * A peer of self-attention that carries a state.
   *
   * @param mixer which
   */
  record Stateful(StatefulMixer mixer) implements LayerBody {
    @Override
    public Tensor apply(Tensor x, LayerCall call) {
      AttentionOutput mixed = mixer.mix(x, call.keep(), call.self());
      if (mixed.weights() != null) {
        call.sawSelf(mixed.weights(), mixed.global());
      }
      return mixed.output();
    }
  }

  /**
   * Attention to a memory.
   *
   * @param attention which
   */
  record Cross(CrossMixer attention) implements LayerBody {
    @Override
    public Tensor apply(Tensor x, LayerCall call) {
      AttentionOutput mixed = attention.cross(x, call.memory(), call.cross());
      call.sawCross(mixed.weights());
      return mixed.output();
    }
  }

  /**
   * Attention to a memory in front and to the sequence.
   *
   * @param attention which
   * @param before a norm of both
   */
  record Behind(MultiHeadAttention attention, Norm before) implements LayerBody {
    @Override
    public Tensor apply(Tensor x, LayerCall call) {
      AttentionOutput mixed =
          attention.behind(before.apply(call.memory()), before.apply(x), call.self());
      call.sawSelf(mixed.weights(), mixed.global());
      return mixed.output();
    }
  }

  /**
   * Each position alone.
   *
   * @param sublayer which
   */
  record Each(Sublayer sublayer) implements LayerBody {
    @Override
    public Tensor apply(Tensor x, LayerCall call) {
      return sublayer.apply(x, call.trace());
    }
  }

  /**
   * Places of an image together.
   *
   * @param sublayer which
   */
  record OverGrid(GridSublayer sublayer) implements LayerBody {
    @Override
    public Tensor apply(Tensor x, LayerCall call) {
      return sublayer.apply(x, call.self().requireGrid(), call.trace());
    }
  }

  /**
   * From what the layer began with, not from the blocks before.
   *
   * @param sublayer which
   */
  record FromStart(Sublayer sublayer) implements LayerBody {
    @Override
    public Tensor apply(Tensor x, LayerCall call) {
      return sublayer.apply(call.start(), call.trace());
    }
  }

  /**
   * Each position through a few experts.
   *
   * @param mixture which
   */
  record Routed(MixtureOfExperts mixture) implements LayerBody {
    @Override
    public Tensor apply(Tensor x, LayerCall call) {
      MixtureOfExperts.Output mixed = mixture.apply(x, call.trace());
      call.sawRouter(mixed.logits());
      return mixed.y();
    }
  }

  /**
   * From each position's state and what accompanies it.
   *
   * @param function of both
   */
  record Accompanied(BinaryOperator<Tensor> function) implements LayerBody {
    @Override
    public Tensor apply(Tensor x, LayerCall call) {
      return function.apply(x, call.companion());
    }
  }

  /**
   * One after the other.
   *
   * @param parts in order
   */
  record Chain(List<Block> parts) implements LayerBody {
    @Override
    public Tensor apply(Tensor x, LayerCall call) {
      Tensor state = x;
      for (Block part : parts) {
        state = part.apply(state, call);
      }
      return state;
    }

    Chain withMixer(int number, MixerSwap swap) {
      return new Chain(parts.stream().<Block>map(part -> part.withMixer(number, swap)).toList());
    }
  }
}
