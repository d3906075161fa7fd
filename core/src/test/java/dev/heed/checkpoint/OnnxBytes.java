package dev.heed.checkpoint;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Builds ONNX models field by field. */
final class OnnxBytes {
  private OnnxBytes() {}

  static OnnxFile open(byte[] bytes) {
    return OnnxFile.of("t.onnx", MemorySegment.ofArray(bytes));
  }

  /** One message, to be filled with fields. */
  static UnknownFieldSet.Builder message() {
    return UnknownFieldSet.newBuilder();
  }

  static UnknownFieldSet.Field number(long... values) {
    UnknownFieldSet.Field.Builder field = UnknownFieldSet.Field.newBuilder();
    for (long value : values) {
      field.addVarint(value);
    }
    return field.build();
  }

  static UnknownFieldSet.Field text(String... values) {
    UnknownFieldSet.Field.Builder field = UnknownFieldSet.Field.newBuilder();
    for (String value : values) {
      field.addLengthDelimited(ByteString.copyFromUtf8(value));
    }
    return field.build();
  }

  static UnknownFieldSet.Field bytes(byte[] value) {
    return UnknownFieldSet.Field.newBuilder()
        .addLengthDelimited(ByteString.copyFrom(value))
        .build();
  }

  static byte[] floats(float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      buffer.putFloat(value);
    }
    return buffer.array();
  }

  /** A model of one graph with these initialisers and nodes. */
  static byte[] model(UnknownFieldSet.Builder[] tensors, UnknownFieldSet.Builder... nodes) {
    UnknownFieldSet.Builder graph = message();
    UnknownFieldSet.Field.Builder initialisers = UnknownFieldSet.Field.newBuilder();
    for (UnknownFieldSet.Builder tensor : tensors) {
      initialisers.addLengthDelimited(tensor.build().toByteString());
    }
    UnknownFieldSet.Field.Builder users = UnknownFieldSet.Field.newBuilder();
    for (UnknownFieldSet.Builder node : nodes) {
      users.addLengthDelimited(node.build().toByteString());
    }
    graph.addField(1, users.build()).addField(5, initialisers.build());
    return message()
        .addField(1, number(6))
        .addField(7, bytes(graph.build().toByteArray()))
        .build()
        .toByteArray();
  }

  /** A model of one initialiser. */
  static byte[] model(UnknownFieldSet.Builder tensor) {
    return model(new UnknownFieldSet.Builder[] {tensor});
  }

  /** A float initialiser with its bytes as raw data. */
  static UnknownFieldSet.Builder raw(String name, long type, byte[] data, long... dims) {
    return message()
        .addField(1, number(dims))
        .addField(2, number(type))
        .addField(8, text(name))
        .addField(9, bytes(data));
  }

  static UnknownFieldSet.Builder node(String name, String operator, String... inputs) {
    return message().addField(1, text(inputs)).addField(3, text(name)).addField(4, text(operator));
  }
}
