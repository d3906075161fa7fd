package dev.heed.attention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.attention.position.RotaryScaling;
import dev.heed.nn.Embedding;
import dev.heed.nn.GradientCheckpoint;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Eight threads, platform and virtual ones, train and infer on one model while the number of
 * threads of an operation changes: all get the numbers that one thread gets alone.
 */
class ConcurrentUseTest {
  private static final int WORDS = 23;
  private static final int SIZE = 26;
  private static final int THREADS = 8;
  private static final double TOLERANCE = 1e-5;

  private final int before = Backend.threads();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger rounds = new AtomicInteger();

  /** A causal language model; its second block is recomputed when gradients are asked for. */
  private static final class Model extends Module {
    private final Embedding words;
    private final List<MultiHeadAttention> blocks;
    private final Linear head;

    Model(Weights weights) {
      super(weights);
      words = new Embedding(weights.child("words"), WORDS, SIZE, -1);
      blocks = List.of(block(weights.child("first")), block(weights.child("second")));
      head = Linear.of(weights.child("head"), SIZE, WORDS);
    }

    private static MultiHeadAttention block(Weights weights) {
      return new MultiHeadAttention(
          weights,
          HeadProjections.of(weights, SIZE),
          2,
          new ScaledDotProduct(),
          new RotaryPositions(PairLayout.HALF_SPLIT, 12, 1e4, RotaryScaling.NONE));
    }

    Tensor apply(Tensor tokens) {
      AttentionRequest request = AttentionRequest.of(AttentionMask.causal());
      Tensor x = words.apply(tokens);
      Tensor y = x.add(blocks.getFirst().apply(x, request).output());
      MultiHeadAttention second = blocks.getLast();
      Tensor z =
          GradientCheckpoint.apply(second, y, in -> in.add(second.apply(in, request).output()));
      return head.apply(z);
    }
  }

  /** One text, and what a single thread computes for it. */
  private record Sample(Tensor tokens, double[] scores, List<double[]> gradients) {}

  @Test
  @Tag("integration")
  void all_threads_get_the_same_numbers() throws Exception {
    run(4);
  }

  @Test
  @Tag("soak")
  void all_threads_get_the_same_numbers_for_longer() throws Exception {
    run(Integer.getInteger("heed.soak.seconds", 20));
  }

  private void run(double seconds) throws InterruptedException {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(71);
        Model model = new Model(Weights.initialise(generator, DType.F32).packed())) {
      List<Sample> samples = new ArrayList<>();
      for (int length : new int[] {1, 7, 37, 67}) {
        samples.add(sample(model, Tensor.randint(generator, WORDS, Shape.of(2, length))));
      }
      long open = TensorScope.liveHandles();
      long end = System.nanoTime() + (long) (seconds * 1e9);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int number = i;
        Thread.Builder kind = i < THREADS / 2 ? Thread.ofPlatform() : Thread.ofVirtual();
        threads.add(kind.start(() -> work(model, samples, number, end)));
      }
      while (System.nanoTime() < end && failures.isEmpty()) {
        Backend.threads(1 + rounds.get() % 3);
        Thread.sleep(5);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures).isEmpty();
      assertThat(rounds.get()).isGreaterThan(THREADS);
      assertThat(TensorScope.liveHandles()).isEqualTo(open);
      assertThat(scope).isNotNull();
    } finally {
      Backend.threads(before);
    }
  }

  private static Sample sample(Model model, Tensor tokens) {
    List<double[]> gradients = gradients(model, tokens);
    try (TensorScope scope = TensorScope.inference()) {
      assertThat(scope).isNotNull();
      return new Sample(tokens, model.apply(tokens).toDoubleArray(), gradients);
    }
  }

  private static List<double[]> gradients(Model model, Tensor tokens) {
    try (TensorScope scope = TensorScope.open()) {
      assertThat(scope).isNotNull();
      Tensor loss =
          Loss.crossEntropy(model.apply(tokens).reshape(-1, WORDS), tokens.reshape(-1), -100, 0);
      return Gradients.of(loss, model.learning()).stream().map(Tensor::toDoubleArray).toList();
    }
  }

  private void work(Model model, List<Sample> samples, int number, long end) {
    try {
      for (int i = number; System.nanoTime() < end && failures.isEmpty(); i++) {
        Sample sample = samples.get(i % samples.size());
        if (i / samples.size() % 2 == 0) {
          train(model, sample);
        } else {
          infer(model, sample);
        }
        rounds.incrementAndGet();
      }
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  private static void train(Model model, Sample sample) {
    List<double[]> got = gradients(model, sample.tokens());
    for (int i = 0; i < got.size(); i++) {
      assertClose(got.get(i), sample.gradients().get(i));
    }
  }

  private static void infer(Model model, Sample sample) throws InterruptedException {
    try (TensorScope scope = TensorScope.inference()) {
      assertThat(scope).isNotNull();
      Tensor first = model.apply(sample.tokens());
      Thread.sleep(0, 100_000); // a virtual thread may go on elsewhere
      Tensor again = model.apply(sample.tokens());
      assertThat(first.requiresGrad() || again.requiresGrad()).isFalse();
      assertClose(first.toDoubleArray(), sample.scores());
      assertClose(again.toDoubleArray(), sample.scores());
    }
  }

  private static void assertClose(double[] got, double[] expected) {
    assertThat(got).hasSameSizeAs(expected);
    for (int i = 0; i < got.length; i++) {
      if (!(Math.abs(got[i] - expected[i]) <= TOLERANCE)) {
        throw new AssertionError("element " + i + ": expected " + expected[i] + ", got " + got[i]);
      }
    }
  }
}
