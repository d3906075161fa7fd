package dev.heed.tensor;

import dev.heed.tensor.kernel.BlockFormat;
import dev.heed.tensor.kernel.BlockKernel;
import dev.heed.tensor.kernel.Buffers;
import dev.heed.tensor.kernel.Kernels;
import dev.heed.tensor.kernel.PackedBlocks;
import dev.heed.tensor.kernel.Teams;
import dev.heed.tensor.kernel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that a tensor of floats stands for, in blocks as a file has them. Products read them as
 * they lie, or laid out anew where that is faster; what else asks for the floats gets them, which
 * takes the memory that they need.
 */
final class StoredBlocks {
  private static final System.Logger LOG = System.getLogger(StoredBlocks.class.getName());

  /** Values that are turned into floats at a time: whole blocks of every format. */
  private static final int CHUNK = 1 << 14;

  private static final long ALIGNMENT = 64;

  private final MemorySegment bytes;
  private final BlockFormat format;
  private final Map<Part, Optional<PackedBlocks>> packed = new ConcurrentHashMap<>();

  /** A matrix within them whose columns are rows of blocks. */
  private record Part(long offset, long across, int depth, int columns) {}

  /**
   * Numbers in blocks.
   *
   * @param bytes whole blocks, one after the other
   */
  StoredBlocks(MemorySegment bytes, BlockFormat format) {
    this.bytes = bytes;
    this.format = format;
  }

  MemorySegment bytes() {
    return bytes;
  }

  BlockFormat format() {
    return format;
  }

  /**
   * A matrix laid out anew, once; null where it is not: the kernel reads it as it lies, or Java's
   * heap has no room for twice as much.
   *
   * @param offset of the first column
   * @param across from column to column, in elements
   */
  @Nullable PackedBlocks packed(long offset, long across, int depth, int columns) {
    BlockKernel kernel = Kernels.live().kernel().blocks();
    long size = kernel.packedBytes(format, depth, columns);
    return size == 0
        ? null
        : packed
            .computeIfAbsent(
                new Part(offset, across, depth, columns),
                part -> Optional.ofNullable(pack(kernel, part, size)))
            .orElse(null);
  }

  private @Nullable PackedBlocks pack(BlockKernel kernel, Part part, long size) {
    Runtime runtime = Runtime.getRuntime();
    long room = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    if (room < 2 * size) {
      LOG.log(
          System.Logger.Level.DEBUG,
          "a matrix in {0} is read as it lies, more slowly, since Java's heap has no room for {1}"
              + " bytes beside it (see -Xmx)",
          format.name(),
          size);
      return null;
    }
    return kernel.pack(
        format,
        bytes,
        format.bytesOf(part.offset()),
        format.bytesOf(part.across()),
        part.depth(),
        part.columns());
  }

  /** All of them as floats, read-only. */
  MemorySegment widened() {
    long count = bytes.byteSize() / format.bytes() * format.values();
    LOG.log(
        System.Logger.Level.DEBUG,
        "{0} numbers stored as {1} are turned into floats, for an operator that does not read them"
            + " as they lie",
        count,
        format.name());
    MemorySegment floats =
        Arena.ofAuto().allocate(Math.max(1, Math.multiplyExact(count, Float.BYTES)), ALIGNMENT);
    Workers.Task chunk =
        (task, w) -> {
          long first = (long) task * CHUNK;
          int part = (int) Math.min(CHUNK, count - first);
          float[] row = Buffers.of(w).floats(1, part);
          decode(first, row, 0, part, Buffers.of(w));
          MemorySegment.copy(row, 0, floats, ValueLayout.JAVA_FLOAT, first * Float.BYTES, part);
        };
    Teams.of(JavaThreads.INSTANCE.count()).run(Math.toIntExact((count + CHUNK - 1) / CHUNK), chunk);
    return floats.asReadOnly();
  }

  /** Turns whole blocks into floats. */
  void decode(long first, float[] into, int to, int count, Buffers buffers) {
    Kernels.live()
        .kernel()
        .blocks()
        .decode(format, bytes, format.bytesOf(first), into, to, count, buffers);
  }

  /** Whether elements that lie one after the other from here on are whole blocks. */
  boolean holdsBlocks(long first, long count) {
    return first % format.values() == 0 && count % format.values() == 0;
  }

  /**
   * The blocks of a view in row-major order, copied; null where its rows are not whole blocks that
   * lie one after the other.
   */
  static @Nullable StoredBlocks copy(Strided x) {
    StoredBlocks stored = x.memory().stored();
    int last = x.rank() - 1;
    if (stored == null || last < 0 || x.strides()[last] != 1 || !stored.fits(x)) {
      return null;
    }
    MemorySegment copy =
        Arena.ofAuto().allocate(Math.max(1, stored.format.bytesOf(x.elements())), ALIGNMENT);
    long rowBytes = stored.format.bytesOf(x.sizes()[last]);
    long rows = x.elements() / Math.max(1, x.sizes()[last]);
    for (long row = 0; row < rows; row++) {
      long first = x.offset();
      long left = row;
      for (int d = last - 1; d >= 0; d--) {
        first += left % x.sizes()[d] * x.strides()[d];
        left /= x.sizes()[d];
      }
      MemorySegment.copy(
          stored.bytes, stored.format.bytesOf(first), copy, row * rowBytes, rowBytes);
    }
    return new StoredBlocks(copy, stored.format);
  }

  private boolean fits(Strided x) {
    boolean fits = holdsBlocks(x.offset(), x.sizes()[x.rank() - 1]);
    for (int d = 0; fits && d < x.rank() - 1; d++) {
      fits = x.strides()[d] % format.values() == 0;
    }
    return fits;
  }
}
