package dev.heed.cli.task;

import dev.heed.cli.Output;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.task.Classification;
import dev.heed.task.Classifier;
import dev.heed.task.ZeroShotClassifier;
import dev.heed.tensor.DType;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heed classify}: which class a text is of. */
@Command(
    name = "classify",
    description = {
      "Say which class a text or a pair of texts is of, and how probable each is.",
      "With --labels a model of entailment judges any labels that you name."
    },
    footer = {
      "",
      "Examples:",
      "  heed classify \"A warm and funny film.\" --attention why.html",
      "  heed classify --model mnli --pair \"A man sleeps.\" \"A man rides a horse.\"",
      "  heed classify --model nli --labels sport,politics,money --file news.txt --json"
    })
public final class ClassifyCommand extends TextTaskCommand<Classification> {
  @Option(
      names = "--labels",
      paramLabel = "A,B,…",
      split = ",",
      hideParamSyntax = true,
      description = "Judge these labels instead of the model's own classes.")
  private List<String> labels = List.of();

  @Option(
      names = "--template",
      paramLabel = "TEXT",
      description = "What each label says of a text (default: ${DEFAULT-VALUE}).")
  private String template = ZeroShotClassifier.TEMPLATE;

  @Option(names = "--several", description = "Any number of the labels may hold.")
  private boolean several;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "How many classes to print (default: ${DEFAULT-VALUE}).")
  private int top = 5;

  @Mixin private PairOptions pairs = new PairOptions();

  @Override
  @Nullable String carried() {
    return labels.isEmpty() ? "sentiment" : null;
  }

  @Override
  TaskSession<Classification> open(ModelFiles files, @Nullable DType type) {
    LengthOptions.checked("--top", top);
    return labels.isEmpty()
        ? new Own(Classifier.open(files, type))
        : new Named(ZeroShotClassifier.open(files, type));
  }

  private abstract class Session implements TaskSession<Classification> {
    @Override
    public void print(TaskItem item, Classification result, Output out) {
      out.println(
          result.labels().stream()
              .limit(top)
              .map(label -> label.name() + " " + figure(label.score()))
              .collect(Collectors.joining("  ")));
    }

    @Override
    public boolean cuts(Classification result) {
      return result.cut();
    }
  }

  /** By the model's own classes. */
  private final class Own extends Session {
    private final Classifier classifier;

    Own(Classifier classifier) {
      this.classifier = classifier;
    }

    @Override
    public List<Classification> results(List<TaskItem> items) {
      return classifier.classify(items.stream().map(pairs::of).toList());
    }

    @Override
    public Evidence evidence(TaskItem item, Classification result) {
      return classifier.explain(pairs.of(item));
    }

    @Override
    public void close() {
      classifier.close();
    }
  }

  /** By labels that the user names. */
  private final class Named extends Session {
    private final ZeroShotClassifier classifier;

    Named(ZeroShotClassifier classifier) {
      this.classifier = classifier;
    }

    @Override
    public List<Classification> results(List<TaskItem> items) {
      return items.stream()
          .map(item -> classifier.classify(item.text(), labels, template, several))
          .toList();
    }

    @Override
    public Evidence evidence(TaskItem item, Classification result) {
      return classifier.explain(item.text(), labels, template, several);
    }

    @Override
    public void close() {
      classifier.close();
    }
  }
}
