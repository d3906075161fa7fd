package dev.heed.bench.processes;

import java.util.Map;

/** What idle threads of the native libraries do. */
enum IdlePolicy {
  /** Heed's default, where the environment says nothing. */
  SLEEP(Map.of()),
  /** The libraries' own defaults: libgomp's, then OpenBLAS's. */
  SPIN(Map.of("GOMP_SPINCOUNT", "300000", "OPENBLAS_THREAD_TIMEOUT", "26"));

  private final Map<String, String> settings;

  IdlePolicy(Map<String, String> settings) {
    this.settings = settings;
  }

  /** Leaves of the native libraries' settings this policy's only. */
  void apply(Map<String, String> environment) {
    environment.keySet().removeIf(name -> name.matches("(OMP|GOMP|KMP|OPENBLAS)_.*"));
    environment.putAll(settings);
  }
}
