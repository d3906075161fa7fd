package dev.heed.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;

/** The pages of a server by method and path; {@code {name}} in a path stands for any part of it. */
public final class Routes {
  static final String EXCHANGE = "heed.exchange";

  private final RoutesConfig javalin;
  private final Gate gate;
  private final List<Errors> errors = new ArrayList<>();
  private final List<String> open = new ArrayList<>();

  private final List<Watcher> watchers = new ArrayList<>();

  /** Is told what was answered. */
  @FunctionalInterface
  public interface Watcher {
    /**
     * A request was answered.
     *
     * @param method of HTTP
     * @param page the path as the part named it; empty if no page was meant
     * @param status of HTTP
     */
    void answered(String method, String page, int status);
  }

  private record Errors(String prefix, ErrorFormat format) {}

  Routes(RoutesConfig javalin, Gate gate) {
    this.javalin = javalin;
    this.gate = gate;
  }

  /** A page that costs little. */
  public Routes get(String path, Page page) {
    javalin.get(path, context -> page.answer(exchange(context)));
    return this;
  }

  /** A page that costs little, and may be read without the key: health, for example. */
  public Routes open(String path, Page page) {
    open.add(path);
    return get(path, page);
  }

  /** A page that takes a body and costs little. */
  public Routes post(String path, Page page) {
    javalin.post(
        path,
        context -> {
          Exchange exchange = exchange(context);
          exchange.body();
          page.answer(exchange);
        });
    return this;
  }

  /** A page that takes something away. */
  public Routes delete(String path, Page page) {
    javalin.delete(path, context -> page.answer(exchange(context)));
    return this;
  }

  /** A page that takes a body and works: as many at once as the limits say, and no more. */
  public Routes work(String path, Page page) {
    return post(
        path,
        exchange -> {
          gate.enter();
          Exchange.workOn(exchange);
          try {
            page.answer(exchange);
          } finally {
            Exchange.workOn(null);
            gate.leave();
          }
        });
  }

  /** How errors below a path are written; elsewhere as RFC 9457 says. */
  public Routes errors(String prefix, ErrorFormat format) {
    errors.add(new Errors(prefix, format));
    return this;
  }

  /** Has somebody told of every answer. */
  public Routes watch(Watcher watcher) {
    watchers.add(watcher);
    return this;
  }

  void answered(Context context) {
    String page =
        context.endpoints().list().stream()
            .filter(one -> one.method.isHttpMethod())
            .map(one -> one.path)
            .findFirst()
            .orElse("");
    watchers.forEach(
        watcher -> watcher.answered(context.method().name(), page, context.statusCode()));
  }

  static Exchange exchange(Context context) {
    Exchange exchange = context.attribute(EXCHANGE);
    if (exchange == null) {
      throw new IllegalStateException("a page runs after the rules that all requests pass");
    }
    return exchange;
  }

  boolean isOpen(String path) {
    return open.contains(path);
  }

  ErrorFormat format(String path) {
    return errors.stream()
        .filter(one -> path.equals(one.prefix()) || path.startsWith(one.prefix() + "/"))
        .map(Errors::format)
        .findFirst()
        .orElse(ErrorFormat.PROBLEM_DETAILS);
  }
}
