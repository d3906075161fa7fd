package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Where each tensor of a llama2.c file lies: kind after kind, and of each kind layer after layer.
 */
final class Llama2cLayout {
  private final Llama2cHeader header;
  private final String where;
  private final long length;
  private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();
  private long next;

  private Llama2cLayout(String where, Llama2cHeader header, long length) {
    this.where = where;
    this.header = header;
    this.length = length;
    this.next = header.end();
  }

  /**
   * Lays a file out.
   *
   * @throws CheckpointException {@code TRUNCATED} or {@code LAYOUT} when the sizes do not add up to
   *     the file's length
   */
  static SequencedMap<String, TensorInfo> of(String where, Llama2cHeader header, long length) {
    Llama2cLayout layout = new Llama2cLayout(where, header, length);
    if (header.version() == 0) {
      layout.first();
    } else {
      layout.later();
    }
    layout.skip(0);
    if (layout.next < length) {
      throw Llama2cHeader.error(
          Kind.LAYOUT, where, layout.next + " bytes, the sum of the tensors", length + "");
    }
    return layout.tensors;
  }

  private void first() {
    int dim = header.dim();
    matrix("model.embed_tokens.weight", header.vocabulary(), dim);
    norms("input_layernorm");
    attention();
    norms("post_attention_layernorm");
    feedForward();
    norm("model.norm.weight");
    skip(2L * header.context() * (header.headSize() / 2) * Float.BYTES);
    if (!header.shared()) {
      matrix("lm_head.weight", header.vocabulary(), dim);
    }
  }

  private void later() {
    int dim = header.dim();
    norms("input_layernorm");
    norms("post_attention_layernorm");
    norm("model.norm.weight");
    matrix("model.embed_tokens.weight", header.vocabulary(), dim);
    attention();
    feedForward();
    if (!header.shared()) {
      matrix("lm_head.weight", header.vocabulary(), dim);
    }
  }

  private void attention() {
    int dim = header.dim();
    layers("self_attn.q_proj", dim, dim);
    layers("self_attn.k_proj", header.keyDim(), dim);
    layers("self_attn.v_proj", header.keyDim(), dim);
    layers("self_attn.o_proj", dim, dim);
  }

  private void feedForward() {
    layers("mlp.gate_proj", header.hiddenDim(), header.dim());
    layers("mlp.down_proj", header.dim(), header.hiddenDim());
    layers("mlp.up_proj", header.hiddenDim(), header.dim());
  }

  private void layers(String name, long rows, long columns) {
    for (int layer = 0; layer < header.layers(); layer++) {
      matrix("model.layers." + layer + "." + name + ".weight", rows, columns);
    }
  }

  private void norms(String name) {
    for (int layer = 0; layer < header.layers(); layer++) {
      norm("model.layers." + layer + "." + name + ".weight");
    }
  }

  private void norm(String name) {
    add(name, StorageType.F32, header.dim());
  }

  private void matrix(String name, long rows, long columns) {
    if (header.version() < 2) {
      add(name, StorageType.F32, rows, columns);
    } else {
      add(name, StorageType.I8, rows, columns);
      skip(rows * columns / header.group() * Float.BYTES);
    }
  }

  private void add(String name, StorageType type, long... sizes) {
    long bytes = TensorInfo.bytesOf(where + ", tensor " + name, type, sizes);
    tensors.put(name, new TensorInfo(name, type, Shape.of(sizes), next, next + bytes));
    skip(bytes);
  }

  /** Steps on; no step passes the end, so that sums cannot overflow. */
  private void skip(long bytes) {
    next += bytes;
    if (next > length) {
      throw Llama2cHeader.error(Kind.TRUNCATED, where, "at least " + next + " bytes", length + "");
    }
  }
}
