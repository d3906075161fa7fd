package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import java.io.EOFException;
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
    void read(WireReader in, int tag) throws IOException;
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
    boolean[] found = new boolean[1];
    try {
      fields(new WireReader(file), (in, tag) -> found[0] |= graph.model(where, in, tag));
    } catch (IOException e) {
      throw broken(where, e);
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

  private boolean model(String where, WireReader in, int tag) throws IOException {
    if (tag != tag(7)) {
      in.skip(tag);
      return false;
    }
    fields(in.message(), (part, t) -> graph(where, part, t));
    return true;
  }

  private void graph(String where, WireReader in, int tag) throws IOException {
    if (tag == tag(1)) {
      nodes.add(node(in.message()));
    } else if (tag == tag(5)) {
      OnnxTensorReader reader = new OnnxTensorReader(where);
      fields(in.message(), reader::field);
      tensors.add(reader.tensor());
    } else if (tag == tag(15)) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          where,
          "dense initialisers",
          "a sparse one",
          "Export the model without sparse tensors.");
    } else {
      in.skip(tag);
    }
  }

  private static Node node(WireReader in) throws IOException {
    List<String> inputs = new ArrayList<>();
    String[] names = {"", ""};
    while (!in.isAtEnd()) {
      int tag = in.tag();
      if (tag == tag(1)) {
        inputs.add(name(in));
      } else if (tag == tag(3)) {
        names[0] = name(in);
      } else if (tag == tag(4)) {
        names[1] = name(in);
      } else {
        in.skip(tag);
      }
    }
    return new Node(names[0], names[1], inputs);
  }

  private static void fields(WireReader in, Field field) throws IOException {
    while (!in.isAtEnd()) {
      field.read(in, in.tag());
    }
  }

  /** Returns the tag of a field that has a length. */
  private static int tag(int field) {
    return WireReader.tag(field, WireReader.BYTES);
  }

  /** Reads a short string. */
  static String name(WireReader in) throws IOException {
    byte[] name = in.bytes();
    if (name.length > LONGEST_NAME) {
      throw new IOException("a name of " + name.length + " bytes");
    }
    return new String(name, StandardCharsets.UTF_8);
  }

  private static CheckpointException broken(String where, IOException e) {
    return new CheckpointException(
        e instanceof EOFException ? Kind.TRUNCATED : Kind.MALFORMED,
        where,
        "an ONNX model in protobuf's wire format",
        Quoted.of(String.valueOf(e.getMessage())),
        REMEDY,
        e);
  }
}
