/**
 * What may follow a sequence, changed before a token is chosen: penalties, bans, and the cuts of
 * sampling, one small value each.
 *
 * <p>A {@link dev.heed.generate.logits.LogitsProcessor} changes one row of scores in place. Scores
 * are doubles, one a token of the vocabulary; a token that may not be chosen has the score {@link
 * dev.heed.generate.logits.Scores#REMOVED}, negative infinity. Processors compose by {@link
 * dev.heed.generate.logits.LogitsProcessor#then}, and each says where its rule comes from.
 *
 * {@snippet :
 * LogitsProcessor sampling = new Temperature(0.7).then(new TopK(40)).then(new TopP(0.9));
 * sampling.process(prefix, scores);
 * double[] probabilities = Scores.softmax(scores);
 * }
 */
@NullMarked
package dev.heed.generate.logits;

import org.jspecify.annotations.NullMarked;
