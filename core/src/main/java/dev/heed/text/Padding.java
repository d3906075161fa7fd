package dev.heed.text;

import java.util.List;

/**
 * How the encodings of a batch are filled up to one length.
 *
 * @param length the length, or 0 for that of the batch's longest
 * @param multiple the length is rounded up to a multiple of it; 1 for none
 * @param side where to fill
 * @param pad what to fill with
 */
public record Padding(int length, int multiple, Side side, Token pad) {
  /** The longest length that a file may ask for. */
  private static final int LONGEST = 1 << 24;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException for a negative length or one above 2^24, or a multiple below 1
   */
  public Padding {
    if (length < 0 || length > LONGEST || multiple < 1 || multiple > LONGEST) {
      throw new IllegalArgumentException(
          "padding: expected a length from 0 and a multiple from 1 to "
              + LONGEST
              + ", got "
              + length
              + " and "
              + multiple);
    }
  }

  /** Fills a batch; encodings that are longer than the length stay as they are. */
  public List<Encoding> fill(List<Encoding> batch) {
    int size = size(batch);
    return batch.stream().map(encoding -> encoding.paddedTo(size, pad, side)).toList();
  }

  /** The length that a batch is filled up to. */
  int size(List<Encoding> batch) {
    int size = length > 0 ? length : batch.stream().mapToInt(Encoding::size).max().orElse(0);
    return Math.ceilDiv(size, multiple) * multiple;
  }
}
