package dev.heed.picture;

import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Draws text of any script: what the sans-serif font has no glyphs for takes another font of this
 * machine, and what none has is remembered, so that the picture can say so.
 */
final class PictureFonts {
  static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 16);
  static final Font BOLD = PLAIN.deriveFont(Font.BOLD);

  /** The fonts that served before are tried first. */
  private final Set<Font> others = new LinkedHashSet<>();

  private final Set<Integer> missing = new LinkedHashSet<>();
  private @Nullable List<Font> installed;

  /** Draws text from its left end on a base line. */
  void draw(Graphics2D graphics, Font font, String text, int left, int base) {
    graphics.setFont(of(font, text));
    graphics.drawString(text, left, base);
  }

  /** The columns of pixels that text takes. */
  int width(Graphics2D graphics, Font font, String text) {
    return metrics(graphics, font, text).stringWidth(text);
  }

  /** The metrics of the font that text is drawn in. */
  FontMetrics metrics(Graphics2D graphics, Font font, String text) {
    return graphics.getFontMetrics(of(font, text));
  }

  private Font of(Font font, String text) {
    if (font.canDisplayUpTo(text) < 0) {
      return font;
    }
    Optional<Font> served = others.stream().filter(f -> f.canDisplayUpTo(text) < 0).findFirst();
    Optional<Font> found =
        served.or(() -> installed().stream().filter(f -> f.canDisplayUpTo(text) < 0).findFirst());
    found.ifPresentOrElse(others::add, () -> remember(font, text));
    return found.map(f -> f.deriveFont(font.getStyle(), font.getSize2D())).orElse(font);
  }

  private void remember(Font font, String text) {
    text.codePoints().filter(letter -> !font.canDisplay(letter)).forEach(missing::add);
  }

  private List<Font> installed() {
    if (installed == null) {
      installed = Arrays.asList(GraphicsEnvironment.getLocalGraphicsEnvironment().getAllFonts());
    }
    return installed;
  }

  /** What the picture says of letters that no font has; null if there are none. */
  @Nullable String note() {
    if (missing.isEmpty()) {
      return null;
    }
    String letters =
        missing.stream().limit(5).map("U+%04X"::formatted).collect(Collectors.joining(" "))
            + (missing.size() > 5 ? " and others" : "");
    return "Boxes stand for letters that no font of this machine has ("
        + letters
        + "): install one, for example Noto Sans CJK, or use --html.";
  }
}
