package dev.heed.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.heed.vision.RgbImage;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.function.Function;

/** What every hostile file must meet, and a source of them. */
public final class Hostile {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /**
   * What a parser may use whatever the file's size: buffers, messages, classes loaded on the way.
   */
  private static final long FIXED = 4L << 20;

  /** What a parser may use for each byte of a file that is damaged at random. */
  private static final long FUZZED = 64;

  /** What a decoder may use for each pixel that an image turns out to have, turned by EXIF too. */
  private static final long PIXEL = 48;

  private Hostile() {}

  /**
   * Asserts that reading fails with this kind and message, and allocates no more than a small
   * multiple of the file.
   */
  public static void assertRefused(
      byte[] bytes, CheckpointException.Kind kind, String message, Function<byte[], ?> reader) {
    CheckpointException error = null;
    long allocated = 0;
    for (int run = 0; run < 2; run++) { // the first one loads classes, too
      long before = THREADS.getCurrentThreadAllocatedBytes();
      error = catchThrowableOfType(CheckpointException.class, () -> reader.apply(bytes));
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(error).as("an error").isNotNull();
    assertThat(error).hasMessageContaining(message);
    assertThat(error.kind()).isEqualTo(kind);
    assertThat(error.getMessage()).hasSizeLessThan(2000).doesNotContain("\u001b");
    assertThat(allocated).as("bytes allocated").isLessThan(FIXED + 16L * bytes.length);
  }

  /**
   * Changes a file in one to four places: bits, bytes, numbers at their limits, cuts, copies and
   * insertions.
   */
  public static byte[] mutate(byte[] file, Random random) {
    byte[] bytes = file.clone();
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      bytes = mutateOnce(bytes, random);
    }
    return bytes;
  }

  private static byte[] mutateOnce(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    int end = Math.min(bytes.length, at + 1 + random.nextInt(16));
    switch (random.nextInt(7)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> bytes[at] = (byte) "0123456789-{}[]\",:".charAt(random.nextInt(18));
      case 3 -> java.util.Arrays.fill(bytes, at, end, (byte) (random.nextBoolean() ? 0xff : 0));
      case 4 -> {
        return java.util.Arrays.copyOf(bytes, at);
      }
      case 5 -> {
        return splice(bytes, at, at, java.util.Arrays.copyOfRange(bytes, at, end));
      }
      default -> {
        return splice(bytes, at, end, new byte[0]);
      }
    }
    return bytes;
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] middle) {
    byte[] result = new byte[bytes.length - (to - from) + middle.length];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(middle, 0, result, from, middle.length);
    System.arraycopy(bytes, to, result, from + middle.length, bytes.length - to);
    return result;
  }

  /**
   * Reads many mutations of a valid file; each must be read or refused with a message, within a
   * second of computing, and allocate no more than a small multiple of the file, and of the pixels
   * that an image turns out to have.
   *
   * @return how many were refused
   */
  public static int fuzz(byte[] valid, long seed, int times, Function<byte[], ?> reader) {
    int refused = 0;
    for (int i = 0; i < times; i++) {
      byte[] mutated = mutate(valid, new Random(seed + i));
      long start = THREADS.getCurrentThreadCpuTime();
      long before = THREADS.getCurrentThreadAllocatedBytes();
      long pixels = 0;
      try {
        if (reader.apply(mutated) instanceof RgbImage image) {
          pixels = (long) image.width() * image.height();
        }
      } catch (CheckpointException e) {
        assertThat(e.getMessage())
            .as("seed %d", seed + i)
            .contains("expected", "got")
            .doesNotContain("\u001b");
        refused++;
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError(
            "seed " + (seed + i) + ": expected a CheckpointException, got " + e, e);
      }
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (i == 0) {
        continue; // loads the classes that a file leads to
      }
      assertThat(allocated)
          .as("bytes allocated for seed %d", seed + i)
          .isLessThan(FIXED + FUZZED * (valid.length + mutated.length) + PIXEL * pixels);
      assertThat(THREADS.getCurrentThreadCpuTime() - start)
          .as("nanoseconds for seed %d", seed + i)
          .isLessThan(1_000_000_000L);
    }
    return refused;
  }
}
