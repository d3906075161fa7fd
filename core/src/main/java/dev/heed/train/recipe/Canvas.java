package dev.heed.train.recipe;

/**
 * How classified images become scenes with several objects: black squares on which they are laid at
 * random places and in random sizes, none over another.
 *
 * @param side pixels of a square; 0 for no scenes
 * @param most the most objects of a scene, which has at least one
 * @param smallest what the smallest objects' sizes are times their images'
 * @param largest and the largest ones'
 */
public record Canvas(int side, int most, double smallest, double largest) {
  /** No scenes. */
  public static final Canvas NONE = new Canvas(0, 4, 0.8, 1.6);

  private static final int LARGEST_SIDE = 4096;

  /** Checks the ranges. */
  public Canvas {
    RecipeKeys.require(side >= 0 && side <= LARGEST_SIDE, "side", "from 0 to 4096 pixels", side);
    RecipeKeys.require(most >= 1 && most <= 1024, "most", "1 to 1024 objects", most);
    RecipeKeys.require(
        smallest > 0 && smallest <= largest && largest <= 64,
        "smallest, largest",
        "rising factors above 0, to 64",
        smallest + ", " + largest);
  }
}
