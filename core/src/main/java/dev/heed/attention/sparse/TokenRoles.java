package dev.heed.attention.sparse;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Which tokens are there, and which of them see all and are seen by all, for mechanisms that treat
 * these apart (Beltagy et al. 2020, section 3.1). To others it is a mask of padding.
 */
public final class TokenRoles implements AttentionMask {
  private final Tensor roles;
  private final AttentionMask padding;

  /**
   * From a role for each token.
   *
   * @param roles i64 {@code [B, T]}: 0 local, negative padding, positive global; must stay open
   *     while the mask is used
   */
  public TokenRoles(Tensor roles) {
    this.roles = roles;
    this.padding = TensorScope.run(() -> new Held(AttentionMask.padding(roles.ge(0)))).mask();
  }

  private record Held(AttentionMask mask) {}

  /** The role of each token, i64 {@code [B, T]}. */
  public Tensor roles() {
    return roles;
  }

  @Override
  public boolean allows(int batch, int head, int query, int key) {
    return padding.allows(batch, head, query, key);
  }

  @Override
  public boolean dependsOnBatch() {
    return padding.dependsOnBatch();
  }

  @Override
  public boolean dependsOnHead() {
    return false;
  }
}
