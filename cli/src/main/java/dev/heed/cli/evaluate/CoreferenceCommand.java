package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.UsageException;
import dev.heed.cli.evaluate.ExampleFile.Example;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.PronounQuestion;
import dev.heed.evaluate.PronounScore;
import dev.heed.explain.AttentionCapture;
import dev.heed.explain.PronounHeads;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelFiles;
import dev.heed.task.Classification;
import dev.heed.task.Classifier;
import dev.heed.task.Task;
import dev.heed.task.TextPair;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heed evaluate coreference}: which of two names a pronoun means. */
@Command(
    name = "coreference",
    description = {
      "Which of two names a pronoun means: GAP's F1, that of masculine and of feminine pronouns and"
          + " their ratio, and how many questions were told rightly.",
      "A model that classifies texts says yes or no of each name, as one that was trained so does"
          + " (format: coreference in recipes). Of any other model the head is taken whose"
          + " attention tells most of the questions of --choose-on rightly; nothing is trained.",
      "Beside it stand two ways that read no word: the nearest name, and the first one of the"
          + " nearest sentence that has any.",
      "DATA: GAP's columns, or sentence, pronoun, candidate_a, candidate_b and answer."
    },
    footer = {
      "",
      "Examples:",
      "  heed evaluate coreference gap-validation.tsv --choose-on gap-development.tsv",
      "  heed evaluate coreference gap-validation.tsv --model coreference"
    })
public final class CoreferenceCommand extends ReportCommand {
  private static final String YES = "yes";

  @Mixin private ModelData data = new ModelData();

  @Option(
      names = "--choose-on",
      paramLabel = "FILE",
      description = "Other questions, on which the head is chosen.")
  private @Nullable Path choosing;

  @Option(
      names = "--one-is-right",
      description = "The pronoun means one of the names: the likelier one, however unlikely.")
  private boolean forced;

  private List<PronounQuestion> questions = List.of();
  private List<boolean[]> told = List.of();
  private final Map<String, Double> further = new LinkedHashMap<>();

  @Override
  CorpusMeasure measured() {
    questions = data.limited(read(data.data()));
    ModelFiles files = data.isNamed() ? data.files() : ModelFiles.embedded();
    ModelConfig config = new ModelConfig(files.describe(), files.json());
    told =
        Task.CLASSIFY.fits(ModelFamilies.of(config).architecture())
            ? classified(files)
            : attended(files);
    beside("nearest", PronounQuestion::nearest);
    beside("first", PronounQuestion::subject);
    return PronounScore.measure(questions, told);
  }

  private static List<PronounQuestion> read(Path file) {
    List<PronounQuestion> questions = new ArrayList<>();
    for (Example example : ExampleFile.read(file, true)) {
      Map<String, String> columns = new LinkedHashMap<>();
      example.fields().properties().forEach(e -> columns.put(e.getKey(), e.getValue().asString()));
      try {
        questions.add(PronounQuestion.of(example.place(), columns));
      } catch (IllegalArgumentException e) {
        throw new BadInputException(String.valueOf(e.getMessage()));
      }
    }
    return questions;
  }

  private void beside(String name, ToIntFunction<PronounQuestion> way) {
    CorpusMeasure measure =
        PronounScore.measure(
            questions, questions.stream().map(each -> only(way.applyAsInt(each))).toList());
    for (String value : List.of("f1", "accuracy")) {
      further.put(value + "_" + name, measure.value(value));
    }
  }

  private static boolean[] only(int candidate) {
    boolean[] told = new boolean[2];
    told[candidate] = true;
    return told;
  }

  private List<boolean[]> classified(ModelFiles files) {
    try (Classifier classifier = Classifier.open(files, data.dtype())) {
      int yes = classifier.labels().indexOf(YES);
      if (yes < 0) {
        throw new BadInputException(
            "--model: expected a class yes, got " + classifier.labels() + "; see docs/training.md");
      }
      return data.answers(
          spec().name(), questions, part -> classified(classifier, part), new boolean[2], err());
    }
  }

  private List<boolean[]> classified(Classifier classifier, List<PronounQuestion> part) {
    List<TextPair> texts = new ArrayList<>();
    for (PronounQuestion question : part) {
      question.candidates().forEach(name -> texts.add(TextPair.of(question.marked(name))));
    }
    List<Double> likely =
        classifier.classify(texts).stream().map(CoreferenceCommand::likelihood).toList();
    List<boolean[]> all = new ArrayList<>();
    for (int i = 0; i < part.size(); i++) {
      double a = likely.get(2 * i);
      double b = likely.get(2 * i + 1);
      all.add(forced || Math.max(a, b) > 0.5 ? only(a >= b ? 0 : 1) : new boolean[2]);
    }
    return all;
  }

  private static double likelihood(Classification told) {
    return told.labels().stream()
        .filter(label -> label.name().equals(YES))
        .mapToDouble(Classification.Label::score)
        .sum();
  }

  private List<boolean[]> attended(ModelFiles files) {
    if (choosing == null) {
      throw new UsageException(
          "--choose-on: expected a file of other questions, for a model that is no classifier, got"
              + " none");
    }
    List<PronounQuestion> others = read(choosing);
    try (AttentionCapture capture = AttentionCapture.open(files)) {
      List<double[][][]> shares = new ArrayList<>();
      for (PronounQuestion other : others) {
        shares.add(shares(capture, other));
      }
      PronounHeads.Head head = PronounHeads.choose(shares, others);
      further.put("layer", (double) head.layer() + 1);
      further.put("head", (double) head.number() + 1);
      further.put("accuracy_chosen_on", 100 * head.right());
      return data.answers(
          spec().name(),
          questions,
          part ->
              part.stream()
                  .map(each -> shares(capture, each)[head.layer()][head.number()])
                  .map(each -> only(PronounHeads.told(each)))
                  .toList(),
          new boolean[2],
          err());
    }
  }

  private static double[][][] shares(AttentionCapture capture, PronounQuestion question) {
    return PronounHeads.shares(capture.read(question.text()), question);
  }

  @Override
  Map<String, Double> further() {
    further.putAll(data.further());
    return further;
  }

  @Override
  int status() {
    return data.status();
  }

  @Override
  Map<String, Object> told(int item) {
    PronounQuestion question = questions.get(item);
    List<String> names =
        question.candidates().stream().map(each -> question.in(each.place())).toList();
    List<Boolean> means = List.of(told.get(item)[0], told.get(item)[1]);
    return Map.of("text", question.text(), "names", names, "means", means);
  }
}
