package dev.heed.generate;

import dev.heed.generate.search.Generated;

/**
 * A text that a model wrote.
 *
 * @param text without the prompt, and without the stop string that ended it
 * @param generated its tokens, their log-probabilities, and why it ended
 */
public record Completion(String text, Generated generated) {}
