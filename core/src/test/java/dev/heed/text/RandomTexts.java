package dev.heed.text;

import java.util.List;
import java.util.Random;

/** Texts that tokenizers stumble over: scripts, marks, controls, emoji, halves of pairs. */
public final class RandomTexts {
  private static final int[][] RANGES = {
    {'a', 'z'},
    {'a', 'z'},
    {'a', 'z'},
    {'A', 'Z'},
    {'0', '9'},
    {' ', '/'},
    {':', '@'},
    {0, 0x1f},
    {0x7f, 0xff},
    {0x100, 0x17f},
    {0x300, 0x36f},
    {0x370, 0x3ff},
    {0x400, 0x4ff},
    {0x591, 0x5ee},
    {0x600, 0x61b},
    {0x61e, 0x6ff},
    {0x900, 0x950},
    {0x958, 0x97f},
    {0xe01, 0xe5b},
    {0x1100, 0x1112},
    {0x1e00, 0x1eff},
    {0x2000, 0x206f},
    {0x2070, 0x209c},
    {0x20a0, 0x20bd},
    {0x20d0, 0x20f0},
    {0x2100, 0x218b},
    {0x2460, 0x24ff},
    {0x2580, 0x259f},
    {0x2600, 0x26ff},
    {0x3000, 0x30ff},
    {0x3300, 0x33ff},
    {0x4e00, 0x9fd0},
    {0xac00, 0xd7a3},
    {0xdc00, 0xdfff},
    {0xe000, 0xe010},
    {0xf900, 0xfa6d},
    {0xfb00, 0xfb06},
    {0xfb1d, 0xfbc1},
    {0xfe00, 0xfe19},
    {0xfe20, 0xfe2f},
    {0xfe30, 0xfe6b},
    {0xff01, 0xffbe},
    {0xfff9, 0xfffd},
    {0x1d100, 0x1d172},
    {0x1d400, 0x1d454},
    {0x1f1e6, 0x1f1ff},
    {0x1f300, 0x1f3ff},
    {0x1f466, 0x1f469},
    {0x20000, 0x20010}
  };
  private static final List<String> PIECES =
      List.of(
          "the",
          "don't",
          "we'll",
          "I'VE",
          " ",
          "  ",
          "\n",
          "\r\n",
          "\t",
          " \n ",
          "[SEP]",
          "</s>",
          "<s>",
          "<mask>",
          "<|endoftext|>",
          "<unk>",
          "aaaa",
          "aaa",
          "word",
          "swords",
          "Mixed",
          "<N>",
          "<lr>",
          "\u200d",
          "\ufe0f",
          "\ud83d ",
          "e\u0301",
          "\u00e9\u0323",
          "\u1ec7",
          "\u0130",
          "\u03a3",
          "\u2581",
          "\u0120",
          "1234567",
          "3.14",
          "$9",
          "...",
          "``",
          "''",
          "\u0958",
          "\u0c48",
          "\ud55c\uae00",
          "\u304c",
          "\uff76\uff9e");

  private RandomTexts() {}

  /** A text of up to so many parts. */
  public static String text(Random random, int parts) {
    StringBuilder text = new StringBuilder();
    int[][] here = new int[1 + random.nextInt(4)][];
    for (int i = 0; i < here.length; i++) {
      here[i] = RANGES[random.nextInt(RANGES.length)];
    }
    for (int i = random.nextInt(parts + 1); i > 0; i--) {
      int[] range = here[random.nextInt(here.length)];
      switch (random.nextInt(6)) {
        case 0 -> text.append(' ');
        case 1 -> text.append(PIECES.get(random.nextInt(PIECES.size())));
        default -> text.appendCodePoint(range[0] + random.nextInt(range[1] - range[0] + 1));
      }
    }
    return text.toString();
  }

  /** A text as it can be shown. */
  static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    text.chars()
        .forEach(c -> shown.append(c >= ' ' && c < 0x7f ? "" + (char) c : "\\u%04x".formatted(c)));
    return shown.toString();
  }
}
