package dev.heed.cli.task;

import dev.heed.cli.GivenText;
import dev.heed.cli.Output;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.task.Classification;
import dev.heed.task.ImageTextMatcher;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed match}: which texts go with an image. */
@Command(
    name = "match",
    description = {
      "Say how well texts go with images: by CLIP over the texts that you name, by SigLIP and"
          + " BLIP's head for each by itself."
    },
    footer = {
      "",
      "Example:",
      "  heed match --model clip-vit-base-patch32 cat.jpg --text \"a cat\" --text \"a dog\""
    })
public final class MatchCommand extends TaskCommand<Classification> {
  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "PNG or JPEG images; a folder stands for those in it, - for standard input.")
  private List<Path> files = List.of();

  @Option(
      names = "--text",
      required = true,
      paramLabel = "TEXT",
      description = "A text that may go with an image; may be repeated.")
  private List<String> texts = List.of();

  private final ImageFiles images = new ImageFiles();

  @Override
  List<TaskItem> items() {
    texts.forEach(text -> GivenText.filled("--text", text));
    return ImageFiles.items(files);
  }

  @Override
  TaskSession<Classification> open(ModelFiles model, @Nullable DType type) {
    ImageTextMatcher matcher = ImageTextMatcher.open(model, type);
    if (matcher.note() != null) {
      err().println("heed: " + matcher.note());
    }
    return new Session(matcher);
  }

  private final class Session implements TaskSession<Classification> {
    private final ImageTextMatcher matcher;

    Session(ImageTextMatcher matcher) {
      this.matcher = matcher;
    }

    @Override
    public List<Classification> results(List<TaskItem> items) {
      return matcher.overTexts(images.images(items), texts);
    }

    @Override
    public void print(TaskItem item, Classification result, Output out) {
      out.println(
          (item.isArgument() ? "" : item.place() + ": ")
              + result.labels().stream()
                  .map(label -> label.name() + " " + figure(label.score()))
                  .collect(Collectors.joining("  ")));
    }

    @Override
    public Evidence evidence(TaskItem item, Classification result) {
      return matcher.explain(images.image(item), texts);
    }

    @Override
    public void close() {
      matcher.close();
    }
  }
}
