package dev.heed.picture.mechanism;

import java.util.List;

/**
 * What one mechanism looks like on a small example.
 *
 * @param mechanism its name in the catalogue
 * @param example what it was computed on
 * @param panels at least one
 */
public record MechanismPicture(String mechanism, String example, List<Panel> panels) {
  /** Copies the panels. */
  public MechanismPicture {
    panels = List.copyOf(panels);
    if (panels.isEmpty()) {
      throw new IllegalArgumentException(
          "picture of " + mechanism + ": expected at least one panel, got none");
    }
  }

  /**
   * The number that the strongest colour of a map stands for: weights of a softmax and estimates of
   * them, and scores, share it with those of their sort in one picture, so that its maps can be
   * compared. Other maps have their own, or they would be blank beside a softmax.
   */
  public double scale(MapPanel map) {
    return panels.stream()
        .filter(MapPanel.class::isInstance)
        .map(MapPanel.class::cast)
        .filter(panel -> panel.kind().sharesScaleWith(map.kind()) || panel.equals(map))
        .mapToDouble(MapPanel::magnitude)
        .max()
        .orElse(1);
  }
}
