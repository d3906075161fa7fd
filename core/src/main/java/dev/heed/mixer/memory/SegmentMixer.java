package dev.heed.mixer.memory;

import dev.heed.attention.UnmaskedMixer;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A causal mixer that reads a sequence segment after segment, each with the memory that those
 * before it left: at a cost that grows with the length, not its square.
 *
 * @param length tokens a segment
 * @param reader reads one
 * @param <M> the memory, null before the first segment
 */
public record SegmentMixer<M>(int length, Reader<M> reader) implements UnmaskedMixer {
  /** Reads one segment. */
  @FunctionalInterface
  public interface Reader<M> {
    /**
     * Reads one segment with what is remembered of those before it.
     *
     * @param segment {@code [B, T, size]}
     * @param memory of the segment before, or null at the first
     */
    Read<M> read(Tensor segment, @Nullable M memory);
  }

  /**
   * What a segment gives.
   *
   * @param output {@code [B, T, size]}
   * @param memory for the next segment
   */
  public record Read<M>(Tensor output, M memory) {}

  @Override
  public Tensor apply(Tensor x) {
    return TensorScope.run(() -> {
      List<Tensor> outputs = new ArrayList<>();
      @Nullable M memory = null;
      for (Tensor segment : x.pieces(length, 1)) {
        Read<M> read = reader.read(segment, memory);
        outputs.add(read.output());
        memory = read.memory();
      }
      return Tensor.cat(outputs, 1);
    });
  }

  /**
   * Transformer-XL: the memory are the last hidden states, through which no gradient flows (Dai et
   * al. 2019, section 3.2).
   *
   * @param length tokens a segment
   * @param memory how many hidden states are kept
   */
  public static SegmentMixer<Tensor> transformerXl(
      RelativeMemoryAttention attention, int length, int memory) {
    return new SegmentMixer<>(
        length,
        (segment, before) ->
            TensorScope.run(() -> {
              Tensor past = before == null ? segment.narrow(1, 0, 0) : before;
              long seen = past.size(1) + segment.size(1);
              Tensor all = Tensor.cat(List.of(past, segment), 1);
              long kept = Math.min(memory, seen);
              return new Read<>(
                  attention.apply(segment, past).output(),
                  all.narrow(1, seen - kept, kept).detach());
            }));
  }

  /**
   * The Compressive Transformer: what falls out of the memory is compressed (Rae et al. 2019,
   * section 3). No gradient flows to earlier segments; the compression learns from being read.
   *
   * @param length tokens a segment
   * @param positions the learned vectors of the distances, {@code [H, P, head size]}
   */
  public static SegmentMixer<CompressiveAttention.Memory> compressive(
      CompressiveAttention attention, int length, Tensor positions) {
    return new SegmentMixer<>(
        length,
        (segment, before) ->
            TensorScope.run(() -> {
              CompressiveAttention.Memory memory =
                  before == null ? CompressiveAttention.Memory.none(segment) : before;
              CompressiveAttention.Result result = attention.apply(segment, memory, positions);
              CompressiveAttention.Memory next = result.memory();
              return new Read<>(
                  result.output(),
                  new CompressiveAttention.Memory(next.recent().detach(), next.compressed()));
            }));
  }
}
