package dev.heed.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.sparse.LshAttention;
import dev.heed.attention.sparse.LshSelfAttention;
import dev.heed.fixture.NativeMemory;
import dev.heed.nn.ReversibleSequence.Block;
import dev.heed.nn.ReversibleSequence.Part;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The Reformer's layers trained at several depths: what memory the activations take. */
@Tag("integration")
class ReversibleMemoryTest {
  private static final int LENGTH = 512;
  private static final int SIZE = 64;
  private static final int HEADS = 2;
  private static final int ROUNDS = 2;
  private static final LshAttention LSH = new LshAttention(32, true, true, true);

  private final Generator random = new Generator(19);
  private NativeMemory memory = new NativeMemory();

  private final class Stack extends Module {
    private final List<Block> blocks = new ArrayList<>();

    Stack(Weights weights, int depth) {
      super(weights);
      Tensor rotations =
          Tensor.randn(
              random, Shape.of(SIZE / HEADS, ROUNDS, LENGTH / LSH.bucketSize() / 2), DType.F32);
      for (int i = 0; i < depth; i++) {
        blocks.add(block(weights.child("layer", i), rotations));
      }
    }

    private Block block(Weights weights, Tensor rotations) {
      LayerNorm fNorm = new LayerNorm(weights.child("f_norm"), SIZE, 1e-5);
      LayerNorm gNorm = new LayerNorm(weights.child("g_norm"), SIZE, 1e-5);
      LshSelfAttention attention = new LshSelfAttention(weights.child("f"), SIZE, HEADS);
      FeedForward feedForward =
          new FeedForward(
              weights.child("g"),
              Linear.of(weights.child("g.w1"), SIZE, 4L * SIZE),
              Linear.of(weights.child("g.w2"), 4L * SIZE, SIZE),
              Activation.GELU,
              new Dropout(0));
      return new Block(
          part(
              x -> attention.hashed(LSH, fNorm.apply(x), rotations, null, false).output(),
              fNorm,
              attention),
          part(x -> feedForward.apply(gNorm.apply(x), Trace.NONE), gNorm, feedForward));
    }

    private Part part(
        java.util.function.UnaryOperator<Tensor> function, Module norm, Module inner) {
      List<Tensor> learned = new ArrayList<>(norm.trainable().values());
      learned.addAll(inner.trainable().values());
      return new Part(
          x -> {
            Tensor y = TensorScope.run(() -> function.apply(x));
            memory.note();
            return y;
          },
          learned);
    }

    /** The same functions on one stream, with the ordinary graph of gradients. */
    Tensor plain(Tensor x) {
      Tensor y = x;
      for (Block block : blocks) {
        Tensor before = y;
        y =
            TensorScope.run(() -> {
              Tensor middle = before.add(block.f().function().apply(before));
              return middle.add(block.g().function().apply(middle));
            });
      }
      return y;
    }
  }

  /** Bytes at the peak of one training step, beyond parameters, their gradients and the input. */
  private long activations(int depth, boolean reversible) {
    long[] peaks = new long[11];
    try (TensorScope scope = TensorScope.open();
        Stack stack = new Stack(Weights.initialise(random, DType.F32), depth)) {
      Tensor x = Tensor.randn(random, Shape.of(1, LENGTH, 2L * SIZE), DType.F32);
      List<Tensor> parameters = List.copyOf(stack.trainable().values());
      long gradients = 4 * parameters.stream().mapToLong(Tensor::elements).sum();
      for (int step = 0; step < peaks.length; step++) {
        try (TensorScope inner = TensorScope.open()) {
          memory = new NativeMemory();
          long before = NativeMemory.liveBytes();
          Tensor y =
              reversible
                  ? new ReversibleSequence(stack.blocks).apply(x)
                  : stack.plain(x.narrow(2, 0, SIZE));
          Gradients.of(y.square().mean(), parameters);
          memory.note();
          peaks[step] = memory.peak() - before - (reversible ? gradients : 0);
        }
      }
    }
    // The JVM allocates and frees beside us now and then.
    Arrays.sort(peaks);
    return peaks[peaks.length / 2];
  }

  @Test
  void twenty_four_reversible_layers_train_in_the_activation_memory_of_two() {
    activations(2, true);
    long two = activations(2, true);
    long many = activations(24, true);
    long twoPlain = activations(2, false);
    long manyPlain = activations(24, false);
    assertThat(many / (double) two).as("reversible, 24 layers beside 2").isBetween(0.7, 1.3);
    assertThat(manyPlain / (double) twoPlain).as("plain, 24 layers beside 2").isBetween(9.0, 14.0);
  }
}
