/**
 * Mixtures of experts: feed-forward networks of which each token goes through a few only, chosen by
 * a router (Shazeer et al. 2017; Fedus et al. 2022). Experts that no token chose are not computed.
 *
 * <p>Shapes: {@code N} tokens, {@code H} hidden size, {@code E} experts, {@code k} chosen ones.
 */
@NullMarked
package dev.heed.nn.moe;

import org.jspecify.annotations.NullMarked;
