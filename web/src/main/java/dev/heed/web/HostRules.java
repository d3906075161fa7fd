package dev.heed.web;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which names a server answers to: a page of another site must not reach it, neither by a name of
 * its own that leads here (DNS rebinding) nor from a browser that shows it (cross-site requests).
 */
final class HostRules {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Set<String> names = new HashSet<>();
  private final boolean any;

  HostRules(WebSettings settings) {
    settings.hostNames().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    // behind a key any name will do: a page that rebinds a name does not know the key
    any = !settings.loopback() && names.isEmpty();
    if (settings.loopback()) {
      names.addAll(LOOPBACK);
    }
    names.add(bracketed(settings.host().toLowerCase(Locale.ROOT)));
  }

  private static String bracketed(String host) {
    return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  /**
   * Lets a request pass or refuses it.
   *
   * @param host the header {@code Host}
   * @param origin the header {@code Origin}
   * @throws Problem 421 for a foreign name, 403 for a foreign page
   */
  void check(@Nullable String host, @Nullable String origin) {
    if (host == null || !any && !names.contains(name(host))) {
      throw new Problem(
          421,
          "foreign_host",
          "Host: expected a name that this server answers to, got another; name it when the server"
              + " starts, or use localhost");
    }
    if (origin != null && !origin(origin).equals(host.toLowerCase(Locale.ROOT))) {
      throw new Problem(
          403,
          "foreign_origin",
          "Origin: expected this server's own pages or none, got another site's");
    }
  }

  /** Without the port. */
  private static String name(String host) {
    int colon = host.lastIndexOf(':');
    String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    return name.toLowerCase(Locale.ROOT);
  }

  private static String origin(String origin) {
    try {
      String authority = new URI(origin).getRawAuthority();
      return authority == null ? "" : authority.toLowerCase(Locale.ROOT);
    } catch (URISyntaxException e) {
      return "";
    }
  }
}
