package dev.heed.cli.evaluate;

import dev.heed.checkpoint.ConfigReader;
import dev.heed.cli.BadInputException;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.embed.EncoderOptions;
import dev.heed.explain.bias.AssociationTest;
import dev.heed.explain.bias.HardDebiasing;
import dev.heed.task.Embedder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code heed evaluate association}: what vectors associate with whom. */
@Command(
    name = "association",
    aliases = "weat",
    description = {
      "What word or sentence vectors associate with whom (WEAT, SEAT): effect size and p-value,"
          + " before and after the direction between pairs of words is taken out of all vectors.",
      "FILE: JSON with targ1, targ2, attr1 and attr2, each with category and examples."
    },
    footer = {"", "Example:", "  heed evaluate association sent-bias/sent-weat6.jsonl"})
public final class AssociationCommand extends HeedCommand {
  private static final String USUAL =
      "he-she,him-her,man-woman,boy-girl,father-mother,son-daughter,brother-sister,male-female";
  private static final int EXACT = 10;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "The lists.")
  private List<Path> files = List.of();

  @Option(
      names = "--pairs",
      split = ",",
      paramLabel = "A-B",
      description = "Words that differ in what is taken out (default: " + USUAL + ").")
  private List<String> pairs = List.of(USUAL.split(",", -1));

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Random partitions where all are too many (default: ${DEFAULT-VALUE}).")
  private int samples = 10_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "For the samples (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Mixin private EncoderOptions encoder = new EncoderOptions();

  /**
   * One file's result.
   *
   * @param file its name
   * @param targets what is compared
   * @param attributes with what
   * @param effect size, from -2 to 2
   * @param p value
   * @param effectAfter debiasing
   * @param pAfter debiasing
   */
  private record Association(
      String file,
      String targets,
      String attributes,
      double effect,
      double p,
      double effectAfter,
      double pAfter) {}

  @Override
  protected int run() {
    if (samples < 1) {
      throw new BadInputException("--samples: expected 1 or more, got " + samples);
    }
    List<Association> all = new ArrayList<>();
    try (Embedder embedder = encoder.open()) {
      HardDebiasing debiasing = debiasing(embedder);
      for (Path file : files) {
        all.add(association(file, embedder, debiasing));
      }
    }
    if (json()) {
      printJson(all);
    } else {
      for (Association one : all) {
        out()
            .printf(
                "%-34s %6.2f (p %.4f)  after %6.2f (p %.4f)  %s; %s%n",
                one.file(),
                one.effect(),
                one.p(),
                one.effectAfter(),
                one.pAfter(),
                one.targets(),
                one.attributes());
      }
    }
    out().flush();
    return ExitStatus.OK;
  }

  private HardDebiasing debiasing(Embedder embedder) {
    List<String> words = new ArrayList<>();
    for (String pair : pairs) {
      String[] two = pair.split("-", -1);
      if (two.length != 2 || two[0].isBlank() || two[1].isBlank()) {
        throw new BadInputException("--pairs: expected two words such as he-she, got " + pair);
      }
      words.addAll(List.of(two));
    }
    HardDebiasing.Pair[] places = new HardDebiasing.Pair[pairs.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = new HardDebiasing.Pair(2 * i, 2 * i + 1);
    }
    return HardDebiasing.of(vectors(embedder, words), places);
  }

  private Association association(Path file, Embedder embedder, HardDebiasing debiasing) {
    JsonNode lists = ConfigReader.json(file);
    double[][][] vectors = new double[4][][];
    double[][][] after = new double[4][][];
    String[] names = {"targ1", "targ2", "attr1", "attr2"};
    for (int i = 0; i < names.length; i++) {
      vectors[i] = vectors(embedder, examples(file, lists, names[i]));
      after[i] = debiasing.neutralize(vectors[i], Set.of());
    }
    AssociationTest before = test(file, vectors);
    AssociationTest then = test(file, after);
    return new Association(
        String.valueOf(file.getFileName()),
        category(lists, "targ1") + " or " + category(lists, "targ2"),
        category(lists, "attr1") + " or " + category(lists, "attr2"),
        before.effectSize(),
        before.pValue(),
        then.effectSize(),
        then.pValue());
  }

  private AssociationTest test(Path file, double[][][] sets) {
    try {
      return sets[0].length <= EXACT
          ? AssociationTest.exact(sets[0], sets[1], sets[2], sets[3])
          : AssociationTest.sampled(sets[0], sets[1], sets[2], sets[3], samples, seed);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file + ": " + e.getMessage());
    }
  }

  private static String category(JsonNode lists, String name) {
    return lists.path(name).path("category").asString(name);
  }

  private static List<String> examples(Path file, JsonNode lists, String name) {
    List<String> examples = new ArrayList<>();
    lists.path(name).path("examples").forEach(each -> examples.add(each.asString("")));
    if (examples.isEmpty()) {
      throw new BadInputException(file + ": expected " + name + " with examples, got none");
    }
    return examples;
  }

  private static double[][] vectors(Embedder embedder, List<String> texts) {
    return embedder.embed(texts).stream()
        .map(vector -> {
          double[] wide = new double[vector.length];
          for (int i = 0; i < wide.length; i++) {
            wide[i] = vector[i];
          }
          return wide;
        })
        .toArray(double[][]::new);
  }
}
