/**
 * LFM2 (Liquid AI 2025): layers of gated short convolutions, and of attention with a norm of each
 * head's queries and keys, before gated feed-forward networks.
 */
@NullMarked
package dev.heed.model.lfm2;

import org.jspecify.annotations.NullMarked;
