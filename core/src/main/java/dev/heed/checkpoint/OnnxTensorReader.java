package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.tensor.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one ONNX TensorProto, field by field.
 *
 * <p>Source: {@code onnx.proto3}, TensorProto: dims = 1, data_type = 2, segment = 3, float_data =
 * 4, int32_data = 5, string_data = 6, int64_data = 7, name = 8, raw_data = 9, double_data = 10,
 * uint64_data = 11, external_data = 13, data_location = 14.
 */
final class OnnxTensorReader {
  private final String where;
  private final List<Long> dims = new ArrayList<>();
  private String name = "";
  private int type;
  private int dataField;
  private long begin;
  private long end;

  OnnxTensorReader(String where) {
    this.where = where;
  }

  /** Reads one field. */
  void field(WireReader in, int tag) throws IOException {
    int number = WireReader.field(tag);
    int wire = WireReader.type(tag);
    switch (number) {
      case 1 -> dims(in, wire);
      case 2 -> type = wire == WireReader.VARINT ? (int) in.varint() : refuse(number);
      case 4, 5, 7, 9, 10, 11 -> data(in, number, wire);
      case 8 -> name = wire == WireReader.BYTES ? OnnxGraph.name(in) : "" + refuse(number);
      case 3, 6, 13 -> throw unsupported(number);
      case 14 -> location(in, wire);
      default -> in.skip(tag);
    }
  }

  /** Returns the tensor once all fields are read, its size checked against its bytes. */
  OnnxTensor tensor() {
    String at = where + ", initialiser " + Quoted.of(name);
    StorageType storage = storageType(at);
    long[] sizes = dims.stream().mapToLong(Long::longValue).toArray();
    long bytes = TensorInfo.bytesOf(at, storage, sizes);
    long elements = bytes * 8 / storage.bits();
    boolean varint = dataField == 5 || dataField == 7 || dataField == 11;
    boolean fits = varint ? elements <= end - begin : bytes == end - begin;
    boolean agrees =
        switch (dataField) {
          case 4 -> storage == StorageType.F32;
          case 5 -> storage.bits() <= 32 && storage != StorageType.F32;
          case 7 -> storage == StorageType.I64;
          case 10 -> storage == StorageType.F64;
          case 11 -> storage == StorageType.U64 || storage == StorageType.U32;
          default -> true;
        };
    if (!fits || !agrees) {
      throw new CheckpointException(
          Kind.SHAPE,
          at,
          (varint ? "at least " + elements : bytes) + " bytes for " + storage + dims,
          (end - begin) + " in field " + dataField,
          OnnxGraph.REMEDY);
    }
    return new OnnxTensor(new TensorInfo(name, storage, Shape.of(sizes), begin, end), varint);
  }

  private void dims(WireReader in, int wire) throws IOException {
    if (wire == WireReader.VARINT) {
      dim(in.varint());
      return;
    }
    if (wire != WireReader.BYTES) {
      refuse(1);
    }
    WireReader packed = in.message();
    while (!packed.isAtEnd()) {
      dim(packed.varint());
    }
  }

  private void dim(long size) {
    if (dims.size() == TensorInfo.MAX_RANK) {
      throw new CheckpointException(
          Kind.TOO_LARGE,
          where,
          "at most " + TensorInfo.MAX_RANK + " dimensions",
          "more",
          OnnxGraph.REMEDY);
    }
    dims.add(size);
  }

  private void data(WireReader in, int number, int wire) throws IOException {
    if (wire != WireReader.BYTES || dataField != 0) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          where + ", initialiser " + Quoted.of(name),
          "its data in one packed field",
          "field " + number + (dataField == 0 ? " unpacked" : " after field " + dataField),
          "Export the model again with a current exporter.");
    }
    dataField = number;
    WireReader elements = in.message();
    begin = elements.position();
    end = in.position();
  }

  private void location(WireReader in, int wire) throws IOException {
    if (wire != WireReader.VARINT || in.varint() != 0) {
      throw unsupported(14);
    }
  }

  private int refuse(int number) throws IOException {
    throw new IOException("field " + number + " of a tensor has another wire type");
  }

  private CheckpointException unsupported(int number) {
    String what =
        switch (number) {
          case 3 -> "a segmented one";
          case 6 -> "strings";
          default -> "data in another file";
        };
    return new CheckpointException(
        Kind.UNSUPPORTED,
        where + ", initialiser " + Quoted.of(name),
        "a whole numeric tensor inside the file",
        what,
        "Export the model as one file.");
  }

  private StorageType storageType(String at) {
    return switch (type) {
      case 1 -> StorageType.F32;
      case 2 -> StorageType.U8;
      case 3 -> StorageType.I8;
      case 4 -> StorageType.U16;
      case 5 -> StorageType.I16;
      case 6 -> StorageType.I32;
      case 7 -> StorageType.I64;
      case 9 -> StorageType.BOOL;
      case 10 -> StorageType.F16;
      case 11 -> StorageType.F64;
      case 12 -> StorageType.U32;
      case 13 -> StorageType.U64;
      case 14 -> StorageType.C64;
      case 16 -> StorageType.BF16;
      case 17 -> StorageType.F8_E4M3;
      case 18 -> StorageType.F8_E4M3FNUZ;
      case 19 -> StorageType.F8_E5M2;
      case 20 -> StorageType.F8_E5M2FNUZ;
      default ->
          throw new CheckpointException(
              Kind.UNKNOWN_TYPE,
              at,
              "data_type 1 to 7, 9 to 14 or 16 to 20",
              type + "",
              "Export the model with plain number types.");
    };
  }
}
