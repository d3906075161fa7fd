package dev.heed.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The key that a server asks for. Only its digest is kept, and comparing takes the same time
 * whatever is given.
 */
public final class AccessKey {
  private static final int SHORTEST = 16;
  private static final String BEARER = "bearer ";
  private static final String BASIC = "basic ";

  private final byte[] digest;

  private AccessKey(byte[] digest) {
    this.digest = digest;
  }

  /**
   * A key.
   *
   * @param text 16 printable ASCII characters or more
   * @throws IllegalArgumentException for another text, which is not part of the message
   */
  public static AccessKey of(String text) {
    if (text.length() < SHORTEST || !text.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw new IllegalArgumentException(
          "key: expected "
              + SHORTEST
              + " printable ASCII characters or more without spaces, got another text of length "
              + text.length()
              + "; make one by: openssl rand -hex 32");
    }
    return new AccessKey(digest(text));
  }

  /** Whether a text is the key. */
  public boolean matches(String given) {
    return MessageDigest.isEqual(digest, digest(given));
  }

  /**
   * Whether a header {@code Authorization} holds the key: {@code Bearer KEY}, or {@code Basic} with
   * the key as the password, as browsers ask for it.
   */
  boolean admits(@Nullable String authorization) {
    if (authorization == null) {
      return false;
    }
    if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return matches(authorization.substring(BEARER.length()).strip());
    }
    if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return false;
    }
    try {
      byte[] pair = Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip());
      String text = new String(pair, StandardCharsets.UTF_8);
      return matches(text.substring(text.indexOf(':') + 1));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
