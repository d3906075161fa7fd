package dev.heed.cli.evaluate;

import dev.heed.cli.UsageException;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.PooledMeasure;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.ModelFiles;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed evaluate next-line}. */
@Command(
    name = "next-line",
    description = {
      "Whether a model that writes gives the next line of a program, letter by letter.",
      "DATA: programs, with lines of <|endoftext|> between them. All lines that hold something and"
          + " follow another are asked for, in an order drawn once, so that --limit takes a"
          + " sample.",
      "With --seen and no --model: what stood most often after the line before in that file; with"
          + " --commonest its commonest line."
    },
    footer = {
      "",
      "Examples:",
      "  heed evaluate next-line valid.txt --limit 500",
      "  heed evaluate next-line valid.txt --limit 500 --seen train.txt"
    })
public final class NextLineCommand extends ModelMeasureCommand<NextLineCommand.Place, String> {
  /** So many lines before are read at most, and so many tokens of them. */
  private static final int LINES = 40;

  private static final int LONGEST = 48;
  private static final String END = "<|endoftext|>";

  @Option(names = "--seen", paramLabel = "FILE", description = "Programs to know lines from.")
  private @Nullable Path seen;

  @Option(names = "--commonest", description = "With --seen: its commonest line, always.")
  private boolean commonest;

  /**
   * Where a line is asked for.
   *
   * @param before the lines before it, the nearest last
   * @param line the line itself
   */
  record Place(List<String> before, String line) {}

  @Override
  List<Place> examples(Path file) {
    List<Place> places = new ArrayList<>();
    List<String> lines = EvaluationFiles.texts("DATA", file);
    int start = 0;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).equals(END)) {
        start = i + 1;
      } else if (i > start && !lines.get(i).isBlank()) {
        int from = Math.max(start, i - LINES);
        places.add(new Place(lines.subList(from, i), lines.get(i).stripTrailing()));
      }
    }
    Collections.shuffle(places, new Random(0));
    return places;
  }

  /** The carried model of Python; none is read where lines are known. */
  @Override
  ModelFiles usual() {
    return seen == null ? ModelFiles.carried("code") : ModelFiles.embedded();
  }

  @Override
  Asked<Place, String> open(ModelFiles files, @Nullable DType dtype) {
    if (seen != null) {
      return known(SeenLines.of(EvaluationFiles.texts("--seen", seen), END));
    }
    if (commonest) {
      throw new UsageException("--commonest: expected --seen beside it, got none");
    }
    TextGenerator writer = TextGenerator.open(files, dtype);
    SearchSettings settings =
        SearchSettings.of(
            writer
                .config()
                .with("do_sample", false)
                .with("stop_strings", List.of("\n"))
                .with("max_new_tokens", LONGEST));
    int room = files.json().path("max_position_embeddings").asInt(256) - LONGEST;
    return new Asked<>() {
      @Override
      public List<String> apply(List<Place> places) {
        return places.stream().map(place -> next(writer, settings, place, room)).toList();
      }

      @Override
      public void close() {
        writer.close();
      }
    };
  }

  private static String next(TextGenerator writer, SearchSettings settings, Place place, int room) {
    int[] all = writer.templateTokens(String.join("\n", place.before()) + "\n");
    int[] prompt = Arrays.copyOfRange(all, Math.max(0, all.length - room), all.length);
    Completion written = writer.generateTokens(List.of(prompt), settings).getFirst().getFirst();
    return written.text().split("\n", 2)[0].stripTrailing();
  }

  private Asked<Place, String> known(SeenLines lines) {
    return new Asked<>() {
      @Override
      public List<String> apply(List<Place> places) {
        return places.stream()
            .map(place -> commonest ? lines.commonest() : lines.after(place.before().getLast()))
            .toList();
      }

      @Override
      public void close() {}
    };
  }

  /** No line of a program is one of blanks. */
  @Override
  String wrong() {
    return " ";
  }

  @Override
  CorpusMeasure measure(List<Place> asked, List<String> given) {
    List<double[]> counts = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      counts.add(new double[] {asked.get(i).line().equals(given.get(i)) ? 1 : 0, 1});
    }
    return new PooledMeasure(counts, NextLineCommand::share);
  }

  private static SequencedMap<String, Double> share(double[] counts) {
    SequencedMap<String, Double> values = new LinkedHashMap<>();
    values.put("exact", counts[1] == 0 ? 0 : counts[0] / counts[1]);
    return values;
  }

  @Override
  Map<String, Object> told(Place place, String answer) {
    return Map.of("after", place.before().getLast(), "line", place.line(), "prediction", answer);
  }
}
