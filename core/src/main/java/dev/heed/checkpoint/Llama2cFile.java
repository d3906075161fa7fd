package dev.heed.checkpoint;

import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One open llama2.c checkpoint, under Hugging Face's LLaMA names and in its layout.
 *
 * <p>All three versions are read; the quantised one becomes {@code f32}. The tables of sines and
 * cosines that the first version carries follow from the sizes and are left alone.
 *
 * <p>Source: llama2.c, {@code run.c} ({@code memory_map_weights}) and {@code export.py}.
 */
public final class Llama2cFile implements ModelCheckpoint {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int STEPS = 256;

  private final String where;
  private final Llama2cHeader header;
  private final MemorySegment bytes;
  private final AutoCloseable memory;
  private final SequencedMap<String, TensorInfo> tensors;

  private Llama2cFile(String where, MemorySegment bytes, AutoCloseable memory) {
    this.where = where;
    this.header = Llama2cHeader.parse(where, bytes);
    this.bytes = bytes;
    this.memory = memory;
    this.tensors = Llama2cLayout.of(where, header, bytes.byteSize());
  }

  /**
   * Opens and validates a file.
   *
   * @param file a regular file
   * @return owned by the caller
   * @throws CheckpointException for a missing or unreadable file, and for one whose sizes do not
   *     add up to its length
   */
  public static Llama2cFile open(Path file) {
    MappedFile mapped = MappedFile.open(file);
    try {
      return new Llama2cFile(file.toString(), mapped.bytes(), mapped);
    } catch (RuntimeException e) {
      mapped.close();
      throw e;
    }
  }

  /**
   * Reads a file that is in memory already.
   *
   * @param where a name for messages
   * @param bytes the whole file; must stay as it is while this object is used
   * @throws CheckpointException for invalid bytes
   */
  public static Llama2cFile of(String where, MemorySegment bytes) {
    return new Llama2cFile(where, bytes, () -> {});
  }

  /** Tells whether a file begins as a llama2.c checkpoint does. */
  static boolean isThere(Path file) {
    try (MappedFile mapped = MappedFile.open(file)) {
      return Llama2cHeader.isThere(mapped.bytes());
    }
  }

  @Override
  public ObjectNode config() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putArray("architectures").add("LlamaForCausalLM");
    json.put("model_type", "llama");
    json.put("hidden_size", header.dim());
    json.put("intermediate_size", header.hiddenDim());
    json.put("num_hidden_layers", header.layers());
    json.put("num_attention_heads", header.heads());
    json.put("num_key_value_heads", header.keyHeads());
    json.put("vocab_size", header.vocabulary());
    json.put("max_position_embeddings", header.context());
    json.put("tie_word_embeddings", header.shared());
    // llama2.c has these as constants.
    json.put("hidden_act", "silu");
    json.put("rms_norm_eps", 1e-5);
    json.put("rope_theta", 10_000.0);
    json.put("attention_bias", false);
    json.put("mlp_bias", false);
    json.put("bos_token_id", 1);
    json.put("eos_token_id", 2);
    // run.c takes 256 steps from the first token on, unless it is told otherwise.
    json.put("max_length", Math.min(STEPS + 1, header.context()));
    return json;
  }

  /** Returns every tensor; positions are those of its first byte, scales not counted. */
  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  /** Returns the header's numbers. */
  @Override
  public Map<String, String> metadata() {
    Map<String, String> text = new LinkedHashMap<>();
    text.put("format", "llama2.c");
    text.put("version", header.version() + "");
    text.put("dim", header.dim() + "");
    text.put("hidden_dim", header.hiddenDim() + "");
    text.put("n_layers", header.layers() + "");
    text.put("n_heads", header.heads() + "");
    text.put("n_kv_heads", header.keyHeads() + "");
    text.put("vocab_size", header.vocabulary() + "");
    text.put("seq_len", header.context() + "");
    text.put("shared_classifier", header.shared() + "");
    if (header.version() == 2) {
      text.put("group_size", header.group() + "");
    }
    return Collections.unmodifiableMap(text);
  }

  @Override
  public DType dtype(String name) {
    info(name);
    return DType.F32;
  }

  @Override
  public Tensor read(String name) {
    TensorInfo info = info(name);
    String at = where + ", tensor " + Quoted.of(name);
    try (TensorScope scope = TensorScope.open()) {
      Tensor stored = info.type() == StorageType.F32 ? floats(at, info) : quantised(at, info);
      if (name.endsWith("q_proj.weight")) {
        return scope.keep(RotaryPairs.apart(at, stored, header.heads()));
      }
      if (name.endsWith("k_proj.weight")) {
        return scope.keep(RotaryPairs.apart(at, stored, header.keyHeads()));
      }
      return scope.keep(stored);
    }
  }

  private Tensor floats(String at, TensorInfo info) {
    return TensorBytes.read(
        at, StorageType.F32, info.shape(), bytes.asSlice(info.begin(), info.bytes()));
  }

  /** Signed bytes, then a scale for each group of them. */
  private Tensor quantised(String at, TensorInfo info) {
    Shape shape = info.shape();
    int group = header.group();
    Tensor tensor = Tensor.empty(shape, DType.F32);
    MemorySegment floats = tensor.segment();
    try {
      for (long i = 0; i < info.bytes(); i++) {
        float scale = bytes.get(FLOAT, info.end() + i / group * Float.BYTES);
        byte value = bytes.get(ValueLayout.JAVA_BYTE, info.begin() + i);
        floats.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * Float.BYTES, value * scale);
      }
    } catch (InternalError e) {
      throw MappedFile.cutShort(at, e);
    }
    return tensor;
  }

  @Override
  public String describe() {
    return where;
  }

  @Override
  public void close() {
    MappedFile.close(where, memory);
  }
}
