package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.evaluate.ExampleFile.Example;
import dev.heed.model.ModelFiles;
import dev.heed.task.Reranker;
import dev.heed.task.Reranker.Ranked;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code heed evaluate rerank}. */
@Command(
    name = "rerank",
    description = {
      "A cross-encoder's order of documents: precision, recall, hits, MRR, nDCG and MAP at k.",
      "DATA: lines of JSON with query, documents (a list of texts) and relevance (a grade each)."
    },
    footer = {"", "Example:", "  heed evaluate rerank queries.jsonl --model ms-marco --k 10"})
public final class RerankModelCommand extends RankedModelCommand<RerankModelCommand.Asking> {
  /** A query, its documents and their grades. */
  record Asking(String query, List<String> documents, Map<String, Integer> grades) {}

  @Override
  List<Asking> examples(Path file) {
    return ExampleFile.read(file, true).stream().map(RerankModelCommand::asking).toList();
  }

  private static Asking asking(Example example) {
    List<String> documents = example.texts("documents");
    JsonNode grades = example.fields().path("relevance");
    if (grades.size() != documents.size()) {
      throw new BadInputException(
          example.place()
              + ": expected a grade in relevance for each of "
              + documents.size()
              + " documents, got "
              + grades.size());
    }
    Map<String, Integer> relevance = new LinkedHashMap<>();
    for (int i = 0; i < documents.size(); i++) {
      if (!grades.get(i).isIntegralNumber()) {
        throw new BadInputException(
            example.place() + ": expected whole numbers in relevance, got " + grades.get(i));
      }
      relevance.put(String.valueOf(i), grades.get(i).asInt());
    }
    return new Asking(example.text("query"), documents, relevance);
  }

  @Override
  Map<String, Integer> relevance(Asking example) {
    return example.grades();
  }

  @Override
  Asked<Asking, List<String>> open(ModelFiles files, @Nullable DType dtype) {
    Reranker reranker = Reranker.open(files, dtype);
    return new Asked<>() {
      @Override
      public List<List<String>> apply(List<Asking> examples) {
        List<List<Ranked>> orders =
            examples.stream().map(each -> reranker.rank(each.query(), each.documents())).toList();
        countCut(orders.stream().filter(order -> order.stream().anyMatch(Ranked::cut)).count());
        return orders.stream()
            .map(order -> order.stream().map(one -> String.valueOf(one.index())).toList())
            .toList();
      }

      @Override
      public void close() {
        reranker.close();
      }
    };
  }

  @Override
  Map<String, Object> told(Asking example, List<String> answer) {
    return Map.of("query", example.query(), "order", answer);
  }
}
