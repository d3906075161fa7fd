package dev.heed.tensor;

import dev.heed.tensor.kernel.BlockFormat;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tensors of floats whose numbers stay as a file stores them: 16 bits, or quantised blocks.
 *
 * <p>The Java engine multiplies with them as they lie, to the numbers that the floats would give
 * but for the order of sums, and reads a table's rows out of them. Any other operator turns the
 * whole tensor into floats at its first use; these are kept. LibTorch's engine has none.
 */
public final class StoredTensors {
  private StoredTensors() {}

  /** Whether the live engine has such tensors. */
  public static boolean areSupported() {
    return Engine.live() == JavaEngine.INSTANCE;
  }

  /**
   * A tensor over blocks.
   *
   * @param bytes blocks as many as the shape needs; stay readable and as they are as long as the
   *     tensor is used, and need not be aligned
   * @param shape whose last size is a multiple of a block's values
   * @return a tensor of f32 in the current scope
   * @throws ShapeException if the bytes are not those of the shape
   */
  public static Tensor of(MemorySegment bytes, BlockFormat format, Shape shape) {
    long[] sizes = shape.toArray();
    boolean whole = sizes.length > 0 && sizes[sizes.length - 1] % format.values() == 0;
    if (!whole || bytes.byteSize() != format.bytesOf(shape.elements())) {
      throw new ShapeException(
          "blocks of "
              + format.name()
              + ": expected bytes for whole blocks of "
              + shape
              + ", got "
              + bytes.byteSize());
    }
    return of(new StoredBlocks(Memory.unmapped(bytes), format), null, sizes);
  }

  /** A tensor over blocks that fit its sizes. */
  static Tensor of(StoredBlocks stored, @Nullable Memory owner, long... sizes) {
    Memory memory = Memory.of(stored, owner);
    return Tensor.wrap(new Strided(memory, 0, sizes, Strided.rowMajor(sizes), DType.F32));
  }

  /**
   * A tensor over the plain numbers of a file.
   *
   * @param bytes as {@link #of}; not written to
   * @return in the current scope
   */
  public static Tensor of(MemorySegment bytes, DType type, Shape shape) {
    long[] sizes = shape.toArray();
    if (bytes.byteSize() != Math.multiplyExact(shape.elements(), type.bytes())) {
      throw new ShapeException(
          "numbers of a file: expected the bytes of " + type + shape + ", got " + bytes.byteSize());
    }
    Memory memory = Memory.over(bytes.asReadOnly());
    return Tensor.wrap(new Strided(memory, 0, sizes, Strided.rowMajor(sizes), type));
  }

  /**
   * A matrix in half precision as one of f32 that shares its memory, where the live engine has such
   * tensors; otherwise a copy in f32.
   *
   * @param x not changed as long as the result is used
   * @return in the current scope
   */
  public static Tensor widened(Tensor x) {
    boolean half = x.dtype() == DType.BF16 || x.dtype() == DType.F16;
    if (x.engine() != JavaEngine.INSTANCE || !half || x.rank() < 2 || !x.isContiguous()) {
      return x.to(DType.F32);
    }
    Strided s = x.strided();
    BlockFormat format = x.dtype() == DType.BF16 ? BlockFormat.BF16 : BlockFormat.F16;
    MemorySegment bytes =
        s.data().asSlice(s.offset() * format.bytes(), format.bytesOf(s.elements()));
    return of(new StoredBlocks(bytes, format), s.memory(), s.sizes());
  }

  /**
   * The name of the format that a tensor's numbers are stored in; empty if they are as they are.
   */
  public static Optional<String> format(Tensor x) {
    if (x.engine() != JavaEngine.INSTANCE) {
      return Optional.empty();
    }
    StoredBlocks stored = x.strided().memory().stored();
    return stored == null ? Optional.empty() : Optional.of(stored.format().name());
  }

  /**
   * Whether two tensors of one shape are stored in the same bytes; false says nothing where either
   * is not stored in blocks from end to end.
   */
  public static boolean areSameBytes(Tensor x, Tensor y) {
    if (format(x).isEmpty() || !format(x).equals(format(y)) || !x.shape().equals(y.shape())) {
      return false;
    }
    StoredBlocks a = whole(x.strided());
    StoredBlocks b = whole(y.strided());
    return a != null && b != null && a.bytes().mismatch(b.bytes()) == -1;
  }

  private static @Nullable StoredBlocks whole(Strided x) {
    StoredBlocks stored = x.memory().stored();
    boolean all =
        stored != null
            && x.isContiguous()
            && x.offset() == 0
            && stored.bytes().byteSize() == stored.format().bytesOf(x.elements());
    return all ? stored : null;
  }
}
