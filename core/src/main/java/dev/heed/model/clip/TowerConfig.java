package dev.heed.model.clip;

import dev.heed.model.Default;

/**
 * The layers of an encoder of texts or of images, named as in its part of {@code config.json}.
 *
 * @param hiddenSize H
 * @param intermediateSize inner size of the feed-forward part
 * @param numHiddenLayers layers
 * @param numAttentionHeads heads of each layer
 * @param hiddenAct an activation by its config name
 * @param layerNormEps positive
 * @param attentionDropout of attention weights while training
 */
record TowerConfig(
    int hiddenSize,
    int intermediateSize,
    @Default("12") int numHiddenLayers,
    int numAttentionHeads,
    String hiddenAct,
    double layerNormEps,
    @Default("0.0") double attentionDropout) {}
