package dev.heed.train.recipe;

import dev.heed.vision.AffineChange;
import dev.heed.vision.RgbImage;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How far examples are changed each time they are learned from, at random up to these bounds; those
 * that are scored on never are. The bits follow from the seed, the epoch and the example's place.
 *
 * @param shift pixels that an image moves to either side and up or down
 * @param turn degrees that it turns either way
 * @param scale share by which it grows or shrinks
 * @param mirror whether left and right change places half of the times
 * @param speed share by which a sound runs faster or slower
 * @param noise loudness of white noise over a sound, as a share of the sound's own
 * @param hidden share of a sound's frames, at most, that are silent in one stretch (Park et al.
 *     2019)
 * @param voice share by which a sound's filters hear higher or lower frequencies, as of a shorter
 *     or longer vocal tract (Jaitly and Hinton 2013); for models that hear filter banks
 * @param bands share of those filters, at most, that hear nothing in one band (Park et al. 2019)
 * @param joined the most sounds that are heard one after another, their texts with spaces between
 * @param alike groups of words that change places all through a text, and as its class
 */
public record Augmentation(
    double shift,
    double turn,
    double scale,
    boolean mirror,
    double speed,
    double noise,
    double hidden,
    double voice,
    double bands,
    int joined,
    List<List<String>> alike) {
  /** No change. */
  public static final Augmentation NONE =
      new Augmentation(0, 0, 0, false, 0, 0, 0, 0, 0, 1, List.of());

  /** Checks the ranges. */
  public Augmentation {
    alike = alike.stream().map(List::copyOf).toList();
    RecipeKeys.require(shift >= 0 && shift <= 1024, "shift", "pixels from 0 to 1024", shift);
    RecipeKeys.require(turn >= 0 && turn <= 180, "turn", "degrees from 0 to 180", turn);
    RecipeKeys.require(scale >= 0 && scale < 1, "scale", "a share from 0 and below 1", scale);
    RecipeKeys.require(speed >= 0 && speed < 1, "speed", "a share from 0 and below 1", speed);
    RecipeKeys.require(noise >= 0 && noise <= 10, "noise", "a share from 0 to 10", noise);
    RecipeKeys.require(hidden >= 0 && hidden < 1, "hidden", "a share from 0 and below 1", hidden);
    RecipeKeys.require(voice >= 0 && voice < 1, "voice", "a share from 0 and below 1", voice);
    RecipeKeys.require(bands >= 0 && bands < 1, "bands", "a share from 0 and below 1", bands);
    RecipeKeys.require(joined >= 1 && joined <= 64, "joined", "1 to 64 sounds", joined);
  }

  /** Refuses changes of what is not there. */
  void requireFor(boolean images, boolean sounds, boolean texts) {
    RecipeKeys.require(texts || alike.isEmpty(), "augment", "no alike", this);
    RecipeKeys.require(images || keepsImages(), "augment", "no shift, turn, scale, mirror", this);
    boolean kept = speed == 0 && noise == 0 && hidden == 0 && voice == 0 && bands == 0;
    RecipeKeys.require(
        sounds || kept && joined == 1,
        "augment",
        "no speed, noise, hidden, voice, bands, joined",
        this);
  }

  private boolean keepsImages() {
    return shift == 0 && turn == 0 && scale == 0 && !mirror;
  }

  /** The images, each changed in its own way. */
  List<RgbImage> images(List<RgbImage> images, long seed) {
    if (keepsImages()) {
      return images;
    }
    SplittableRandom random = new SplittableRandom(seed);
    return images.stream().map(image -> change(random).apply(image)).toList();
  }

  private AffineChange change(SplittableRandom random) {
    return new AffineChange(
        turn * random.nextDouble(-1, 1),
        1 + scale * random.nextDouble(-1, 1),
        shift * random.nextDouble(-1, 1),
        shift * random.nextDouble(-1, 1),
        mirror && random.nextBoolean());
  }
}
