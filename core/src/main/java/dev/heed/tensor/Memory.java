package dev.heed.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Memory that tensors of the Java engine share: counted by them, and given back as the last is
 * closed.
 *
 * <p>What is given back is kept for the next of its size, up to a bound, since fresh memory costs
 * page faults and zeroing. What nobody closed is freed by the garbage collector.
 */
final class Memory {
  private static final VarHandle REFERENCES;

  static {
    try {
      REFERENCES = MethodHandles.lookup().findVarHandle(Memory.class, "references", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Vectors of 512 bits lie within a line of cache. */
  private static final long ALIGNMENT = 64;

  /** From here on memory goes back to the system at once, and not with the garbage. */
  private static final long LARGE = 1 << 20;

  /** How much is kept for later. */
  private static final long KEPT = 256L << 20;

  /** Four sizes for each doubling. */
  private static final int SIZES = 4 * 48;

  private static final Cleaner CLEANER = Cleaner.create();
  private static final AtomicLong SPARE_BYTES = new AtomicLong();

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static final ConcurrentLinkedDeque<Memory>[] SPARE = new ConcurrentLinkedDeque[SIZES];

  static {
    for (int i = 0; i < SIZES; i++) {
      SPARE[i] = new ConcurrentLinkedDeque<>();
    }
  }

  /** Null until stored blocks are turned into floats. */
  private volatile @Nullable MemorySegment segment;

  private final int size;

  /** What the elements are stored as, if not as they are; null once they were changed. */
  private volatile @Nullable StoredBlocks stored;

  private @Nullable Memory owner;

  /** Gives large memory back to the system. */
  private Cleaner.@Nullable Cleanable freeing;

  @SuppressWarnings("UnusedVariable") // by REFERENCES
  private volatile int references;

  private long changes;

  private Memory(@Nullable MemorySegment segment, @Nullable StoredBlocks stored, int size) {
    this.segment = segment;
    this.stored = stored;
    this.size = size;
    this.references = 1;
  }

  /** At least so many bytes, which hold anything; counted once. */
  static Memory allocate(long bytes) {
    int size = sizeFor(bytes);
    Memory spare = SPARE[size].pollFirst();
    if (spare != null) {
      SPARE_BYTES.addAndGet(-bytesOf(size));
      REFERENCES.setVolatile(spare, 1);
      spare.changes = 0;
      return spare;
    }
    long rounded = bytesOf(size);
    if (rounded < LARGE) {
      return new Memory(Arena.ofAuto().allocate(rounded, ALIGNMENT), null, size);
    }
    @SuppressWarnings("MustBeClosedChecker") // by the cleaner, or as it is released
    Arena arena = Arena.ofShared();
    Memory memory = new Memory(arena.allocate(rounded, ALIGNMENT), null, size);
    memory.freeing = CLEANER.register(memory, arena::close);
    return memory;
  }

  /** Someone else's memory, counted once and never given back. */
  static Memory over(MemorySegment segment) {
    return new Memory(unmapped(segment), null, -1);
  }

  /**
   * The same bytes as a segment of the class that memory of Java's own is of. Java has another for
   * mapped files; a loop that meets both asks at each access which it is, and its bounds are
   * checked each time: at half the speed.
   */
  static MemorySegment unmapped(MemorySegment bytes) {
    boolean fits = bytes.byteSize() % Short.BYTES == 0 && bytes.byteSize() <= Integer.MAX_VALUE;
    return bytes.isMapped() && fits
        ? MemorySegment.ofBuffer(
            bytes.asByteBuffer().order(ByteOrder.nativeOrder()).asShortBuffer())
        : bytes;
  }

  /**
   * Floats stored as blocks, counted once.
   *
   * @param owner whose memory the blocks lie in, or null; held as long as this is
   */
  static Memory of(StoredBlocks stored, @Nullable Memory owner) {
    Memory memory = new Memory(null, stored, -1);
    memory.owner = owner == null ? null : owner.retain();
    return memory;
  }

  /** The elements; of stored blocks they are made at the first call, and kept. */
  MemorySegment segment() {
    MemorySegment present = segment;
    return present == null ? widen() : present;
  }

  private synchronized MemorySegment widen() {
    MemorySegment present = segment;
    if (present == null) {
      present = Objects.requireNonNull(stored).widened();
      segment = present;
    }
    return present;
  }

  /** What the elements are stored as, or null if as they are. */
  @Nullable StoredBlocks stored() {
    return stored;
  }

  /** Makes elements of its own from those that belong to a file. */
  synchronized void makeWritable() {
    MemorySegment present = segment();
    stored = null;
    if (present.isReadOnly()) {
      segment = Arena.ofAuto().allocate(present.byteSize(), ALIGNMENT).copyFrom(present);
    }
  }

  /** How often its elements were changed in place. */
  long changes() {
    return changes;
  }

  void changed() {
    changes++;
  }

  Memory retain() {
    REFERENCES.getAndAdd(this, 1);
    return this;
  }

  void release() {
    if ((int) REFERENCES.getAndAdd(this, -1) != 1) {
      return;
    }
    if (owner != null) {
      owner.release();
    }
    if (size < 0) {
      return;
    }
    long bytes = bytesOf(size);
    if (SPARE_BYTES.get() + bytes <= KEPT) {
      SPARE_BYTES.addAndGet(bytes);
      SPARE[size].addFirst(this);
    } else if (freeing != null) {
      freeing.clean();
    }
  }

  /** The smallest size that holds so many bytes. */
  private static int sizeFor(long bytes) {
    long units = Math.max(4, (bytes + ALIGNMENT - 1) / ALIGNMENT);
    int octave = 63 - Long.numberOfLeadingZeros(units);
    long quarter = 1L << (octave - 2);
    int steps = (int) ((units - (1L << octave) + quarter - 1) / quarter);
    return 4 * (octave - 2) + steps;
  }

  private static long bytesOf(int size) {
    int octave = size / 4 + 2;
    return ((1L << octave) + (size % 4) * (1L << (octave - 2))) * ALIGNMENT;
  }
}
