package dev.heed.server;

import dev.heed.web.Exchange;
import org.jspecify.annotations.Nullable;

/** Who asks, so that clients take turns: as a request says, else by its address. */
final class Clients {
  private Clients() {}

  static String of(Exchange exchange, Fields fields) {
    String user = fields.text("user");
    String newer = fields.text("safety_identifier");
    return named(newer != null ? newer : user, exchange);
  }

  private static String named(@Nullable String name, Exchange exchange) {
    return exchange.address() + (name == null ? "" : " " + name);
  }
}
