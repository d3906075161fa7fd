package dev.heed.text;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.tensor.LibraryFolder;
import java.lang.ref.Cleaner;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;

/**
 * The native tokenizer's handle: used by many threads at once, freed once, never while in use.
 *
 * <p>The library lies inside its jar. DJL's loader copies it once into {@code $DJL_CACHE_DIR}
 * (default: {@code .djl.ai} as {@link LibraryFolder} says) and would fetch another build from the
 * network on a machine with CUDA; {@code ai.djl.offline}, set here unless the user did, forbids it.
 */
final class NativeTokenizer implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final String OFFLINE = "ai.djl.offline";
  private static final String CACHE = "DJL_CACHE_DIR";
  private static final String ENGINE_CACHE = "ENGINE_CACHE_DIR";

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Handle handle;
  private final Cleaner.Cleanable cleanable;
  private boolean closed;

  /** Frees the handle of a tokenizer that nobody closed; must not refer to its owner. */
  private record Handle(long address) implements Runnable {
    @Override
    public void run() {
      TokenizersLibrary.LIB.deleteTokenizer(address);
    }
  }

  private NativeTokenizer(long address) {
    handle = new Handle(address);
    cleanable = CLEANER.register(this, handle);
  }

  /**
   * Hands a checked file to the library.
   *
   * @throws CheckpointException {@code UNSUPPORTED} when the library refuses it, {@code IO} when
   *     the library cannot be loaded
   */
  static NativeTokenizer create(String where, String json) {
    load();
    try {
      return new NativeTokenizer(TokenizersLibrary.LIB.createTokenizerFromString(json));
    } catch (RuntimeException e) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          where,
          "a tokenizer.json that the tokenizers library takes",
          Quoted.of(String.valueOf(e.getMessage())),
          TokenizerFile.REMEDY,
          e);
    }
  }

  private static void load() {
    if (isUnset(CACHE) && isUnset(ENGINE_CACHE)) {
      System.setProperty(ENGINE_CACHE, LibraryFolder.of(".djl.ai").toString());
    }
    if (System.getProperty(OFFLINE) == null) {
      System.setProperty(OFFLINE, "true");
    }
    try {
      LibUtils.checkStatus();
    } catch (RuntimeException | LinkageError e) {
      throw new CheckpointException(
          Kind.IO,
          "the tokenizers library",
          "its native part for "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch"),
          Quoted.of(String.valueOf(e.getMessage())),
          "Set DJL_CACHE_DIR to a folder that can be written to, on Linux x86-64/arm64, macOS arm64"
              + " or Windows x86-64.",
          e);
    }
  }

  private static boolean isUnset(String setting) {
    return System.getenv(setting) == null && System.getProperty(setting) == null;
  }

  /**
   * Runs native code on the handle.
   *
   * @throws IllegalStateException after {@link #close()}
   */
  <T> T use(LongFunction<T> call) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(
            "tokenizer: expected an open one, got a closed one; open it again");
      }
      return call.apply(handle.address());
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Encodes, reads what the caller wants from the native encoding, and frees it.
   *
   * @param pair the second text, or null
   */
  <T> T encode(
      String text,
      @org.jspecify.annotations.Nullable String pair,
      boolean special,
      LongFunction<T> reader) {
    return use(tokenizer -> {
      long encoding =
          pair == null
              ? TokenizersLibrary.LIB.encode(tokenizer, text, special)
              : TokenizersLibrary.LIB.encodeDual(tokenizer, text, pair, special);
      try {
        return reader.apply(encoding);
      } finally {
        TokenizersLibrary.LIB.deleteEncoding(encoding);
      }
    });
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      closed = true;
      cleanable.clean();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
