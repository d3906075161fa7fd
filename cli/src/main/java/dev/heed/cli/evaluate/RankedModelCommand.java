package dev.heed.cli.evaluate;

import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.RankingScore;
import dev.heed.evaluate.RankingScore.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/**
 * A model that orders candidates, measured by where the right ones come.
 *
 * @param <E> an example
 */
abstract class RankedModelCommand<E> extends ModelMeasureCommand<E, List<String>> {
  @Option(
      names = "--k",
      paramLabel = "K,…",
      split = ",",
      hideParamSyntax = true,
      description = "How many of the first count (default: ${DEFAULT-VALUE}).")
  private List<Integer> cutoffs = List.of(1, 5, 10);

  /** The grade of each right candidate of an example. */
  abstract Map<String, Integer> relevance(E example);

  @Override
  final List<String> wrong() {
    return List.of();
  }

  @Override
  final CorpusMeasure measure(List<E> examples, List<List<String>> answers) {
    List<Query> queries = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      queries.add(new Query(answers.get(i), relevance(examples.get(i))));
    }
    return RankingScore.measure(queries, cutoffs.stream().mapToInt(Integer::intValue).toArray());
  }
}
