package dev.heed.cli.task;

import dev.heed.cli.GivenText;
import dev.heed.cli.Lines;
import dev.heed.cli.Output;
import dev.heed.cli.UsageException;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.task.Classification;
import dev.heed.task.ImageTextMatcher;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed match}: which texts go with an image, or which images with a text. */
@Command(
    name = "match",
    description = {
      "Say how well texts go with images: by CLIP over the texts that you name, by SigLIP and"
          + " BLIP's head for each by itself.",
      "With --over images it finds the images that go with each text, best first."
    },
    footer = {
      "",
      "Examples:",
      "  heed match face.png --text \"grinning face\" --text \"red apple\"     (emoji)",
      "  heed match --model clip-vit-base-patch32 cat.jpg --text \"a cat\" --text \"a dog\"",
      "  heed match --model clip-vit-base-patch32 photos/ --over images --text \"a cat\" --top 3"
    })
public final class MatchCommand extends TaskCommand<Record> {
  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "PNG or JPEG images; a folder stands for those in it, - for standard input.")
  private List<Path> files = List.of();

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "A text that may go with an image; may be repeated.")
  private List<String> given = List.of();

  @Option(names = "--texts", paramLabel = "FILE", description = "A file of such texts, one a line.")
  private @Nullable Path file;

  /** What competes. */
  enum Over {
    texts,
    images
  }

  @Option(
      names = "--over",
      paramLabel = "texts|images",
      description = "What is ranked: the texts of an image, or the images of a text.")
  private Over over = Over.texts;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "How many are printed of those that are ranked (default: all).")
  private @Nullable Integer top;

  private final ImageFiles images = new ImageFiles();
  private List<String> texts = List.of();

  @Override
  List<TaskItem> items() {
    LengthOptions.checked("--top", top);
    given.forEach(text -> GivenText.filled("--text", text));
    List<String> all = new ArrayList<>(given);
    if (file != null) {
      Lines.of("--texts", file).forEach(line -> all.add(line.text()));
    }
    if (all.isEmpty()) {
      throw new UsageException("expected --text or --texts, got none");
    }
    texts = List.copyOf(all);
    List<TaskItem> pictures = ImageFiles.items(files);
    if (over == Over.texts) {
      return pictures;
    }
    return texts.size() == 1
        ? List.of(TaskItem.argument(texts.getFirst()))
        : TaskItem.numbered(texts);
  }

  @Override
  String carried() {
    return "emoji";
  }

  @Override
  TaskSession<Record> open(ModelFiles model, @Nullable DType type) {
    ImageTextMatcher matcher = ImageTextMatcher.open(model, type);
    if (matcher.note() != null) {
      err().println("heed: " + matcher.note());
    }
    texts.stream()
        .filter(matcher::cuts)
        .forEach(
            text -> err().println("heed: longer than the model reads, its end was cut: " + text));
    return over == Over.texts
        ? new OverTexts(matcher)
        : new ImageRanking(matcher, images, ImageFiles.items(files), most(), this::fail);
  }

  private int most() {
    return top == null ? Integer.MAX_VALUE : top;
  }

  /** The texts of each image. */
  private final class OverTexts implements TaskSession<Record> {
    private final ImageTextMatcher matcher;

    OverTexts(ImageTextMatcher matcher) {
      this.matcher = matcher;
    }

    @Override
    public List<Record> results(List<TaskItem> items) {
      return List.copyOf(matcher.overTexts(images.images(items), texts));
    }

    @Override
    public void print(TaskItem item, Record result, Output out) {
      out.println(
          (item.isArgument() ? "" : item.place() + ": ")
              + ((Classification) result)
                  .labels().stream()
                      .limit(most())
                      .map(label -> label.name() + " " + figure(label.score()))
                      .collect(Collectors.joining("  ")));
    }

    @Override
    public Evidence evidence(TaskItem item, Record result) {
      return matcher.explain(images.image(item), texts);
    }

    @Override
    public void close() {
      matcher.close();
    }
  }
}
