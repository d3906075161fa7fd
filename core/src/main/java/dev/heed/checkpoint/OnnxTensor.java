package dev.heed.checkpoint;

/**
 * One initialiser of an ONNX graph: where its bytes lie and how they are written.
 *
 * @param info name, type, stored shape, and its bytes counted from the start of the file
 * @param varint whether the values are protobuf varints ({@code int32_data}, {@code int64_data})
 *     rather than little-endian elements
 */
record OnnxTensor(TensorInfo info, boolean varint) {}
