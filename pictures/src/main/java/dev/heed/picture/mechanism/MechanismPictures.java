package dev.heed.picture.mechanism;

import dev.heed.tensor.Gradients;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The pictures of all mechanisms, by their name in the catalogue. */
public final class MechanismPictures {
  private static final Map<String, Recipe> RECIPES = new TreeMap<>();

  static {
    MaskPictures.addTo(RECIPES);
    HeadPictures.addTo(RECIPES);
    DecoderPictures.addTo(RECIPES);
    ScorePictures.addTo(RECIPES);
    PositionPictures.addTo(RECIPES);
    AdditivePictures.addTo(RECIPES);
    SparsePictures.addTo(RECIPES);
    LinearPictures.addTo(RECIPES);
    MemoryPictures.addTo(RECIPES);
    StateSpacePictures.addTo(RECIPES);
    RecurrentPictures.addTo(RECIPES);
    GridPictures.addTo(RECIPES);
    ModelPictures.addTo(RECIPES);
    TrainingPictures.addTo(RECIPES);
    ExplanationPictures.addTo(RECIPES);
  }

  /** Computes one mechanism's panels. */
  @FunctionalInterface
  interface Recipe {
    List<? extends Panel> draw(Sample sample);
  }

  private MechanismPictures() {}

  /** The names that have a picture. */
  public static SortedSet<String> names() {
    return new TreeSet<>(RECIPES.keySet());
  }

  /**
   * Computes a picture by running the mechanism.
   *
   * @throws IllegalArgumentException for another name than {@link #names}
   */
  public static MechanismPicture of(String name) {
    Recipe recipe = RECIPES.get(name);
    if (recipe == null) {
      throw new IllegalArgumentException(
          "picture: expected one of " + names() + ", got \"" + name + "\"");
    }
    try (TensorScope scope = TensorScope.open();
        Sample sample = new Sample()) {
      List<Panel> panels = Gradients.disabled(() -> List.copyOf(recipe.draw(sample)));
      return new MechanismPicture(name, sample.description(), panels);
    }
  }
}
