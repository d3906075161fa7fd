package dev.heed.generate.constrain;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The bytes of characters: each sequence of ranges stands for all characters that fit it. */
final class Utf8Ranges {
  private static final int[] LONGEST = {0x7F, 0x7FF, 0xFFFF, 0x10FFFF};

  private Utf8Ranges() {}

  /** A range of bytes, 0 to 255. */
  record Bytes(int first, int last) {}

  static List<List<Bytes>> of(CharacterSet set) {
    List<List<Bytes>> sequences = new ArrayList<>();
    for (CharacterSet.Range range : set.ranges()) {
      int first = range.first();
      for (int longest : LONGEST) {
        if (first <= Math.min(longest, range.last())) {
          split(first, Math.min(longest, range.last()), sequences);
        }
        first = Math.max(first, longest + 1);
      }
    }
    return sequences;
  }

  /** Characters of as many bytes each: split where lower bytes do not run through all values. */
  private static void split(int first, int last, List<List<Bytes>> sequences) {
    for (int bits = 6; bits <= 18; bits += 6) {
      int low = (1 << bits) - 1;
      if (last > 0x7F && (first & ~low) != (last & ~low)) {
        if ((first & low) != 0) {
          split(first, first | low, sequences);
          split((first | low) + 1, last, sequences);
          return;
        }
        if ((last & low) != low) {
          split(first, (last & ~low) - 1, sequences);
          split(last & ~low, last, sequences);
          return;
        }
      }
    }
    byte[] from = Character.toString(first).getBytes(StandardCharsets.UTF_8);
    byte[] to = Character.toString(last).getBytes(StandardCharsets.UTF_8);
    List<Bytes> sequence = new ArrayList<>();
    for (int i = 0; i < from.length; i++) {
      sequence.add(new Bytes(from[i] & 0xFF, to[i] & 0xFF));
    }
    sequences.add(sequence);
  }
}
