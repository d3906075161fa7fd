package dev.heed.bench.mechanisms;

/** What is run. */
enum Pass {
  /** The output alone. */
  FORWARD,
  /** The output, and the gradients of the input and of all parameters. */
  TRAINING
}
