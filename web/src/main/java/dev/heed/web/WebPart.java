package dev.heed.web;

/** Pages that belong together, for example an interface or the explorer. */
@FunctionalInterface
public interface WebPart {
  /** Names its pages. */
  void routes(Routes routes);
}
