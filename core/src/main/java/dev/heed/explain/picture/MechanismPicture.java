package dev.heed.explain.picture;

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
   * The number that the strongest colour of a map stands for: weights of one picture share it, so
   * that its maps can be compared.
   */
  public double scale(MapPanel map) {
    if (!map.kind().weights()) {
      return map.magnitude();
    }
    return panels.stream()
        .filter(MapPanel.class::isInstance)
        .map(MapPanel.class::cast)
        .filter(panel -> panel.kind().weights())
        .mapToDouble(MapPanel::magnitude)
        .max()
        .orElse(1);
  }
}
