package dev.heed.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the server counts, in Prometheus' text format 0.0.4. What concerns models has the names of
 * OpenTelemetry's semantic conventions for generative AI, written as its rules for Prometheus say:
 * dots as underscores, seconds at the end, a unit in braces left out.
 */
final class Metrics {
  static final String TYPE = "text/plain; version=0.0.4";

  private static final double[] SECONDS = {
    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92
  };
  private static final double[] PER_TOKEN = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5
  };
  private static final double[] TOKENS = {
    1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576
  };

  private final Family requests =
      new Family("heed_http_requests_total", "Requests by page and status.", new double[0]);
  private final Family durations =
      new Family("gen_ai_server_request_duration_seconds", "Time to an answer.", SECONDS);
  private final Family firsts =
      new Family("gen_ai_server_time_to_first_token_seconds", "Time to a first token.", SECONDS);
  private final Family rests =
      new Family(
          "gen_ai_server_time_per_output_token_seconds",
          "Time for each token after the first.",
          PER_TOKEN);
  private final Family tokens =
      new Family("gen_ai_client_token_usage", "Tokens of a request.", TOKENS);
  private final List<Gauge> gauges = new ArrayList<>();

  private record Gauge(String name, String help, Supplier<Map<String, Number>> values) {}

  /** Series of one name by their labels; with bounds a histogram, without a counter. */
  private static final class Family {
    private final String name;
    private final String help;
    private final double[] bounds;
    private final Map<String, Series> series = new ConcurrentSkipListMap<>();

    Family(String name, String help, double[] bounds) {
      this.name = name;
      this.help = help;
      this.bounds = bounds;
    }

    void add(String labels, double value) {
      series.computeIfAbsent(labels, key -> new Series(bounds.length)).add(bounds, value);
    }

    void write(StringBuilder out) {
      head(out, name, help, bounds.length == 0 ? "counter" : "histogram");
      series.forEach((labels, one) -> one.write(out, name, labels, bounds));
    }
  }

  private static final class Series {
    private final LongAdder[] below;
    private long count;
    private double sum;

    Series(int bounds) {
      below = new LongAdder[bounds];
      for (int i = 0; i < bounds; i++) {
        below[i] = new LongAdder();
      }
    }

    synchronized void add(double[] bounds, double value) {
      count++;
      sum += value;
      for (int i = 0; i < bounds.length; i++) {
        if (value <= bounds[i]) {
          below[i].increment();
        }
      }
    }

    synchronized void write(StringBuilder out, String name, String labels, double[] bounds) {
      if (bounds.length == 0) {
        line(out, name, labels, count);
        return;
      }
      for (int i = 0; i < bounds.length; i++) {
        line(out, name + "_bucket", labels + ",le=\"" + bounds[i] + "\"", below[i].sum());
      }
      line(out, name + "_bucket", labels + ",le=\"+Inf\"", count);
      line(out, name + "_sum", labels, sum);
      line(out, name + "_count", labels, count);
    }
  }

  private static void head(StringBuilder out, String name, String help, String type) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder out, String name, String labels, Number value) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    out.append(' ').append(value).append('\n');
  }

  private static String label(String name, String value) {
    String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return name + "=\"" + escaped + "\"";
  }

  private static String model(String operation, String model) {
    return label("gen_ai_operation_name", operation)
        + ","
        + label("gen_ai_provider_name", "heed")
        + ","
        + label("gen_ai_request_model", model);
  }

  /** A page was answered. */
  void request(String method, String page, int status) {
    requests.add(
        label("method", method.toUpperCase(Locale.ROOT))
            + ","
            + label("page", page)
            + ","
            + label("status", Integer.toString(status)),
        1);
  }

  /**
   * A request to a model has ended.
   *
   * @param failure why there was no answer, or null for one
   */
  void duration(String operation, String model, @Nullable String failure, double seconds) {
    durations.add(
        model(operation, model) + (failure == null ? "" : "," + label("error_type", failure)),
        seconds);
  }

  void firstToken(String operation, String model, double seconds) {
    firsts.add(model(operation, model), seconds);
  }

  void perToken(String operation, String model, double seconds) {
    rests.add(model(operation, model), seconds);
  }

  void tokens(String operation, String model, String type, long count) {
    tokens.add(model(operation, model) + "," + label("gen_ai_token_type", type), count);
  }

  /** Has a value read whenever it is asked for, by model; an empty name is none. */
  void gauge(String name, String help, Supplier<Map<String, Number>> values) {
    gauges.add(new Gauge(name, help, values));
  }

  /** All of it. */
  String text() {
    StringBuilder out = new StringBuilder();
    for (Family family : List.of(requests, durations, firsts, rests, tokens)) {
      family.write(out);
    }
    for (Gauge gauge : gauges) {
      head(out, gauge.name(), gauge.help(), "gauge");
      gauge
          .values()
          .get()
          .forEach((model, value) ->
              line(
                  out,
                  gauge.name(),
                  model.isEmpty() ? "" : label("gen_ai_request_model", model),
                  value));
    }
    return out.toString();
  }
}
