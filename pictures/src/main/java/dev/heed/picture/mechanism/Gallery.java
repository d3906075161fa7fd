package dev.heed.picture.mechanism;

import java.util.ArrayList;
import java.util.List;

/**
 * Many mechanisms as pages of one theme each, 16 wide and 9 high, to show on a wall: the maps of a
 * page stand in rows as equal as they can be, each with its name, what it shows and its scale.
 */
public final class Gallery {
  /** So many maps are large enough to be seen from afar. */
  private static final int COMFORTABLE = 10;

  private static final int LARGE = 10;

  private Gallery() {}

  /**
   * A mechanism by the name that people know.
   *
   * @param title as its page is headed
   * @param picture with at least one map
   */
  public record Entry(String title, MechanismPicture picture) {}

  /**
   * What stands on one page.
   *
   * @param title above all
   * @param entries at least one, in order
   */
  public record Theme(String title, List<Entry> entries) {
    /** Copies the list. */
    public Theme {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Draws a page for each theme.
   *
   * @return PNG files' bytes, in order
   * @throws IllegalArgumentException for a mechanism without a map
   * @throws IllegalStateException if this machine has no font
   */
  public static List<byte[]> pages(List<Theme> themes) {
    List<byte[]> pages = new ArrayList<>();
    for (int i = 0; i < themes.size(); i++) {
      Theme theme = themes.get(i);
      GalleryPage page = new GalleryPage(theme.title(), panels(theme), i + 1, themes.size());
      pages.add(PictureImage.drawn(page::draw));
    }
    return pages;
  }

  /** The first maps of each, more of them where there is room. */
  private static List<GalleryPanel> panels(Theme theme) {
    int each = Math.max(1, COMFORTABLE / theme.entries().size());
    List<GalleryPanel> panels = new ArrayList<>();
    for (Entry entry : theme.entries()) {
      maps(entry.picture()).stream()
          .limit(each)
          .map(map -> new GalleryPanel(entry.title(), CellColour.of(entry.picture(), map)))
          .forEach(panels::add);
    }
    return panels;
  }

  /** The maps that are large both ways, or the first one. */
  private static List<MapPanel> maps(MechanismPicture picture) {
    List<MapPanel> maps =
        picture.panels().stream()
            .filter(MapPanel.class::isInstance)
            .map(MapPanel.class::cast)
            .toList();
    if (maps.isEmpty()) {
      throw new IllegalArgumentException(
          "gallery: expected a picture with a map, got only curves of " + picture.mechanism());
    }
    List<MapPanel> large =
        maps.stream()
            .filter(map -> Math.min(map.rows().size(), map.columns().size()) >= LARGE)
            .toList();
    return large.isEmpty() ? maps.subList(0, 1) : large;
  }
}
