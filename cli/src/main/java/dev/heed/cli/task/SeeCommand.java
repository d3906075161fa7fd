package dev.heed.cli.task;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.heed.cli.Output;
import dev.heed.cli.OutputFile;
import dev.heed.cli.UsageException;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.picture.ObjectsPicture;
import dev.heed.task.Classification.Label;
import dev.heed.task.FoundObject;
import dev.heed.task.ImageClassifier;
import dev.heed.task.ObjectDetector;
import dev.heed.tensor.DType;
import dev.heed.vision.DetectedObject;
import dev.heed.vision.RgbImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed see}: which class an image is of, or which objects are where in it. */
@Command(
    name = "see",
    description = {
      "Say which class an image is of, and how probable each is (ViT, DeiT, BEiT, DINOv2, Swin,"
          + " ConvNeXt, SegFormer, PVT …), or which objects are where in it (DETR, YOLOS)."
    },
    footer = {
      "",
      "Examples:",
      "  heed see digit.png                    (which written digit)",
      "  heed see --boxes digits.png --png boxes.png   (which written digits are where)",
      "  heed see --model vit-base-patch16-224 cat.jpg --attention where.html",
      "  heed see --model detr-resnet-50 street.jpg --png boxes.png",
      "  heed see --model dinov2-small-imagenet1k-1-layer photos/ --json"
    })
public final class SeeCommand extends TaskCommand<SeeCommand.Seen> {
  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "PNG or JPEG images; a folder stands for those in it, - for standard input.")
  private List<Path> files = List.of();

  @Option(
      names = "--boxes",
      description = "Say which objects are where; without --model, by the model that Heed carries.")
  private boolean boxes;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "How many classes to print (default: ${DEFAULT-VALUE}).")
  private int top = 5;

  @Option(
      names = "--threshold",
      paramLabel = "P",
      description = "How probable an object must be (default: " + ObjectDetector.THRESHOLD + ").")
  private @Nullable Double threshold;

  @Option(
      names = "--png",
      paramLabel = "FILE",
      description = "Draw the boxes of the objects over the image, for one image.")
  private @Nullable Path png;

  private final ImageFiles images = new ImageFiles();

  /**
   * What was seen.
   *
   * @param labels the likeliest classes, best first, or null
   * @param chosen of the classes the likeliest, or all that are more likely than not; or null
   * @param objects what was found, the most probable first, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Seen(
      @Nullable List<Label> labels,
      @Nullable List<String> chosen,
      @Nullable List<Placed> objects) {}

  /**
   * An object, its box in pixels of the image.
   *
   * @param name of its class
   */
  record Placed(String name, @JsonUnwrapped DetectedObject box) {}

  @Override
  List<TaskItem> items() {
    if (top < 1) {
      throw new UsageException("--top: expected 1 or more, got " + top);
    }
    if (threshold != null && !(threshold >= 0 && threshold <= 1)) {
      throw new UsageException("--threshold: expected a number from 0 to 1, got " + threshold);
    }
    OutputFile.check("--png", png, ".png");
    List<TaskItem> items = ImageFiles.items(files);
    if (png != null && items.size() != 1) {
      throw new UsageException("--png: expected one image, got " + items.size());
    }
    return items;
  }

  @Override
  String carried() {
    return boxes ? "boxes" : "digits";
  }

  @Override
  TaskSession<Seen> open(ModelFiles model, @Nullable DType type) {
    if (ObjectDetector.fits(model)) {
      ObjectDetector detector = ObjectDetector.open(model, type);
      tell(detector.note());
      return new Boxes(detector);
    }
    if (boxes || png != null || threshold != null) {
      throw new UsageException(
          "--boxes, --png, --threshold: expected a model of objects (DETR, YOLOS), got "
              + model.describe()
              + "; what another attended to is drawn by --attention");
    }
    ImageClassifier classifier = ImageClassifier.open(model, type);
    tell(classifier.note());
    return new Classes(classifier);
  }

  private void tell(@Nullable String note) {
    if (note != null) {
      err().println("heed: " + note);
    }
  }

  /** By a model of classes. */
  private final class Classes implements TaskSession<Seen> {
    private final ImageClassifier classifier;

    Classes(ImageClassifier classifier) {
      this.classifier = classifier;
    }

    @Override
    public List<Seen> results(List<TaskItem> items) {
      return classifier.classify(images.images(items)).stream()
          .map(seen -> new Seen(seen.labels().stream().limit(top).toList(), seen.chosen(), null))
          .toList();
    }

    @Override
    public void print(TaskItem item, Seen result, Output out) {
      out.println(
          place(item)
              + requireNonNull(result.labels()).stream()
                  .map(label -> label.name() + " " + figure(label.score()))
                  .collect(Collectors.joining("  ")));
    }

    @Override
    public Evidence evidence(TaskItem item, Seen result) {
      return classifier.explain(images.image(item));
    }

    @Override
    public void close() {
      classifier.close();
    }
  }

  /** By a model of boxes. */
  private final class Boxes implements TaskSession<Seen> {
    private final ObjectDetector detector;

    Boxes(ObjectDetector detector) {
      this.detector = detector;
    }

    private double passed() {
      return threshold == null ? ObjectDetector.THRESHOLD : threshold;
    }

    @Override
    public List<Seen> results(List<TaskItem> items) {
      List<RgbImage> seen = images.images(items);
      List<Seen> results = new ArrayList<>();
      List<List<FoundObject>> found = detector.detect(seen, passed());
      for (int i = 0; i < items.size(); i++) {
        draw(seen.get(i), found.get(i));
        results.add(
            new Seen(
                null,
                null,
                found.get(i).stream().map(one -> new Placed(one.name(), one.box())).toList()));
      }
      return results;
    }

    /** There is one image if this is asked for. */
    private void draw(RgbImage image, List<FoundObject> found) {
      if (png != null) {
        OutputFile.write("--png", png, () -> ObjectsPicture.draw(image, found));
        err().println("wrote " + png);
      }
    }

    @Override
    public void print(TaskItem item, Seen result, Output out) {
      List<Placed> objects = requireNonNull(result.objects());
      if (objects.isEmpty()) {
        out.println(place(item) + "no object");
      }
      for (Placed object : objects) {
        DetectedObject box = object.box();
        out.println(
            place(item)
                + String.format(
                    Locale.ROOT,
                    "%s %s  left %.1f  top %.1f  right %.1f  bottom %.1f",
                    object.name(),
                    figure(box.score()),
                    box.left(),
                    box.top(),
                    box.right(),
                    box.bottom()));
      }
    }

    @Override
    public Evidence evidence(TaskItem item, Seen result) {
      return detector.explain(images.image(item), passed());
    }

    @Override
    public void close() {
      detector.close();
    }
  }

  private static String place(TaskItem item) {
    return item.isArgument() ? "" : item.place() + ": ";
  }
}
