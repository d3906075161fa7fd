package dev.heed.bench.engine;

import dev.heed.checkpoint.StorageType;
import dev.heed.checkpoint.gguf.GgufTensor;
import dev.heed.checkpoint.gguf.GgufValue;
import dev.heed.checkpoint.gguf.GgufWriter;
import dev.heed.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * A model of LLaMA's architecture with random weights, as a GGUF file that llama.cpp loads, too.
 *
 * @param name for people
 * @param ties whether the output shares the table of tokens
 */
record RandomLlama(
    String name,
    int layers,
    int size,
    int heads,
    int keyHeads,
    int inner,
    int vocabulary,
    boolean ties) {
  /** As large as GPT-2 small. */
  static final RandomLlama SMALL = new RandomLlama("small", 12, 768, 12, 12, 2048, 50_304, true);

  /** As LLaMA 3.2 1B. */
  static final RandomLlama BILLION = new RandomLlama("1b", 16, 2048, 32, 8, 8192, 128_256, true);

  /** Weights that one token is multiplied with. */
  long weights() {
    long head = size / heads;
    long attention = 2L * size * size + 2L * size * head * keyHeads;
    return layers * (attention + 3L * size * inner) + (long) size * vocabulary;
  }

  /** Bytes that a token reads at least. */
  long bytes(StorageType type) {
    return weights() / type.block() * (type.bits() / 8);
  }

  /** Writes the file. */
  void write(Path file, StorageType type) {
    try (Arena arena = Arena.ofShared()) {
      List<GgufTensor> tensors = new ArrayList<>();
      tensors.add(matrix("token_embd.weight", vocabulary, size, type, arena));
      tensors.add(ones("output_norm.weight", arena));
      long keys = (long) size / heads * keyHeads;
      for (int layer = 0; layer < layers; layer++) {
        String at = "blk." + layer + ".";
        tensors.add(ones(at + "attn_norm.weight", arena));
        tensors.add(matrix(at + "attn_q.weight", size, size, type, arena));
        tensors.add(matrix(at + "attn_k.weight", keys, size, type, arena));
        tensors.add(matrix(at + "attn_v.weight", keys, size, type, arena));
        tensors.add(matrix(at + "attn_output.weight", size, size, type, arena));
        tensors.add(ones(at + "ffn_norm.weight", arena));
        tensors.add(matrix(at + "ffn_gate.weight", inner, size, type, arena));
        tensors.add(matrix(at + "ffn_up.weight", inner, size, type, arena));
        tensors.add(matrix(at + "ffn_down.weight", size, inner, type, arena));
      }
      GgufWriter.write(file, metadata(), tensors);
    }
  }

  private static GgufTensor matrix(
      String name, long rows, long columns, StorageType type, Arena arena) {
    MemorySegment bytes = RandomBlocks.of(type, rows * columns, arena);
    return GgufTensor.stored(name, type, Shape.of(rows, columns), bytes);
  }

  private GgufTensor ones(String name, Arena arena) {
    float[] values = new float[size];
    java.util.Arrays.fill(values, 1);
    MemorySegment bytes = arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_FLOAT, values);
    return GgufTensor.stored(name, StorageType.F32, Shape.of(size), bytes);
  }

  private SequencedMap<String, GgufValue> metadata() {
    SequencedMap<String, GgufValue> values = new LinkedHashMap<>();
    values.put("general.architecture", GgufValue.of("llama"));
    values.put("general.name", GgufValue.of(name));
    values.put("llama.block_count", GgufValue.of(layers));
    values.put("llama.context_length", GgufValue.of(2048));
    values.put("llama.embedding_length", GgufValue.of(size));
    values.put("llama.feed_forward_length", GgufValue.of(inner));
    values.put("llama.attention.head_count", GgufValue.of(heads));
    values.put("llama.attention.head_count_kv", GgufValue.of(keyHeads));
    values.put("llama.attention.layer_norm_rms_epsilon", GgufValue.of(1e-5f));
    values.put("llama.rope.dimension_count", GgufValue.of(size / heads));
    values.put("llama.rope.freq_base", GgufValue.of(10_000f));
    values.put("llama.vocab_size", GgufValue.of(vocabulary));
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    for (int b = 0; b < 256; b++) {
      tokens.add(String.format(Locale.ROOT, "<0x%02X>", b));
    }
    int[] kinds = new int[vocabulary];
    float[] scores = new float[vocabulary];
    for (int i = 0; i < vocabulary; i++) {
      kinds[i] = i == 0 ? 2 : i < 3 ? 3 : i < 259 ? 6 : 1; // unknown, control, byte, usual
      if (i >= tokens.size()) {
        tokens.add("token" + i);
      }
    }
    values.put("tokenizer.ggml.model", GgufValue.of("llama"));
    values.put("tokenizer.ggml.tokens", GgufValue.of(tokens));
    values.put("tokenizer.ggml.scores", GgufValue.of(scores));
    values.put("tokenizer.ggml.token_type", GgufValue.of(kinds));
    values.put("tokenizer.ggml.bos_token_id", GgufValue.of(1));
    values.put("tokenizer.ggml.eos_token_id", GgufValue.of(2));
    values.put("tokenizer.ggml.unknown_token_id", GgufValue.of(0));
    return values;
  }
}
