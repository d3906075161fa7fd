package dev.heed.explorer;

import dev.heed.checkpoint.Checkpoint;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.explain.AttentionCapture;
import dev.heed.explain.CrossChecker;
import dev.heed.explain.HeadProbe;
import dev.heed.explain.HeadSteps;
import dev.heed.explain.LongReading;
import dev.heed.explain.MapCheck;
import dev.heed.explain.MapChecker;
import dev.heed.explain.image.ImageAttention;
import dev.heed.explain.image.ImageCapture;
import dev.heed.explain.sound.SoundCapture;
import dev.heed.generate.TextGenerator;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelKind;
import dev.heed.model.SoundInput;
import dev.heed.tensor.TensorScope;
import dev.heed.vision.RgbImage;
import dev.heed.web.Exchange;
import dev.heed.web.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A model and the last texts that it read; one thing is read at a time. What only some views need
 * is opened when somebody first asks.
 */
final class ExploredModel implements AutoCloseable {
  /** So many weights of all remembered texts together are held: 128 MB. */
  private static final long MOST_WEIGHTS = 1L << 25;

  /** What a long text's queries and keys may take: 1 GiB. */
  private static final long LONG_BYTES = 1L << 30;

  /** Longer texts are cut, whatever the model could read. */
  private static final int FARTHEST = 1 << 14;

  private final String name;
  private final ModelFiles files;
  private final Senses senses;
  private final @Nullable AttentionCapture capture;
  private final Far far;
  private @Nullable TextGenerator writer;
  private @Nullable WholeModel whole;
  private @Nullable ImageCapture seeing;
  private @Nullable SoundCapture hearing;
  private final ReentrantLock checking = new ReentrantLock();
  private @Nullable MapChecker checker;
  private final Object training = new Object();
  private @Nullable AttentionCapture trained;
  private @Nullable Path trainedRun;
  private @Nullable HeadProbe probe;
  private final Deque<Reading> remembered = new ArrayDeque<>();

  /**
   * What a model takes and gives.
   *
   * @param reads texts
   * @param sees images
   * @param hears sounds
   * @param writes on from a text, token by token
   * @param translates one sequence into a text
   */
  record Senses(boolean reads, boolean sees, boolean hears, boolean writes, boolean translates) {}

  /**
   * How far a model reads long texts.
   *
   * @param tokens at most; 0 if it cannot
   * @param why it cannot; empty if it can
   */
  record Far(int tokens, String why) {}

  private ExploredModel(
      String name, ModelFiles files, Senses senses, @Nullable AttentionCapture capture) {
    this.name = name;
    this.files = files;
    this.senses = senses;
    this.capture = capture;
    this.far = far(capture);
  }

  private static Far far(@Nullable AttentionCapture capture) {
    if (capture == null) {
      return new Far(0, "expected a model that reads texts, got another");
    }
    try {
      return new Far(Math.min(FARTHEST, LongReading.longest(capture, LONG_BYTES)), "");
    } catch (IllegalArgumentException e) {
      return new Far(0, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Opens a model.
   *
   * @throws dev.heed.checkpoint.CheckpointException for one that cannot be opened, or neither reads
   *     nor sees nor hears
   */
  static ExploredModel open(String name, ModelFiles files) {
    if (SoundInput.isOf(files)) {
      SoundCapture hearing = SoundCapture.open(files);
      ExploredModel model =
          new ExploredModel(
              name, files, new Senses(false, false, true, false, hearing.writes()), null);
      model.hearing = hearing;
      return model;
    }
    boolean sees = ImageCapture.seesImages(files);
    try {
      AttentionCapture capture = AttentionCapture.open(files);
      ModelKind kind = capture.kind();
      return new ExploredModel(
          name,
          files,
          new Senses(
              true, sees, false, kind == ModelKind.DECODER, kind == ModelKind.ENCODER_DECODER),
          capture);
    } catch (CheckpointException e) {
      if (!sees) {
        throw e;
      }
      ExploredModel model =
          new ExploredModel(name, files, new Senses(false, true, false, false, false), null);
      model.seeing = ImageCapture.open(files);
      return model;
    }
  }

  String name() {
    return name;
  }

  Senses senses() {
    return senses;
  }

  /** What reads texts. */
  private AttentionCapture capture() {
    if (capture == null) {
      throw RequestFields.wrong("model", "a model that reads texts");
    }
    return capture;
  }

  /**
   * Works with the model as a whole, its head on.
   *
   * @throws Problem 400 for a model that writes no texts from texts
   */
  synchronized <R> R writing(Function<TextGenerator, R> work) {
    if (!senses.reads() || !(senses.writes() || senses.translates())) {
      throw RequestFields.wrong("model", "a model that writes texts");
    }
    return work.apply(writer());
  }

  private TextGenerator writer() {
    TextGenerator opened = writer;
    if (opened == null) {
      opened = TextGenerator.open(files, null);
      writer = opened;
    }
    return opened;
  }

  /**
   * Works with the model, its head on, and its tokenizer.
   *
   * @throws Problem 400 for what the work finds wrong, and for a model that reads no texts
   */
  synchronized <R> R whole(Function<WholeModel, R> work) {
    capture();
    if (whole == null) {
      whole =
          senses.writes() || senses.translates() ? WholeModel.of(writer()) : WholeModel.open(files);
    }
    WholeModel opened = whole;
    return checked(() -> work.apply(opened));
  }

  /**
   * Looks at an image.
   *
   * @throws Problem 400 for a layer that there is not, and for a model that does not see
   */
  synchronized ImageAttention see(RgbImage image, @Nullable Integer layer) {
    if (!senses.sees()) {
      throw RequestFields.wrong("model", "a model that sees images");
    }
    if (seeing == null) {
      seeing = ImageCapture.open(files);
    }
    ImageCapture opened = seeing;
    return checked(() -> opened.read(image, layer));
  }

  /**
   * Works with what hears sounds.
   *
   * @throws Problem 400 for what the work finds wrong, and for a model that does not hear
   */
  synchronized <R> R hearing(Function<SoundCapture, R> work) {
    SoundCapture opened = hearing;
    if (opened == null) {
      throw RequestFields.wrong("model", "a model that hears sounds");
    }
    return checked(() -> work.apply(opened));
  }

  /**
   * Works with what reads texts.
   *
   * @throws Problem 400 for what the work finds wrong, and for a model that reads no texts
   */
  synchronized <R> R reading(Function<AttentionCapture, R> work) {
    return checked(() -> work.apply(capture()));
  }

  /** What the work finds wrong is the client's mistake. */
  private static <R> R checked(Supplier<R> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException | CheckpointException e) {
      throw new Problem(400, "invalid_value", String.valueOf(e.getMessage()));
    }
  }

  /** The name that the model's config gives a class, or its number. */
  String className(int number) {
    return files.json().path("id2label").path(String.valueOf(number)).asString("class " + number);
  }

  /** How many tokens of a text it reads. */
  int longest() {
    return capture == null ? 0 : capture.longest();
  }

  /** Reads a text, or as much of its beginning as it can, unless it is remembered. */
  synchronized Reading read(String text) {
    Exchange.requireClient();
    for (Reading one : remembered) {
      if (one.asked().equals(text)) {
        remembered.remove(one);
        remembered.addFirst(one);
        return one;
      }
    }
    String beginning = capture().beginning(text);
    Reading reading =
        Reading.of(text, beginning, capture().read(beginning, Exchange::requireClient));
    remembered.addFirst(reading);
    while (remembered.size() > 1
        && remembered.stream().mapToLong(Reading::weights).sum() > MOST_WEIGHTS) {
      remembered.removeLast();
    }
    return reading;
  }

  /** How far it reads long texts. */
  Far far() {
    return far;
  }

  /**
   * Reads a long text, or as much of its beginning as it can.
   *
   * @return owned by the caller
   */
  synchronized LongReading readLong(String text, MapChecker.Progress progress) {
    int layers = capture().layers().attending().size();
    return LongReading.of(capture(), text, far.tokens(), layer -> progress.at(layer, layers));
  }

  /** What one head computes for one token of a text that it can read whole. */
  synchronized HeadSteps steps(String text, int layer, int head, int query) {
    return capture().steps(text, layer, head, query);
  }

  /** What enters the attention of a layer, handed on while it is open. */
  <R> R entering(String text, int layer, Function<AttentionCapture.Entering, R> work) {
    int number = capture().layers().attending().get(layer);
    try (TensorScope scope = TensorScope.inference()) {
      return work.apply(capture().entering(text, number));
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
      probe = HeadProbe.of(capture());
    }
    return probe;
  }

  /** Measures a map; one at a time, while texts are read. */
  MapCheck check(Function<MapChecker, MapCheck> work, MapChecker.Progress progress) {
    Turn.take(checking, () -> progress.at(0, 1));
    try {
      if (checker == null) {
        checker = MapChecker.of(capture(), files);
      }
      return work.apply(checker);
    } finally {
      checking.unlock();
    }
  }

  /** Measures what a token of a target looks at in its source. */
  MapCheck checkAcross(CrossChecker.Question question, MapChecker.Progress progress) {
    if (!senses.reads() || !senses.translates()) {
      throw RequestFields.wrong("model", "a model that reads one text and writes another");
    }
    Turn.take(checking, () -> progress.at(0, 1));
    try {
      WholeModel opened = whole(whole -> whole);
      return new CrossChecker(opened.model(), opened.tokenizer(), files.json())
          .check(question, longest(), progress);
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
    if (whole != null && writer == null) {
      whole.model().close();
    }
    if (seeing != null) {
      seeing.close();
    }
    if (hearing != null) {
      hearing.close();
    }
    if (capture != null) {
      capture.close();
    }
  }
}
