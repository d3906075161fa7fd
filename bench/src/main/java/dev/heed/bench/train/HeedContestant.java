package dev.heed.bench.train;

import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelStart;
import dev.heed.model.Run.Wanted;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.BatchLoss;
import dev.heed.train.Trainer;
import dev.heed.train.TrainingListener;
import dev.heed.train.TrainingOptions;
import dev.heed.train.data.Feed;
import dev.heed.train.optim.AdamW;
import dev.heed.train.optim.Clip;
import dev.heed.train.optim.Optimizer;
import dev.heed.train.optim.ParameterGroup;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The same encoder as a BERT of Heed's, trained by its trainer: a part of the batch for each
 * thread. The trainer runs on a thread of its own, an update each time it is asked for one.
 */
final class HeedContestant implements Runnable, AutoCloseable {
  private final Model model;
  private final Optimizer optimizer;
  private final Trainer<ModelInput> trainer;
  private final Thread training;
  private final Semaphore wanted = new Semaphore(0);
  private final Semaphore made = new Semaphore(0);
  private volatile @Nullable Throwable failure;
  private volatile double loss;

  private static final int MANY = 1 << 20;
  private static final long LONGEST_MILLIS = 60_000;

  /**
   * Builds the model.
   *
   * @param batches how many parts of a batch are computed side by side
   */
  HeedContestant(EncoderShape shape, int batches) {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(1)) {
      model = ModelStart.fromNothing("bench", config(shape), DType.F32, random).model();
    }
    optimizer =
        new Optimizer(
            ParameterGroup.all(
                model.trainable(), new AdamW(EncoderShape.DECAY), EncoderShape.RATE));
    TrainingOptions options =
        TrainingOptions.of(Long.MAX_VALUE)
            .withBatches(batches)
            .withClip(Clip.norm(EncoderShape.LARGEST_NORM))
            .withDivergence(Double.POSITIVE_INFINITY);
    trainer =
        new Trainer<>(
            model,
            optimizer,
            (input, trace) -> BatchLoss.of(model.apply(input, trace, Wanted.LOSS).loss(), 0),
            number -> new Parts(shape, batches),
            options);
    trainer.listen(
        new TrainingListener() {
          @Override
          public void started(long update, long of) {
            wanted.acquireUninterruptibly();
          }

          @Override
          public void updated(Update update) {
            loss = update.loss();
            made.release();
            wanted.acquireUninterruptibly();
          }
        });
    training =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                var _ = trainer.run();
              } catch (RuntimeException | Error e) {
                failure = e;
                made.release();
              }
            });
  }

  private static JsonNode config(EncoderShape shape) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    boolean words = shape.task() == EncoderShape.Task.WORDS;
    json.putArray("architectures").add(words ? "BertForMaskedLM" : "BertForSequenceClassification");
    json.put("model_type", "bert").put("vocab_size", shape.vocabulary());
    json.put("hidden_size", shape.size()).put("num_hidden_layers", shape.layers());
    json.put("num_attention_heads", shape.heads()).put("intermediate_size", shape.inner());
    json.put("max_position_embeddings", shape.length()).put("type_vocab_size", 1);
    json.put("hidden_dropout_prob", 0.0).put("attention_probs_dropout_prob", 0.0);
    return words ? json : json.put("num_labels", EncoderShape.CLASSES);
  }

  @Override
  public void run() {
    wanted.release();
    made.acquireUninterruptibly();
    Throwable thrown = failure;
    if (thrown != null) {
      throw new IllegalStateException("the trainer failed", thrown);
    }
  }

  /** The loss of the last step. */
  double loss() {
    return loss;
  }

  /** How many numbers learn. */
  long parameters() {
    return model.trainable().values().stream().mapToLong(Tensor::elements).sum();
  }

  @Override
  public void close() {
    trainer.stop();
    wanted.release(MANY); // the trainer waits for no one on its way out
    try {
      training.join(LONGEST_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (training.isAlive()) {
      throw new IllegalStateException("the trainer did not stop within a minute");
    }
    trainer.close();
    optimizer.close();
    model.close();
  }

  /** A batch in equal parts. */
  private record Parts(EncoderShape shape, int count) implements Feed.Epoch<ModelInput> {
    @Override
    public int size() {
      return count;
    }

    @Override
    public ModelInput load(int part) {
      int rows = shape.batch() / count;
      int from = part * rows;
      Tensor labels =
          shape.task() == EncoderShape.Task.WORDS
              ? rows(shape.words(), from, rows)
              : Tensor.of(Arrays.copyOfRange(shape.classes(), from, from + rows));
      return ModelInput.of("input_ids", rows(shape.tokens(), from, rows)).with("labels", labels);
    }

    private Tensor rows(long[] all, int from, int rows) {
      int length = shape.length();
      return Tensor.of(
          Arrays.copyOfRange(all, from * length, (from + rows) * length), rows, length);
    }

    @Override
    public String describe(int part) {
      return "rows of part " + List.of(part);
    }
  }
}
