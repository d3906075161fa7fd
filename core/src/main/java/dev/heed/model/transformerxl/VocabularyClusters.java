package dev.heed.model.transformerxl;

import java.util.List;

/**
 * A vocabulary in clusters, frequent tokens first, whose vectors are the shorter the rarer they are
 * (Grave et al. 2017, "Efficient softmax approximation for GPUs", section 4; Baevski and Auli
 * 2019).
 *
 * @param ends where the clusters end, the last at the size of the vocabulary
 * @param embedding the size of the first cluster's vectors
 * @param division each further cluster's are so many times shorter; 1 for one table of all
 */
record VocabularyClusters(List<Integer> ends, int embedding, int division) {
  /** Checks that clusters follow each other. */
  VocabularyClusters {
    ends = List.copyOf(ends);
    int before = 0;
    for (int end : ends) {
      if (end <= before) {
        throw new IllegalArgumentException(
            "cutoffs: expected rising numbers below vocab_size, got " + ends);
      }
      before = end;
    }
    if (division < 1 || embedding / Math.pow(division, ends.size() - 1.0) < 1) {
      throw new IllegalArgumentException(
          "div_val: expected a number from 1 that leaves a size to the vectors of all "
              + ends.size()
              + " clusters, got "
              + division);
    }
  }

  /** How many there are. */
  int count() {
    return ends.size();
  }

  /** The size of the vocabulary. */
  int words() {
    return ends.getLast();
  }

  /** The first token of a cluster. */
  int from(int cluster) {
    return cluster == 0 ? 0 : ends.get(cluster - 1);
  }

  /** How many tokens a cluster has. */
  int words(int cluster) {
    return ends.get(cluster) - from(cluster);
  }

  /** Whether all clusters share one table. */
  boolean shared() {
    return division == 1;
  }

  /** The size of a cluster's vectors. */
  int size(int cluster) {
    int size = embedding;
    for (int i = 0; i < cluster; i++) {
      size /= division;
    }
    return size;
  }
}
