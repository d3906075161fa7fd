/** Nemotron-4 and Minitron (NVIDIA 2024): layer norms around one, squared ReLU without gate. */
@NullMarked
package dev.heed.model.nemotron;

import org.jspecify.annotations.NullMarked;
