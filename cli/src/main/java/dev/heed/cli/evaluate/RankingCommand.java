package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.Lines;
import dev.heed.cli.Lines.Line;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.RankingScore;
import dev.heed.evaluate.RankingScore.Query;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heed evaluate ranking}. */
@Command(
    name = "ranking",
    description = {
      "Precision, recall, hits, MRR, nDCG and MAP at k, the mean over the queries of the"
          + " references.",
      "TREC files. References (qrels): query 0 document grade; predictions (run): query Q0"
          + " document",
      "rank score name. Documents are ordered by score; a query that was not run found nothing."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate ranking --predictions my.run --references my.qrels --k 10,100"
    })
public final class RankingCommand extends MeasureCommand {
  @Mixin private ReferenceOption references = new ReferenceOption();

  @Option(
      names = "--k",
      paramLabel = "K,…",
      split = ",",
      hideParamSyntax = true,
      description = "How many documents count (default: ${DEFAULT-VALUE}).")
  private List<Integer> cutoffs = List.of(1, 5, 10, 100);

  /** A document that a query found. */
  private record Found(String document, double score) {}

  @Override
  CorpusMeasure measure(String option, Path file) {
    Map<String, Map<String, Integer>> grades = grades(references.file());
    Map<String, List<Found>> found = new HashMap<>();
    for (Line line : Lines.of(option, file)) {
      String[] cells = cells(option, file, line, 6, "query Q0 document rank score name");
      if (!grades.containsKey(cells[0])) {
        throw EvaluationFiles.wrong(option, file, line, "a query of the references", cells[0]);
      }
      found
          .computeIfAbsent(cells[0], query -> new ArrayList<>())
          .add(new Found(cells[2], EvaluationFiles.number(option, file, line, cells[4])));
    }
    List<Query> queries = new ArrayList<>();
    grades.forEach((query, relevance) ->
        queries.add(query(option, file, query, found.getOrDefault(query, List.of()), relevance)));
    return RankingScore.measure(queries, cutoffs.stream().mapToInt(Integer::intValue).toArray());
  }

  private static Query query(
      String option, Path file, String name, List<Found> found, Map<String, Integer> relevance) {
    List<String> ranking =
        found.stream()
            .sorted(Comparator.comparingDouble(Found::score).reversed())
            .map(Found::document)
            .toList();
    try {
      return new Query(ranking, relevance);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(option + " " + file + ", query " + name + ": " + e.getMessage());
    }
  }

  private static Map<String, Map<String, Integer>> grades(Path file) {
    Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
    for (Line line : Lines.of(ReferenceOption.NAME, file)) {
      String[] cells = cells(ReferenceOption.NAME, file, line, 4, "query 0 document grade");
      int grade = EvaluationFiles.integer(ReferenceOption.NAME, file, line, cells[3]);
      Map<String, Integer> ofQuery =
          grades.computeIfAbsent(cells[0], query -> new LinkedHashMap<>());
      if (ofQuery.put(cells[2], grade) != null) {
        throw EvaluationFiles.wrong(
            ReferenceOption.NAME, file, line, "each document once a query", cells[2] + " again");
      }
    }
    return grades;
  }

  private static String[] cells(String option, Path file, Line line, int count, String form) {
    String[] cells = line.text().strip().split("\\s+");
    if (cells.length != count) {
      throw EvaluationFiles.wrong(option, file, line, form, cells.length + " columns");
    }
    return cells;
  }
}
