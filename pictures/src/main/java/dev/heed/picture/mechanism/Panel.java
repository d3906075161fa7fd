package dev.heed.picture.mechanism;

/** One part of a picture. */
public sealed interface Panel permits MapPanel, CurvePanel {
  /** What is shown. */
  String title();

  /** What the numbers are. */
  String mark();
}
