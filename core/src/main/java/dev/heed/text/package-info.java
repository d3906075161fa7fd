/**
 * Text to tokens and back, through the tokenizers library and a checkpoint's {@code
 * tokenizer.json}.
 *
 * <p>Offsets are UTF-16 indices of the Java string. Truncation and padding happen only when asked
 * for. The file is checked before native code sees it.
 *
 * {@snippet :
 * try (Tokenizer tokenizer = Tokenizer.open(Path.of("tokenizer.json"))) {
 *   long[] ids = tokenizer.encode("It was too tired.").truncatedTo(128).ids();
 * }
 * }
 */
@NullMarked
package dev.heed.text;

import org.jspecify.annotations.NullMarked;
