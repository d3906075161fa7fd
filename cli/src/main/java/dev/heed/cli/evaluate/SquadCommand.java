package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.SquadScore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code heed evaluate squad}. */
@Command(
    name = "squad",
    description = {
      "Exact match and F1 of answers in percent, as SQuAD's official programs give them.",
      "References: SQuAD's JSON, or one JSON object a line with id and answers. Predictions: a"
          + " JSON",
      "object from each id to its answer; the empty text where there is none."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate squad --predictions out.json --references dev-v2.0.json"
    })
public final class SquadCommand extends MeasureCommand {
  @Mixin private ReferenceOption references = new ReferenceOption();

  @Option(
      names = "--no-answer",
      paramLabel = "FILE",
      description = {
        "A JSON object from each id to the probability that it has no answer: finds the best",
        "threshold."
      })
  private @Nullable Path noAnswer;

  @Option(
      names = "--v1",
      description = "By version 1.1: every question has an answer, empty texts never match in F1.")
  private boolean version1;

  private final Map<String, Double> further = new LinkedHashMap<>();

  @Override
  CorpusMeasure measure(String option, Path file) {
    Map<String, List<String>> questions = SquadQuestions.read(references.file());
    Map<String, JsonNode> given = byId(option, file, questions);
    List<String> predictions = new ArrayList<>();
    given.forEach((id, answer) -> {
      if (!answer.isString()) {
        throw new BadInputException(
            option + " " + file + ": expected a text for " + id + ", got " + answer);
      }
      predictions.add(answer.asString());
    });
    List<List<String>> answers = List.copyOf(questions.values());
    if (noAnswer != null && option.equals("--predictions")) {
      double[] probabilities =
          byId("--no-answer", noAnswer, questions).values().stream()
              .mapToDouble(JsonNode::asDouble)
              .toArray();
      further(
          "exact",
          SquadScore.bestThreshold(SquadScore::exact, predictions, answers, probabilities));
      further("f1", SquadScore.bestThreshold(SquadScore::f1, predictions, answers, probabilities));
    }
    return SquadScore.measure(!version1, predictions, answers);
  }

  private void further(String name, SquadScore.Threshold best) {
    further.put("best_" + name, best.score());
    further.put("best_" + name + "_threshold", best.threshold());
  }

  @Override
  Map<String, Double> further() {
    return further;
  }

  /** What a file says of each question, in the order of the questions. */
  private static Map<String, JsonNode> byId(
      String option, Path file, Map<String, List<String>> questions) {
    JsonNode all = EvaluationFiles.json(option, file);
    Map<String, JsonNode> values = new LinkedHashMap<>();
    for (String id : questions.keySet()) {
      JsonNode value = all.get(id);
      if (value == null) {
        throw new BadInputException(
            option + " " + file + ": expected something for every question, got nothing for " + id);
      }
      values.put(id, value);
    }
    for (String id : all.propertyNames()) {
      if (!questions.containsKey(id)) {
        throw new BadInputException(
            option + " " + file + ": expected ids of --references, got " + id);
      }
    }
    return values;
  }
}
