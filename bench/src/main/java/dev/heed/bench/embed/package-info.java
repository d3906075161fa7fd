/** Sentence embeddings against ONNX Runtime on the same weights. */
@NullMarked
package dev.heed.bench.embed;

import org.jspecify.annotations.NullMarked;
