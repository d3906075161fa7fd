package dev.heed.attention.sparse;

import dev.heed.attention.kernel.AttentionSpec;
import dev.heed.attention.kernel.ExactAttention;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.golden.MechanismReference;
import dev.heed.golden.Recording;
import dev.heed.golden.ReferenceCase;
import dev.heed.golden.Results;
import dev.heed.tensor.Tensor;
import java.util.List;

/** The masks as the exact kernel tiles them. */
class SparseTransformerReferenceTest extends MechanismReference {
  @Override
  protected List<ReferenceCase> cases() {
    return List.of(
        ReferenceCase.of("sparse_local", SparseTransformerReferenceTest::local),
        ReferenceCase.of("sparse_strided", SparseTransformerReferenceTest::strided),
        ReferenceCase.of("sparse_fixed", SparseTransformerReferenceTest::fixed),
        ReferenceCase.of("sparse_fixed_shared", SparseTransformerReferenceTest::fixed),
        ReferenceCase.of("sparse_strided_blocks", SparseTransformerReferenceTest::stridedBlocks));
  }

  private static Results local(Recording ref) {
    int window = ref.integer("local_attn_ctx");
    AttentionMask mask = AttentionMask.slidingWindow(window).and(AttentionMask.causal());
    return attend(ref, mask).extra("mask", table(mask, 1, ref.integer("seq"), 1).squeeze(0));
  }

  private static Results strided(Recording ref) {
    AttentionMask mask = new StridedMask(ref.integer("local_attn_ctx"));
    return attend(ref, mask).extra("mask", table(mask, 1, ref.integer("seq"), 1).squeeze(0));
  }

  private static Results fixed(Recording ref) {
    int block = ref.integer("blocksize");
    FixedMask mask =
        new FixedMask(
            block,
            ref.integer("local_attn_ctx") / block,
            ref.integer("num_verts"),
            ref.integer("vertsize"));
    int heads = ref.integer("heads");
    int length = ref.integer("seq");
    AttentionMask blocks = (batch, head, query, key) -> mask.allowsBlock(head, query, key);
    return attend(ref, mask)
        .extra("mask", table(mask, heads, length, 1))
        .extra("layout", table(blocks, heads, length / block, 1));
  }

  /** The recorded mask orders positions by their place within a stride, then by the stride. */
  private static Results stridedBlocks(Recording ref) {
    int stride = ref.integer("local_attn_ctx");
    int block = ref.integer("blocksize");
    int heads = ref.integer("heads");
    int length = ref.integer("seq");
    StridedMask mask = new StridedMask(stride);
    Tensor transposed = table(mask, heads, length, stride);
    int blocks = length / block;
    Tensor layout =
        transposed.reshape(heads, blocks, block, blocks, block).any(4, false).any(2, false);
    return attend(ref, mask).extra("mask", transposed).extra("layout", layout);
  }

  /** {@code [heads, length, length]}, positions counted across strides. */
  private static Tensor table(AttentionMask mask, int heads, int length, int stride) {
    boolean[] allowed = new boolean[heads * length * length];
    int rows = length / stride;
    int at = 0;
    for (int head = 0; head < heads; head++) {
      for (int i = 0; i < length; i++) {
        for (int j = 0; j < length; j++) {
          int query = i % rows * stride + i / rows;
          int key = j % rows * stride + j / rows;
          allowed[at++] = mask.allows(0, head, query, key);
        }
      }
    }
    return Tensor.of(allowed, heads, length, length);
  }

  private static Results attend(Recording ref, AttentionMask mask) {
    int heads = ref.integer("heads");
    Tensor read =
        ExactAttention.apply(
            heads(ref.input("q"), heads),
            heads(ref.input("k"), heads),
            heads(ref.input("v"), heads),
            AttentionSpec.plain().withMask(mask));
    Tensor y = read.transpose(1, 2).flatten(2, 3);
    return new Results().output("y", y);
  }

  private static Tensor heads(Tensor x, int heads) {
    return x.unflatten(-1, heads, x.size(-1) / heads).transpose(1, 2);
  }
}
