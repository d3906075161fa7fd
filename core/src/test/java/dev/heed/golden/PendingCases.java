package dev.heed.golden;

import java.util.Set;

/** The recordings that nothing implements yet; this list shall end empty. */
final class PendingCases {
  /** File names without ending, one a line. */
  static final Set<String> NAMES = Set.of();

  private PendingCases() {}
}
