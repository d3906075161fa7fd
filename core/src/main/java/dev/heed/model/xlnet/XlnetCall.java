package dev.heed.model.xlnet;

import dev.heed.attention.AttentionRequest;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What the layers of one call share.
 *
 * @param content the request of states that know their own token
 * @param query the request of states that know their own place alone
 * @param targets where the latter stand, {@code [B, P, T]}, a row of weights of places each; null
 *     where there are none
 * @param differs i64 {@code [B, T, M + T]}: 1 where two tokens are of different segments, 0 where
 *     of one; null where segments are not told
 */
record XlnetCall(
    AttentionRequest content,
    AttentionRequest query,
    @Nullable Tensor targets,
    @Nullable Tensor differs) {}
