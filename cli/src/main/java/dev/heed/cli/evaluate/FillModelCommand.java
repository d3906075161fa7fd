package dev.heed.cli.evaluate;

import dev.heed.cli.UsageException;
import dev.heed.model.ModelFiles;
import dev.heed.task.MaskFiller;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed evaluate fill}. */
@Command(
    name = "fill",
    description = {
      "A model's guesses of hidden words: hits, MRR and more at k, of the first mask of each text.",
      "DATA: lines of JSON, or cells below a header, with text (a mask in it) and answer."
    },
    footer = {"", "Example:", "  heed evaluate fill cloze.tsv --model bert-base-uncased --k 1,5"})
public final class FillModelCommand extends RankedModelCommand<FillModelCommand.Cloze> {
  @Option(
      names = "--guesses",
      paramLabel = "N",
      description = "How many guesses are looked at (default: ${DEFAULT-VALUE}).")
  private int guesses = 100;

  /** A text with a mask, and the hidden word. */
  record Cloze(String text, String answer) {}

  @Override
  List<Cloze> examples(Path file) {
    if (guesses < 1) {
      throw new UsageException("--guesses: expected 1 or more, got " + guesses);
    }
    return ExampleFile.read(file, true).stream()
        .map(example -> new Cloze(example.text("text"), example.text("answer")))
        .toList();
  }

  @Override
  Map<String, Integer> relevance(Cloze example) {
    return Map.of(example.answer(), 1);
  }

  @Override
  Asked<Cloze, List<String>> open(ModelFiles files, @Nullable DType dtype) {
    MaskFiller filler = MaskFiller.open(files, dtype);
    return new Asked<>() {
      @Override
      public List<List<String>> apply(List<Cloze> examples) {
        return filler.fill(examples.stream().map(Cloze::text).toList(), guesses).stream()
            .map(filled -> words(filled.holes().getFirst()))
            .toList();
      }

      @Override
      public void close() {
        filler.close();
      }
    };
  }

  /** Different tokens may be written alike. */
  private static List<String> words(MaskFiller.Hole hole) {
    return new ArrayList<>(
        new LinkedHashSet<>(hole.guesses().stream().map(MaskFiller.Guess::word).toList()));
  }

  @Override
  Map<String, Object> told(Cloze example, List<String> answer) {
    return Map.of(
        "text",
        example.text(),
        "answer",
        example.answer(),
        "prediction",
        answer.isEmpty() ? "" : answer.getFirst());
  }
}
