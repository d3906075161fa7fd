package dev.heed.cli.task;

import dev.heed.cli.GivenText;
import dev.heed.cli.Output;
import dev.heed.cli.UsageException;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.task.Reranker;
import dev.heed.tensor.DType;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed rerank}: documents by how well they answer a query. */
@Command(
    name = "rerank",
    description = {
      "Rank texts by how well they answer a query, reading both together: slower than similar, and"
          + " better.",
      "Each line shows the score, the text's line or file, and its beginning."
    },
    footer = {
      "",
      "Example:",
      "  heed rerank --model ms-marco-MiniLM \"Where can I park?\" --file faq.txt"
    })
public final class RerankCommand extends TaskCommand<RerankCommand.Scored> {
  private static final int SHOWN = 200;

  @Parameters(paramLabel = "QUERY", description = "What is asked.")
  private String query = "";

  @Mixin private TaskItems items = new TaskItems();

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "How many texts to print (default: ${DEFAULT-VALUE}).")
  private int top = 10;

  /**
   * The result.
   *
   * @param score higher is better
   * @param cut whether query and text are longer than the model reads, so that the end was not read
   */
  record Scored(double score, boolean cut) {}

  @Override
  List<TaskItem> items() {
    if (top < 1) {
      throw new UsageException("--top: expected 1 or more, got " + top);
    }
    GivenText.filled("QUERY", query);
    return items.read("QUERY", null);
  }

  @Override
  Ranking<Scored> ranking() {
    return new Ranking<>(Comparator.comparingDouble(Scored::score).reversed(), top);
  }

  @Override
  TaskSession<Scored> open(ModelFiles files, @Nullable DType type) {
    Reranker reranker = Reranker.open(files, type);
    return new TaskSession<>() {
      @Override
      public List<Scored> results(List<TaskItem> documents) {
        List<String> texts = documents.stream().map(TaskItem::text).toList();
        return reranker.judge(query, texts, done -> {}).stream()
            .map(ranked -> new Scored(ranked.score(), ranked.cut()))
            .toList();
      }

      @Override
      public boolean cuts(Scored result) {
        return result.cut();
      }

      @Override
      public void print(TaskItem item, Scored result, Output out) {
        String text = item.text().strip().replaceAll("\\s+", " ");
        out.printf(
            "%7.3f  %5s  %s%n",
            result.score(),
            item.file() == null ? item.line() : item.file(),
            text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…");
      }

      @Override
      public Evidence evidence(TaskItem item, Scored result) {
        return reranker.explain(query, item.text());
      }

      @Override
      public void close() {
        reranker.close();
      }
    };
  }
}
