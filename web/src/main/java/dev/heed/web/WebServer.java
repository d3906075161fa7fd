package dev.heed.web;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * A running server, each request on a virtual thread of its own. Closing it drains: from then on
 * work is refused with 503, what had begun may end in its time, and what has not is told so.
 */
public final class WebServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final int HEAD_BYTES = 16_384;

  /** How long nobody must ask before a drain counts as done. */
  private static final long QUIET_MILLIS = 200;

  private static final long POLL_MILLIS = 10;

  /** For what is cut to say so, and for the last refusals to be sent. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final WebSettings settings;
  private final Gate gate;
  private final HostRules hosts;
  private final AtomicInteger running = new AtomicInteger();

  /** What came before the drain and has not ended. */
  private final Set<Exchange> before = ConcurrentHashMap.newKeySet();

  private final Javalin javalin;
  private @Nullable Routes routes;
  private @Nullable GuardedConnector connector;
  private int port;
  private volatile boolean draining;
  private volatile boolean closed;

  private WebServer(WebSettings settings, WebPart... parts) {
    this.settings = settings;
    this.gate = new Gate(settings.limits());
    this.hosts = new HostRules(settings);
    this.javalin = Javalin.create(config -> configure(config, parts));
  }

  /**
   * Starts a server.
   *
   * @throws IOException if it cannot listen there
   * @throws IllegalArgumentException for settings that are not safe
   */
  public static WebServer start(WebSettings settings, WebPart... parts) throws IOException {
    WebServer server = new WebServer(settings, parts);
    try {
      server.javalin.start();
      server.port = server.javalin.port();
    } catch (RuntimeException e) {
      throw new IOException(
          "expected a free port on " + settings.host() + ", got " + settings.port() + " in use", e);
    }
    return server;
  }

  private void configure(JavalinConfig config, WebPart... parts) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.concurrency.useVirtualThreads = true;
    config.http.prefer405over404 = true;
    config.http.maxRequestSize = settings.limits().bodyBytes();
    config.jetty.modifyHttpConfiguration(WebServer::configureHttp);
    config.jetty.addConnector((server, http) -> {
      configureHttp(http);
      connector = new GuardedConnector(server, http, settings);
      return connector;
    });
    Routes named = new Routes(config.routes, gate);
    routes = named;
    config.jetty.modifyServer(server -> configureServer(server, named));
    config.routes.before(this::admit);
    for (WebPart part : parts) {
      part.routes(named);
    }
    config.requestLogger.http((context, millis) -> named.answered(context));
    config.routes.exception(HttpResponseException.class, this::refuse);
    config.routes.exception(Exception.class, this::refuse);
    config.router.javaLangErrorHandler((response, error) -> {
      LOG.error("a page failed", error);
      response.setStatus(500);
    });
  }

  private static void configureHttp(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(HEAD_BYTES);
  }

  private void configureServer(Server server, Routes named) {
    server.setErrorHandler(new JettyErrors(named::format));
    server.addBean(new NetworkConnectionLimit(settings.limits().connections(), server));
  }

  /** What every request passes before a page sees it. */
  private void admit(Context context) {
    ServletContextRequest request = ServletContextRequest.getServletContextRequest(context.req());
    GuardedEndPoint connection =
        (GuardedEndPoint) request.getConnectionMetaData().getConnection().getEndPoint();
    Exchange exchange = new Exchange(context, settings.limits(), gate, connection);
    running.incrementAndGet();
    if (!draining) {
      before.add(exchange);
    }
    connection.begin(exchange);
    Request.addCompletionListener(
        request,
        failure -> {
          if (failure != null) {
            exchange.leave();
          }
          exchange.end();
          connection.end();
          before.remove(exchange);
          running.decrementAndGet();
        });
    context.attribute(Routes.EXCHANGE, exchange);
    SecurityHeaders.all().forEach(context::header);
    if (draining) {
      context.header("Connection", "close");
    }
    hosts.check(context.header("Host"), context.header("Origin"));
    AccessKey key = settings.key();
    if (key != null
        && !routes().isOpen(context.path())
        && !key.admits(context.header("Authorization"))) {
      context.header("WWW-Authenticate", "Bearer realm=\"heed\"");
      context.res().addHeader("WWW-Authenticate", "Basic realm=\"heed\", charset=\"UTF-8\"");
      throw new Problem(
          401,
          "invalid_api_key",
          "Authorization: expected Bearer and this server's key, got none or another");
    }
    if (!context.method().name().equals("POST")) {
      connection.whole(settings.limits().workTime());
    }
  }

  private void refuse(Exception e, Context context) {
    Problem problem =
        switch (e) {
          case Problem given -> given;
          case HttpResponseException status -> StatusProblem.of(status.getStatus());
          case CancellationException gone -> StatusProblem.of(400); // nobody waits for it
          case EofException left -> StatusProblem.of(400); // nobody reads it
          default -> {
            LOG.error("a page failed", e);
            yield StatusProblem.of(500);
          }
        };
    if (context.res().isCommitted()) {
      return;
    }
    UnreadBody.drop(context.req());
    ErrorFormat format = routes().format(context.path());
    if (problem.retryAfter() > 0) {
      context.header("Retry-After", Integer.toString(problem.retryAfter()));
    }
    context
        .status(problem.status())
        .contentType(format.type())
        .result(JsonMapper.shared().writeValueAsBytes(format.body().of(problem)));
  }

  private Routes routes() {
    Routes named = routes;
    if (named == null) {
      throw new IllegalStateException("a request came before the pages were named");
    }
    return named;
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Where it is reached, for example {@code http://127.0.0.1:8080}. */
  public String address() {
    String host = settings.host();
    return "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port();
  }

  /** Whether it is about to end: readiness turns false. */
  public boolean draining() {
    return draining;
  }

  /** How many requests are being answered. */
  public int running() {
    return running.get();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    draining = true;
    gate.shut();
    if (!quiet(before::isEmpty, settings.limits().drainTime())) {
      before.forEach(Exchange::cut);
      quiet(before::isEmpty, LAST_WORDS);
    }
    GuardedConnector listening = connector;
    if (listening != null) {
      listening.close();
    }
    quiet(() -> running.get() == 0, LAST_WORDS);
    javalin.stop();
  }

  /** Waits until there is nothing for a while; false if that does not happen in time. */
  private static boolean quiet(BooleanSupplier nothing, Duration time) {
    long now = System.nanoTime();
    long end = now + time.toNanos();
    long quietSince = now;
    while (now < end && now - quietSince < TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS)) {
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      now = System.nanoTime();
      if (!nothing.getAsBoolean()) {
        quietSince = now;
      }
    }
    return nothing.getAsBoolean();
  }
}
