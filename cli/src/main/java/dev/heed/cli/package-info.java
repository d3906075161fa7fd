/**
 * The {@code heed} command: one class a command, each extending {@link dev.heed.cli.HeedCommand}.
 *
 * <p>Results go to standard output and everything else to standard error, so that {@code --json}
 * can be piped. Exit codes are those of {@link dev.heed.cli.ExitStatus}.
 */
@NullMarked
package dev.heed.cli;

import org.jspecify.annotations.NullMarked;
