package dev.heed.mixer.statespace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.nn.Embedding;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each mixer learns to say at each token which one stood three places before it. */
@Tag("unit")
class StateSpaceLearningTest {
  private static final int VOCABULARY = 5;
  private static final int SIZE = 12;
  private static final int LENGTH = 17;
  private static final int DELAY = 3;
  private static final int STEPS = 250;
  private static final double RATE = 0.02;

  private final Generator generator = new Generator(41);
  private final Weights weights = Weights.initialise(generator, DType.F32);
  private final Weights mixer = weights.child("mixer");

  @Test
  void mamba() {
    MambaBlock block = new MambaBlock(mixer, new MambaConfig(SIZE, 4, 2, 2, 3));
    assertLearns(block, block::apply);
  }

  @Test
  void s4() {
    S4 block = new S4(mixer, SIZE, 8, Hippo.LEGS, false);
    assertLearns(block, block::apply);
  }

  @Test
  void s4d() {
    S4d layer = new S4d(mixer, SIZE, 8);
    assertLearns(layer, layer::apply);
  }

  @Test
  void h3() {
    // Its output is a product of three maps of the input: larger steps overshoot.
    H3 layer = new H3(mixer, SIZE, 8, 3, H3.FeatureOrder.HEADS_FIRST);
    assertLearns(layer, layer::apply, RATE / 10);
  }

  private void assertLearns(Module module, UnaryOperator<Tensor> mix) {
    assertLearns(module, mix, RATE);
  }

  private void assertLearns(Module module, UnaryOperator<Tensor> mix, double rate) {
    assertThat(module.trainable()).isNotEmpty();
    try (TensorScope scope = TensorScope.open();
        Model model = new Model(weights, mix)) {
      Tensor ids = Tensor.randint(generator, VOCABULARY, Shape.of(2, LENGTH));
      Adam adam = new Adam(model.trainable(), rate);
      double first = model.loss(ids).item();
      for (int step = 1; step <= STEPS; step++) {
        try (TensorScope inner = TensorScope.open()) {
          adam.step(model.loss(ids), step);
        }
      }
      assertThat(first).isGreaterThan(1);
      assertThat(model.loss(ids).item()).isLessThan(0.1);
    }
  }

  private static final class Model extends Module {
    private final Embedding embedding;
    private final Linear head;
    private final UnaryOperator<Tensor> mix;

    Model(Weights weights, UnaryOperator<Tensor> mix) {
      super(weights);
      embedding = new Embedding(weights.child("embedding"), VOCABULARY, SIZE, -1);
      head = Linear.of(weights.child("head"), SIZE, VOCABULARY);
      this.mix = mix;
    }

    /** Mean negative log-likelihood of the token {@code DELAY} places before. */
    Tensor loss(Tensor ids) {
      long answers = LENGTH - DELAY;
      Tensor logits = head.apply(mix.apply(embedding.apply(ids).mul(50)));
      Tensor wanted = ids.narrow(1, 0, answers).unsqueeze(-1);
      return logits.narrow(1, DELAY, answers).logSoftmax(-1).gather(-1, wanted).mean().neg();
    }
  }

  /** Kingma and Ba 2015, algorithm 1. */
  private static final class Adam {
    private final double rate;
    private final List<Tensor> parameters;
    private final List<Tensor> means = new ArrayList<>();
    private final List<Tensor> squares = new ArrayList<>();

    Adam(Map<String, Tensor> trainable, double rate) {
      this.rate = rate;
      parameters = List.copyOf(trainable.values());
      for (Tensor parameter : parameters) {
        means.add(Tensor.zeros(parameter.shape(), parameter.dtype()));
        squares.add(Tensor.zeros(parameter.shape(), parameter.dtype()));
      }
    }

    void step(Tensor loss, int time) {
      List<Tensor> gradients = Gradients.of(loss, parameters);
      for (int i = 0; i < parameters.size(); i++) {
        Tensor gradient = gradients.get(i);
        Tensor mean = means.get(i).mulInPlace(0.9).addInPlace(gradient, 0.1);
        Tensor square = squares.get(i).mulInPlace(0.999).addInPlace(gradient.square(), 0.001);
        Tensor scale = square.div(1 - Math.pow(0.999, time)).sqrt().add(1e-8);
        Tensor update = mean.div(1 - Math.pow(0.9, time)).div(scale);
        parameters.get(i).detach().addInPlace(update, -rate);
      }
    }
  }
}
