package dev.heed.web;

import java.util.Map;

/** Headers that every answer has; a page may set its own instead. */
final class SecurityHeaders {
  private static final Map<String, String> ALL =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cache-Control", "no-store",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Content-Security-Policy",
              "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");

  private SecurityHeaders() {}

  static Map<String, String> all() {
    return ALL;
  }
}
