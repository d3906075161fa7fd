/**
 * The explorer: a page on this machine that shows what every head of a model attends to, and the
 * JSON API behind it.
 *
 * {@snippet :
 * try (Explorer explorer =
 *     Explorer.start(WebSettings.local(0), Map.of("MiniLM", ModelFiles.embedded()))) {
 *   System.out.println(explorer.address()); // http://127.0.0.1:PORT
 * }
 * }
 */
@NullMarked
package dev.heed.explorer;

import org.jspecify.annotations.NullMarked;
