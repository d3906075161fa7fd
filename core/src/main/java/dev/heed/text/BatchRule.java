package dev.heed.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code tokenizer.json} says about cutting and filling. Encoding does neither by itself:
 * apply the rule to what it gives.
 *
 * @param window how long texts are cut, or null for not at all
 * @param padding how short ones are filled, or null for not at all
 */
public record BatchRule(@Nullable Window window, @Nullable Padding padding) {
  /** Neither cuts nor fills. */
  public static final BatchRule NONE = new BatchRule(null, null);

  /**
   * Cuts and fills a batch.
   *
   * @param whole encodings of whole texts
   * @return of each its windows, the first with the text's beginning (or end, for {@link
   *     Side#LEFT}); all filled to one length, which the first windows decide
   * @throws IllegalArgumentException if a text cannot be cut so far
   */
  public List<List<Encoding>> apply(List<Encoding> whole) {
    List<List<Encoding>> windows = new ArrayList<>();
    for (Encoding encoding : whole) {
      windows.add(window == null ? List.of(encoding) : encoding.windows(window));
    }
    if (padding == null) {
      return windows;
    }
    int size = padding.size(windows.stream().map(List::getFirst).toList());
    return windows.stream()
        .map(list ->
            list.stream().map(e -> e.paddedTo(size, padding.pad(), padding.side())).toList())
        .toList();
  }
}
