package dev.heed.model.zamba;

import dev.heed.mixer.statespace.DecayingMemory;
import dev.heed.mixer.statespace.Mamba2Block;
import dev.heed.mixer.statespace.MemoryRead;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * What the reference computes without its kernels in a text longer than a chunk: it adds up what is
 * left of a chunk's memory at all later chunks, where it should add up what is left of all earlier
 * memories. For comparing with what it recorded only.
 *
 * @param chunk tokens that the reference computes at once
 */
record RecordedScan(int chunk) implements Mamba2Block.Scan {
  @Override
  public MemoryRead read(Tensor q, Tensor k, Tensor v, Tensor logDecay, @Nullable Tensor memory) {
    long length = q.size(2);
    if (length <= chunk) {
      return DecayingMemory.apply(q, k, v, logDecay, memory);
    }
    return TensorScope.run(() -> {
      long heads = q.size(1);
      long chunks = Math.ceilDiv(length, chunk);
      Tensor queries = chunks(q, chunks);
      Tensor decays = chunks(logDecay.unsqueeze(-1), chunks).squeeze(-1);
      MemoryRead own =
          DecayingMemory.apply(queries, chunks(k, chunks), chunks(v, chunks), decays, null);
      // [B, heads, chunks, Dk, Dv]: each chunk reads what the one before wrote.
      Tensor written = own.memory().unflatten(1, heads, chunks);
      Tensor left = left(decays.sum(-1, false).unflatten(1, heads, chunks));
      Tensor before =
          written
              .mul(left.unsqueeze(-1).unsqueeze(-1))
              .narrow(2, 0, chunks - 1)
              .pad(0, 0, 0, 0, 0, 1, 0)
              .flatten(1, 2);
      Tensor read = queries.widened().mul(decays.cumsum(-1).exp().unsqueeze(-1)).matmul(before);
      Tensor output = own.output().add(read);
      Tensor whole =
          output.unflatten(1, heads, chunks).flatten(2, 3).narrow(2, 0, length).to(v.dtype());
      return new MemoryRead(whole, written.select(2, chunks - 1).copy());
    });
  }

  /** {@code [B, H, L, D]} to {@code [B, H · chunks, chunk, D]}, filled with zeros. */
  private Tensor chunks(Tensor x, long chunks) {
    Tensor filled = x.pad(0, 0, 0, 0, chunks * chunk - x.size(2));
    return filled.unflatten(2, chunks, chunk).flatten(1, 2);
  }

  /** What is left of each chunk's memory at its own end and at those of all later chunks. */
  private static Tensor left(Tensor totals) {
    long chunks = totals.size(-1);
    Tensor sums = totals.cumsum(-1);
    Tensor earlier = Tensor.ones(Shape.of(chunks, chunks), DType.F64).triu(1).ne(0);
    return sums.unsqueeze(-1)
        .sub(sums.unsqueeze(-2))
        .maskedFill(earlier, Double.NEGATIVE_INFINITY)
        .exp()
        .sum(-2, false);
  }
}
