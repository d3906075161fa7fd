package dev.heed.bench.mechanisms;

import dev.heed.mixer.catalogue.MixerShape;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * What all mechanisms read at one length.
 *
 * @param random independent normal vectors {@code [B, T, size]}: queries and keys hardly match, so
 *     that exact attention is nearly uniform
 * @param recurring few vectors, four times as long, in random order: attention is selective
 * @param outputGradient the gradient that arrives at the output
 */
record Inputs(Tensor random, Tensor recurring, Tensor outputGradient) {
  private static final long SEED = 29;
  private static final long WORDS = 64;
  private static final double LOUDNESS = 4;

  /** Draws them into the current scope. */
  static Inputs of(int batch, MixerShape shape) {
    try (Generator generator = new Generator(SEED)) {
      return TensorScope.run(() -> {
        Shape all = Shape.of(batch, shape.maxLength(), shape.size());
        Tensor words = Tensor.randn(generator, WORDS, shape.size()).mul(LOUDNESS);
        Tensor order =
            Tensor.randint(generator, WORDS, Shape.of(batch, shape.maxLength())).to(DType.I64);
        return new Inputs(
            Tensor.randn(generator, all, DType.F32),
            words.embedding(order, -1),
            Tensor.randn(generator, all, DType.F32));
      });
    }
  }
}
