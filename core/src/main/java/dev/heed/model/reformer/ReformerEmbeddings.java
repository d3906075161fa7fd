package dev.heed.model.reformer;

import dev.heed.nn.Dropout;
import dev.heed.nn.Embedding;
import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Vectors of words and positions. Axial positions are points of a grid, row by row, and their
 * vectors those of its axes side by side (Kitaev et al. 2020, in its code): a grid of 4 by 6 has 24
 * positions of 4 + 6 vectors.
 */
final class ReformerEmbeddings extends Module {
  private final ReformerConfig config;
  private final Embedding words;
  private final List<Tensor> tables;
  private final Dropout dropout;

  ReformerEmbeddings(Weights weights, ReformerConfig config) {
    super(weights);
    this.config = config;
    int size = config.hiddenSize();
    words = new Embedding(weights.child("word_embeddings"), config.vocabSize(), size, -1);
    Weights positions = weights.child("position_embeddings");
    tables = new ArrayList<>();
    if (config.axialPosEmbds()) {
      for (int axis = 0; axis < config.axialPosShape().size(); axis++) {
        tables.add(axis(positions, axis));
      }
    } else {
      tables.add(
          new Embedding(positions.child("embedding"), config.maxPositionEmbeddings(), size, -1)
              .weight());
    }
    dropout = new Dropout(config.hiddenDropoutProb());
  }

  /** {@code [1, .., length, .., 1, size]}, the length in the axis' own place. */
  private Tensor axis(Weights positions, int axis) {
    int axes = config.axialPosShape().size();
    long[] sizes = new long[axes + 1];
    java.util.Arrays.fill(sizes, 1);
    sizes[axis] = config.axialPosShape().get(axis);
    sizes[axes] = config.axialPosEmbdsDim().get(axis);
    return positions.parameter("weights." + axis, Initializer.normal(1), sizes);
  }

  /**
   * {@code [B, T, H]} of tokens i64 {@code [B, T]} at positions i64 {@code [T]} or the same shape.
   */
  Tensor apply(Tensor ids, Tensor positions, Trace trace) {
    long most = rows();
    if (positions.elements() > 0 && positions.max().itemLong() >= most) {
      throw new ShapeException(
          "text: expected at most "
              + most
              + " tokens, got "
              + (positions.max().itemLong() + 1)
              + "; cut it first");
    }
    return TensorScope.run(() -> {
      Tensor sum = trace.visit(point("words"), words.apply(ids)).add(places(positions));
      return trace.visit(point("hidden"), dropout.apply(sum, trace));
    });
  }

  private long rows() {
    long grid = config.axialPosShape().stream().mapToLong(i -> i).reduce(1, Math::multiplyExact);
    return config.axialPosEmbds()
        ? Math.min(grid, config.maxPositionEmbeddings())
        : config.maxPositionEmbeddings();
  }

  private Tensor places(Tensor positions) {
    if (!config.axialPosEmbds()) {
      return tables.getFirst().embedding(positions, -1);
    }
    List<Tensor> parts = new ArrayList<>();
    long below = 1;
    for (int axis = tables.size() - 1; axis >= 0; axis--) {
      long length = config.axialPosShape().get(axis);
      Tensor place = positions.floorDiv(below).remainder(length);
      Tensor table = tables.get(axis);
      parts.addFirst(table.reshape(length, table.size(-1)).embedding(place, -1));
      below *= length;
    }
    return Tensor.cat(parts, -1);
  }

  /** The word table. */
  Tensor table() {
    return words.weight();
  }
}
