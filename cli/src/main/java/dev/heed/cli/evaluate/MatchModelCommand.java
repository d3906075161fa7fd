package dev.heed.cli.evaluate;

import dev.heed.cli.UsageException;
import dev.heed.cli.evaluate.ExampleFile.Example;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.PairRecall;
import dev.heed.evaluate.PairRecall.Places;
import dev.heed.model.ModelFiles;
import dev.heed.task.Classification;
import dev.heed.task.ImageTextMatcher;
import dev.heed.tensor.DType;
import dev.heed.vision.ImageDecoder;
import dev.heed.vision.RgbImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed evaluate match}. */
@Command(
    name = "match",
    description = {
      "How often images find their texts, and texts their images, among all of a file: recall at k"
          + " in both directions. Equal texts are as right as each other.",
      "DATA: lines of JSON, or cells below a header, with file (its name beside DATA) and text."
    },
    footer = {"", "Example:", "  heed evaluate match valid.tsv --model clip --text name"})
public final class MatchModelCommand extends ModelMeasureCommand<MatchModelCommand.Pair, double[]> {
  @Option(
      names = "--image",
      paramLabel = "NAME",
      description = "The field of the image's file (default: file or image).")
  private @Nullable String image;

  @Option(
      names = "--text",
      paramLabel = "NAME",
      description = "The field of the text (default: text or caption).")
  private @Nullable String text;

  @Option(
      names = "--group",
      paramLabel = "NAME",
      description = "A field; pairs with the same in it are as right as each other.")
  private @Nullable String group;

  @Option(
      names = "--k",
      paramLabel = "K,…",
      split = ",",
      hideParamSyntax = true,
      description = "How many of the first count (default: ${DEFAULT-VALUE}).")
  private List<Integer> cutoffs = List.of(1, 5, 10);

  private List<Pair> pairs = List.of();
  private List<Places> places = List.of();

  /**
   * An image and its text.
   *
   * @param number among all, from 0
   * @param group what makes pairs as right as each other
   */
  record Pair(int number, Path file, String text, String group) {}

  @Override
  List<Pair> examples(Path file) {
    if (cutoffs.stream().anyMatch(k -> k < 1)) {
      throw new UsageException("--k: expected 1 or more, got " + cutoffs);
    }
    List<Pair> all = new ArrayList<>();
    ExampleFile.read(file, true).forEach(example -> all.add(pair(file, example, all.size())));
    return all;
  }

  private Pair pair(Path file, Example example, int number) {
    String said = text == null ? example.text("text", "caption") : example.text(text);
    String name = image == null ? example.text("file", "image") : example.text(image);
    return new Pair(
        number, file.resolveSibling(name), said, group == null ? said : example.text(group));
  }

  @Override
  void check(List<Pair> examples) {
    pairs = examples;
  }

  /** Answers with the scores of all texts. */
  @Override
  Asked<Pair, double[]> open(ModelFiles files, @Nullable DType dtype) {
    ImageTextMatcher matcher = ImageTextMatcher.open(files, dtype);
    if (matcher.note() != null) {
      err().println("heed: " + matcher.note());
    }
    return new Asked<>() {
      private @Nullable List<double[]> vectors;

      @Override
      public List<double[]> apply(List<Pair> examples) {
        List<String> texts = pairs.stream().map(Pair::text).toList();
        if (vectors == null) {
          countCut(texts.stream().filter(matcher::cuts).count());
          vectors = matcher.givesVectors() ? matcher.textVectors(texts) : List.of();
        }
        List<RgbImage> images =
            examples.stream().map(pair -> ImageDecoder.installed().read(pair.file())).toList();
        List<double[]> known = Objects.requireNonNull(vectors);
        return matcher.givesVectors()
            ? matcher.imageVectors(images).stream().map(one -> products(one, known)).toList()
            : matcher.overTexts(images, texts).stream().map(each -> scores(each, texts)).toList();
      }

      @Override
      public void close() {
        matcher.close();
      }
    };
  }

  private static double[] products(double[] image, List<double[]> texts) {
    return texts.stream().mapToDouble(one -> product(image, one)).toArray();
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** In the order of the texts; equal ones score alike. */
  private static double[] scores(Classification image, List<String> texts) {
    Map<String, Double> byText = new LinkedHashMap<>();
    image.labels().forEach(label -> byText.put(label.name(), label.score()));
    return texts.stream().mapToDouble(one -> Objects.requireNonNull(byText.get(one))).toArray();
  }

  @Override
  double[] wrong() {
    return new double[0];
  }

  @Override
  CorpusMeasure measure(List<Pair> asked, List<double[]> scores) {
    List<Places> all = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      boolean[] right = new boolean[asked.size()];
      double[] column = new double[asked.size()];
      for (int j = 0; j < right.length; j++) {
        right[j] = asked.get(j).group().equals(asked.get(i).group());
        // an image that could not be seen is no candidate
        column[j] = scores.get(j).length == 0 ? Double.NaN : scores.get(j)[i];
      }
      boolean seen = scores.get(i).length > 0;
      all.add(
          new Places(
              seen ? PairRecall.place(scores.get(i), right) : Places.MISSED,
              PairRecall.place(column, right)));
    }
    places = all;
    return PairRecall.measure(
        places, "text", "image", cutoffs.stream().mapToInt(Integer::intValue).toArray());
  }

  @Override
  Map<String, Object> told(Pair pair, double[] scores) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("file", pair.file().toString());
    told.put("text", pair.text());
    Places own = places.get(pair.number());
    told.put("text_place", shown(own.second()));
    told.put("image_place", shown(own.first()));
    return told;
  }

  private static Object shown(int place) {
    return place == Places.MISSED ? "none" : place;
  }
}
