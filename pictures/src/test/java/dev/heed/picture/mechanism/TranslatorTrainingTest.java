package dev.heed.picture.mechanism;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.additive.BahdanauEncoderDecoder;
import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Loss;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.optim.Adam;
import dev.heed.train.optim.Clip;
import dev.heed.train.optim.Optimizer;
import dev.heed.train.optim.ParameterGroup;
import dev.heed.train.schedule.Linear;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The translator of the pictures: the grammar it was trained on, its training, and the result. */
class TranslatorTrainingTest {
  private static final int STEPS = 2000;
  private static final int BATCH = 32;

  /** A sentence, its translation, and which source word each target word stands for. */
  private record Pair(List<String> english, List<String> french, List<Integer> from) {}

  private static final class Grammar {
    private static final List<String> NOUNS =
        List.of("cat", "dog", "fish", "bread", "mouse", "cow", "apple", "flower");
    private static final List<String> FEMININE = List.of("souris", "vache", "pomme", "fleur");
    private final Random random;
    private final Pair pair = new Pair(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

    private Grammar(Random random) {
      this.random = random;
    }

    static Pair draw(Random random) {
      Grammar grammar = new Grammar(random);
      grammar.sentence();
      return grammar.pair;
    }

    private void sentence() {
      clause();
      if (random.nextInt(3) == 0) {
        one("and");
        clause();
      }
    }

    private void clause() {
      noun();
      one(TrainedTranslator.ENGLISH.get(16 + random.nextInt(6)));
      noun();
      if (random.nextInt(3) == 0) {
        one(TrainedTranslator.ENGLISH.get(23 + random.nextInt(3)));
        noun();
      }
    }

    /** "the red cat" is "le chat rouge". */
    private void noun() {
      String noun = NOUNS.get(random.nextInt(NOUNS.size()));
      String french = french(noun);
      int article = pair.english.size();
      pair.english.add("the");
      boolean described = random.nextInt(2) == 0;
      String adjective = TrainedTranslator.ENGLISH.get(10 + random.nextInt(6));
      if (described) {
        pair.english.add(adjective);
      }
      int at = pair.english.size();
      pair.english.add(noun);
      write(FEMININE.contains(french) ? "la" : "le", article);
      write(french, at);
      if (described) {
        write(french(adjective), at - 1);
      }
    }

    private void one(String word) {
      write(french(word), pair.english.size());
      pair.english.add(word);
    }

    private void write(String french, int from) {
      pair.french.add(french);
      pair.from.add(from);
    }

    /** The lists stand in the same order but for the article, of which French has two. */
    private static String french(String english) {
      return TrainedTranslator.FRENCH.get(TrainedTranslator.ENGLISH.indexOf(english) + 1);
    }
  }

  @Test
  @Tag("integration")
  void the_stored_translator_translates_and_aligns() {
    Random random = new Random(20_26);
    int right = 0;
    int words = 0;
    int aligned = 0;
    int sentences = 100;
    try (TensorScope scope = TensorScope.inference();
        TrainedTranslator translator = TrainedTranslator.open()) {
      for (int i = 0; i < sentences; i++) {
        Pair pair = Grammar.draw(random);
        right += translator.translate(pair.english).equals(pair.french) ? 1 : 0;
        long[] best =
            translator.alignment(pair.english, pair.french).argmax(-1, false).toLongArray();
        for (int word = 0; word < best.length; word++) {
          // An article has to look at its noun as well, for the gender.
          if (!pair.french.get(word).startsWith("l")) {
            words++;
            aligned += best[word] == pair.from.get(word) ? 1 : 0;
          }
        }
      }
    }
    assertThat(right).as("sentences of %d", sentences).isGreaterThan(95);
    assertThat((double) aligned / words).as("aligned words").isGreaterThan(0.95);
  }

  /** Trains it; {@code -Dheed.translator=FILE} keeps the weights. */
  @Test
  @Tag("soak")
  void training_learns_to_translate() {
    Random random = new Random(7);
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(7);
        BahdanauEncoderDecoder model =
            new BahdanauEncoderDecoder(
                Weights.initialise(generator, DType.F32), TrainedTranslator.CONFIG)) {
      model.requiresGrad(true);
      Map<String, Tensor> parameters = model.trainable();
      double loss = Double.NaN;
      try (Optimizer optimizer = new Optimizer(ParameterGroup.all(parameters, new Adam(), 0.004))) {
        for (int step = 0; step < STEPS; step++) {
          loss = step(model, optimizer, random);
        }
      }
      String file = System.getProperty("heed.translator");
      if (file != null) {
        SafetensorsWriter.write(Path.of(file), parameters, Map.of("steps", "" + STEPS));
      }
      assertThat(loss).isLessThan(0.05);
    }
  }

  private static double step(BahdanauEncoderDecoder model, Optimizer optimizer, Random random) {
    try (TensorScope scope = TensorScope.open()) {
      List<Pair> pairs = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        pairs.add(Grammar.draw(random));
      }
      int width = pairs.stream().mapToInt(pair -> pair.english.size()).max().orElseThrow();
      long[] source = new long[BATCH * width];
      long[] lengths = new long[BATCH];
      long[] fed = new long[BATCH * (width + 1)];
      long[] wanted = new long[BATCH * (width + 1)];
      Arrays.fill(wanted, -100);
      for (int row = 0; row < BATCH; row++) {
        Pair pair = pairs.get(row);
        lengths[row] = pair.english.size();
        for (int i = 0; i < pair.english.size(); i++) {
          source[row * width + i] = TrainedTranslator.ENGLISH.indexOf(pair.english.get(i));
          int word = TrainedTranslator.FRENCH.indexOf(pair.french.get(i));
          fed[row * (width + 1) + i + 1] = word;
          wanted[row * (width + 1) + i] = word;
        }
        wanted[row * (width + 1) + pair.french.size()] = 0;
      }
      Tensor logits =
          model
              .apply(
                  Tensor.of(source, BATCH, width),
                  Tensor.of(lengths, BATCH),
                  Tensor.of(fed, BATCH, width + 1))
              .logProbabilities();
      Tensor loss =
          Loss.crossEntropy(
              logits.reshape(-1, TrainedTranslator.FRENCH.size()),
              Tensor.of(wanted, wanted.length));
      loss.backward();
      Map<String, Tensor> gradients = new LinkedHashMap<>();
      optimizer
          .parameters()
          .forEach((name, tensor) -> {
            Tensor gradient = tensor.grad();
            if (gradient != null) {
              gradients.put(name, gradient);
            }
          });
      optimizer.step(gradients, Clip.norm(1).measure(gradients.values()), new Linear(50, STEPS));
      optimizer.parameters().values().forEach(Tensor::clearGrad);
      return loss.item();
    }
  }
}
