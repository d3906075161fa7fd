package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.UsageException;
import dev.heed.cli.evaluate.ExampleFile.Example;
import dev.heed.evaluate.AlignmentScore;
import dev.heed.evaluate.AlignmentScore.Link;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.task.Translator;
import dev.heed.task.WordAttention;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heed evaluate links}: how well a translator's attention links words. */
@Command(
    name = "links",
    description = {
      "How well a translator's attention links the words of given translations: alignment error"
          + " rate, precision and recall.",
      "Layer, head and place are chosen on the first pairs and measured on the others; beside it"
          + " stand the mean of all heads and the diagonal.",
      "DATA: source, target and links below a header; 0-1 is sure, 0p1 possible, words are letters"
          + " with the apostrophe behind them, or one other character."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate links recipes/alignment/pairs.tsv --model translation --to fra"
    })
public final class LinksCommand extends ReportCommand {
  @Mixin private ModelData data = new ModelData();

  @Option(names = "--from", paramLabel = "LANG", description = "The language of the sources.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "LANG", description = "The language of the targets.")
  private @Nullable String to;

  @Option(
      names = "--choose",
      paramLabel = "N",
      description = "On how many pairs the head is chosen (default: ${DEFAULT-VALUE}).")
  private int choosing = 50;

  /** A pair, and each way's attention: written, read. */
  private record Pair(Example example, AlignmentLinks gold, List<WordAttention> attention) {}

  /** A head of a layer, where its tokens are written (0) or read (1). */
  private record Head(int layer, int number, int later) {
    Set<Link> links(Pair pair) {
      return pair.attention().get(later).links(layer, number);
    }
  }

  private List<Pair> measured = List.of();
  private @Nullable Head chosen;
  private final Map<String, Double> further = new LinkedHashMap<>();

  @Override
  CorpusMeasure measured() {
    List<Example> examples = data.limited(ExampleFile.read(data.data(), true));
    if (choosing < 1 || choosing >= examples.size()) {
      throw new UsageException(
          "--choose: expected 1 or more and fewer than the "
              + examples.size()
              + " pairs, got "
              + choosing);
    }
    List<Pair> pairs = new ArrayList<>();
    Translator.Options options = new Translator.Options(from, to, null, null);
    try (Translator translator = Translator.open(data.files(), data.dtype())) {
      for (Example example : examples) {
        pairs.add(pair(translator, example, options));
      }
    }
    List<Pair> first = pairs.subList(0, choosing);
    measured = pairs.subList(choosing, pairs.size());
    Head best =
        heads(pairs.getFirst()).stream()
            .min(Comparator.comparingDouble(head -> rate(first, head::links)))
            .orElseThrow();
    chosen = best;
    further.put("layer", (double) best.layer() + 1);
    further.put("head", (double) best.number() + 1);
    further.put("read", (double) best.later());
    further.put("aer_chosen_on", rate(first, best::links));
    further.put("aer_mean", rate(measured, pair -> pair.attention().getFirst().meanLinks()));
    further.put("aer_diagonal", rate(measured, LinksCommand::diagonal));
    return AlignmentScore.measure(
        measured.stream().map(pair -> pair.gold().score(best.links(pair))).toList());
  }

  private static Pair pair(Translator translator, Example example, Translator.Options options) {
    String source = example.text("source");
    String target = example.text("target");
    AlignmentLinks gold = AlignmentLinks.of(example.text("links"));
    if (gold == null) {
      throw new BadInputException(
          example.place() + ": expected links such as 0-1 or 0p1, got " + example.text("links"));
    }
    return new Pair(
        example,
        gold,
        List.of(
            translator.attention(source, target, options, 0),
            translator.attention(source, target, options, 1)));
  }

  private static List<Head> heads(Pair pair) {
    List<Head> heads = new ArrayList<>();
    for (int later = 0; later < pair.attention().size(); later++) {
      double[][][][] layers = pair.attention().get(later).layers();
      for (int layer = 0; layer < layers.length; layer++) {
        for (int head = 0; head < layers[layer].length; head++) {
          heads.add(new Head(layer, head, later));
        }
      }
    }
    return heads;
  }

  private static double rate(List<Pair> pairs, Function<Pair, Set<Link>> links) {
    return pairs.stream()
        .map(pair -> pair.gold().score(links.apply(pair)))
        .reduce(AlignmentScore::plus)
        .orElseThrow()
        .errorRate();
  }

  /** What knows no language links: each word to the one as far along in the source. */
  private static Set<Link> diagonal(Pair pair) {
    double[][] words = pair.attention().getFirst().layers()[0][0];
    Set<Link> links = new HashSet<>();
    for (int t = 0; t < words.length; t++) {
      double along = words.length == 1 ? 0 : (double) t / (words.length - 1);
      links.add(new Link((int) Math.round(along * (words[t].length - 1)), t));
    }
    return links;
  }

  @Override
  Map<String, Double> further() {
    return further;
  }

  @Override
  Map<String, Object> told(int item) {
    Pair pair = measured.get(item);
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("source", pair.example().text("source"));
    told.put("target", pair.example().text("target"));
    if (chosen != null) {
      told.put("links", AlignmentLinks.text(chosen.links(pair)));
    }
    return told;
  }
}
