/**
 * Searches: how a model's scores become sequences.
 *
 * <p>A search drives a {@link dev.heed.generate.search.Decoder}, which is all it knows of a model:
 * rows of sequences that take tokens and give the scores of what may follow. Every search goes step
 * by step, so a caller may stop it after any token and still have what there is.
 *
 * {@snippet :
 * try (Search search = Search.start(decoder, prompts, settings)) {
 *   while (search.step()) {}
 *   List<List<Generated>> results = search.results();
 * }
 * }
 */
@NullMarked
package dev.heed.generate.search;

import org.jspecify.annotations.NullMarked;
