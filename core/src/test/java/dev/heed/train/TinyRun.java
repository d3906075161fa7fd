package dev.heed.train;

import dev.heed.nn.BatchNorm;
import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.GradientCheckpoint;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.nn.loss.CrossEntropy;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.data.BucketedFeed;
import dev.heed.train.data.Feed;
import dev.heed.train.data.Seeds;
import dev.heed.train.data.TokenBudget;
import dev.heed.train.optim.AdamW;
import dev.heed.train.optim.Averaging;
import dev.heed.train.optim.Optimizer;
import dev.heed.train.optim.ParameterGroup;
import dev.heed.train.optim.Share;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small model with dropout and a batch norm, data for it, and all that a run needs. */
final class TinyRun implements AutoCloseable {
  static final int VOCABULARY = 11;

  final TinyModel model;
  final Optimizer optimizer;
  final Trainer<Batch> trainer;
  final Feed<Batch> feed;

  /** Padded tokens [B, T] with -1 as padding, and a class of 3 for each row. */
  record Batch(Tensor tokens, Tensor classes, List<Integer> numbers) {}

  /** One sequence: its class is how many tokens 7 it holds, modulo 3. */
  record Example(int number, long[] tokens) {
    long kind() {
      long sevens = 0;
      for (long token : tokens) {
        sevens += token == 7 ? 1 : 0;
      }
      return sevens % 3;
    }
  }

  /** The mean of the tokens' vectors, through two maps. */
  static final class TinyModel extends Module {
    private final Embedding table;
    private final Linear inner;
    private final BatchNorm norm;
    private final Linear outer;
    private final Dropout dropout = new Dropout(0.2);

    TinyModel(Weights weights) {
      super(weights);
      table = new Embedding(weights.child("table"), VOCABULARY + 1, 13, -1);
      inner = Linear.of(weights.child("inner"), 13, 17);
      norm = new BatchNorm(weights.child("norm"), 17);
      outer = Linear.of(weights.child("outer"), 17, 3);
    }

    Tensor apply(Tensor tokens, Trace trace) {
      return TensorScope.run(() -> {
        Tensor sum = table.apply(tokens.add(1)).mean(1, false);
        Tensor hidden =
            GradientCheckpoint.block(
                this, trace, sum, x -> dropout.apply(inner.apply(x).relu(), trace));
        return outer.apply(norm.apply(hidden, trace));
      });
    }
  }

  TinyRun(TrainingOptions options, DType dtype) {
    this(options, dtype, Share.ALL);
  }

  TinyRun(TrainingOptions options, DType dtype, Share share) {
    try (Generator generator = new Generator(3)) {
      model = new TinyModel(Weights.initialise(generator, dtype));
    }
    feed =
        new BucketedFeed<>(
            examples(41), e -> e.tokens().length, new TokenBudget(40, 8, 16), 5, TinyRun::batch);
    optimizer =
        new Optimizer(
            ParameterGroup.decayAllBut(
                model.trainable(), new AdamW(0.1), 0.02, "bias", "norm.weight"),
            share);
    trainer = new Trainer<>(model, optimizer, this::loss, feed, options);
  }

  /** Saves every second update, averages, and evaluates every third. */
  TinyRun saving(Path folder) {
    trainer.average(Averaging.exponential(0.8));
    trainer.evaluate(new EvaluationPolicy(Evaluation.loss(this::loss, feed), 3, 0));
    trainer.save(CheckpointPolicy.of(folder, 2));
    return this;
  }

  BatchLoss loss(Batch batch, Trace trace) {
    Tensor logits = model.apply(batch.tokens(), trace);
    Tensor loss = CrossEntropy.smoothed(0.1).apply(logits, batch.classes());
    return new BatchLoss(loss, batch.classes().elements(), batch.tokens().elements());
  }

  static List<Example> examples(int count) {
    List<Example> examples = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      long[] tokens = new long[1 + number % 9];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = Long.remainderUnsigned(Seeds.mix(number, i), VOCABULARY);
      }
      examples.add(new Example(number, tokens));
    }
    return examples;
  }

  static Batch batch(List<Example> examples) {
    int longest = examples.stream().mapToInt(e -> e.tokens().length).max().orElse(0);
    long[] tokens = new long[examples.size() * longest];
    java.util.Arrays.fill(tokens, -1);
    long[] kinds = new long[examples.size()];
    for (int row = 0; row < examples.size(); row++) {
      long[] own = examples.get(row).tokens();
      System.arraycopy(own, 0, tokens, row * longest, own.length);
      kinds[row] = examples.get(row).kind();
    }
    return new Batch(
        Tensor.of(tokens, examples.size(), longest),
        Tensor.of(kinds),
        examples.stream().map(Example::number).toList());
  }

  @Override
  public void close() {
    trainer.close();
    optimizer.close();
    model.close();
  }
}
