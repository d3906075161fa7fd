package dev.heed.explorer;

import dev.heed.explain.LongReading;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A long text that was read, open as long as it is held or looked at. */
final class HeldReading {
  private static final int ID_BYTES = 16;

  private final String id;
  private final LongReading reading;
  private int users = 1;

  HeldReading(String id, LongReading reading) {
    this.id = id;
    this.reading = reading;
  }

  /** The name of what a model reads in a text. */
  static String id(String model, String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(model.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      byte[] all = digest.digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(all, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256: expected in every Java, got none", e);
    }
  }

  /** The same for the same text and model. */
  String id() {
    return id;
  }

  /** Looks at it; null if it was let go before. */
  <R> @Nullable R look(Function<LongReading, R> work) {
    synchronized (this) {
      if (users == 0) {
        return null;
      }
      users++;
    }
    try {
      return work.apply(reading);
    } finally {
      letGo();
    }
  }

  /** Is held no longer; closed once nobody looks any more. */
  synchronized void letGo() {
    users--;
    if (users == 0) {
      reading.close();
    }
  }
}
