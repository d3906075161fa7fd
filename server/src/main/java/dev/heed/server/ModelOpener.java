package dev.heed.server;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.chat.ChatTemplate;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelFiles;
import dev.heed.task.Classifier;
import dev.heed.task.Embedder;
import dev.heed.task.Reranker;
import dev.heed.task.Task;
import dev.heed.task.speech.SpeechRecognizer;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Opens a model folder for what its head is for: one that writes, hears, classifies, ranks or makes
 * vectors.
 */
record ModelOpener(ServerSettings settings) {
  /** What no page asks for: a model with a head for it is no mere encoder of texts. */
  private static final Set<Task> OTHERS =
      EnumSet.of(Task.ENTITIES, Task.ANSWER, Task.SEE, Task.MATCH, Task.FORECAST);

  /**
   * Opens a folder or file under its own name.
   *
   * @return owned by the caller
   * @throws CheckpointException for missing, invalid or unsupported files
   */
  ServedModel open(Path path) {
    Path last = path.toAbsolutePath().normalize().getFileName();
    return open(last == null ? "model" : last.toString(), ModelFiles.folder(path));
  }

  /** Opens files under a name, with the errors of {@link #open(Path)}. */
  ServedModel open(String name, ModelFiles files) {
    long created = Instant.now().getEpochSecond();
    if (files.json("modules.json") != null) {
      return reads(name, created, embedder(files));
    }
    String architecture =
        ModelFamilies.of(new ModelConfig(files.describe(), files.json())).architecture();
    List<Task> tasks = Task.of(architecture);
    if (tasks.contains(Task.HEAR)) {
      boolean times = architecture.startsWith("Whisper");
      SpeechRecognizer recognizer = SpeechRecognizer.open(files, settings.dtype());
      return reads(name, created, new ReadingModel(new Ears(recognizer, times), "hears speech"));
    }
    if (tasks.contains(Task.GENERATE)) {
      return writes(name, created, files);
    }
    if (tasks.contains(Task.CLASSIFY)) {
      return reads(name, created, judge(files));
    }
    List<Task> others = tasks.stream().filter(OTHERS::contains).toList();
    if (!others.isEmpty()) {
      throw new CheckpointException(
          CheckpointException.Kind.UNSUPPORTED,
          files.describe() + ", architectures",
          "for serving a model that writes, hears, classifies, ranks or makes vectors",
          architecture,
          "This one fits: heed "
              + String.join(", heed ", others.stream().map(Task::word).toList())
              + ".");
    }
    return reads(name, created, embedder(files));
  }

  private ServedModel writes(String name, long created, ModelFiles files) {
    ChatTemplate template = ChatTemplate.of(files).orElse(null);
    TextGenerator writer = TextGenerator.open(files, settings.dtype());
    if (settings.remembered() > 0) {
      writer.remember(settings.remembered());
    }
    WritingQueue queue = new WritingQueue(writer, settings.texts(), settings.tokens());
    return new ServedModel(name, created, queue, template, new Constraints(writer), null);
  }

  private static ServedModel reads(String name, long created, ReadingModel reading) {
    return new ServedModel(name, created, null, null, null, reading);
  }

  private ReadingModel embedder(ModelFiles files) {
    DType dtype = settings.dtype() == null ? DType.F32 : settings.dtype();
    return new ReadingModel(Embedder.open(files, dtype), "makes vectors");
  }

  /** A head of one number ranks, of several classifies. */
  private ReadingModel judge(ModelFiles files) {
    boolean ranks = new ModelConfig(files.describe(), files.json()).labels().size() == 1;
    return ranks
        ? new ReadingModel(Reranker.open(files, settings.dtype()), "ranks documents")
        : new ReadingModel(Classifier.open(files, settings.dtype()), "classifies");
  }
}
