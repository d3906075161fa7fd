package dev.heed.cli.evaluate;

import dev.heed.audio.SoundFile;
import dev.heed.cli.evaluate.ExampleFile.Example;
import dev.heed.evaluate.ChosenMeasure;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.ErrorRate;
import dev.heed.evaluate.ErrorRate.Unit;
import dev.heed.evaluate.JointMeasure;
import dev.heed.evaluate.References;
import dev.heed.model.ModelFiles;
import dev.heed.task.speech.SpeechRecognizer;
import dev.heed.task.speech.SpeechSettings;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed evaluate hear}. */
@Command(
    name = "hear",
    description = {
      "What a model hears: word error rate, match error rate, information lost, and character error"
          + " rate.",
      "DATA: lines of JSON, or cells below a header, with file (its name beside DATA) and text."
    },
    footer = {"", "Example:", "  heed evaluate hear valid.tsv --model wav2vec2-base-960h"})
public final class HearModelCommand extends ModelMeasureCommand<HearModelCommand.Spoken, String> {
  @Option(
      names = "--sound",
      paramLabel = "NAME",
      description = "The field of the sound's file (default: file, audio or path).")
  private @Nullable String sound;

  @Option(
      names = "--text",
      paramLabel = "NAME",
      description = "The field of what is said (default: text, sentence or transcript).")
  private @Nullable String text;

  @Option(names = "--language", paramLabel = "NAME", description = "What is spoken.")
  private @Nullable String language;

  @Option(names = "--ignore-case", description = "Compare in lower case.")
  private boolean even;

  /** A sound and what is said in it. */
  record Spoken(Path file, String text) {}

  @Override
  List<Spoken> examples(Path file) {
    return ExampleFile.read(file, true).stream()
        .map(example ->
            new Spoken(
                file.resolveSibling(
                    sound == null ? example.text("file", "audio", "path") : example.text(sound)),
                said(example)))
        .toList();
  }

  private String said(Example example) {
    return cased(
        text == null ? example.text("text", "sentence", "transcript") : example.text(text));
  }

  private String cased(String written) {
    return even ? written.toLowerCase(Locale.ROOT) : written;
  }

  @Override
  Asked<Spoken, String> open(ModelFiles files, @Nullable DType dtype) {
    SpeechRecognizer recognizer = SpeechRecognizer.open(files, dtype);
    SpeechSettings usual = SpeechSettings.DEFAULT;
    SpeechSettings settings =
        new SpeechSettings(language, false, false, usual.window(), usual.overlap());
    return new Asked<>() {
      @Override
      public List<String> apply(List<Spoken> examples) {
        return examples.stream()
            .map(example -> recognizer.recognize(SoundFile.read(example.file()), settings).text())
            .map(HearModelCommand.this::cased)
            .toList();
      }

      @Override
      public void close() {
        recognizer.close();
      }
    };
  }

  @Override
  String wrong() {
    return "";
  }

  @Override
  CorpusMeasure measure(List<Spoken> examples, List<String> answers) {
    References right = new References(examples.stream().map(each -> List.of(each.text())).toList());
    return new JointMeasure(
        List.of(
            ErrorRate.measure(Unit.WORD, answers, right),
            new ChosenMeasure(ErrorRate.measure(Unit.CHARACTER, answers, right), List.of("cer"))));
  }

  @Override
  Map<String, Object> told(Spoken example, String answer) {
    return Map.of(
        "file", example.file().toString(), "reference", example.text(), "prediction", answer);
  }
}
