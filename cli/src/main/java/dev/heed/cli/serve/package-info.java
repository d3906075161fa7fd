/** {@code heed serve}: models behind OpenAI's HTTP interface. */
@NullMarked
package dev.heed.cli.serve;

import org.jspecify.annotations.NullMarked;
