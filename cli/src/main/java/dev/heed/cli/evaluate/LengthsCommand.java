package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.OutputFile;
import dev.heed.evaluate.Bleu;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.LengthGroup;
import dev.heed.evaluate.References;
import dev.heed.picture.mechanism.CurvePanel;
import dev.heed.picture.mechanism.MechanismPicture;
import dev.heed.picture.mechanism.PictureImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed evaluate lengths}. */
@Command(
    name = "lengths",
    description = {
      "BLEU by the length of the source, of one or more translators side by side.",
      "ITEMS: what heed evaluate translate --items wrote; all of the same sources."
    },
    footer = {
      "",
      "Examples:",
      "  heed evaluate translate valid.tsv --items transformer.jsonl",
      "  heed evaluate translate valid.tsv --model bahdanau --items bahdanau.jsonl",
      "  heed evaluate lengths transformer.jsonl bahdanau.jsonl --png lengths.png"
    })
public final class LengthsCommand extends HeedCommand {
  @Parameters(arity = "1..*", paramLabel = "ITEMS", description = "The systems' items.")
  private List<Path> files = List.of();

  @Option(
      names = "--width",
      paramLabel = "N",
      description = "Lengths in words that share a group (default: ${DEFAULT-VALUE}).")
  private int width = 3;

  @Option(
      names = "--groups",
      paramLabel = "N",
      description = "Groups; the last takes all longer sources (default: ${DEFAULT-VALUE}).")
  private int groups = 5;

  @Option(names = "--png", paramLabel = "FILE", description = "Draw the curves into this file.")
  private @Nullable Path png;

  /**
   * One group.
   *
   * @param from the fewest words
   * @param to the most, or null where there is no most
   * @param items how many sources
   * @param bleu of each system; null where the group is empty
   */
  private record Row(
      int from, @Nullable Integer to, int items, Map<String, @Nullable Double> bleu) {}

  @Override
  protected int run() {
    OutputFile.check("--png", png, ".png");
    Map<String, CorpusMeasure> systems = new LinkedHashMap<>();
    List<String> sources = List.of();
    for (Path file : files) {
      List<String> read = new ArrayList<>();
      CorpusMeasure measure = measure(file, read);
      if (!systems.isEmpty() && !read.equals(sources)) {
        throw new BadInputException(
            file + ": expected the sources of " + files.getFirst() + ", got others");
      }
      sources = read;
      if (systems.putIfAbsent(name(file), measure) != null) {
        throw new BadInputException("ITEMS: expected different names, got twice " + name(file));
      }
    }
    List<LengthGroup> parts;
    try {
      parts = LengthGroup.of(sources, width, groups);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--width, --groups: " + e.getMessage());
    }
    if (png != null) {
      OutputFile.write("--png", png, () -> picture(systems, parts));
    }
    List<Row> rows = parts.stream().map(part -> row(systems, part)).toList();
    if (json()) {
      printJson(rows);
    } else {
      print(parts, rows);
    }
    out().flush();
    return ExitStatus.OK;
  }

  private static CorpusMeasure measure(Path file, List<String> sources) {
    List<String> predictions = new ArrayList<>();
    List<List<String>> references = new ArrayList<>();
    for (ExampleFile.Example item : ExampleFile.read(file, false)) {
      sources.add(item.text("source"));
      predictions.add(item.text("prediction"));
      references.add(item.texts("references"));
    }
    if (sources.isEmpty()) {
      throw new BadInputException(file + ": expected an item or more, got none");
    }
    return Bleu.usual().measure(predictions, new References(references));
  }

  private static String name(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private static @Nullable Double bleu(CorpusMeasure system, LengthGroup part) {
    return part.items().length == 0 ? null : system.value("bleu", part.items());
  }

  private static Row row(Map<String, CorpusMeasure> systems, LengthGroup part) {
    Map<String, @Nullable Double> values = new LinkedHashMap<>();
    systems.forEach((name, system) -> values.put(name, bleu(system, part)));
    Integer to = part.to() == Integer.MAX_VALUE ? null : part.to();
    return new Row(part.from(), to, part.items().length, values);
  }

  private void print(List<LengthGroup> parts, List<Row> rows) {
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      out().printf("%-12s words %,6d items", parts.get(i).name(), row.items());
      row.bleu()
          .forEach((name, value) ->
              out()
                  .printf(
                      "  %s %s",
                      name, value == null ? "-" : String.format(Locale.ROOT, "%.2f", value)));
      out().println();
    }
  }

  /** A curve a system, over the fewest words of each group; the longest may be empty. */
  private byte[] picture(Map<String, CorpusMeasure> systems, List<LengthGroup> parts) {
    List<LengthGroup> full = new ArrayList<>(parts);
    while (full.getLast().items().length == 0) {
      full.removeLast();
    }
    for (LengthGroup part : full) {
      if (part.items().length == 0) {
        throw new IllegalArgumentException(
            "no source of " + part.name() + " words: give a larger --width");
      }
    }
    List<CurvePanel.Curve> curves = new ArrayList<>();
    systems.forEach((name, system) ->
        curves.add(
            new CurvePanel.Curve(
                name, full.stream().map(part -> system.value("bleu", part.items())).toList())));
    CurvePanel panel =
        new CurvePanel(
            "BLEU by words of the source, from", "words", full.getFirst().from(), width, curves);
    return PictureImage.draw(
        new MechanismPicture("lengths", String.join(", ", systems.keySet()), List.of(panel)));
  }
}
