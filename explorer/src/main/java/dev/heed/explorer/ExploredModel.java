package dev.heed.explorer;

import dev.heed.checkpoint.Checkpoint;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.explain.AttentionCapture;
import dev.heed.explain.HeadProbe;
import dev.heed.explain.HeadSteps;
import dev.heed.explain.MapCheck;
import dev.heed.explain.MapChecker;
import dev.heed.generate.TextGenerator;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelKind;
import dev.heed.tensor.TensorScope;
import dev.heed.web.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A model and the last texts that it read; one text is read at a time. */
final class ExploredModel implements AutoCloseable {
  /** So many weights of all remembered texts together are held: 128 MB. */
  private static final long MOST_WEIGHTS = 1L << 25;

  /** How often one who waits for a turn looks whether its client is still there. */
  private static final long TURN_MILLIS = 100;

  private final String name;
  private final AttentionCapture capture;
  private final ModelFiles files;
  private @Nullable TextGenerator writer;
  private final ReentrantLock checking = new ReentrantLock();
  private @Nullable MapChecker checker;
  private final Object training = new Object();
  private @Nullable AttentionCapture trained;
  private @Nullable Path trainedRun;
  private @Nullable HeadProbe probe;
  private final Deque<Reading> remembered = new ArrayDeque<>();

  private ExploredModel(String name, AttentionCapture capture, ModelFiles files) {
    this.name = name;
    this.capture = capture;
    this.files = files;
  }

  static ExploredModel open(String name, ModelFiles files) {
    return new ExploredModel(name, AttentionCapture.open(files), files);
  }

  String name() {
    return name;
  }

  /** Whether it writes on from a text, token by token. */
  boolean writes() {
    return capture.kind() == ModelKind.DECODER;
  }

  /**
   * Works with the model as a whole, its head on, which is opened when somebody first asks.
   *
   * @throws Problem 400 for a model that does not write
   */
  synchronized <R> R writing(Function<TextGenerator, R> work) {
    if (!writes()) {
      throw RequestFields.wrong("model", "a decoder, which writes on from a text");
    }
    if (writer == null) {
      writer = TextGenerator.open(files, null);
    }
    return work.apply(writer);
  }

  /** How many tokens of a text it reads. */
  int longest() {
    return capture.longest();
  }

  /** Reads a text, or as much of its beginning as it can, unless it is remembered. */
  synchronized Reading read(String text) {
    for (Reading one : remembered) {
      if (one.asked().equals(text)) {
        remembered.remove(one);
        remembered.addFirst(one);
        return one;
      }
    }
    String beginning = capture.beginning(text);
    Reading reading = Reading.of(text, beginning, capture.read(beginning));
    remembered.addFirst(reading);
    while (remembered.size() > 1
        && remembered.stream().mapToLong(Reading::weights).sum() > MOST_WEIGHTS) {
      remembered.removeLast();
    }
    return reading;
  }

  /** What one head computes for one token of a text that it can read whole. */
  synchronized HeadSteps steps(String text, int layer, int head, int query) {
    return capture.steps(text, layer, head, query);
  }

  /** What enters the attention of a layer, handed on while it is open. */
  <R> R entering(String text, int layer, Function<AttentionCapture.Entering, R> work) {
    int number = capture.layers().attending().get(layer);
    try (TensorScope scope = TensorScope.inference()) {
      return work.apply(capture.entering(text, number));
    }
  }

  /** Reads a text with the weights of a checkpoint of this model's training. */
  Reading readWith(Path weights, String text) throws IOException {
    synchronized (training) {
      Path run = weights.getParent() == null ? weights : weights.getParent().getParent();
      if (trained == null || !Objects.equals(run, trainedRun)) {
        closeTrained();
        trained = AttentionCapture.open(files);
        trainedRun = run;
      }
      try (CheckpointSource source = Checkpoint.open(weights)) {
        trained.assign(weights.toString(), source);
      }
      String beginning = trained.beginning(text);
      return Reading.of(text, beginning, trained.read(beginning));
    }
  }

  private void closeTrained() {
    if (trained != null) {
      trained.close();
      trained = null;
    }
  }

  /** What its heads do on texts that were made to tell; measured once. */
  synchronized HeadProbe probe() {
    if (probe == null) {
      probe = HeadProbe.of(capture);
    }
    return probe;
  }

  /** Measures a map; one at a time, while texts are read. */
  MapCheck check(MapChecker.Question question, MapChecker.Progress progress) {
    try {
      while (!checking.tryLock(TURN_MILLIS, TimeUnit.MILLISECONDS)) {
        progress.at(0, 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
    try {
      if (checker == null) {
        checker = MapChecker.of(capture, files);
      }
      return checker.check(question, progress);
    } finally {
      checking.unlock();
    }
  }

  @Override
  public synchronized void close() {
    closeTrained();
    if (writer != null) {
      writer.close();
    }
    if (checker != null) {
      checker.close();
    }
    capture.close();
  }
}
