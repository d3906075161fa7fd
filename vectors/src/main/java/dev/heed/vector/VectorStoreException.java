package dev.heed.vector;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Says that a database refused what a store asked of it. */
public final class VectorStoreException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  VectorStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
