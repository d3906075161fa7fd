package dev.heed.cli.task;

import dev.heed.cli.Output;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.task.EntityFinder;
import dev.heed.task.EntityFinder.Aggregation;
import dev.heed.task.EntityFinder.Entity;
import dev.heed.tensor.DType;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed entities}: the named entities of a text. */
@Command(
    name = "entities",
    description = {
      "Find the named entities of a text, however long: type, place and probability.",
      "Each text's entities stand on one line."
    },
    footer = {
      "",
      "Examples:",
      "  heed entities \"Anna lives in Paris.\"",
      "  heed entities --model bert-base-NER --file articles/ --json > entities.jsonl"
    })
public final class EntitiesCommand extends TextTaskCommand<EntitiesCommand.Found> {
  @Option(
      names = "--words",
      paramLabel = "HOW",
      description =
          "How tokens are joined: none, simple, first, held (first, and U.K. is one word), average,"
              + " max (default: held).")
  private Aggregation aggregation = Aggregation.HELD;

  /**
   * The result.
   *
   * @param entities in order
   */
  record Found(List<Entity> entities) {}

  @Override
  String carried() {
    return "entities";
  }

  @Override
  TaskSession<Found> open(ModelFiles files, @Nullable DType type) {
    EntityFinder finder = EntityFinder.open(files, type);
    return new TaskSession<>() {
      @Override
      public List<Found> results(List<TaskItem> items) {
        return finder.find(items.stream().map(TaskItem::text).toList(), aggregation).stream()
            .map(Found::new)
            .toList();
      }

      @Override
      public void print(TaskItem item, Found result, Output out) {
        out.println(
            result.entities().stream()
                .map(each ->
                    each.type()
                        + " "
                        + each.text().replaceAll("\\s+", " ")
                        + " ["
                        + each.start()
                        + ", "
                        + each.end()
                        + ") "
                        + figure(each.score()))
                .collect(Collectors.joining("  ")));
      }

      @Override
      public Evidence evidence(TaskItem item, Found result) {
        return finder.explain(item.text(), aggregation);
      }

      @Override
      public void close() {
        finder.close();
      }
    };
  }
}
