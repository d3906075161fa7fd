/**
 * Batches: examples in an order that follows from a seed, cut by how many tokens they hold.
 *
 * <p>An epoch's {@link dev.heed.train.data.Plan} is a function of the seed and the number of the
 * epoch alone. So a run that is resumed needs only its {@link dev.heed.train.data.DataPosition} to
 * see what it would have seen.
 *
 * {@snippet :
 * Feed<Batch> feed =
 *     new BucketedFeed<>(examples, Example::length, TokenBudget.of(4096), seed, Batch::of);
 * }
 */
@NullMarked
package dev.heed.train.data;

import org.jspecify.annotations.NullMarked;
