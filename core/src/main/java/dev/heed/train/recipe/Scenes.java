package dev.heed.train.recipe;

import dev.heed.evaluate.Box;
import dev.heed.vision.Resampling;
import dev.heed.vision.RgbImage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Lays images on a canvas. Of each only what is drawn is laid: the smallest rectangle around all
 * pixels of at least a quarter of full brightness, which is its box too.
 *
 * @param images of one part of the data
 * @param classes whose numbers the objects have
 * @param canvas where they are laid
 */
record Scenes(List<LabelledImage> images, List<String> classes, Canvas canvas) {
  private static final int DRAWN = 64;
  private static final int TRIES = 20;

  /** What is drawn in an image: rows {@code top} to before {@code bottom}, and columns. */
  private record Drawn(RgbImage image, int top, int left, int bottom, int right) {
    int height() {
      return bottom - top;
    }

    int width() {
      return right - left;
    }
  }

  /**
   * Makes a scene. Objects for which there is no free place after some tries are left out.
   *
   * @param first the place of the image that is laid first; others are chosen at random
   * @throws IllegalArgumentException for an image in which nothing is drawn, or that is larger than
   *     the canvas
   */
  Scene of(int first, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RgbImage scene = RgbImage.black(canvas.side(), canvas.side());
    List<Scene.Placed> placed = new ArrayList<>();
    int count = random.nextInt(1, canvas.most() + 1);
    for (int i = 0; i < count; i++) {
      LabelledImage chosen = images.get(i == 0 ? first : random.nextInt(images.size()));
      Drawn drawn = drawn(chosen, random);
      for (int attempt = 0; attempt < TRIES; attempt++) {
        int top = random.nextInt(canvas.side() - drawn.height() + 1);
        int left = random.nextInt(canvas.side() - drawn.width() + 1);
        Box box = new Box(left, top, drawn.width(), drawn.height());
        if (placed.stream().allMatch(other -> other.box().intersection(box) == 0)) {
          lay(drawn, scene, top, left);
          placed.add(new Scene.Placed(classes.indexOf(chosen.label()), box));
          break;
        }
      }
    }
    return new Scene(scene, List.copyOf(placed));
  }

  private Drawn drawn(LabelledImage chosen, SplittableRandom random) {
    double scale = canvas.smallest();
    if (canvas.largest() > scale) {
      scale = random.nextDouble(scale, canvas.largest());
    }
    RgbImage image = chosen.image();
    RgbImage sized =
        image.resized(
            Math.max(1, (int) Math.round(scale * image.height())),
            Math.max(1, (int) Math.round(scale * image.width())),
            Resampling.BILINEAR);
    int top = sized.height();
    int left = sized.width();
    int bottom = 0;
    int right = 0;
    for (int row = 0; row < sized.height(); row++) {
      for (int column = 0; column < sized.width(); column++) {
        if (Math.max(
                sized.at(row, column, 0),
                Math.max(sized.at(row, column, 1), sized.at(row, column, 2)))
            >= DRAWN) {
          top = Math.min(top, row);
          left = Math.min(left, column);
          bottom = Math.max(bottom, row + 1);
          right = Math.max(right, column + 1);
        }
      }
    }
    if (bottom == 0 || bottom - top > canvas.side() || right - left > canvas.side()) {
      throw new IllegalArgumentException(
          chosen.where()
              + ": expected something drawn, of at most "
              + canvas.side()
              + " pixels a side, got "
              + (bottom == 0 ? "nothing" : (right - left) + " by " + (bottom - top)));
    }
    return new Drawn(sized, top, left, bottom, right);
  }

  private static void lay(Drawn drawn, RgbImage scene, int top, int left) {
    for (int row = 0; row < drawn.height(); row++) {
      System.arraycopy(
          drawn.image().pixels(),
          3 * ((drawn.top() + row) * drawn.image().width() + drawn.left()),
          scene.pixels(),
          3 * ((top + row) * scene.width() + left),
          3 * drawn.width());
    }
  }
}
