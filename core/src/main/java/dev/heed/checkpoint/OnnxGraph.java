package dev.heed.checkpoint;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.heed.checkpoint.CheckpointException.Kind;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of an ONNX model that hold weights: its initialisers and the names of the nodes that
 * use them.
 *
 * <p>Only the fields read here are known by number; all others are skipped. Nothing is copied: a
 * tensor is a range of the file.
 *
 * <p>Source: ONNX IR specification, {@code onnx.proto3}: ModelProto.graph = 7; GraphProto.node = 1,
 * initializer = 5, sparse_initializer = 15; NodeProto.input = 1, name = 3, op_type = 4.
 *
 * @param tensors in the file's order
 * @param nodes in the file's order
 */
record OnnxGraph(List<OnnxTensor> tensors, List<Node> nodes) {
  static final String REMEDY = "The file is damaged, incomplete or hostile; get it again.";
  private static final int LONGEST_NAME = 65_536;

  /**
   * A node of the graph.
   *
   * @param name a path such as {@code /encoder/layer.0/attention/self/query/MatMul}
   * @param operator for example {@code MatMul}
   * @param inputs names of values and initialisers
   */
  record Node(String name, String operator, List<String> inputs) {}

  /** What to do with each field of a message: must read or skip its value. */
  private interface Field {
    void read(int tag) throws IOException;
  }

  /**
   * Parses a whole model file.
   *
   * @param where the file's name, for messages
   * @param file all of its bytes, at most 2 GiB as protobuf allows
   * @throws CheckpointException {@code MALFORMED}, {@code TRUNCATED}, {@code TOO_LARGE} and what
   *     {@link OnnxTensorReader} throws
   */
  static OnnxGraph parse(String where, MemorySegment file) {
    if (file.byteSize() > Integer.MAX_VALUE) {
      throw new CheckpointException(
          Kind.TOO_LARGE, where, "at most 2 GiB", file.byteSize() + " bytes", "Use safetensors.");
    }
    OnnxGraph graph = new OnnxGraph(new ArrayList<>(), new ArrayList<>());
    CodedInputStream in = CodedInputStream.newInstance(new SegmentInputStream(file));
    boolean[] found = new boolean[1];
    try {
      int whole = in.pushLimit((int) file.byteSize());
      fields(in, tag -> found[0] |= graph.model(where, in, tag));
      in.popLimit(whole);
    } catch (InvalidProtocolBufferException e) {
      throw broken(where, e);
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO, where, "a readable file", String.valueOf(e.getMessage()), "Check the disk.", e);
    } catch (InternalError e) {
      throw MappedFile.cutShort(where, e);
    }
    if (!found[0]) {
      throw new CheckpointException(
          Kind.MALFORMED,
          where,
          "an ONNX model with a graph",
          "none",
          "Check that it is an ONNX file.");
    }
    return graph;
  }

  private boolean model(String where, CodedInputStream in, int tag) throws IOException {
    if (tag != tag(7)) {
      skip(in, tag);
      return false;
    }
    message(in, t -> graph(where, in, t));
    return true;
  }

  private void graph(String where, CodedInputStream in, int tag) throws IOException {
    if (tag == tag(1)) {
      nodes.add(node(in));
    } else if (tag == tag(5)) {
      OnnxTensorReader reader = new OnnxTensorReader(where, in);
      message(in, reader::field);
      tensors.add(reader.tensor());
    } else if (tag == tag(15)) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          where,
          "dense initialisers",
          "a sparse one",
          "Export the model without sparse tensors.");
    } else {
      skip(in, tag);
    }
  }

  private static Node node(CodedInputStream in) throws IOException {
    List<String> inputs = new ArrayList<>();
    String[] names = {"", ""};
    message(
        in,
        tag -> {
          switch (tag) {
            case (1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED -> inputs.add(name(in));
            case (3 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED -> names[0] = name(in);
            case (4 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED -> names[1] = name(in);
            default -> skip(in, tag);
          }
        });
    return new Node(names[0], names[1], inputs);
  }

  private static void message(CodedInputStream in, Field field) throws IOException {
    int outer = in.pushLimit(length(in));
    fields(in, field);
    in.popLimit(outer);
  }

  private static void fields(CodedInputStream in, Field field) throws IOException {
    while (!in.isAtEnd()) {
      field.read(in.readTag());
    }
  }

  /** Returns the tag of a length-delimited field. */
  static int tag(int field) {
    return (field << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  static void skip(CodedInputStream in, int tag) throws IOException {
    if (!in.skipField(tag)) {
      throw new InvalidProtocolBufferException("a group ends that did not begin");
    }
  }

  /** Reads the length of what follows, which must lie inside what holds it. */
  static int length(CodedInputStream in) throws IOException {
    int length = in.readRawVarint32();
    if (length < 0 || length > in.getBytesUntilLimit()) {
      throw new InvalidProtocolBufferException(
          "truncated: "
              + Integer.toUnsignedString(length)
              + " bytes declared, "
              + in.getBytesUntilLimit()
              + " left");
    }
    return length;
  }

  /** Reads a short string. */
  static String name(CodedInputStream in) throws IOException {
    int length = length(in);
    if (length > LONGEST_NAME) {
      throw new InvalidProtocolBufferException("a name of " + length + " bytes");
    }
    return new String(in.readRawBytes(length), StandardCharsets.UTF_8);
  }

  private static CheckpointException broken(String where, InvalidProtocolBufferException e) {
    String message = String.valueOf(e.getMessage());
    boolean cut = message.contains("ended unexpectedly") || message.contains("truncated");
    return new CheckpointException(
        cut ? Kind.TRUNCATED : Kind.MALFORMED,
        where,
        "an ONNX model in protobuf's wire format",
        Quoted.of(message),
        REMEDY,
        e);
  }
}
