package dev.heed.attention.sparse;

import dev.heed.nn.Linear;
import dev.heed.nn.Weights;

/** The projections of local tokens, or with another suffix those of global ones. */
record LongformerProjections(Linear query, Linear key, Linear value) {
  static LongformerProjections of(Weights weights, long size, String suffix) {
    return new LongformerProjections(
        Linear.of(weights.child("query" + suffix), size, size),
        Linear.of(weights.child("key" + suffix), size, size),
        Linear.of(weights.child("value" + suffix), size, size));
  }
}
