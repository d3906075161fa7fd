package dev.heed.model.tp;

import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;

/** What the layers of encoder and decoder are made of, under the authors' names. */
final class TpLayer {
  private static final double EPSILON = 1e-5;

  private TpLayer() {}

  static LayerNorm norm(Weights layer, int number, long size) {
    return new LayerNorm(layer.child("layernorm" + number), size, EPSILON);
  }

  static FeedForward feedForward(Weights layer, long size, long filter) {
    Weights maps = layer.child("densefilter");
    return new FeedForward(
        maps,
        Linear.of(maps.child("linear1"), size, filter),
        Linear.of(maps.child("linear2"), filter, size),
        Activation.RELU,
        new Dropout(0));
  }
}
