/**
 * Tensors: a thin, documented facade over an engine that computes ({@link
 * dev.heed.tensor.EngineChoice}); the only package that touches LibTorch.
 *
 * <p>Native memory is scoped: open a {@link dev.heed.tensor.TensorScope} around a step or a
 * request, and everything made in it is freed when it closes.
 *
 * <p>Dimensions are counted from 0; negative ones count from the end. Unless a method says
 * otherwise, it returns a new tensor that belongs to the current scope and may share memory with
 * its input ({@code view}, {@code transpose}, {@code narrow} and their like do), element types
 * promote as in LibTorch, and shapes broadcast from the right. Every method throws {@link
 * dev.heed.tensor.ClosedTensorException} on a closed tensor and {@link
 * dev.heed.tensor.ShapeException} or {@link dev.heed.tensor.TensorException} when the operands do
 * not fit.
 */
@NullMarked
package dev.heed.tensor;

import org.jspecify.annotations.NullMarked;
