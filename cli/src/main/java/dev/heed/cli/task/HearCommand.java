package dev.heed.cli.task;

import dev.heed.audio.Sound;
import dev.heed.audio.SoundFile;
import dev.heed.cli.Lines;
import dev.heed.cli.Output;
import dev.heed.cli.Progress;
import dev.heed.cli.UsageException;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.task.speech.Segment;
import dev.heed.task.speech.SpeechRecognizer;
import dev.heed.task.speech.SpeechSettings;
import dev.heed.task.speech.SpokenWord;
import dev.heed.task.speech.Transcript;
import dev.heed.tensor.DType;
import dev.heed.tensor.SideBySide;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed hear}: what is said in sounds, and when. */
@Command(
    name = "hear",
    description = {
      "Write down what is said in WAV or FLAC files, and when each word is said.",
      "By any model of letters (wav2vec 2.0, HuBERT, WavLM, SEW, Conformer …) or one that writes"
          + " (Whisper, Speech2Text, Moonshine)."
    },
    footer = {
      "",
      "Examples:",
      "  heed hear seven.wav                   (English digits, one after another)",
      "  heed hear --model whisper-tiny talk.flac --words",
      "  heed hear --model whisper-small --language german --translate talk.wav --timestamps",
      "  heed hear --model wav2vec2-base-960h voices/ --json",
      "  heed hear --model wav2vec2-base-960h voice.wav --attention voice.html"
    })
public final class HearCommand extends TaskCommand<Transcript> {
  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Sounds; a folder stands for those in it, - for a sound on standard input.")
  private List<Path> files = List.of();

  @Option(
      names = "--language",
      paramLabel = "NAME",
      description = "What is spoken, for models of several languages (default: found out).")
  private @Nullable String language;

  @Option(names = "--translate", description = "Write English whatever is spoken (Whisper).")
  private boolean translate;

  @Option(
      names = "--timestamps",
      description = "Print what the model itself says when (Whisper), a stretch a line.")
  private boolean timestamps;

  @Option(names = "--words", description = "Print each word with its time.")
  private boolean words;

  @Option(
      names = "--window",
      paramLabel = "SECONDS",
      description = "How much is heard at once (default: 30, or 3,000 frames of letters).")
  private @Nullable Double window;

  @Option(
      names = "--overlap",
      paramLabel = "SECONDS",
      description = "How much two windows share (default: a sixth of one).")
  private @Nullable Double overlap;

  private final StandardInput standard = new StandardInput();

  private SpeechSettings settings() {
    try {
      return new SpeechSettings(language, translate, timestamps, window, overlap);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--window, --overlap: " + e.getMessage());
    }
  }

  @Override
  List<TaskItem> items() {
    settings();
    return FileItems.of(files, "WAV or FLAC", "wav|flac");
  }

  private Sound sound(TaskItem item) {
    return item.text().equals(Lines.STANDARD_INPUT)
        ? SoundFile.read("standard input", standard.bytes())
        : SoundFile.read(Path.of(item.text()));
  }

  @Override
  String carried() {
    return "spoken-digits";
  }

  @Override
  TaskSession<Transcript> open(ModelFiles model, @Nullable DType type) {
    return new Session(SpeechRecognizer.open(model, type));
  }

  private final class Session implements TaskSession<Transcript> {
    private final SpeechRecognizer recognizer;

    Session(SpeechRecognizer recognizer) {
      this.recognizer = recognizer;
    }

    /** One sound may be long: it is told by its seconds. */
    @Override
    public boolean tellsProgress(int items) {
      return items == 1;
    }

    @Override
    public List<Transcript> results(List<TaskItem> items) {
      if (items.size() == 1) {
        return List.of(alone(sound(items.getFirst())));
      }
      List<Sound> sounds = new ArrayList<>();
      items.forEach(item -> sounds.add(sound(item)));
      @Nullable Transcript[] heard = new @Nullable Transcript[items.size()];
      SideBySide.run(heard.length, i -> heard[i] = recognizer.recognize(sounds.get(i), settings()));
      return Arrays.stream(heard).<Transcript>map(Objects::requireNonNull).toList();
    }

    private Transcript alone(Sound sound) {
      int seconds = Math.max(1, sound.length() / sound.rate());
      try (Progress progress = new Progress("hear", seconds)) {
        return recognizer.recognize(
            sound, settings(), share -> progress.accept((int) (share * seconds)));
      }
    }

    @Override
    public void print(TaskItem item, Transcript result, Output out) {
      if (timestamps) {
        for (Segment segment : result.segments()) {
          out.println(time(segment.start()) + "  " + time(segment.end()) + "  " + segment.text());
        }
      } else if (words) {
        for (SpokenWord word : result.words()) {
          out.println(time(word.start()) + "  " + time(word.end()) + "  " + word.text());
        }
      } else {
        out.println(result.text());
      }
    }

    private static String time(double seconds) {
      return String.format(Locale.ROOT, "%8.2f", seconds);
    }

    @Override
    public Evidence evidence(TaskItem item, Transcript result) {
      return recognizer.explain(sound(item), settings());
    }

    @Override
    public void close() {
      recognizer.close();
    }
  }
}
