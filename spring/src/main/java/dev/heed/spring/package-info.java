/**
 * Spring AI's models in the program's own process, and what Spring Boot configures by itself:
 * {@code heed.embedding.model}, {@code heed.chat.model} and {@code heed.ranking.model} name
 * folders.
 *
 * <p>Nothing is downloaded, and no socket is opened.
 */
@NullMarked
package dev.heed.spring;

import org.jspecify.annotations.NullMarked;
