package dev.heed.cli.task;

import dev.heed.cli.BadInputException;
import dev.heed.cli.ItemTrouble;
import dev.heed.cli.Output;
import dev.heed.explain.Evidence;
import dev.heed.task.ImageTextMatcher;
import dev.heed.vision.RgbImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The images of each text, best first; an image that cannot be read does not lose the others. */
final class ImageRanking implements TaskSession<Record> {
  private final ImageTextMatcher matcher;
  private final List<String> names = new ArrayList<>();
  private final List<RgbImage> pixels = new ArrayList<>();
  private final int most;

  /**
   * An image and how well it goes with the text.
   *
   * @param image its file
   * @param score higher is better
   */
  record Ranked(String image, double score) {}

  /** The result for a text, best first. */
  record Ranking(List<Ranked> images) {}

  /**
   * Reads the images.
   *
   * @param matcher closed with this session
   * @param most images that are told of each text
   * @param fails is told of images that cannot be read
   * @throws BadInputException if none can be
   */
  ImageRanking(
      ImageTextMatcher matcher,
      ImageFiles images,
      List<TaskItem> items,
      int most,
      Consumer<String> fails) {
    this.matcher = matcher;
    this.most = most;
    try {
      for (TaskItem item : items) {
        try {
          pixels.add(images.image(item));
          names.add(item.text());
        } catch (RuntimeException e) {
          fails.accept(item.text() + ": " + ItemTrouble.explain(e));
        }
      }
      if (names.isEmpty()) {
        throw new BadInputException("FILE: expected an image that can be read, got none");
      }
    } catch (RuntimeException e) {
      matcher.close();
      throw e;
    }
  }

  @Override
  public List<Record> results(List<TaskItem> texts) {
    return matcher.overImages(pixels, texts.stream().map(TaskItem::text).toList()).stream()
        .<Record>map(scores ->
            new Ranking(
                IntStream.range(0, scores.length)
                    .mapToObj(i -> new Ranked(names.get(i), scores[i]))
                    .sorted(Comparator.comparingDouble(Ranked::score).reversed())
                    .limit(most)
                    .toList()))
        .toList();
  }

  @Override
  public void print(TaskItem text, Record result, Output out) {
    if (!text.isArgument()) {
      out.println(text.text());
    }
    for (Ranked ranked : ((Ranking) result).images()) {
      out.println("  " + TaskCommand.figure(ranked.score()) + "  " + ranked.image());
    }
  }

  /** Where the model looked in the image that goes best with the text. */
  @Override
  public Evidence evidence(TaskItem text, Record result) {
    int best = names.indexOf(((Ranking) result).images().getFirst().image());
    return matcher.explain(pixels.get(best), List.of(text.text()));
  }

  @Override
  public void close() {
    matcher.close();
  }
}
