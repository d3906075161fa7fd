package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What good texts would have been, for each item one or more.
 *
 * @param ofItems for each item its references, at least one
 */
public record References(List<List<String>> ofItems) {
  /**
   * Checks that each item has a reference.
   *
   * @throws IllegalArgumentException if an item has none
   */
  public References {
    ofItems = ofItems.stream().map(List::copyOf).toList();
    for (int item = 0; item < ofItems.size(); item++) {
      if (ofItems.get(item).isEmpty()) {
        throw new IllegalArgumentException(
            "references: expected at least one for every item, got none for item " + (item + 1));
      }
    }
  }

  /** One reference an item. */
  public static References single(List<String> texts) {
    return new References(texts.stream().map(List::of).toList());
  }

  /**
   * Streams of references, as they lie in files.
   *
   * @param streams {@code streams[j][i]} belongs to item i; null where an item has no such
   *     reference
   * @throws IllegalArgumentException if streams differ in length or an item has no reference
   */
  public static References streams(List<? extends List<@Nullable String>> streams) {
    if (streams.isEmpty()) {
      throw new IllegalArgumentException("references: expected at least one stream, got none");
    }
    int items = streams.getFirst().size();
    List<List<String>> ofItems = new ArrayList<>();
    IntStream.range(0, items).forEach(i -> ofItems.add(new ArrayList<>()));
    for (List<@Nullable String> stream : streams) {
      if (stream.size() != items) {
        throw new IllegalArgumentException(
            "references: expected streams of one length, got " + items + " and " + stream.size());
      }
      for (int item = 0; item < items; item++) {
        String text = stream.get(item);
        if (text != null) {
          ofItems.get(item).add(text);
        }
      }
    }
    return new References(ofItems);
  }

  /** The references of one item. */
  public List<String> of(int item) {
    return ofItems.get(item);
  }

  /** How many references an item has, as sacrebleu's signatures say it: a number or {@code var}. */
  String count() {
    List<Integer> counts = ofItems.stream().map(List::size).distinct().toList();
    return counts.size() == 1 ? counts.getFirst().toString() : "var";
  }

  void requireItems(int hypotheses) {
    requireSame("hypotheses and references", hypotheses, ofItems.size());
  }

  /** Refuses lists of different lengths. */
  static void requireSame(String what, int first, int second) {
    if (first != second) {
      throw new IllegalArgumentException(
          what + ": expected as many of one as of the other, got " + first + " and " + second);
    }
  }
}
