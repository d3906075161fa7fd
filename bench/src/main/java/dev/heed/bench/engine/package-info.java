/** The Java engine beside LibTorch and ONNX Runtime. */
@NullMarked
package dev.heed.bench.engine;

import org.jspecify.annotations.NullMarked;
